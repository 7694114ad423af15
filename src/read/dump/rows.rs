//! Dumps of unquoted `NAME=value` rows.

use std::ops::Range;

use memchr::{memchr, memmem};

use crate::read::Entry;
use crate::read::lines::{Lines, lines, name_length, split, start};
use crate::read::parts;

/// What a row of `env` that a bash function is exported in has behind its name.
const FUNCTION: &[u8] = b"%%";

/// Where the variables of a Java crash report start.
const JAVA: &[u8] = b"\nEnvironment Variables:";

/// Rows as `env` prints them. A line that starts no row goes on with the row before, up to an empty line;
/// past that only within PEM armour, whose last line of base64 may look like a row.
pub(super) fn env(text: &[u8]) -> Vec<Entry> {
    let mut all: Vec<Entry> = Vec::new();
    let mut open = false;
    let mut armoured = false;
    for line in lines(text) {
        let part = &text[line.clone()];
        let is_padding = |length: &usize| armoured && part[length + 1..].iter().all(|&b| b == b'=');
        if let Some(length) = row(part).filter(|length| !is_padding(length)) {
            all.push(entry(text, line.clone(), length));
            (open, armoured) = (true, false);
        } else if let Some(entry) =
            all.last_mut().filter(|_| open && (armoured || !part.is_empty()))
        {
            prolong(text, entry, line.end);
        } else {
            open = false;
        }
        armoured = open && (armoured || memmem::find(part, b"-----BEGIN ").is_some());
        armoured &= memmem::find(part, b"-----END ").is_none();
    }
    all
}

/// How long the name of the row in `line` is; none if it is no row.
pub(super) fn row(line: &[u8]) -> Option<usize> {
    let length = name_length(line);
    let length = length + if line[length..].starts_with(FUNCTION) { FUNCTION.len() } else { 0 };
    (name_length(line) > 0 && line.get(length) == Some(&b'=')).then_some(length)
}

fn entry(text: &[u8], line: Range<usize>, name: usize) -> Entry {
    let name = line.start..line.start + name;
    let value = parts::written(text, name.end + 1..line.end);
    parts::entry(text, name, value)
}

/// Takes the text up to `end` into the value of `entry`.
fn prolong(text: &[u8], entry: &mut Entry, end: usize) {
    let node = &mut entry.node;
    let crate::read::Value::Text(value) = &mut node.value else { return };
    value.push_str(&parts::lossy(&text[node.span.end..end]));
    node.span.end = end;
}

/// Rows that NUL ends.
pub(super) fn nul(text: &[u8]) -> Vec<Entry> {
    let mut all = Vec::new();
    let mut at = start(text);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let end = memchr(0, rest).map_or(text.len(), |length| at + length);
        let name = split(text, at..end, b'=').map(|(name, _)| name.len());
        all.extend(name.filter(|&n| n > 0).map(|n| entry(text, at..end, n)));
        at = end + 1;
    }
    all
}

/// Rows of cmd, whose names may hold brackets.
pub(super) fn cmd(text: &[u8]) -> Vec<Entry> {
    let row = |line: Range<usize>| {
        let (name, _) = split(text, line.clone(), b'=')?;
        let is_part = |b: &u8| b.is_ascii_alphanumeric() || b"_().-#$ ".contains(b);
        let is_name = !name.is_empty() && text[name.clone()].iter().all(is_part);
        is_name.then(|| entry(text, line, name.len()))
    };
    lines(text).filter_map(row).collect()
}

/// The rows of the section that a Java crash report has for variables.
pub(super) fn java(text: &[u8]) -> Vec<Entry> {
    let mut all = Vec::new();
    let Some(at) = memmem::find(text, JAVA) else { return all };
    let mut rows: Lines<'_> = lines(text);
    rows.at = at + 1;
    for line in rows.skip(1) {
        match row(&text[line.clone()]) {
            Some(name) => all.push(entry(text, line, name)),
            None if line.is_empty() => break,
            None => {}
        }
    }
    all
}
