//! The contract of a decoder: a run in, the plain text and its way back out.

use std::ops::Range;

use crate::detect::runs::{Signs, Tally};
use crate::model::Layer;

/// A way in which text is wrapped.
pub struct Decoder {
    /// Whether a run of this make can hide a token wrapped so; never wrong in saying no.
    pub may: fn(&Tally) -> bool,
    /// Undoes the wrapping in and around `run`, if there is any; perhaps not all of it at once.
    pub decode: fn(text: &[u8], run: &Range<usize>) -> Vec<Decoded>,
}

/// Plain text that was wrapped.
pub struct Decoded {
    /// What was undone, outermost first.
    pub layers: Vec<Layer>,
    /// The plain text.
    pub text: Vec<u8>,
    /// Which signs begin escapes in it that are still to be undone.
    pub open: Signs,
    /// There is more that could not be undone: its source or a limit ended before it did.
    pub cut: bool,
    /// The way back.
    pub map: Map,
    /// Up to where in the source nothing is left to undo in this way.
    pub end: usize,
}

/// Leads from offsets in plain text back to offsets in its source.
#[derive(Clone, Debug)]
pub struct Map {
    /// From `.0` in the joined source on, source offsets begin at `.1`. Sorted; the first is at 0.
    pieces: Vec<(usize, usize)>,
    /// So many source bytes …
    source: usize,
    /// … make so many plain bytes; 0: the whole source made the whole text.
    plain: usize,
    end: usize,
}

impl Map {
    /// `source` bytes, from `start` on without a gap, for every `plain` bytes.
    pub fn linear(start: usize, source: usize, plain: usize, end: usize) -> Self {
        Self { pieces: vec![(0, start)], source, plain, end }
    }

    /// Like [`Map::linear`], over a source that was joined from `pieces`.
    pub const fn pieces(
        pieces: Vec<(usize, usize)>,
        source: usize,
        plain: usize,
        end: usize,
    ) -> Self {
        Self { pieces, source, plain, end }
    }

    /// The whole of `source` made the whole text, in no simple order.
    pub fn whole(source: Range<usize>) -> Self {
        Self { pieces: vec![(0, source.start)], source: 0, plain: 0, end: source.end }
    }

    /// The stretch of the source that made `plain`.
    pub fn back(&self, plain: &Range<usize>) -> Range<usize> {
        if self.plain == 0 {
            return self.pieces[0].1..self.end;
        }
        let start = self.point(plain.start * self.source / self.plain);
        if self.source == self.plain {
            return start..self.end_point(plain.end).max(start);
        }
        let last = (plain.end * self.source).div_ceil(self.plain).max(1) - 1;
        start..(self.point(last) + 1).clamp(start, self.end.max(start))
    }

    /// As [`Map::point`], before what was left out there.
    fn end_point(&self, joined: usize) -> usize {
        let n = self.pieces.partition_point(|(at, _)| *at < joined);
        let here = self.pieces.get(n).filter(|(at, _)| *at == joined);
        here.map_or_else(|| self.point(joined), |(_, source)| *source)
    }

    fn point(&self, joined: usize) -> usize {
        let n = self.pieces.partition_point(|(at, _)| *at <= joined).max(1) - 1;
        let (at, source) = self.pieces[n];
        source + (joined - at)
    }
}
