//! The head of a section, and the name at the start of a line.

use std::ops::Range;

use crate::read::ini::value::{Way, undo};
use crate::read::lines::{is_blank, name_length, trimmed};
use crate::read::parts;

/// Sections of systemd's units that every unit of their sort has.
const UNITS: [&[u8]; 9] = [
    b"Service",
    b"Unit",
    b"Socket",
    b"Manager",
    b"Container",
    b"Timer",
    b"Install",
    b"Mount",
    b"Pod",
];

/// The head of a section.
pub(super) struct Header {
    pub(super) start: usize,
    pub(super) name: Range<usize>,
    /// What stands in quotes behind the name.
    pub(super) below: Option<Below>,
    pub(super) end: usize,
    /// Whether its bracket was closed.
    pub(super) ended: bool,
}

/// The quoted part of Git's `[section "name"]`.
pub(super) struct Below {
    pub(super) at: Range<usize>,
    pub(super) name: String,
}

impl Header {
    /// Whether it is of a systemd unit.
    pub(super) fn is_unit(&self, text: &[u8]) -> bool {
        UNITS.contains(&&text[self.name.clone()])
    }
}

/// The head of a section in `line`, which starts with a bracket, and what stands behind it.
pub(super) fn header(text: &[u8], line: Range<usize>) -> (Header, Range<usize>) {
    let inside = line.start + 1..line.end;
    let quote = text[inside.clone()].iter().position(|&b| matches!(b, b'"' | b']'));
    let quote = quote.map(|n| inside.start + n).filter(|&at| text[at] == b'"');
    let below = quote.and_then(|at| below(text, at + 1..line.end));
    let from = below.as_ref().map_or(inside.start, |below| below.at.end + 1);
    let bracket = text[from..line.end].iter().position(|&b| b == b']').map(|n| from + n);
    let end = bracket.map_or(line.end, |at| at + 1);
    let name_end = match below {
        Some(_) => quote.unwrap_or(from),
        None => bracket.unwrap_or(line.end),
    };
    let name = trimmed(text, inside.start..name_end);
    (Header { start: line.start, name, below, end, ended: bracket.is_some() }, end..line.end)
}

fn below(text: &[u8], range: Range<usize>) -> Option<Below> {
    let mut at = range.start;
    while at < range.end && text[at] != b'"' {
        at += if text[at] == b'\\' { 2 } else { 1 };
    }
    let at = (at < range.end).then_some(range.start..at)?;
    let mut name = Vec::with_capacity(at.len());
    let mut rest = &text[at.clone()];
    while let [first, behind @ ..] = rest {
        let (sign, left) = match behind {
            [next, left @ ..] if *first == b'\\' => (next, left),
            _ => (first, behind),
        };
        name.push(*sign);
        rest = left;
    }
    Some(Below { at, name: String::from_utf8_lossy(&name).into_owned() })
}

/// The name in `line`, and where the value starts behind it if there is one.
pub(super) fn name(text: &[u8], line: Range<usize>, way: Way) -> (Range<usize>, Option<usize>) {
    let value = |from: usize| Some(trimmed(text, from..line.end).start);
    if let Some(sign) = separator(text, line.clone()) {
        return (trimmed(text, line.start..sign), value(sign + 1));
    }
    let blank = text[line.clone()].iter().position(|&b| is_blank(b));
    match blank.filter(|_| way == Way::Properties) {
        Some(length) => (line.start..line.start + length, value(line.start + length)),
        None => (line.clone(), None),
    }
}

/// The name in `name` with its escapes undone.
pub(super) fn undone(text: &[u8], name: Range<usize>, way: Way) -> String {
    match way {
        Way::Properties => String::from_utf8_lossy(&undo(&text[name])).into_owned(),
        _ => parts::name(text, &name),
    }
}

/// Where the sign between name and value stands: `=`, or a colon that is not part of an address. A
/// backslash protects the sign behind it.
fn separator(text: &[u8], line: Range<usize>) -> Option<usize> {
    let is_address = matches!(text[line.clone()], [b'/', b'/', ..] | [b'@', ..]);
    let mut at = line.start;
    while at < line.end {
        match text[at] {
            b'\\' => at += 1,
            b'=' => return Some(at),
            b':' if !is_address && !text[at..line.end].starts_with(b"://") => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

/// Whether the line in `line` is a plain name, `=`, and a value.
pub(super) fn is_assignment(text: &[u8], line: Range<usize>) -> bool {
    let length = name_length(&text[line.clone()]);
    length > 0 && text[trimmed(text, line.start + length..line.end)].starts_with(b"=")
}
