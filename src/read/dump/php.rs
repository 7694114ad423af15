//! The variables that `phpinfo()` shows.

use std::ops::Range;

use memchr::memmem;

use crate::read::lines::{lines, trimmed};
use crate::read::parts;
use crate::read::{Entry, Node, entities};

/// The part of the page that is the environment.
const SECTION: &[u8] = b"Environment";

/// The longest name, in bytes.
const LONGEST: usize = 512;

/// Starts a cell with a name, and one with a value.
const CELLS: [&[u8]; 2] = [b"class=\"e\">", b"class=\"v\">"];

/// The variables of the page: those of its environment, and those of PHP's own arrays.
pub(super) fn html(text: &[u8]) -> Vec<Entry> {
    let mut all = Vec::new();
    let mut in_section = false;
    let mut before = 0;
    for at in memmem::find_iter(text, CELLS[0]) {
        if let Some(head) = memmem::rfind(&text[before..at], b"<h2") {
            in_section = is_section(&text[before + head..at]);
        }
        before = at;
        let from = at + CELLS[0].len();
        let name = cell(&text[..text.len().min(from + LONGEST)], from);
        let gap = &text[name.end..text.len().min(name.end + 64)];
        let Some(value) = memmem::find(gap, CELLS[1]) else { continue };
        let value = cell(text, name.end + value + CELLS[1].len());
        let name = variable(text, trimmed(text, name), in_section);
        all.extend(name.map(|name| parts::entry(text, name, node(text, trimmed(text, value)))));
    }
    all
}

fn is_section(head: &[u8]) -> bool {
    let end = memmem::find(head, b"</h2>").unwrap_or(head.len());
    memmem::find(&head[..end], SECTION).is_some()
}

fn cell(text: &[u8], from: usize) -> Range<usize> {
    let rest = &text[from..];
    from..from + memmem::find(rest, b"</td>").unwrap_or(rest.len())
}

/// The name of the variable that `name` is: itself in the environment, else the key in an array of PHP's.
fn variable(text: &[u8], name: Range<usize>, in_section: bool) -> Option<Range<usize>> {
    let whole = &text[name.clone()];
    let rest = whole.strip_prefix(b"$").unwrap_or(whole);
    if !rest.starts_with(b"_") || !rest.ends_with(b"]") {
        return in_section.then_some(name).filter(|name| !name.is_empty());
    }
    let open = memchr::memchr(b'[', whole)?;
    let inside = name.start + open + 1..name.end - 1;
    let quote = |b: &u8| matches!(b, b'\'' | b'"');
    let is_quoted = text[inside.clone()].first().is_some_and(quote) && inside.len() > 2;
    is_quoted.then(|| inside.start + 1..inside.end - 1)
}

fn node(text: &[u8], span: Range<usize>) -> Node {
    if text[span.clone()].starts_with(b"<i>") {
        return parts::plain(text, span);
    }
    let value = entities::undo(&text[span.clone()]);
    parts::undone(span, &value)
}

/// The variables of the text that it is at a command line.
pub(super) fn text(text: &[u8]) -> Vec<Entry> {
    let mut all = Vec::new();
    let mut in_section = false;
    for line in lines(text) {
        let part = &text[line.clone()];
        let Some(arrow) = memmem::find(part, b" => ") else {
            in_section = if part.is_empty() { in_section } else { part == SECTION };
            continue;
        };
        let name = variable(text, line.start..line.start + arrow, in_section);
        let value = parts::written(text, line.start + arrow + 4..line.end);
        let is_head = part == b"Variable => Value";
        all.extend(name.filter(|_| !is_head).map(|name| parts::entry(text, name, value)));
    }
    all
}
