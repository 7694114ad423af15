//! The forms in which a value can stand.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use zeroize::Zeroizing;

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
    /// White space and backslashes may stand in it, and the whole value reaches as far as its signs do.
    Body,
}

/// Fewer bytes of a form are met by chance.
const SHORTEST: usize = 8;
/// Fewer signs of base64 are.
const SHORTEST_BASE64: usize = 10;
/// Shorter lines do not tell a value of several from others.
const LINE: usize = 48;
/// Of a long line no more is looked for in a wrapping, …
const LINE_END: usize = 76;
/// … and of a value that nobody can guess so much will do.
const PART: usize = 24;
/// Of a long value no more is held against a text.
const BODY: usize = 1024;

/// Every form of `value`, each once; hexadecimal in both cases.
pub(super) fn forms(value: &[u8], rare: bool) -> Vec<Form> {
    let mut all = Forms::default();
    if is_long(value) {
        all.long(value);
        for line in parts(value, rare) {
            in_address(line)
                .into_iter()
                .for_each(|text| all.body(text, &[Layer::Percent], Default::default()));
            base64(line)
                .into_iter()
                .for_each(|inside| all.body(inside.signs, &[Layer::Base64], inside.edges));
        }
        return all.made;
    }
    if is_hex(value) {
        all.short(&value.to_ascii_lowercase());
        all.short(&value.to_ascii_uppercase());
    }
    all.short(value);
    all.made
}

/// The value as it is, and no other form.
pub(super) fn plain(value: &[u8]) -> Vec<Form> {
    let mut all = Forms::default();
    if is_long(value) {
        all.long(value);
    } else {
        all.add(value.to_vec().into(), &[], Manner::Alone);
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
    /// Every form of a value of one line.
    fn short(&mut self, value: &[u8]) {
        self.add(value.to_vec().into(), &[], Manner::Alone);
        if !value.iter().all(u8::is_ascii_alphanumeric) {
            self.escaped(value);
        }
        for lead in [&b""[..], b"\\x", b"%"] {
            let layer = if lead.is_empty() { Layer::Hex } else { Layer::Escapes };
            hex(value, lead)
                .into_iter()
                .for_each(|text| self.add(text, &[layer], Manner::Anywhere));
        }
        for (lower_first, layer) in [(true, Layer::Utf16Le), (false, Layer::Utf16Be)] {
            let text = wide(value, lower_first);
            base64(&text).into_iter().for_each(|text| self.base64(text, &[Layer::Base64, layer]));
            self.add(text, &[layer], Manner::Anywhere);
        }
        for inner in base64(value) {
            if inner.signs.len() >= 2 * SHORTEST_BASE64 {
                base64(&inner.signs)
                    .into_iter()
                    .for_each(|text| self.base64(text, &[Layer::Base64; 2]));
            }
            self.base64(inner, &[Layer::Base64]);
        }
    }

    /// The forms in which signs are written in another way, and letters and digits are not.
    fn escaped(&mut self, value: &[u8]) {
        for text in in_json(value).into_iter().filter(|text| text[..] != *value) {
            for twice in in_json(&text) {
                self.add(twice, &[Layer::Escapes], Manner::Alone);
            }
            base64(&text)
                .into_iter()
                .for_each(|text| self.base64(text, &[Layer::Base64, Layer::Escapes]));
            self.add(text, &[Layer::Escapes], Manner::Alone);
        }
        in_shell(value)
            .into_iter()
            .for_each(|text| self.add(text, &[Layer::Escapes], Manner::Alone));
        in_address(value)
            .into_iter()
            .for_each(|text| self.add(text, &[Layer::Percent], Manner::Alone));
        in_markup(value)
            .into_iter()
            .for_each(|text| self.add(text, &[Layer::Entities], Manner::Alone));
        self.add(in_mail(value), &[Layer::QuotedPrintable], Manner::Alone);
    }

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

    fn long(&mut self, value: &[u8]) {
        let body = body(value);
        if body.len() >= LINE && !body.contains(&b'\\') {
            self.body(body, &[], Default::default());
        } else {
            self.add(value.to_vec().into(), &[], Manner::Anywhere);
            in_json(value)
                .into_iter()
                .for_each(|text| self.add(text, &[Layer::Escapes], Manner::Anywhere));
        }
    }

    fn body(&mut self, bytes: Bytes, layers: &[Layer], edges: [Edge; 2]) {
        if bytes.len() >= PART && self.known.insert(self.key.hash_one(&bytes[..])) {
            let layers = layers.to_vec();
            self.made.push(Form { bytes, layers, manner: Manner::Body, edges });
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

/// Values of several lines are wrapped anew wherever they go.
fn is_long(value: &[u8]) -> bool {
    value.contains(&b'\n') || value.len() > 2048
}

/// The end of a value without its white space and the lines around a key: the start is often the same in all
/// values of a kind.
fn body(value: &[u8]) -> Bytes {
    let lines = value.split(|b| *b == b'\n').filter(|line| !line.starts_with(b"-----"));
    let signs = || lines.clone().flatten().filter(|b| !b.is_ascii_whitespace()).copied();
    let all = signs().count();
    let mut body = Zeroizing::new(Vec::with_capacity(all.min(BODY)));
    body.extend(signs().skip(all.saturating_sub(BODY)));
    body
}

/// Parts of a value of several lines by which it is found in wrappings that hide its line ends: the last line
/// but one, since all keys of a kind may begin alike and end in a name; of a `rare` value two parts of it, so
/// near one another that no line end of another width is in both. Short keys in PEM have none: their last
/// lines hold the public half, which is no secret.
fn parts(value: &[u8], rare: bool) -> Vec<&[u8]> {
    let lines = value.split(|b| *b == b'\n').map(<[u8]>::trim_ascii);
    let is_body = |line: &&[u8]| !line.is_empty() && !line.starts_with(b"-----");
    let body: Vec<_> = lines.filter(is_body).collect();
    let is_short = body.iter().map(|line| line.len()).sum::<usize>() < SHORT_KEY;
    if value.starts_with(b"-----BEGIN") && is_short {
        return Vec::new();
    }
    let Some(line) = body.get(body.len().saturating_sub(2)) else { return Vec::new() };
    let line = &line[line.len().saturating_sub(LINE_END)..];
    match line.len() {
        LINE.. if rare => vec![&line[..PART], &line[line.len() - PART..]],
        LINE.. => vec![line],
        _ => Vec::new(),
    }
}

/// Shorter bodies in PEM are keys of elliptic curves.
const SHORT_KEY: usize = 500;

fn is_hex(value: &[u8]) -> bool {
    value.iter().all(|b| b.is_ascii_hexdigit() || *b == b'-')
}
