//! Logs of CI systems and terminals, made plain: without timestamps, colours and marks.

use std::ops::Range;

use memchr::{memchr, memchr2};

mod escape;
mod kind;
mod mark;
mod stamp;
mod step;

pub use kind::{Log, kind};
pub use step::step_at;

use stamp::Prefix;

use crate::read::lines::start;

/// How much of a text shows what it is.
const HEAD: usize = 8 << 10;

/// A log without what its system and its terminal added.
pub struct Plain {
    /// What is left.
    pub text: Vec<u8>,
    /// Where each unbroken part of it stands in it and in the log, in its own order.
    pieces: Vec<(usize, usize)>,
}

/// `text` as a plain log; none if its first 8 KiB show nothing to strip.
pub fn plain(text: &[u8]) -> Option<Plain> {
    let head = &text[..text.len().min(HEAD)];
    let prefix = stamp::prefix(head);
    let is_marked = memchr(b'\x1B', head).is_some() || mark::starts_line(head);
    if prefix == Prefix::None && !is_marked || memchr(0, head).is_some() {
        return None;
    }
    let mut plain = Plain { text: Vec::with_capacity(text.len()), pieces: Vec::new() };
    if prefix == Prefix::GitLab {
        join(text, &mut plain);
    } else {
        for line in (Lines { text, at: start(text) }) {
            let (skipped, _) = stamp::skip(&text[line.content.clone()], prefix);
            plain.line(text, line.content.start + skipped..line.content.end);
            plain.keep(text, line.content.end..line.end);
        }
    }
    Some(plain)
}

/// A line of a log.
struct Line {
    /// What stands before its end.
    content: Range<usize>,
    /// Where the sign that ends it ends.
    end: usize,
}

/// The lines of a log, which LF or CR LF ends.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
}

impl Iterator for Lines<'_> {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let length = memchr(b'\n', rest).unwrap_or(rest.len());
        let line = rest[..length].strip_suffix(b"\r").unwrap_or(&rest[..length]);
        let content = self.at..self.at + line.len();
        self.at = (self.at + length + 1).min(self.text.len());
        Some(Line { content, end: self.at })
    }
}

/// A line of GitLab's, with the lines below that have no prefix.
struct Frame {
    line: Line,
    /// Whether it goes on with a line before it.
    goes_on: bool,
    /// The line that goes on with it.
    next: Option<usize>,
}

/// Adds the lines of GitLab's log to `plain`, each followed by those that go on with it.
fn join(text: &[u8], plain: &mut Plain) {
    let frames = frames(text);
    for first in frames.iter().filter(|frame| !frame.goes_on) {
        let mut frame = first;
        plain.line(text, frame.line.content.clone());
        while let Some(next) = frame.next.and_then(|n| frames.get(n)) {
            frame = next;
            plain.line(text, frame.line.content.clone());
        }
        plain.keep(text, frame.line.content.end..frame.line.end);
    }
}

fn frames(text: &[u8]) -> Vec<Frame> {
    let mut frames: Vec<Frame> = Vec::new();
    let mut last: [Option<usize>; 512] = [None; 512];
    for mut line in (Lines { text, at: start(text) }) {
        let (skipped, stream) = stamp::skip(&text[line.content.clone()], Prefix::GitLab);
        let Some(stream) = stream else {
            match frames.last_mut() {
                Some(Frame { line: before, .. }) => {
                    (before.content.end, before.end) = (line.content.end, line.end);
                }
                None => frames.push(Frame { line, goes_on: false, next: None }),
            }
            continue;
        };
        let n = frames.len();
        let before = last[stream.number].replace(n).filter(|_| stream.goes_on);
        if let Some(before) = before.and_then(|before| frames.get_mut(before)) {
            before.next = Some(n);
        }
        line.content.start += skipped;
        frames.push(Frame { line, goes_on: before.is_some(), next: None });
    }
    frames
}

impl Plain {
    /// Where `range` of the plain text stands in the log: from its first byte there to its last.
    pub fn back(&self, range: Range<usize>) -> Range<usize> {
        let end = range.end.min(self.text.len());
        let start = range.start.min(end);
        let first = self.pieces.partition_point(|&(at, _)| at <= start).saturating_sub(1);
        let parts = self.pieces[first.min(self.pieces.len())..].iter().enumerate();
        let parts = parts.take_while(|&(n, &(at, _))| n == 0 || at < end);
        let ends = parts.map(|(n, &(at, from))| {
            let next = self.pieces.get(first + n + 1).map_or(self.text.len(), |&(next, _)| next);
            from + start.max(at) - at..from + end.min(next).max(at) - at
        });
        ends.reduce(|all, part| all.start.min(part.start)..all.end.max(part.end)).unwrap_or(0..0)
    }

    /// Adds a line without escapes and marks; a carriage return in it becomes a line end.
    fn line(&mut self, text: &[u8], content: Range<usize>) {
        let mut from = content.start + mark::length(&text[content.clone()]);
        let mut at = from;
        while let Some(n) = memchr2(b'\x1B', b'\r', &text[at..content.end]) {
            let sign = at + n;
            if text[sign..content.end].starts_with(b"\r\n") {
                at = sign + 2;
                continue;
            }
            if text[sign] == b'\r' {
                self.keep(text, from..sign + 1);
                self.text.pop();
                self.text.push(b'\n');
                at = sign + 1;
            } else {
                self.keep(text, from..sign);
                at = sign + escape::length(&text[sign..content.end]);
                at += mark::length(&text[at..content.end]);
            }
            from = at;
        }
        self.keep(text, from..content.end);
    }

    fn keep(&mut self, text: &[u8], part: Range<usize>) {
        if part.is_empty() {
            return;
        }
        let at = self.text.len();
        let goes_on =
            self.pieces.last().is_some_and(|&(before, from)| from + at - before == part.start);
        if !goes_on {
            self.pieces.push((at, part.start));
        }
        self.text.extend_from_slice(&text[part]);
    }
}

#[cfg(test)]
mod tests;
