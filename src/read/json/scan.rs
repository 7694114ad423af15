//! Where words, strings, blanks and comments of a JSON text end.

use std::ops::Range;

use memchr::{memchr, memchr2, memchr3, memmem};
use zeroize::Zeroizing;

use super::quoted;
use crate::read::flaws::Flaws;

/// A place in a text, and how to move on from it.
pub(super) struct Scan<'a> {
    text: &'a [u8],
    /// The place.
    pub(super) at: usize,
    /// How many bytes may still be looked at to find out whether a string goes on in the next lines: with
    /// no such limit a text of open quotes would take quadratic time.
    spare: usize,
    /// Whether no comment ends behind the place; searched once alone, for the same reason.
    no_comment_ends: bool,
}

/// How many blanks behind a quote are looked over for the sign that follows.
const BLANKS: usize = 1024;

/// How many bytes of a string are looked at one by one.
const NEAR: usize = 16;

/// The letters that Python puts before a quote.
pub(super) fn is_mark(word: &[u8]) -> bool {
    word.len() <= 2 && word.iter().all(|b| b"bBrRuUfF".contains(b))
}

/// Whether a bare word, a name or a number may begin with `byte`.
pub(super) fn begins_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_$+-.\\".contains(&byte) || byte >= 0x80
}

/// How far it is to the next quote, backslash or line end. Most strings are so short that a search by the
/// byte is over before a vectorised one has begun.
fn special(quote: u8, rest: &[u8]) -> Option<usize> {
    let is_special = |&b: &u8| b == quote || b == b'\\' || b == b'\n';
    let (near, far) = rest.split_at_checked(NEAR).unwrap_or((rest, &[]));
    let found = near.iter().position(is_special);
    found.or_else(|| memchr3(quote, b'\\', b'\n', far).map(|n| near.len() + n))
}

impl<'a> Scan<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        let at = if text.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        Self { text, at, spare: text.len(), no_comment_ends: false }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    pub(super) fn bytes(&self, span: &Range<usize>) -> &'a [u8] {
        self.text.get(span.clone()).unwrap_or_default()
    }

    fn rest(&self) -> &'a [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Whether the place is the first of a line.
    pub(super) fn is_line_start(&self) -> bool {
        self.at.checked_sub(1).is_none_or(|n| self.text.get(n) == Some(&b'\n'))
    }

    /// Whether a line ends between `from` and the place.
    pub(super) fn has_line_end(&self, from: usize) -> bool {
        memchr(b'\n', self.bytes(&(from..self.at))).is_some()
    }

    /// Moves on to what is neither blank nor comment.
    #[inline]
    pub(super) fn blanks(&mut self, flaws: &mut Flaws) {
        if self.peek().is_some_and(|byte| byte <= b' ' || byte == b'/' || byte >= 0x80) {
            self.some_blanks(flaws);
        }
    }

    fn some_blanks(&mut self, flaws: &mut Flaws) {
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => self.at += 1,
                b'/' if self.rest().starts_with(b"//") => {
                    self.at += memchr(b'\n', self.rest()).unwrap_or(self.rest().len());
                }
                b'/' if self.rest().starts_with(b"/*") => self.comment(flaws),
                0xc2 if self.rest().starts_with("\u{a0}".as_bytes()) => self.at += 2,
                0xe2 if self.is_line_separator() => self.at += 3,
                0xef if self.rest().starts_with("\u{feff}".as_bytes()) => self.at += 3,
                _ => return,
            }
        }
    }

    fn is_line_separator(&self) -> bool {
        ["\u{2028}", "\u{2029}"].iter().any(|s| self.rest().starts_with(s.as_bytes()))
    }

    /// A comment that does not end is taken to end with its line, so that the rest is still read.
    fn comment(&mut self, flaws: &mut Flaws) {
        let rest = self.rest();
        let end = match rest.get(2..) {
            Some(inside) if !self.no_comment_ends => memmem::find(inside, b"*/"),
            _ => None,
        };
        self.no_comment_ends = end.is_none();
        self.at += end.map(|n| n + 4).unwrap_or_else(|| {
            flaws.add(self.at, "a comment does not end");
            memchr(b'\n', rest).unwrap_or(rest.len())
        });
    }

    /// Moves behind a bare word, which may hold colons unless it is a name; it has one byte at least.
    pub(super) fn word(&mut self, is_name: bool) -> Range<usize> {
        let start = self.at;
        let rest = self.rest();
        let ends = |(n, &byte): (usize, &u8)| match byte {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => true,
            b',' | b'{' | b'}' | b'[' | b']' | b'(' | b')' | b'"' | b'\'' => true,
            b':' => is_name,
            b'/' => matches!(rest.get(n..n + 2), Some(b"/*")),
            _ => false,
        };
        let length = rest.iter().enumerate().skip(1).position(ends);
        self.at += length.map_or(rest.len(), |n| n + 1);
        start..self.at
    }

    /// Moves behind a string, whose opening `quote` stands here: where its content stands, and what it is.
    pub(super) fn quoted(&mut self, quote: u8, flaws: &mut Flaws) -> (Range<usize>, String) {
        let start = self.at + 1;
        self.at = start;
        let escapes = self.seek_end(quote, flaws);
        let mut span = start..self.at;
        if self.peek() == Some(quote) {
            self.at += 1;
        } else if self.bytes(&span).ends_with(b"\r") {
            span.end -= 1;
        }
        let text = quoted::undone(self.bytes(&span), escapes, span.start, flaws);
        (span, text)
    }

    /// Moves to the end of the string whose content begins here; whether there are escapes in it.
    fn seek_end(&mut self, quote: u8, flaws: &mut Flaws) -> bool {
        let (start, mut escapes) = (self.at, false);
        while let Some(n) = special(quote, self.rest()) {
            self.at += n;
            match self.peek() {
                Some(b'\\') => {
                    escapes = true;
                    let crlf = self.rest().starts_with(b"\\\r\n");
                    self.at = self.text.len().min(self.at + if crlf { 3 } else { 2 });
                }
                Some(b'\n') => {
                    flaws.add(start - 1, "a string does not end in its line");
                    let Some(end) = self.end_in_later_line(quote) else { return escapes };
                    escapes |= memchr(b'\\', self.bytes(&(self.at..end))).is_some();
                    self.at = end;
                    return escapes;
                }
                _ => return escapes,
            }
        }
        self.at = self.text.len();
        flaws.add(start - 1, "a string does not end");
        escapes
    }

    /// Where a string ends that goes on behind this line: at the next quote if what follows that is
    /// what follows a string.
    fn end_in_later_line(&mut self, quote: u8) -> Option<usize> {
        let mut end = self.at;
        loop {
            let rest = self.text.get(end..end.saturating_add(self.spare).min(self.text.len()))?;
            let Some(n) = memchr2(quote, b'\\', rest) else {
                self.spare -= rest.len();
                return None;
            };
            self.spare = self.spare.saturating_sub(n + 2);
            end += n;
            if self.text.get(end) == Some(&quote) {
                break;
            }
            end += 2;
        }
        let mut behind = self.text.get(end + 1..)?.iter();
        let next = behind.by_ref().take(BLANKS).find(|b| !b.is_ascii_whitespace());
        matches!(next, None | Some(b',' | b'}' | b']' | b')' | b':')).then_some(end)
    }

    /// Moves behind the container that begins here, without a look at what is in it.
    pub(super) fn skip_container(&mut self, flaws: &mut Flaws) {
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'{' | b'[' | b'(' => depth += 1,
                b'}' | b']' | b')' => depth -= 1,
                b'"' | b'\'' => {
                    drop(Zeroizing::new(self.quoted(byte, flaws).1));
                    continue;
                }
                b'/' => {
                    self.blanks(flaws);
                    if self.peek() != Some(b'/') {
                        continue;
                    }
                }
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return;
            }
        }
        flaws.add(self.at, "a list or map does not end");
    }
}
