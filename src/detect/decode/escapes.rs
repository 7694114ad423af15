//! Single characters written otherwise: percent, backslash, entities, quoted-printable.

use std::ops::Range;

use crate::detect::decode::contract::{Decoded, Decoder, Map};
use crate::detect::decode::hex::value;
use crate::model::{Layer, is_token_byte};

/// Undoes `%41` (RFC 3986).
pub(super) const PERCENT: Decoder = Decoder {
    may: |run| run.signs.hold(b'%'),
    decode: |text, run| unescape(text, run, Layer::Percent, b'%', percent),
};

/// Undoes `\u0041`, `\x41`, `\/`, `\n` (RFC 8259 and the C family).
pub(super) const BACKSLASH: Decoder = Decoder {
    may: |run| run.signs.hold(b'\\'),
    decode: |text, run| unescape(text, run, Layer::Escapes, b'\\', backslash),
};

/// Undoes `&#65;`, `&#x41;`, `&amp;`.
pub(super) const ENTITIES: Decoder = Decoder {
    may: |run| run.signs.hold(b'&'),
    decode: |text, run| unescape(text, run, Layer::Entities, b'&', entity),
};

/// Undoes `=41` and soft line breaks (RFC 2045).
pub(super) const QUOTED_PRINTABLE: Decoder = Decoder {
    may: |run| run.signs.hold(b'=') || run.is_mixed(),
    decode: |text, run| unescape(text, run, Layer::QuotedPrintable, b'=', quoted),
};

/// How much text before and behind a run is unescaped with it, for names and pairs.
const MARGIN: usize = 128;

/// What an escape stands for, and its length.
struct Escape {
    plain: Option<u8>,
    length: usize,
}

type Read = fn(&[u8]) -> Option<Escape>;

/// Whether an escape begins in `run` that can stand inside a token (quotes and white space end one), or a
/// soft line break has cut it off from what stands before.
fn matters(text: &[u8], run: &Range<usize>, lead: u8, read: Read) -> bool {
    let broken_off = lead == b'=' && {
        let before = &text[..run.start];
        before.ends_with(b"=\n") || before.ends_with(b"=\r\n")
    };
    let rest = |at: usize| &text[run.start + at..];
    let inside = |escape: Escape| escape.plain.is_none_or(is_token_byte);
    let begins = |at: usize| read(rest(at)).is_some_and(inside);
    broken_off || memchr::memchr_iter(lead, &text[run.clone()]).any(begins)
}

fn unescape(text: &[u8], run: &Range<usize>, layer: Layer, lead: u8, read: Read) -> Vec<Decoded> {
    if !matters(text, run, lead, read) {
        return Vec::new();
    }
    let end = (run.end + MARGIN).min(text.len());
    let mut at = run.start.saturating_sub(MARGIN);
    let mut plain = Vec::with_capacity(end - at);
    let mut pieces = vec![(0, at)];
    while at < end {
        let Some(escape) = read(&text[at..end]) else {
            plain.push(text[at]);
            at += 1;
            continue;
        };
        at += escape.length;
        pieces.extend(escape.plain.map(|_| (plain.len(), at - escape.length)));
        plain.extend(escape.plain);
        pieces.push((plain.len(), at));
    }
    let map = Map::pieces(pieces, 1, 1, end);
    vec![Decoded { layers: vec![layer], text: plain, map, end: run.end }]
}

fn percent(rest: &[u8]) -> Option<Escape> {
    let [b'%', high, low, ..] = rest else { return None };
    byte(*high, *low, 3)
}

fn quoted(rest: &[u8]) -> Option<Escape> {
    match rest {
        [b'=', b'\r', b'\n', ..] => Some(Escape { plain: None, length: 3 }),
        [b'=', b'\n', ..] => Some(Escape { plain: None, length: 2 }),
        [b'=', high, low, ..] if !high.is_ascii_lowercase() && !low.is_ascii_lowercase() => {
            // No encoder wraps a letter or digit, but many a program sets a number: `x=64`.
            byte(*high, *low, 3).filter(|e| e.plain.is_some_and(|b| !b.is_ascii_alphanumeric()))
        }
        _ => None,
    }
}

fn backslash(rest: &[u8]) -> Option<Escape> {
    let [b'\\', kind, tail @ ..] = rest else { return None };
    let one = |plain: u8| Some(Escape { plain: Some(plain), length: 2 });
    match kind {
        b'/' | b'\\' | b'"' | b'\'' | b'=' | b'-' | b'_' | b'.' | b'+' | b'&' => one(*kind),
        b'n' | b'r' => one(b'\n'),
        b't' => one(b'\t'),
        b'x' => byte(*tail.first()?, *tail.get(1)?, 4),
        b'u' => code_point(tail.get(..4)?, 16, 6),
        _ => None,
    }
}

fn entity(rest: &[u8]) -> Option<Escape> {
    const NAMED: [(&[u8], u8); 11] = [
        (b"&amp;", b'&'),
        (b"&lt;", b'<'),
        (b"&gt;", b'>'),
        (b"&quot;", b'"'),
        (b"&apos;", b'\''),
        (b"&sol;", b'/'),
        (b"&equals;", b'='),
        (b"&plus;", b'+'),
        (b"&lowbar;", b'_'),
        (b"&colon;", b':'),
        (b"&period;", b'.'),
    ];
    if let Some((name, plain)) = NAMED.iter().find(|(name, _)| rest.starts_with(name)) {
        return Some(Escape { plain: Some(*plain), length: name.len() });
    }
    let number = rest.strip_prefix(b"&#")?;
    let end = number.iter().take(9).position(|&b| b == b';')?;
    match number.first()? {
        b'x' | b'X' => code_point(&number[1..end], 16, end + 3),
        _ => code_point(&number[..end], 10, end + 3),
    }
}

/// A byte in hexadecimal, if it is printable ASCII or white space.
fn byte(high: u8, low: u8, length: usize) -> Option<Escape> {
    if !high.is_ascii_hexdigit() || !low.is_ascii_hexdigit() {
        return None;
    }
    let plain = value(high) << 4 | value(low);
    let is_text = plain.is_ascii_graphic() || plain.is_ascii_whitespace();
    is_text.then_some(Escape { plain: Some(plain), length })
}

fn code_point(digits: &[u8], radix: u32, length: usize) -> Option<Escape> {
    let number = u32::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok()?;
    let plain = u8::try_from(number).ok().filter(u8::is_ascii)?;
    Some(Escape { plain: Some(plain), length })
}

#[cfg(test)]
mod tests {
    use super::{BACKSLASH, ENTITIES, PERCENT, QUOTED_PRINTABLE};
    use crate::detect::decode::Decoder;
    use crate::detect::runs::Tally;

    fn check(decoder: &Decoder, text: &str, plain: &str, value: &str, source: &str) {
        assert!((decoder.may)(&Tally::of(text.as_bytes())), "{text}");
        let all = (decoder.decode)(text.as_bytes(), &(0..text.len()));
        let decoded = all.first().expect("something to undo");
        assert_eq!(String::from_utf8_lossy(&decoded.text), plain);
        let at = plain.find(value).expect("part of it");
        assert_eq!(&text[decoded.map.back(&(at..at + value.len()))], source);
    }

    #[test]
    fn escapes_are_undone_and_lead_back() {
        check(&PERCENT, "k%3Dab%2Fcd%zz", "k=ab/cd%zz", "ab/cd", "ab%2Fcd");
        check(&BACKSLASH, r"a\u003db\/c\x2fd", "a=b/c/d", "b/c/", r"b\/c\x2f");
        check(&ENTITIES, "a&amp;b&#x2F;c&#47;", "a&b/c/", "b/c/", "b&#x2F;c&#47;");
        check(&QUOTED_PRINTABLE, "a=3Dbcd=\r\nef", "a=bcdef", "bcdef", "bcd=\r\nef");
    }

    #[test]
    fn plain_text_is_left_alone() {
        for (decoder, text) in
            [(&PERCENT, "100%"), (&BACKSLASH, r"a\qb"), (&ENTITIES, "a&b;"), (&PERCENT, "%02")]
        {
            assert!((decoder.decode)(text.as_bytes(), &(0..text.len())).is_empty(), "{text}");
        }
    }
}
