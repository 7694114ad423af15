//! What readers build trees from: nodes, entries, flaws.

use std::ops::Range;

use zeroize::Zeroizing;

use crate::read::{Entry, Flaw, Node, Tree, Value};

/// Most flaws that a tree names.
const MOST_FLAWS: usize = 16;

/// The flaws of a text so far.
#[derive(Default)]
pub(super) struct Flaws(Vec<Flaw>);

impl Flaws {
    /// Adds one, unless enough are known.
    pub(super) fn add(&mut self, at: usize, what: &'static str) {
        if self.0.len() < MOST_FLAWS {
            self.0.push(Flaw { at, what });
        }
    }

    /// A tree of `entries` that covers all of `text`.
    pub(super) fn tree(mut self, text: &[u8], entries: Vec<Entry>) -> Tree {
        self.0.sort_by_key(|flaw| flaw.at);
        Tree { root: map(0..text.len(), entries), flaws: self.0 }
    }
}

/// A text that stands at `span` as it is.
pub(super) fn written(text: &[u8], span: Range<usize>) -> Node {
    let value = lossy(text.get(span.clone()).unwrap_or_default());
    Node { span, value: Value::Text(value) }
}

/// A text with its quotes and escapes undone.
pub(super) fn undone(span: Range<usize>, value: &[u8]) -> Node {
    Node { span, value: Value::Text(lossy(value)) }
}

/// A value that is no text, as it stands at `span`.
pub(super) fn plain(text: &[u8], span: Range<usize>) -> Node {
    let value = name(text, &span);
    Node { span, value: Value::Plain(value) }
}

/// Named values.
pub(super) fn map(span: Range<usize>, entries: Vec<Entry>) -> Node {
    Node { span, value: Value::Map(entries) }
}

/// An entry whose name stands at `at` as it is.
pub(super) fn entry(text: &[u8], at: Range<usize>, node: Node) -> Entry {
    Entry { name: name(text, &at), at, node }
}

/// What stands at `at`, as a name.
pub(super) fn name(text: &[u8], at: &Range<usize>) -> String {
    String::from_utf8_lossy(text.get(at.clone()).unwrap_or_default()).into_owned()
}

/// The text of `bytes`; what is no UTF-8 becomes U+FFFD.
pub(super) fn lossy(bytes: &[u8]) -> Zeroizing<String> {
    Zeroizing::new(String::from_utf8_lossy(bytes).into_owned())
}

/// From the start of the first of `entries` to the end of the last value, or `otherwise`.
pub(super) fn hull(entries: &[Entry], otherwise: Range<usize>) -> Range<usize> {
    entries.iter().fold(otherwise, |all, e| {
        let start = all.start.min(e.at.start).min(e.node.span.start);
        start..all.end.max(e.at.end).max(e.node.span.end)
    })
}
