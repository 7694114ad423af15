//! The inside of a tag: its name and its attributes, HTML's too.

use std::ops::Range;

use crate::read::{Entry, entities, parts};

/// The name that stands at the start of `range`.
pub(super) fn name(text: &[u8], range: Range<usize>) -> Range<usize> {
    let inside = text.get(range.clone()).unwrap_or_default();
    let ends = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'/' | b'>');
    range.start..range.start + inside.iter().position(ends).unwrap_or(inside.len())
}

/// The attributes in `range`, quoted or not, with a value or without.
pub(super) fn attributes(text: &[u8], range: Range<usize>) -> Vec<Entry> {
    let mut all = Vec::new();
    let mut at = range.start;
    while let Some(skipped) =
        position(text, at..range.end, |b| !(b.is_ascii_whitespace() || b == b'/'))
    {
        let ends = |b: u8| b.is_ascii_whitespace() || matches!(b, b'=' | b'/');
        let end = position(text, skipped + 1..range.end, ends).unwrap_or(range.end);
        let name = skipped..end;
        let value = value(text, end..range.end);
        at = value.next;
        let node = parts::undone(value.span.clone(), &entities::undo(&text[value.span]));
        all.push(parts::entry(text, name, node));
    }
    all
}

struct Attribute {
    span: Range<usize>,
    next: usize,
}

/// The value that follows at the start of `range`, behind `=`; empty if there is none.
fn value(text: &[u8], range: Range<usize>) -> Attribute {
    let none = Attribute { span: range.start..range.start, next: range.start };
    let visible = |from| position(text, from..range.end, |b| !b.is_ascii_whitespace());
    let Some(equals) = visible(range.start).filter(|&at| text[at] == b'=') else { return none };
    let Some(start) = visible(equals + 1) else {
        return Attribute { span: range.end..range.end, next: range.end };
    };
    let quote = text[start];
    if !matches!(quote, b'"' | b'\'') {
        let end =
            position(text, start..range.end, |b| b.is_ascii_whitespace()).unwrap_or(range.end);
        return Attribute { span: start..end, next: end };
    }
    let end = position(text, start + 1..range.end, |b| b == quote).unwrap_or(range.end);
    Attribute { span: start + 1..end, next: (end + 1).min(range.end) }
}

fn position(text: &[u8], range: Range<usize>, is: impl Fn(u8) -> bool) -> Option<usize> {
    let start = range.start;
    text.get(range)?.iter().position(|&b| is(b)).map(|n| start + n)
}
