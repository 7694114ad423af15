//! Files in which a step of a GitHub job sets variables: `A=b`, and `A<<END` with lines up to `END`.

use std::ops::Range;

use memchr::{memchr, memmem};

use crate::read::Entry;
use crate::read::lines::start;
use crate::read::parts::{self, Flaws};

/// The variables that are set. A value whose end is missing goes to the end of the text.
pub(super) fn variables(text: &[u8], flaws: &mut Flaws) -> Vec<Entry> {
    let mut all = Vec::new();
    let mut at = start(text);
    while let Some(line) = line(text, at) {
        at = line.next;
        let Some((name, sign)) = head(text, line.span.clone()) else {
            if !line.span.is_empty() {
                flaws.add(line.span.start, "a line sets nothing");
            }
            continue;
        };
        let value = match sign {
            Sign::Equals => name.end + 1..line.span.end,
            Sign::Until => {
                let end = name.end + 2..line.span.end;
                let block = block(text, at, &text[end]);
                if block.is_none() {
                    flaws.add(name.start, "a value does not end");
                }
                let (value, next) = block.unwrap_or((at..text.len(), text.len()));
                at = next;
                value
            }
        };
        all.push(parts::entry(text, name, parts::written(text, value)));
    }
    all
}

/// Whether `text` is wholly such a file, with at least one value of many lines that ends.
pub(super) fn is_one(text: &[u8]) -> bool {
    let mut at = start(text);
    let mut blocks = 0;
    while let Some(line) = line(text, at) {
        at = line.next;
        match head(text, line.span.clone()) {
            None if line.span.is_empty() => {}
            Some((_, Sign::Equals)) => {}
            Some((name, Sign::Until)) => {
                let end = &text[name.end + 2..line.span.end];
                let is_plain = !end.is_empty()
                    && end.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
                let Some((_, next)) = block(text, at, end).filter(|_| is_plain) else {
                    return false;
                };
                blocks += 1;
                at = next;
            }
            None => return false,
        }
    }
    blocks > 0
}

enum Sign {
    Equals,
    Until,
}

/// The name that a line sets, and the sign behind it.
fn head(text: &[u8], line: Range<usize>) -> Option<(Range<usize>, Sign)> {
    let part = &text[line.clone()];
    let equals = memchr(b'=', part).unwrap_or(usize::MAX);
    let until = memmem::find(part, b"<<").unwrap_or(usize::MAX);
    let length = equals.min(until);
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    let name = part.get(..length).filter(|name| !name.is_empty() && name.iter().all(is_name))?;
    Some((
        line.start..line.start + name.len(),
        if equals < until { Sign::Equals } else { Sign::Until },
    ))
}

/// The lines from `from` to the one that is `end`, and where that one ends.
fn block(text: &[u8], from: usize, end: &[u8]) -> Option<(Range<usize>, usize)> {
    let mut at = from;
    let mut value = from..from;
    while let Some(line) = line(text, at) {
        if text[line.span.clone()] == *end {
            return Some((value, line.next));
        }
        value.end = line.span.end;
        at = line.next;
    }
    None
}

struct Line {
    span: Range<usize>,
    next: usize,
}

/// The line at `at`, which LF or CR LF ends.
fn line(text: &[u8], at: usize) -> Option<Line> {
    let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
    let length = memchr(b'\n', rest).unwrap_or(rest.len());
    let line = &rest[..length];
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    Some(Line { span: at..at + line.len(), next: (at + length + 1).min(text.len()) })
}
