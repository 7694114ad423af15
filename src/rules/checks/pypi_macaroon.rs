//! PyPI tokens: a macaroon in the binary form of version 2, whose caveats say what it may do.

use serde_json::Value;

use crate::model::{Claim, Field};
use crate::rules::checks::json;
use crate::rules::checks::{Check, Sample, Sighting, Verdict, b64, identity, run, time};
use crate::rules::dice::Dice;

/// The check.
pub(super) const CHECK: Check = Check {
    name: "pypi-macaroon",
    about: "parses strictly as a macaroon with an identifier, JSON caveats and a signature",
    bits: 0,
    around: false,
    judge,
    seal,
};

const MARK: &[u8] = b"pypi-";
const VERSION: u8 = 2;
const END: u8 = 0;
const LOCATION: u8 = 1;
const IDENTIFIER: u8 = 2;
const VERIFICATION: u8 = 4;
const SIGNATURE: u8 = 6;

/// What stands inside a token.
struct Macaroon<'a> {
    location: &'a [u8],
    identifier: &'a [u8],
    caveats: Vec<&'a [u8]>,
}

/// The bytes not yet read.
struct Packets<'a>(&'a [u8]);

impl<'a> Packets<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn end(&mut self) -> Option<()> {
        (self.byte()? == END).then_some(())
    }

    /// The data of the packet that comes next, if it is of this type.
    fn packet(&mut self, kind: u8) -> Option<&'a [u8]> {
        (self.byte()? == kind).then_some(())?;
        let low = self.byte()?;
        let high =
            if low < 0x80 { 0 } else { self.byte().filter(|high| (1..0x80).contains(high))? };
        let length = usize::from(low & 0x7f) | usize::from(high) << 7;
        let (data, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(data)
    }

    fn caveat(&mut self) -> Option<&'a [u8]> {
        if self.0.first() == Some(&LOCATION) {
            self.packet(LOCATION)?;
        }
        let caveat = self.packet(IDENTIFIER)?;
        if self.0.first() == Some(&VERIFICATION) {
            self.packet(VERIFICATION)?;
        }
        self.end()?;
        Some(caveat)
    }
}

fn parse(bytes: &[u8]) -> Option<Macaroon<'_>> {
    let mut rest = Packets(bytes);
    (rest.byte()? == VERSION).then_some(())?;
    let (location, identifier) = (rest.packet(LOCATION)?, rest.packet(IDENTIFIER)?);
    rest.end()?;
    let mut caveats = Vec::new();
    while *rest.0.first()? != END {
        caveats.push(rest.caveat()?);
    }
    rest.end()?;
    let signature = rest.packet(SIGNATURE)?;
    let whole = signature.len() == 32 && rest.0.is_empty();
    (whole && is_uuid(identifier)).then_some(Macaroon { location, identifier, caveats })
}

fn is_uuid(text: &[u8]) -> bool {
    let fits = |(at, byte): (usize, &u8)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    text.len() == 36 && text.iter().enumerate().all(fits)
}

fn judge(sighting: &Sighting<'_>) -> Verdict {
    let Some(body) = sighting.value.strip_prefix(MARK) else {
        return Verdict::foreign("no PyPI token");
    };
    let claims = b64::decode(body).and_then(|bytes| Some(claims(&parse(&bytes)?)));
    match claims {
        Some(claims) => Verdict::parsed("token parses as a PyPI macaroon").with(claims),
        None => Verdict::broken("token does not parse as a PyPI macaroon"),
    }
}

fn claims(macaroon: &Macaroon<'_>) -> Vec<Claim> {
    let caveats = macaroon.caveats.iter().filter_map(|text| serde_json::from_slice(text).ok());
    let told: Vec<Claim> = caveats.flat_map(|caveat: Value| said(&caveat)).collect();
    let mut claims = identity::claims([
        (Field::Issuer, identity::text(macaroon.location)),
        (Field::KeyId, identity::text(macaroon.identifier)),
    ]);
    claims.extend(told);
    claims
}

/// What one caveat says: a list that begins with its type, or an object in older tokens.
fn said(caveat: &Value) -> Vec<Claim> {
    match caveat {
        Value::Array(fields) => said_by_list(fields),
        Value::Object(fields) => said_by_object(fields),
        _ => Vec::new(),
    }
}

fn said_by_list(fields: &[Value]) -> Vec<Claim> {
    let field = fields.get(1);
    let told = match fields.first().and_then(Value::as_u64) {
        Some(0) => (Field::ExpiresAt, field.and_then(moment)),
        Some(1) => (Field::Scope, field.and_then(|names| scope("projects", names))),
        Some(2) => (Field::Scope, field.and_then(|ids| scope("project ids", ids))),
        Some(3) => (Field::Principal, field.and_then(json::scalar)),
        Some(4) => (Field::Scope, field.and_then(|id| scope("trusted publisher", id))),
        _ => return Vec::new(),
    };
    identity::claims([told])
}

fn said_by_object(fields: &json::Object) -> Vec<Claim> {
    let permissions = fields.get("permissions");
    let projects = permissions.and_then(|p| p.get("projects"));
    let ids = fields.get("project_ids");
    let scope = projects
        .and_then(|names| scope("projects", names))
        .or_else(|| ids.and_then(|ids| scope("project ids", ids)))
        .or_else(|| permissions.and_then(json::scalar));
    identity::claims([
        (Field::Scope, scope),
        (Field::ExpiresAt, fields.get("exp").and_then(moment)),
    ])
}

fn scope(what: &str, names: &Value) -> Option<String> {
    let one = std::slice::from_ref(names);
    let names = names.as_array().map_or(one, Vec::as_slice);
    let names: Vec<String> = names.iter().take(8).filter_map(json::scalar).collect();
    identity::text(format!("{what} {}", names.join(", ")).as_bytes())
}

fn moment(seconds: &Value) -> Option<String> {
    time::rfc3339(seconds.as_i64()?)
}

fn seal(sample: &mut Sample, dice: &mut Dice) {
    // The sample says by its length which of the two indexes it is for.
    let test = sample.token.starts_with(b"pypi-AgEN");
    let host: &[&[u8]] = if test { &[b"test", b"pypi", b"org"] } else { &[b"pypi", b"org"] };
    sample.token = run::as_long_as(&sample.token, |filler| {
        let name = String::from_utf8_lossy(&dice.text(b"abcdefghijklmnop", filler)).into_owned();
        made(&host.join(&b'.'), &[format!(r#"[1,["{name}"]]"#)], dice)
    });
}

fn made(location: &[u8], caveats: &[String], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = vec![VERSION];
    push(&mut bytes, LOCATION, location);
    push(&mut bytes, IDENTIFIER, made_uuid(dice).as_bytes());
    bytes.push(END);
    for caveat in caveats {
        push(&mut bytes, IDENTIFIER, caveat.as_bytes());
        bytes.push(END);
    }
    bytes.push(END);
    push(&mut bytes, SIGNATURE, &dice.bytes(32));
    [MARK, &b64::url(&bytes)].concat()
}

fn push(bytes: &mut Vec<u8>, kind: u8, data: &[u8]) {
    bytes.push(kind);
    if data.len() < 0x80 {
        bytes.push(data.len() as u8);
    } else {
        bytes.extend([data.len() as u8 | 0x80, (data.len() >> 7) as u8 & 0x7f]);
    }
    bytes.extend_from_slice(data);
}

fn made_uuid(dice: &mut Dice) -> String {
    let (high, low) = (dice.roll(), dice.roll());
    let (a, b, c) = (high >> 32, high >> 16 & 0xffff, high & 0xfff);
    format!("{a:08x}-{b:04x}-4{c:03x}-8{:03x}-{:012x}", low >> 52, low & 0xffff_ffff_ffff)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::checks::State;
    use crate::rules::checks::trial::{claim, judge, seals, survives};

    fn vector() -> String {
        [
            "pypi-",
            "AgEIcHlwaS5vcmcCJDAwMDAwMDAwLTAwMDAtNDAwMC04MDAwLTAwMDAwMDAw",
            "MDAwMQACFFsxLFsiZGVtby1wcm9qZWN0Il1dAAAGIKVDmX2E8SeYNQwJve8s2xcb9B7T5KX4CK8v6wxWJjAJ",
        ]
        .concat()
    }

    fn with_caveat(caveat: &str) -> Verdict {
        judge(&CHECK, made(b"index", &[caveat.to_owned()], &mut Dice::seeded(1)))
    }

    #[test]
    fn the_vector_parses() {
        let verdict = judge(&CHECK, vector());
        assert_eq!(verdict.state, State::Parsed);
        let id = "00000000-0000-4000-8000-000000000001";
        assert_eq!(claim(&verdict, Field::KeyId), Some(id));
        assert_eq!(claim(&verdict, Field::Scope), Some("projects demo-project"));
        assert_eq!(claim(&verdict, Field::Issuer).map(str::len), Some(8));
        survives(&CHECK, vector().as_bytes());
    }

    #[test]
    fn caveats_of_every_age_are_read() {
        for (caveat, field, value) in [
            (r#"{"version":1,"permissions":"user"}"#, Field::Scope, "user"),
            (r#"{"permissions":{"projects":["a","b"]}}"#, Field::Scope, "projects a, b"),
            (r#"{"project_ids":["x"]}"#, Field::Scope, "project ids x"),
            (r#"{"nbf":1,"exp":1735689600}"#, Field::ExpiresAt, "2025-01-01T00:00:00Z"),
            ("[0,1735689600,0]", Field::ExpiresAt, "2025-01-01T00:00:00Z"),
            (r#"[3,"someone"]"#, Field::Principal, "someone"),
            (r#"[4,"p"]"#, Field::Scope, "trusted publisher p"),
        ] {
            assert_eq!(claim(&with_caveat(caveat), field), Some(value), "{caveat}");
        }
    }

    #[test]
    fn nothing_may_be_missing_or_left_over() {
        let text = vector();
        assert_eq!(judge(&CHECK, &text[..text.len() - 4]).state, State::Broken);
        assert_eq!(judge(&CHECK, text.clone() + "AAAA").state, State::Broken);
        assert_eq!(judge(&CHECK, text.replacen("AgEI", "AgEJ", 1)).state, State::Broken);
        assert_eq!(judge(&CHECK, "other").state, State::Foreign);
    }

    #[test]
    fn samples_can_be_sealed() {
        for head in ["pypi-AgEI", "pypi-AgEN"] {
            let sealed = seals(&CHECK, |dice| [head.as_bytes(), &dice.text(b"abc", 170)].concat());
            assert!(sealed.starts_with(head.as_bytes()) && sealed.len() >= 170);
        }
    }
}
