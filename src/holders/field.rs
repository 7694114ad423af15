//! A field of a structured text that may carry a secret.

use std::ops::Range;

use crate::holders::names::Bears;
use crate::read::{KeyPath, Node};

/// A text, or a part of one, that its name or place says may be a secret.
#[derive(Clone, Debug)]
pub(super) struct Field<'t> {
    /// The names that lead to it.
    pub(super) path: KeyPath,
    /// What is to be expected of it.
    pub(super) bears: Bears,
    /// The value that holds it.
    pub(super) node: &'t Node,
    /// The part of that value's text.
    pub(super) part: Range<usize>,
}

impl<'t> Field<'t> {
    /// All of a value; none if it is no text.
    pub(super) fn whole(path: KeyPath, bears: Bears, node: &'t Node) -> Option<Self> {
        let length = node.text()?.len();
        Some(Self { path, bears, node, part: 0..length })
    }

    /// Its text.
    pub(super) fn text(&self) -> &'t str {
        self.node.text().and_then(|text| text.get(self.part.clone())).unwrap_or_default()
    }

    /// A part of it.
    pub(super) fn within(&self, part: Range<usize>) -> Self {
        let start = self.part.start;
        Self { part: start + part.start..start + part.end, ..self.clone() }
    }

    /// Where it stands in the source: the part alone if the value is written there as it is, else all of
    /// the value.
    pub(super) fn span(&self, source: &[u8]) -> Range<usize> {
        let span = self.node.span.clone();
        let written = source.get(span.clone()).unwrap_or_default();
        match self.node.text() {
            Some(text) if text.as_bytes() == written => {
                span.start + self.part.start..span.start + self.part.end
            }
            _ => span,
        }
    }
}
