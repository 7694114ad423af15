//! One stream of bytes to findings, window by window.

use std::io::Read;

use crate::detect::{Detector, Fingerprinter, locate};
use crate::model::{Finding, Origin};
use crate::source::{self, Buffer, Chunk, Ended};

/// What is said of a stream of which wrapped text was left unread.
pub const CUT_SHORT: &str =
    "wrapped text was not all read: there is too much of it, or it breaks off";

/// Looks into one stream after the other.
#[derive(Clone, Copy)]
pub struct Inspector<'i, 'c> {
    /// What finds credentials.
    pub detector: &'i Detector<'c>,
    /// What names them.
    pub ids: &'i Fingerprinter,
    /// Whether findings keep their raw value.
    pub keep_secrets: bool,
}

/// Where a stream comes from.
#[derive(Clone, Copy)]
pub struct Whence<'w> {
    /// What was opened.
    pub origin: &'w Origin,
    /// A name of the place that is the same wherever its root lies.
    pub logical: &'w str,
}

/// What a stream held.
pub struct Inspected {
    /// The credentials in it, in order.
    pub findings: Vec<Finding>,
    /// How it ended.
    pub ended: Ended,
    /// Wrapped text was left unread.
    pub cut_short: bool,
}

impl Inspector<'_, '_> {
    /// Reads `from` to its end; `goes_on` hears how many bytes were read, and says whether to go on.
    pub fn read(
        &self,
        from: &mut dyn Read,
        whence: Whence<'_>,
        buffer: &mut Buffer,
        goes_on: &mut dyn FnMut(u64) -> bool,
    ) -> Inspected {
        let mut findings = Vec::new();
        let mut cursor = locate::Cursor::default();
        let mut cut_short = false;
        let ended = source::stream(from, buffer, &mut |chunk| {
            cut_short |= self.chunk(&chunk, whence, &mut cursor, &mut findings);
            goes_on(chunk.own.len() as u64)
        });
        Inspected { findings, ended, cut_short }
    }

    /// Adds what a chunk holds; tells whether wrapped text was left unread.
    fn chunk(
        &self,
        chunk: &Chunk<'_>,
        Whence { origin, logical }: Whence<'_>,
        cursor: &mut locate::Cursor,
        findings: &mut Vec<Finding>,
    ) -> bool {
        let mut seen = self.detector.detect(chunk.bytes);
        if !seen.all.is_empty() {
            let mut place = locate::Page::new(chunk.bytes, chunk.offset, *cursor, &seen.all);
            seen.all.retain(|sighted| chunk.own.contains(&sighted.range.start));
            if chunk.is_whole() {
                place.hash_lines(&seen.all);
            }
            let (ids, keep) = (self.ids, self.keep_secrets);
            findings.extend(seen.all.iter().map(|s| place.finding(s, origin, logical, ids, keep)));
        }
        if !chunk.is_last() {
            cursor.pass(&chunk.bytes[..chunk.step], chunk.offset);
        }
        seen.cut_short
    }
}
