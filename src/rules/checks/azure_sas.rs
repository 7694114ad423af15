//! Shared access signatures of Azure: the query says what it grants and until when.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memmem;

use crate::model::{Claim, Field};
use crate::rules::checks::{Check, Sample, Sighting, Verdict, b64, identity, time};
use crate::rules::dice::Dice;

/// The check.
pub(super) const CHECK: Check = Check {
    name: "azure-sas",
    about: "the query holds version and permissions, or resource, key and end; the signature is 32 bytes long",
    bits: 0,
    around: true,
    judge,
    seal,
};

fn judge(sighting: &Sighting<'_>) -> Verdict {
    let query = query(sighting);
    let whole = b64::decode(&unescaped(sighting.value)).is_some_and(|bytes| bytes.len() == 32);
    if let Some(claims) = of_key(query).filter(|_| whole) {
        return Verdict::parsed("parses as a shared access signature of a named key").with(claims);
    }
    let (Some(version), Some(permissions)) = (field(query, "sv"), field(query, "sp")) else {
        return Verdict::silent("version or permissions of the signature are not beside it");
    };
    if !is_date(&version) || !is_permissions(&permissions) {
        return Verdict::broken("version or permissions of the signature do not read");
    }
    if !whole {
        return Verdict::broken("the signature is not 32 bytes long");
    }
    Verdict::parsed("parses as a shared access signature").with(claims(query))
}

/// The query of which the signature is part: the match itself, or where that tells too little, all of
/// the text around it that holds no blank or quote.
fn query<'a>(sighting: &Sighting<'a>) -> &'a [u8] {
    if field(sighting.whole, "sv").is_some() && field(sighting.whole, "sp").is_some() {
        return sighting.whole;
    }
    let Some(at) = memmem::find(sighting.around, sighting.value) else { return sighting.whole };
    let foreign = |byte: &u8| !byte.is_ascii_graphic() || b"\"'`<>?".contains(byte);
    let (before, after) = sighting.around.split_at(at);
    let start = before.iter().rposition(foreign).map_or(0, |end| end + 1);
    let end = after.iter().position(foreign).unwrap_or(after.len());
    &sighting.around[start..at + end]
}

/// The form of Service Bus, Event Hubs and IoT Hub: a resource, a named key, an end in Unix seconds.
fn of_key(query: &[u8]) -> Option<Vec<Claim>> {
    let (key, resource, end) = (field(query, "skn")?, field(query, "sr")?, field(query, "se")?);
    let seconds: i64 = end.parse().ok()?;
    let place = resource.split_once("://").map_or(resource.as_str(), |(_, place)| place);
    let host = place.split(['/', ':']).next().filter(|host| host.contains('.'))?;
    Some(identity::claims([
        (Field::KeyId, identity::text(key.as_bytes())),
        (Field::ExpiresAt, time::rfc3339(seconds)),
        (Field::Endpoint, identity::text(host.as_bytes())),
    ]))
}

fn claims(query: &[u8]) -> Vec<Claim> {
    let told = |name| field(query, name).and_then(|value| identity::text(value.as_bytes()));
    let ends = field(query, "se").and_then(|end| time::unix(&end));
    identity::claims([
        (Field::Tenant, told("sktid")),
        (Field::Principal, told("skoid")),
        (Field::Scope, told("sp")),
        (Field::ExpiresAt, ends.and_then(time::rfc3339)),
    ])
}

/// The value of a parameter, unescaped.
fn field(query: &[u8], name: &str) -> Option<String> {
    let value = &query[place(query, name)?];
    String::from_utf8(unescaped(value).into_owned()).ok()
}

/// Where the value of a parameter stands.
fn place(query: &[u8], name: &str) -> Option<Range<usize>> {
    let mut start = 0;
    query.split(|byte| matches!(byte, b'&' | b';' | b'?')).find_map(|pair| {
        let end = start + pair.len();
        let from = std::mem::replace(&mut start, end + 1);
        // A connection string has its own name and sign before the first parameter.
        let value = from + pair.strip_prefix(b"SharedAccessSignature=").map_or(0, |_| 22);
        let rest = query[value..end].strip_prefix(name.as_bytes())?.strip_prefix(b"=")?;
        Some(end - rest.len()..end)
    })
}

/// `text` with its percent escapes undone.
fn unescaped(text: &[u8]) -> Cow<'_, [u8]> {
    if !text.contains(&b'%') {
        return Cow::Borrowed(text);
    }
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, behind)) = rest.split_first() {
        let escaped = behind.first_chunk::<2>().filter(|_| *first == b'%').and_then(byte);
        plain.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &behind[2..] } else { behind };
    }
    Cow::Owned(plain)
}

fn byte(hex: &[u8; 2]) -> Option<u8> {
    let digit = |at: usize| char::from(hex[at]).to_digit(16);
    u8::try_from(digit(0)? << 4 | digit(1)?).ok()
}

fn is_date(text: &str) -> bool {
    text.len() == 10 && text.as_bytes()[4] == b'-' && time::unix(text).is_some()
}

fn is_permissions(text: &str) -> bool {
    (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_lowercase())
}

fn seal(sample: &mut Sample, dice: &mut Dice) {
    settle(&mut sample.token, "sv", "2024-11-04", is_date);
    settle(&mut sample.token, "sp", "r", is_permissions);
    settle(&mut sample.token, "se", "2030-01-01T00%3A00%3A00Z", |text| time::unix(text).is_some());
    let Some(place) = place(&sample.token, "sig") else { return };
    let escaped = sample.token[place.clone()].contains(&b'%');
    let signature = b64::standard(&plain_bytes(dice));
    let body = b64::unpadded(&signature);
    let end: &[u8] = if escaped { b"%3D" } else { b"=" };
    sample.token.splice(place, [body, end].concat());
}

/// Gives the parameter a value that reads, where it has none; adds it in front where it is missing.
fn settle(token: &mut Vec<u8>, name: &str, value: &str, reads: fn(&str) -> bool) {
    match place(token, name) {
        Some(_) if field(token, name).is_some_and(|text| reads(&text)) => {}
        Some(place) => drop(token.splice(place, value.bytes())),
        None => drop(token.splice(..0, format!("{name}={value}&").into_bytes())),
    }
}

/// 32 bytes whose base64 needs no escape.
fn plain_bytes(dice: &mut Dice) -> Vec<u8> {
    let letters = dice.text(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 42);
    b64::decode(&[letters, b"A".to_vec()].concat()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::checks::State;
    use crate::rules::checks::trial::{claim, survives};

    fn judged(text: &[u8]) -> Verdict {
        let value = &text[place(text, "sig").expect("a signature")];
        let around = [b"url: \"https://x.example/y?", text, b"\"\n"].concat();
        (CHECK.judge)(&Sighting { whole: value, value, around: &around })
    }

    fn made(text: &str) -> Vec<u8> {
        let mut sample = Sample { token: text.as_bytes().to_vec(), ..Sample::default() };
        seal(&mut sample, &mut Dice::seeded(text.len() as u64));
        sample.token
    }

    #[test]
    fn a_query_tells_its_end_and_permissions() {
        let query = made("sv=2022-11-02&ss=b&sp=rwdl&se=2025-01-01T00:00:00Z&sig=x%3D");
        let verdict = judged(&query);
        assert_eq!(verdict.state, State::Parsed);
        assert_eq!(claim(&verdict, Field::ExpiresAt), Some("2025-01-01T00:00:00Z"));
        assert_eq!(claim(&verdict, Field::Scope), Some("rwdl"));
        survives(&CHECK, &query);
    }

    #[test]
    fn escaped_times_and_delegation_are_read() {
        let query = made(concat!(
            "sig=x=&sp=r&sv=2022-11-02&se=2025-01-01T00%3A00%3A00Z",
            "&skoid=11111111-1111-4111-8111-111111111111",
        ));
        let verdict = judged(&query);
        assert_eq!(claim(&verdict, Field::ExpiresAt), Some("2025-01-01T00:00:00Z"));
        assert_eq!(claim(&verdict, Field::Principal), Some("11111111-1111-4111-8111-111111111111"));
    }

    #[test]
    fn a_connection_string_is_read() {
        let query = made("SharedAccessSignature=sv=2022-11-02&sp=r&se=2025-01-01&sig=x%3D");
        assert_eq!(judged(&query).state, State::Parsed);
    }

    #[test]
    fn the_form_of_a_named_key_is_read() {
        let signature = made("sig=x%3D");
        let signature = &signature[place(&signature, "sig").expect("a signature")];
        let signature = String::from_utf8_lossy(signature);
        let query =
            format!("sr=hub.example%2Fdevices%2F7&sig={signature}&se=1735689600&skn=reader");
        let verdict = judged(query.as_bytes());
        assert_eq!(verdict.state, State::Parsed);
        assert_eq!(claim(&verdict, Field::KeyId), Some("reader"));
        assert_eq!(claim(&verdict, Field::Endpoint), Some("hub.example"));
        assert_eq!(claim(&verdict, Field::ExpiresAt), Some("2025-01-01T00:00:00Z"));
        assert_eq!(judged(query.replace("1735689600", "soon").as_bytes()).state, State::Silent);
        survives(&CHECK, query.as_bytes());
    }

    #[test]
    fn samples_can_be_sealed() {
        for text in ["sv=0000-99-99&se=1&sp=RW&sig=k%3D", "sig=kkk=", "sv=x&sig=%2B"] {
            assert_eq!(judged(&made(text)).state, State::Parsed, "{text}");
        }
    }

    #[test]
    fn what_does_not_read_is_seen() {
        let query = String::from_utf8(made("sv=2022-11-02&sp=r&sig=x%3D")).expect("ASCII");
        assert_eq!(judged(query.replace("sv=2022", "sv=20x2").as_bytes()).state, State::Broken);
        assert_eq!(judged(query.replace("sp=r", "sp=R").as_bytes()).state, State::Broken);
        assert_eq!(judged(query.replace("sig=", "sig=AAAA").as_bytes()).state, State::Broken);
        assert_eq!(judged(b"sig=x").state, State::Silent);
    }
}
