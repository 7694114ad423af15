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
            Some(text) => {
                let at = |offset| Some(span.start + written_at(written, text, offset)?);
                match (at(self.part.start), at(self.part.end)) {
                    (Some(start), Some(end)) if start < end => start..end,
                    _ => span,
                }
            }
            None => span,
        }
    }
}

/// Where in what is `written`, with escapes of a backslash, the text that it stands for has come to `offset`;
/// none if it is written otherwise.
fn written_at(written: &[u8], text: &str, offset: usize) -> Option<usize> {
    let (mut at, mut told) = (0, None);
    for (start, c) in text.char_indices() {
        if start == offset {
            told = Some(at);
        }
        at += match (written.get(at)?, written.get(at + 1)) {
            (b'\\', Some(b'u')) if c.len_utf16() == 2 => 12,
            (b'\\', Some(b'u')) => 6,
            (b'\\', Some(b'x')) => 4,
            (b'\\', Some(_)) => 2,
            _ if written[at..].starts_with(c.encode_utf8(&mut [0; 4]).as_bytes()) => c.len_utf8(),
            _ => return None,
        };
    }
    let told = if offset == text.len() { Some(at) } else { told };
    told.filter(|_| at == written.len())
}

#[cfg(test)]
mod tests {
    use super::written_at;

    #[test]
    fn escapes_are_counted_as_they_are_written() {
        let written = br#"a\"b\u00e9\\c"#;
        let text = "a\"bé\\c";
        let at = |offset| written_at(written, text, offset);
        assert_eq!(
            [at(0), at(1), at(2), at(3), at(5), at(6)],
            [Some(0), Some(1), Some(3), Some(4), Some(10), Some(12)]
        );
        assert_eq!(at(text.len()), Some(written.len()));
        assert_eq!(written_at(b"&amp;x", "&x", 1), None);
    }
}
