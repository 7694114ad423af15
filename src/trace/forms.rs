//! The forms in which a value can stand.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use crate::model::Layer;
use crate::trace::escaped::{
    Bytes, Edge, Inside, base64, hex, in_address, in_json, in_mail, in_markup, in_shell, wide,
};

/// A form of a value.
pub(super) struct Form {
    /// Its bytes.
    pub(super) bytes: Bytes,
    /// What is to be undone to see the value.
    pub(super) layers: Vec<Layer>,
    /// What may stand beside it, and in it.
    pub(super) manner: Manner,
    /// Of base64, what must stand before and behind it.
    pub(super) edges: [Edge; 2],
}

/// How a form is held against a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// Byte for byte; no letter or digit may go on before or behind it.
    Alone,
    /// Byte for byte, whatever stands beside it.
    Anywhere,
    /// Line ends may stand in it.
    Wrapped,
    /// It is a part of a longer value: the whole reaches as far as its signs do.
    Part,
}

/// Fewer bytes of a form are met by chance.
const SHORTEST: usize = 8;
/// Fewer signs of base64 are.
const SHORTEST_BASE64: usize = 10;
/// Parts of long values by which these are found.
const PART: usize = 24;

/// Every form of `value`, each once; of a `rare` one it makes no difference what stands beside it.
pub(super) fn forms(value: &[u8], rare: bool) -> Vec<Form> {
    let mut all = Forms::default();
    if value.contains(&b'\n') || value.len() > 2048 {
        for part in parts(value) {
            all.add(part.to_vec().into(), &[], Manner::Part);
            in_json(part).into_iter().for_each(|text| all.add(text, &[], Manner::Part));
            in_address(part)
                .into_iter()
                .for_each(|text| all.add(text, &[Layer::Percent], Manner::Part));
            base64(part)
                .into_iter()
                .for_each(|inside| all.add(inside.signs, &[Layer::Base64], Manner::Part));
        }
        return all.made;
    }
    let beside = if rare { Manner::Anywhere } else { Manner::Alone };
    all.add(value.to_vec().into(), &[], beside);
    if is_hex(value) {
        all.add(value.to_ascii_lowercase().into(), &[], beside);
        all.add(value.to_ascii_uppercase().into(), &[], beside);
    }
    for text in in_json(value) {
        for twice in in_json(&text) {
            all.add(twice, &[Layer::Escapes], beside);
        }
        base64(&text)
            .into_iter()
            .for_each(|text| all.base64(text, &[Layer::Base64, Layer::Escapes]));
        all.add(text, &[Layer::Escapes], beside);
    }
    in_shell(value).into_iter().for_each(|text| all.add(text, &[Layer::Escapes], beside));
    in_address(value).into_iter().for_each(|text| all.add(text, &[Layer::Percent], beside));
    in_markup(value).into_iter().for_each(|text| all.add(text, &[Layer::Entities], beside));
    all.add(in_mail(value), &[Layer::QuotedPrintable], beside);
    for lead in [&b""[..], b"\\x", b"%"] {
        let layer = if lead.is_empty() { Layer::Hex } else { Layer::Escapes };
        hex(value, lead).into_iter().for_each(|text| all.add(text, &[layer], Manner::Anywhere));
    }
    for (lower_first, layer) in [(true, Layer::Utf16Le), (false, Layer::Utf16Be)] {
        let text = wide(value, lower_first);
        base64(&text).into_iter().for_each(|text| all.base64(text, &[Layer::Base64, layer]));
        all.add(text, &[layer], Manner::Anywhere);
    }
    for inner in base64(value) {
        if inner.signs.len() >= 2 * SHORTEST_BASE64 {
            base64(&inner.signs).into_iter().for_each(|text| all.base64(text, &[Layer::Base64; 2]));
        }
        all.base64(inner, &[Layer::Base64]);
    }
    all.made
}

/// The value as it is, and no other form.
pub(super) fn plain(value: &[u8], rare: bool) -> Vec<Form> {
    let mut all = Forms::default();
    if value.contains(&b'\n') || value.len() > 2048 {
        parts(value).into_iter().for_each(|part| all.add(part.to_vec().into(), &[], Manner::Part));
    } else {
        let beside = if rare { Manner::Anywhere } else { Manner::Alone };
        all.add(value.to_vec().into(), &[], beside);
    }
    all.made
}

#[derive(Default)]
struct Forms {
    made: Vec<Form>,
    /// Digests of those, under a key of their own.
    known: HashSet<u64>,
    key: RandomState,
}

impl Forms {
    fn add(&mut self, bytes: Bytes, layers: &[Layer], manner: Manner) {
        if bytes.len() >= SHORTEST && self.known.insert(self.key.hash_one(&bytes[..])) {
            self.made.push(Form {
                bytes,
                layers: layers.to_vec(),
                manner,
                edges: Default::default(),
            });
        }
    }

    fn base64(&mut self, inside: Inside, layers: &[Layer]) {
        let Inside { signs, edges } = inside;
        if signs.len() >= SHORTEST_BASE64 && self.known.insert(self.key.hash_one(&signs[..])) {
            let layers = layers.to_vec();
            self.made.push(Form { bytes: signs, layers, manner: Manner::Wrapped, edges });
        }
    }
}

/// Parts of a value of several lines by which it is found, however it is wrapped: two of them, so near one
/// another that no line end can be in both. They stand behind the first line of the body, which is often
/// the same in all values of a kind.
fn parts(value: &[u8]) -> Vec<&[u8]> {
    let lines = value.split(|b| *b == b'\n').map(<[u8]>::trim_ascii);
    let is_body = |line: &&[u8]| line.len() >= 2 * PART && !line.starts_with(b"-----");
    let mut body: Vec<_> = lines.filter(is_body).collect();
    if body.len() > 3 {
        // The first tells of the kind of key; the second holds its own bytes.
        body.remove(0);
    }
    let line = body.get(body.len() / 2).or(body.first()).copied();
    let line = line.or_else(|| (value.len() >= 2 * PART).then_some(value));
    let Some(line) = line else { return Vec::new() };
    vec![&line[..PART], &line[line.len() - PART..]]
}

fn is_hex(value: &[u8]) -> bool {
    value.iter().all(|b| b.is_ascii_hexdigit() || *b == b'-')
}
