//! The value of a line, with the lines that go on from it.

use std::ops::Range;

use zeroize::Zeroizing;

use crate::read::ini::{Whole, hides_its_end};
use crate::read::lines::{Lines, is_blank, trimmed};
use crate::read::quotes::{Escapes, Quotes};

/// How values are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Outside of sections, as Java's properties: with escapes, quotes that enclose all of it aside.
    Properties,
    /// In a section of a systemd unit: the lines of a value are parted by blanks.
    Unit,
    /// In another section: escapes only between quotes.
    Section,
}

/// Reads a value.
pub(super) struct Reading<'a> {
    pub(super) text: &'a [u8],
    pub(super) way: Way,
}

impl Reading<'_> {
    /// The value whose first line is `line`, and which may take more of `lines`.
    pub(super) fn read(&self, line: Range<usize>, lines: &mut Lines<'_>) -> Whole {
        if let Some(quoted) = self.quoted(line.clone()) {
            return quoted;
        }
        let start = line.start;
        let mut whole = Zeroizing::new(Vec::new());
        let mut line = line;
        while hides_its_end(self.text, line.clone()) {
            whole.extend_from_slice(&self.undone(line.start..line.end - 1));
            let Some(next) = lines.next() else {
                line = line.end..line.end;
                break;
            };
            if self.way == Way::Unit {
                whole.push(b' ');
            }
            line = trimmed(self.text, next);
        }
        let end = line.end;
        let last = self.without_comment(line);
        whole.extend_from_slice(&self.undone(last.clone()));
        let whole = Whole { span: start..last.end, text: whole, end, broken: false };
        if self.way == Way::Properties { whole } else { whole.without_quotes() }
    }

    /// A value in quotes that all stands on its line.
    fn quoted(&self, line: Range<usize>) -> Option<Whole> {
        let escapes = match self.text.get(line.clone())? {
            [b'"', ..] if self.way == Way::Unit => Escapes::C,
            [b'"', ..] => Escapes::Dotenv,
            [b'\'', ..] => Escapes::None,
            _ => return None,
        };
        let pair = (self.text[line.start], escapes);
        let quoted = Quotes::default().read(&self.text[..line.end], line.start + 1, pair)?;
        let behind = trimmed(self.text, quoted.span.end + 1..line.end);
        let is_all = matches!(self.text[behind], [] | [b'#' | b';', ..]);
        is_all.then_some(Whole {
            span: quoted.span,
            text: quoted.text,
            end: line.end,
            broken: false,
        })
    }

    /// `line` up to a comment, which a blank must part from the value.
    fn without_comment(&self, line: Range<usize>) -> Range<usize> {
        let value = &self.text[line.clone()];
        let is_comment = |w: &[u8]| {
            is_blank(w[0]) && matches!(w[1], b'#' | b';') && w.get(2).is_none_or(|&b| is_blank(b))
        };
        let inner =
            (0..value.len()).find(|&n| value[n..].get(..2).is_some() && is_comment(&value[n..]));
        trimmed(self.text, line.start..line.start + inner.unwrap_or(value.len()))
    }

    fn undone(&self, range: Range<usize>) -> Zeroizing<Vec<u8>> {
        match self.way {
            Way::Properties => undo(&self.text[range]),
            _ => Zeroizing::new(self.text[range].to_vec()),
        }
    }
}

impl Whole {
    /// It without the quotes that lines of it stand between, or without one that does not end.
    fn without_quotes(mut self) -> Self {
        let inner = self.text.strip_prefix(b"\"");
        let Some(inner) = inner.filter(|inner| *inner != b"\"") else { return self };
        let quote = inner.iter().position(|&b| b == b'"');
        let ends = quote.is_some_and(|at| at + 1 == inner.len());
        self.broken = quote.is_none();
        if ends || self.broken {
            let text = inner[..inner.len() - usize::from(ends)].to_vec();
            self.span = self.span.start + 1..self.span.end - usize::from(ends);
            self.text = Zeroizing::new(text);
        }
        self
    }
}

/// Undoes the escapes of properties: letters, `\u` with four digits, any other sign for itself.
pub(super) fn undo(text: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut plain = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut units = Vec::new();
    let mut rest = text;
    while let [first, behind @ ..] = rest {
        if let Some(unit) = unit(rest) {
            units.push(unit);
            rest = &rest[6..];
            continue;
        }
        flush(&mut units, &mut plain);
        let (sign, left) = match behind {
            [next, left @ ..] if *first == b'\\' => (letter(*next), left),
            _ => (*first, behind),
        };
        plain.push(sign);
        rest = left;
    }
    flush(&mut units, &mut plain);
    plain
}

/// The `\u1234` that `text` starts with.
fn unit(text: &[u8]) -> Option<u16> {
    let digits = text.strip_prefix(b"\\u")?.get(..4)?;
    let digits =
        std::str::from_utf8(digits).ok().filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()))?;
    u16::from_str_radix(digits, 16).ok()
}

fn flush(units: &mut Vec<u16>, plain: &mut Vec<u8>) {
    if !units.is_empty() {
        plain.extend_from_slice(Zeroizing::new(String::from_utf16_lossy(units)).as_bytes());
        units.clear();
    }
}

fn letter(byte: u8) -> u8 {
    match byte {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'f' => 12,
        other => other,
    }
}
