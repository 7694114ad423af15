//! The lines of a text, and what lies at their edges.

use std::ops::Range;

use memchr::{memchr, memchr2};

/// Where `text` begins: behind a UTF-8 byte order mark.
pub(super) fn start(text: &[u8]) -> usize {
    if text.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 }
}

/// The lines of a text without their ends: LF, CR LF, or CR alone.
pub(super) struct Lines<'a> {
    text: &'a [u8],
    /// Where the next line starts.
    pub(super) at: usize,
}

/// The lines of `text`, behind a byte order mark.
pub(super) fn lines(text: &[u8]) -> Lines<'_> {
    Lines { text, at: start(text) }
}

impl Iterator for Lines<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let start = self.at;
        let length = memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        let feed = if rest[length..].starts_with(b"\r\n") { 2 } else { 1 };
        self.at = (start + length + feed).min(self.text.len());
        Some(start..start + length)
    }
}

/// Where the line that holds `at` ends.
pub(super) fn line_end(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    memchr2(b'\n', b'\r', rest).map_or(text.len(), |length| at + length)
}

/// `range` without blanks at its edges.
pub(super) fn trimmed(text: &[u8], range: Range<usize>) -> Range<usize> {
    let part = text.get(range.clone()).unwrap_or_default();
    let before = part.len() - part.trim_ascii_start().len();
    let start = range.start + before;
    start..start + part.trim_ascii().len()
}

/// The part of `range` before the first `sign`, and the part behind it.
pub(super) fn split(
    text: &[u8],
    range: Range<usize>,
    sign: u8,
) -> Option<(Range<usize>, Range<usize>)> {
    let at = range.start + memchr(sign, text.get(range.clone())?)?;
    Some((range.start..at, at + 1..range.end))
}

/// How long the name is that `text` starts with: a letter or `_`, then letters, digits, `_`; 0 if none.
pub(super) fn name_length(text: &[u8]) -> usize {
    match text.first() {
        Some(b'A'..=b'Z' | b'a'..=b'z' | b'_') => {
            text.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count()
        }
        _ => 0,
    }
}

/// Whether `byte` is a blank within a line.
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}
