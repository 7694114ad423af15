//! Dumps that stand as indented blocks in longer descriptions.

use std::ops::Range;

use memchr::memmem;

use crate::read::lines::{lines, split, trimmed};
use crate::read::parts;
use crate::read::{Entry, Node};

/// The variables of containers that `kubectl describe` shows below `Environment:`.
pub(super) fn kubectl(text: &[u8]) -> Vec<Entry> {
    let mut all = Vec::new();
    let mut block = None;
    for line in lines(text) {
        let inner = trimmed(text, line.clone());
        let indent = inner.start - line.start;
        if is_head(&text[inner.clone()]) {
            block = Some(indent);
        } else if block.is_some_and(|head| indent > head) {
            all.extend(pair(text, inner));
        } else {
            block = None;
        }
    }
    all
}

/// Whether a line without its indent starts such a block.
pub(super) fn is_head(line: &[u8]) -> bool {
    line == b"Environment:"
}

/// `A:  b`.
pub(super) fn pair(text: &[u8], line: Range<usize>) -> Option<Entry> {
    let (name, value) = split(text, line, b':')?;
    let is_name = !name.is_empty() && !text[name.clone()].contains(&b' ');
    is_name.then(|| parts::entry(text, name, known(text, trimmed(text, value))))
}

/// What kubectl shows in place of a value it takes from elsewhere is no text.
fn known(text: &[u8], span: Range<usize>) -> Node {
    let is_reference = text[span.clone()].starts_with(b"<set to the key ");
    if is_reference { parts::plain(text, span) } else { parts::written(text, span) }
}

/// The variables that `launchctl print` shows: `A => b` in a block named `environment`.
pub(super) fn launchctl(text: &[u8]) -> Vec<Entry> {
    let mut all = Vec::new();
    let mut inside = false;
    for line in lines(text) {
        let line = trimmed(text, line);
        let part = &text[line.clone()];
        inside = inside && part != b"}" || part.ends_with(b"environment = {");
        let Some(arrow) = memmem::find(part, b" => ").filter(|_| inside) else { continue };
        let name = trimmed(text, line.start..line.start + arrow);
        let value = parts::written(text, line.start + arrow + 4..line.end);
        all.push(parts::entry(text, name, value));
    }
    all
}
