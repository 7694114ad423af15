//! Single characters written otherwise: percent, backslash, entities, quoted-printable.

use std::ops::Range;

use crate::detect::decode::contract::{Decoded, Decoder, Map};
use crate::detect::decode::hex::value;
use crate::detect::runs::Signs;
use crate::model::{Layer, is_token_byte};

/// Undoes `%41` (RFC 3986).
pub(super) const PERCENT: Decoder = Decoder {
    may: |run| run.signs.hold(b'%'),
    decode: |text, run| unescape(text, run, &Writing::PERCENT),
};

/// Undoes `\u0041`, `\x41`, `\/`, `\n` (RFC 8259 and the C family).
pub(super) const BACKSLASH: Decoder = Decoder {
    may: |run| run.signs.hold(b'\\'),
    decode: |text, run| unescape(text, run, &Writing::BACKSLASH),
};

/// Undoes `&#65;`, `&#x41;`, `&amp;`.
pub(super) const ENTITIES: Decoder = Decoder {
    may: |run| run.signs.hold(b'&'),
    decode: |text, run| unescape(text, run, &Writing::ENTITIES),
};

/// Undoes `=41` and soft line breaks (RFC 2045).
pub(super) const QUOTED_PRINTABLE: Decoder = Decoder {
    may: |run| run.signs.hold(b'=') || run.is_mixed(),
    decode: |text, run| unescape(text, run, &Writing::QUOTED_PRINTABLE),
};

/// How much text before and behind a stretch is unescaped with it, for names and pairs.
const MARGIN: usize = 256;

/// How far behind the token bytes at one escape the next may stand and belong to the same stretch. The
/// margins of two stretches never meet.
const GAP: usize = 2 * MARGIN;

/// Where a stretch ends behind the next token bytes, in bytes.
const LONGEST: usize = 256 << 10;

/// How much of a stretch that was ended there the next one takes again: more than the longest match.
const OVERLAP: usize = 32 << 10;

/// What an escape stands for, and its length.
struct Escape {
    plain: Option<u8>,
    length: usize,
}

/// A way of writing single characters otherwise.
struct Writing {
    layer: Layer,
    /// What each escape begins with.
    lead: u8,
    /// The escape at a place, if there is one.
    read: fn(&[u8], usize) -> Option<Escape>,
    /// Whether the escape of this byte is worth undoing: it can stand inside a format, or between a name
    /// and its value.
    matters: fn(u8) -> bool,
    /// What the ways that are mostly found inside this one begin with. Two ways that are mixed are undone
    /// in one order only, unless undoing the second makes escapes of the first.
    inside: &'static [u8],
}

/// Where a stretch of escapes ends, and from where on the next may begin.
struct Reach {
    end: usize,
    done: usize,
}

impl Writing {
    const ALL: [Self; 4] = [Self::PERCENT, Self::BACKSLASH, Self::ENTITIES, Self::QUOTED_PRINTABLE];

    const PERCENT: Self = Self {
        layer: Layer::Percent,
        lead: b'%',
        read: |text, at| percent(&text[at..]),
        matters: |b| is_inner(b) || is_line_end(b),
        inside: b"",
    };
    const BACKSLASH: Self = Self {
        layer: Layer::Escapes,
        lead: b'\\',
        read: |text, at| backslash(&text[at..]),
        // Formats know of the line ends that so much source code holds.
        matters: is_inner,
        inside: b"&%",
    };
    const ENTITIES: Self = Self {
        layer: Layer::Entities,
        lead: b'&',
        read: |text, at| entity(&text[at..]),
        matters: |b| is_inner(b) || is_line_end(b),
        inside: b"%",
    };
    const QUOTED_PRINTABLE: Self = Self {
        layer: Layer::QuotedPrintable,
        lead: b'=',
        read: quoted,
        // What programs set is often a number: `width=22`.
        matters: |b| is_token_byte(b) || b == b':',
        inside: b"\\&%",
    };

    /// The first place in `run` with an escape that matters; its start if a soft line break or an escaped
    /// `=` has cut it off from what stands before.
    fn first(&self, text: &[u8], run: &Range<usize>) -> Option<usize> {
        if self.lead == b'=' && is_cut_off(&text[..run.start]) {
            return Some(run.start);
        }
        let matters = |at: &usize| {
            let escape = (self.read)(text, *at);
            escape.is_some_and(|escape| escape.plain.is_none_or(self.matters))
        };
        self.leads(text, run.clone()).find(matters)
    }

    fn leads(&self, text: &[u8], range: Range<usize>) -> impl Iterator<Item = usize> {
        let start = range.start;
        memchr::memchr_iter(self.lead, &text[range]).map(move |n| start + n)
    }

    /// Walks from `first` on over escapes and the token bytes behind them, until none is near.
    fn reach(&self, text: &[u8], first: usize) -> Reach {
        let most = (first + LONGEST).min(text.len());
        let row = |at: usize| text[at..].iter().take_while(|&&b| is_token_byte(b)).count();
        let mut at = first;
        let mut end = first + row(first);
        while let Some(behind) = self.next(text, at..(end + GAP).min(most)) {
            at = behind;
            if at > end {
                end = at + row(at);
            }
        }
        let cut = most < text.len() && end + GAP > most;
        Reach { end, done: if cut { end - OVERLAP } else { end } }
    }

    /// Where the first escape in `range` ends.
    fn next(&self, text: &[u8], range: Range<usize>) -> Option<usize> {
        let range = range.start.min(range.end)..range.end;
        self.leads(text, range).find_map(|at| Some(at + (self.read)(text, at)?.length))
    }
}

/// The byte that an escape at `at`, of whatever sort, stands for.
pub fn escaped_at(text: &[u8], at: usize) -> Option<u8> {
    let lead = text.get(at)?;
    let read = |writing: &Writing| (writing.lead == *lead).then(|| (writing.read)(text, at))?;
    Writing::ALL.iter().find_map(read)?.plain
}

/// Whether `byte` can stand inside a format or beside its value: no white space, and no mark-up.
fn is_inner(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>')
}

const fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// Undoes the first stretch of escapes that begins in `run`, with some text on both sides.
fn unescape(text: &[u8], run: &Range<usize>, writing: &Writing) -> Vec<Decoded> {
    let Some(first) = writing.first(text, run) else { return Vec::new() };
    let reach = writing.reach(text, first);
    let start = margin_before(text, run.start.max(first.saturating_sub(OVERLAP)));
    let end = margin_behind(text, reach.end);
    let mut plain = Vec::with_capacity(end - start);
    let mut open = Signs::of(writing.inside);
    let mut pieces = vec![(0, start)];
    let mut at = start;
    for lead in writing.leads(text, start..end) {
        let escape = (lead >= at).then(|| (writing.read)(&text[..end], lead)).flatten();
        let Some(escape) = escape else { continue };
        plain.extend_from_slice(&text[at..lead]);
        open = open.or(opened(&escape));
        if escape.plain.is_none() {
            pieces.push((plain.len(), lead));
        }
        plain.extend(escape.plain);
        at = lead + escape.length;
        pieces.push((plain.len(), at));
    }
    plain.extend_from_slice(&text[at..end]);
    let map = Map::pieces(pieces, 1, 1, end);
    vec![Decoded {
        layers: vec![writing.layer],
        text: plain,
        open,
        cut: false,
        map,
        end: reach.done,
    }]
}

/// What the plain byte may be a part of: an escape that begins with it, or a soft line break.
fn opened(escape: &Escape) -> Signs {
    match escape.plain {
        Some(b'\n' | b'\r') => Signs::of(b"="),
        Some(byte) => Signs::of(&[byte]),
        None => Signs::ALL,
    }
}

/// Where the margin before `at` begins: behind no half of a token.
fn margin_before(text: &[u8], at: usize) -> usize {
    let from = at.saturating_sub(MARGIN);
    let whole = text[from..at].iter().position(|&b| !is_token_byte(b));
    if from == 0 { 0 } else { from + whole.unwrap_or(0) }
}

/// Where the margin behind `at` ends: before no half of a token.
fn margin_behind(text: &[u8], at: usize) -> usize {
    let to = (at + MARGIN).min(text.len());
    let whole = text[at..to].iter().rposition(|&b| !is_token_byte(b));
    if to == text.len() { to } else { whole.map_or(to, |n| at + n + 1) }
}

fn percent(rest: &[u8]) -> Option<Escape> {
    let [b'%', high, low, ..] = rest else { return None };
    byte(*high, *low, 3)
}

fn quoted(text: &[u8], at: usize) -> Option<Escape> {
    let soft = |length| can_end_line(&text[..at]).then_some(Escape { plain: None, length });
    match &text[at..] {
        [b'=', b'\r', b'\n', ..] => soft(3),
        [b'=', b'\n', ..] => soft(2),
        [b'=', high, low, ..] if !high.is_ascii_lowercase() && !low.is_ascii_lowercase() => {
            // No encoder wraps a letter or digit, but many a program sets a number: `x=64`.
            byte(*high, *low, 3).filter(|e| e.plain.is_some_and(|b| !b.is_ascii_alphanumeric()))
        }
        _ => None,
    }
}

/// The longest line of quoted-printable text.
const LINE: usize = 76;

/// Whether a soft line break can follow: in quoted-printable text each `=` begins an escape, so a line that
/// sets a value ends with it.
fn can_end_line(before: &[u8]) -> bool {
    let part = &before[before.len().saturating_sub(LINE - 1)..];
    let line = part.rsplit(|&b| b == b'\n').next().unwrap_or_default();
    memchr::memchr_iter(b'=', line).all(|at| match line.get(at + 1..at + 3) {
        Some(digits) => digits.iter().all(|b| matches!(b, b'0'..=b'9' | b'A'..=b'F')),
        None => false,
    })
}

/// How far before a value the escaped `=` behind its name may stand.
const NEAR: usize = 8;

fn is_cut_off(before: &[u8]) -> bool {
    let line = before.strip_suffix(b"\n").map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let soft = line.and_then(|line| line.strip_suffix(b"=")).is_some_and(can_end_line);
    soft || before[before.len().saturating_sub(NEAR)..].windows(3).any(|three| three == b"=3D")
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
    use crate::detect::decode::{Decoded, Decoder};
    use crate::detect::runs::{Tally, each_run};

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

    /// What is undone in `text`, called as often as it takes.
    fn all(decoder: &Decoder, text: &str) -> Vec<Decoded> {
        let mut all: Vec<Decoded> = Vec::new();
        let mut done = 0;
        each_run(text.as_bytes(), |run| {
            let mut fresh = run.range.start.max(done)..run.range.end;
            while !fresh.is_empty() {
                let Some(decoded) = (decoder.decode)(text.as_bytes(), &fresh).pop() else { break };
                done = decoded.end;
                fresh.start = done;
                all.push(decoded);
            }
        });
        all
    }

    #[test]
    fn dense_escapes_are_undone_once_and_leave_no_gap() {
        let text =
            r#"\"name\":\"https:\/\/a-host.example\/a-path\/0123456789\",\n "#.repeat(20_000);
        for (decoder, text) in [(&BACKSLASH, text), (&PERCENT, "abc%2Fde%3D".repeat(100_000))] {
            let all = all(decoder, &text);
            let undone: usize = all.iter().map(|decoded| decoded.text.len()).sum();
            assert!(undone < text.len(), "{undone} of {}", text.len());
            assert!(all.windows(2).all(|two| two[1].map.back(&(0..1)).start < two[0].end));
            assert!(all.last().is_some_and(|last| last.end + 20 > text.len()));
        }
    }

    #[test]
    fn what_stands_alone_has_a_margin_of_whole_tokens() {
        let text = format!("{} key: abcdefghijklmnop%2Fqrst {}", "a".repeat(900), "b".repeat(900));
        let all = all(&PERCENT, &text);
        let texts: Vec<_> = all.iter().map(|d| String::from_utf8_lossy(&d.text)).collect();
        assert_eq!(texts, [" key: abcdefghijklmnop/qrst "]);
    }

    #[test]
    fn a_value_that_ends_in_a_sign_is_no_broken_line() {
        for text in ["name=abcdefghijklmnopqrst=\nnext=", "abcdefghijklmnopqrstuv==\nnext"] {
            assert!(all(&QUOTED_PRINTABLE, text).is_empty(), "{text}");
        }
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
