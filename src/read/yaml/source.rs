//! A text in lines, for the reader that goes line by line.

use std::ops::Range;

use memchr::memchr;

use crate::read::flaws::Flaws;

/// The text, and what was found wrong with it.
pub(super) struct Source<'a> {
    pub(super) text: &'a [u8],
    pub(super) flaws: &'a mut Flaws,
    /// How many bytes may still be looked at to find out whether a string goes on in later lines: with no
    /// such limit a text of open quotes would take quadratic time.
    pub(super) spare: usize,
}

/// A line: where it starts, where its first sign stands, and where it ends without its line end.
#[derive(Clone, Copy)]
pub(super) struct Line {
    pub(super) start: usize,
    pub(super) first: usize,
    pub(super) end: usize,
    /// Where the next line starts.
    pub(super) next: usize,
}

impl Line {
    /// How many blanks stand before its first sign.
    pub(super) fn indent(&self) -> usize {
        self.first - self.start
    }

    /// Whether there is nothing in it.
    pub(super) fn is_blank(&self) -> bool {
        self.first == self.end
    }
}

impl<'a> Source<'a> {
    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        self.text.get(at).copied()
    }

    pub(super) fn bytes(&self, span: &Range<usize>) -> &'a [u8] {
        self.text.get(span.clone()).unwrap_or_default()
    }

    pub(super) fn lossy(&self, span: &Range<usize>) -> String {
        String::from_utf8_lossy(self.bytes(span)).into_owned()
    }

    /// The line that starts at `start`; none at the end of the text.
    pub(super) fn line(&self, start: usize) -> Option<Line> {
        let rest = self.text.get(start..).filter(|rest| !rest.is_empty())?;
        let length = memchr(b'\n', rest).unwrap_or(rest.len());
        let next = self.text.len().min(start + length + 1);
        let line = rest.get(..length).unwrap_or_default();
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let blank = line.iter().position(|b| !is_blank(*b)).unwrap_or(line.len());
        Some(Line { start, first: start + blank, end: start + line.len(), next })
    }

    /// The first place from `at` on, before `end`, that is not blank.
    pub(super) fn blanks(&self, at: usize, end: usize) -> usize {
        let rest = self.bytes(&(at..end));
        at + rest.iter().position(|b| !is_blank(*b)).unwrap_or(rest.len())
    }

    /// Whether nothing but blanks and a comment stands between `at` and `end`.
    pub(super) fn is_empty(&self, at: usize, end: usize) -> bool {
        let at = self.blanks(at, end);
        at >= end || self.byte(at) == Some(b'#')
    }
}

pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Whether `rest` begins with what a template puts in the place of YAML.
pub(super) fn is_template(rest: &[u8]) -> bool {
    [b"{{", b"{%", b"{#", b"<%"].iter().any(|mark| rest.starts_with(*mark))
}
