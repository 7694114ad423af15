//! Locating: offsets in a chunk to lines and columns of the whole, and a sighting to a finding.

use std::ops::Range;

use crate::detect::fingerprint::{self, Fingerprinter};
use crate::detect::{Sighted, excerpt, line_hash};
use crate::model::{Basis, Excerpt, Finding, Origin, Place, Secret, Span};

/// Where a chunk begins, in lines.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cursor {
    /// Line ends before the chunk.
    lines: u64,
    /// Offset of the last line start at or before the chunk.
    line_start: u64,
}

impl Cursor {
    /// Moves over `part`, which begins at `offset`.
    pub fn pass(&mut self, part: &[u8], offset: u64) {
        self.lines += memchr::memchr_iter(b'\n', part).count() as u64;
        if let Some(last) = memchr::memrchr(b'\n', part) {
            self.line_start = offset + last as u64 + 1;
        }
    }
}

/// How much of a line is shown before and behind a value, in bytes.
const EXCERPT: usize = 160;

/// A chunk in which sightings are located, in the order of their places.
pub struct Page<'b> {
    bytes: &'b [u8],
    offset: u64,
    masked: Vec<Range<usize>>,
    /// Up to where lines were counted, in the chunk, …
    at: usize,
    /// … and the line and line start there.
    lines: u64,
    line_start: u64,
    /// Code points from the line's start to there, if that start lies in the chunk.
    points: Option<u64>,
    hashes: Vec<String>,
}

impl<'b> Page<'b> {
    /// A page for the chunk at `offset`; none of `all`, which lie in the order of their places, will show
    /// in any excerpt.
    pub fn new(bytes: &'b [u8], offset: u64, cursor: Cursor, all: &[Sighted<'_>]) -> Self {
        let masked = all.iter().map(|sighted| sighted.range.clone()).collect();
        let Cursor { lines, line_start } = cursor;
        let points = (line_start == offset).then_some(0);
        Self { bytes, offset, masked, at: 0, lines, line_start, points, hashes: Vec::new() }
    }

    /// Prepares the hashes of the sightings' lines; for a chunk that is the whole file.
    pub fn hash_lines(&mut self, all: &[Sighted<'_>]) {
        let (mut line, mut at) = (1, 0);
        let lines: Vec<u64> = all
            .iter()
            .map(|sighted| {
                let start = sighted.range.start.max(at);
                line += memchr::memchr_iter(b'\n', &self.bytes[at..start]).count() as u64;
                at = start;
                line
            })
            .collect();
        self.hashes = line_hash::hashes(self.bytes, &lines);
        self.hashes.reverse();
    }

    /// Makes a finding of a sighting; `logical` names the place independently of where the root lies.
    pub fn finding(
        &mut self,
        Sighted { range, of }: &Sighted<'_>,
        origin: &Origin,
        logical: &str,
        ids: &Fingerprinter,
        keep_secret: bool,
    ) -> Finding {
        let rule = of.rule;
        let value = of.secret.expose();
        let secret_id = of.secret_id(ids);
        Finding {
            id: fingerprint::finding(secret_id, &rule.id, logical),
            secret_id,
            comparable: Basis::Run,
            logical: logical.to_owned(),
            rule: rule.id.clone(),
            redacted: redact(value, &rule.literals),
            excerpt: self.excerpt(range),
            line_hash: self.hashes.pop(),
            history: None,
            place: Place {
                origin: origin.clone(),
                span: self.span(range),
                layers: of.layers.clone(),
            },
            key: None,
            holders: Vec::new(),
            exposure: Vec::new(),
            count: 1,
            confidence: of.confidence,
            severity: rule.severity,
            reasons: of.reasons.clone(),
            principal: of.claims.clone(),
            frameworks: Vec::new(),
            secret: keep_secret.then(|| Secret::new(value.to_vec())),
        }
    }

    fn span(&mut self, range: &Range<usize>) -> Span {
        self.advance(range.start);
        let (line, column) = (self.lines + 1, self.column(range.start));
        let inside = &self.bytes[range.clone()];
        let inner_lines = memchr::memchr_iter(b'\n', inside).count() as u64;
        let last_feed = memchr::memrchr(b'\n', inside).map(|feed| range.start + feed + 1);
        let end_column = match last_feed {
            None => column + inside.len() as u64,
            Some(start) => (range.end - start) as u64 + 1,
        };
        Span {
            line,
            column,
            end_line: line + inner_lines,
            end_column,
            offset: self.offset + range.start as u64,
            length: inside.len() as u64,
            code_points: self
                .code_points(&inside[last_feed.map_or(0, |at| at - range.start)..], last_feed),
        }
    }

    /// Both columns in code points, if the line's start lies in the chunk; `last` is the part of the value
    /// in its last line.
    fn code_points(&self, last: &[u8], last_feed: Option<usize>) -> Option<(u64, u64)> {
        let before = self.points?;
        let end = points(last) + if last_feed.is_some() { 0 } else { before };
        Some((before + 1, end + 1))
    }

    fn advance(&mut self, to: usize) {
        let part = &self.bytes[self.at.min(to)..to];
        self.lines += memchr::memchr_iter(b'\n', part).count() as u64;
        let last_feed = memchr::memrchr(b'\n', part);
        if let Some(last) = last_feed {
            self.line_start = self.offset + (to - part.len() + last) as u64 + 1;
            self.points = Some(0);
        }
        let line = &part[last_feed.map_or(0, |last| last + 1)..];
        self.points = self.points.map(|before| before + points(line));
        self.at = to;
    }

    const fn column(&self, at: usize) -> u64 {
        self.offset + at as u64 - self.line_start + 1
    }

    fn excerpt(&self, range: &Range<usize>) -> Excerpt {
        let from = range.start.saturating_sub(EXCERPT);
        let before = &self.bytes[from..range.start];
        let start = memchr::memrchr(b'\n', before).map_or(from, |n| from + n + 1);
        let to = (range.end + EXCERPT).min(self.bytes.len());
        let behind = &self.bytes[range.end..to];
        let end = memchr::memchr(b'\n', behind).map_or(to, |n| range.end + n);
        let after = self.masked(range.end..end);
        Excerpt { before: self.masked(start..range.start), after: after.trim_end().to_owned() }
    }

    /// Text of the chunk with every sighting in it replaced by an ellipsis, and without values.
    fn masked(&self, range: Range<usize>) -> String {
        let first = self.masked.partition_point(|mask| mask.end <= range.start);
        let mut text = String::new();
        let mut at = range.start;
        for mask in self.masked[first..].iter().take_while(|mask| mask.start < range.end) {
            text.push_str(&excerpt::names(&self.bytes[at..mask.start.max(at)]));
            text.push('…');
            at = mask.end.min(range.end);
        }
        text.push_str(&excerpt::names(&self.bytes[at..range.end]));
        text
    }
}

/// How many code points begin in `text`.
fn points(text: &[u8]) -> u64 {
    text.iter().filter(|&&b| b & 0xc0 != 0x80).count() as u64
}

/// A name for a value that gives nothing away: its public mark and its length.
fn redact(value: &[u8], marks: &[crate::rules::rule::Text]) -> String {
    let of_value = |mark: &&crate::rules::rule::Text| value.starts_with(mark.as_bytes());
    let mark = marks.iter().filter(of_value).max_by_key(|mark| mark.len());
    format!("{}…({})", mark.map_or("", |mark| mark.as_ref()), value.len())
}
