//! Environment dumps of PowerShell: as a table, and as a list.

use std::ops::Range;

use crate::read::lines::{is_blank, lines, split, trimmed};
use crate::read::parts::{self, Flaws};
use crate::read::{Entry, Node, Value};

/// A table: a head, a rule of hyphens, a row for each variable. Values that do not fit are cut.
pub(super) fn table(text: &[u8], flaws: &mut Flaws) -> Vec<Entry> {
    let mut all: Vec<Entry> = Vec::new();
    let mut head = false;
    let mut column = None;
    for line in lines(text) {
        let part = &text[line.clone()];
        match column {
            None if head => column = rule(part),
            None => {}
            Some(_) if part.trim_ascii().is_empty() => column = None,
            Some(column) => all.extend(row(text, line.clone(), column)),
        }
        head = is_head(part);
    }
    for entry in &all {
        let value = &text[entry.node.span.clone()];
        if value.ends_with(b"...") || value.ends_with("\u{2026}".as_bytes()) {
            flaws.add(entry.node.span.start, "a value is cut");
        }
    }
    all
}

/// Whether a line is the head of such a table.
pub(super) fn is_head(line: &[u8]) -> bool {
    let mut words = line.split(|&b| is_blank(b)).filter(|word| !word.is_empty());
    (words.next(), words.next(), words.next()) == (Some(b"Name"), Some(b"Value"), None)
}

/// The column in which values start, as the rule under the head shows.
pub(super) fn rule(line: &[u8]) -> Option<usize> {
    let only_hyphens = line.starts_with(b"-") && line.iter().all(|&b| b == b'-' || is_blank(b));
    let gap = line.iter().position(|&b| is_blank(b)).filter(|_| only_hyphens)?;
    line[gap..].iter().position(|&b| b == b'-').map(|length| gap + length)
}

fn row(text: &[u8], line: Range<usize>, column: usize) -> Option<Entry> {
    let at = (line.start + column).min(line.end);
    let is_parted = at > line.start && is_blank(text[at - 1]);
    let name = trimmed(text, line.start..at);
    let name = if is_parted || at == line.end { name } else { split(text, line.clone(), b' ')?.0 };
    let value = trimmed(text, name.end..line.end);
    (!name.is_empty()).then(|| parts::entry(text, name, parts::written(text, value)))
}

/// A list: `Name : A` and `Value : b`, the value going on in indented lines.
pub(super) fn list(text: &[u8], flaws: &mut Flaws) -> Vec<Entry> {
    let mut all: Vec<Entry> = Vec::new();
    let mut name = None;
    let mut value: Option<Node> = None;
    for line in lines(text) {
        match field(text, line.clone()) {
            Some((b"Name" | b"Key", at)) if value.is_none() => name = Some(at),
            Some((b"Value", at)) => value = Some(parts::written(text, at)),
            None if !line.is_empty() => {
                if let Some(node) = &mut value {
                    prolong(text, node, trimmed(text, line));
                }
            }
            _ => all.extend(variable(text, &mut name, value.take())),
        }
    }
    all.extend(variable(text, &mut name, value));
    if let Some(name) = name {
        flaws.add(name.start, "a name has no value");
    }
    all
}

/// The variable of which both was seen.
fn variable(text: &[u8], name: &mut Option<Range<usize>>, value: Option<Node>) -> Option<Entry> {
    let node = value?;
    Some(parts::entry(text, name.take()?, node))
}

fn prolong(text: &[u8], node: &mut Node, line: Range<usize>) {
    let Value::Text(value) = &mut node.value else { return };
    value.push_str(&parts::lossy(&text[line.clone()]));
    node.span.end = node.span.end.max(line.end);
}

/// A line's field and where its value stands: `Name : A`.
pub(super) fn field(text: &[u8], line: Range<usize>) -> Option<(&[u8], Range<usize>)> {
    let (name, value) = split(text, line, b':')?;
    let name = &text[name];
    let is_field = name.first().is_some_and(u8::is_ascii_uppercase) && name.ends_with(b" ");
    let word = name.trim_ascii_end();
    (is_field && word.iter().all(u8::is_ascii_alphanumeric)).then(|| (word, trimmed(text, value)))
}
