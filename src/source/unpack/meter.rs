//! A member's bytes on their way out: counted, held to the limits, and their damage put in words.

use std::io::{self, Read};

use super::Format;
use super::budget::{Budget, Limit};
use super::feed::{Gauge, fill};
use super::trouble::{Cut, TroubleKind};
use super::visit::{Seen, cut_by};

/// The most bytes that are read at once, so that little is lost of what a decoder made before damage.
const CHUNK: usize = 32 << 10;

/// What one compressed block took in and made.
#[derive(Default)]
pub(super) struct Span {
    /// The bytes that the container had given before it.
    pub taken: u64,
    /// The bytes it made.
    pub made: u64,
}

/// A member's reader.
pub(super) struct Meter<'m> {
    from: &'m mut dyn Read,
    budget: &'m Budget,
    gauge: &'m Gauge,
    span: Option<&'m mut Span>,
    head: io::Cursor<Vec<u8>>,
    read: u64,
    most: u64,
    end: Option<End>,
}

/// Why a member's reading ended early.
struct End {
    cut: Cut,
    limit: Option<Limit>,
    told: bool,
}

impl<'m> Meter<'m> {
    /// `span` is that of the compressed block if bytes are made by decompression.
    pub(super) fn new(
        from: &'m mut dyn Read,
        budget: &'m Budget,
        gauge: &'m Gauge,
        span: Option<&'m mut Span>,
    ) -> Self {
        let head = io::Cursor::new(Vec::new());
        Self { from, budget, gauge, span, head, read: 0, most: u64::MAX, end: None }
    }

    /// The first bytes, which will still be read.
    pub(super) fn peek(&mut self, count: usize) -> &[u8] {
        let mut head = vec![0; count];
        let read = fill(&mut Pull(self), &mut head);
        head.truncate(read);
        self.head = io::Cursor::new(head);
        self.head.get_ref()
    }

    /// Sets how much may be read: of a container that need not be held whole, all.
    pub(super) fn cap(&mut self, format: Option<Format>) {
        if !format.is_some_and(Format::flows) {
            self.most = self.budget.limits().member;
        }
    }

    /// How the reading ended.
    pub(super) fn seen(&self) -> Seen {
        match &self.end {
            None => Seen::Whole,
            Some(End { limit: Some(Limit::Member), .. }) => Seen::TooLarge,
            Some(End { limit: Some(_), .. }) => Seen::Swollen,
            Some(_) => Seen::Damaged,
        }
    }

    /// Why the reading ended early, if it did and nobody else tells.
    pub(super) fn cut(self) -> Option<Cut> {
        self.end.filter(|end| !end.told).map(|end| end.cut)
    }

    fn pull(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if let Some(end) = &self.end {
            return Err(end.cut.error());
        }
        if let Some(limit) = self.limit() {
            return Err(self.trip(limit));
        }
        let room = usize::try_from(self.most.saturating_sub(self.read)).unwrap_or(usize::MAX);
        if room == 0 {
            let more = fill(&mut self.from, &mut [0]) > 0;
            return if more { Err(self.trip(Limit::Member)) } else { Ok(0) };
        }
        let most = buf.len().min(CHUNK).min(room);
        loop {
            match self.from.read(&mut buf[..most]) {
                Ok(n) => return Ok(self.count(n)),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.break_off(&error)),
            }
        }
    }

    fn count(&mut self, bytes: usize) -> usize {
        self.read += bytes as u64;
        if let Some(span) = &mut self.span {
            span.made += bytes as u64;
            self.budget.expand(bytes as u64);
        }
        bytes
    }

    fn limit(&self) -> Option<Limit> {
        let swells = |span: &&mut Span| {
            self.budget.swells(span.made, self.gauge.taken.get().saturating_sub(span.taken))
        };
        let ratio = self.span.as_ref().is_some_and(swells).then_some(Limit::MemberRatio);
        self.budget.over().or(ratio)
    }

    fn trip(&mut self, limit: Limit) -> io::Error {
        let cut = cut_by(self.budget, limit);
        let error = cut.error();
        let told = self.budget.over().is_some();
        self.end = Some(End { cut, limit: Some(limit), told });
        error
    }

    fn break_off(&mut self, error: &io::Error) -> io::Error {
        if let Some(limit) = self.budget.over() {
            return self.trip(limit);
        }
        let told = self.gauge.broken.get();
        let cut = match (self.gauge.failed.take(), Cut::of(error)) {
            (Some(failure), _) => Cut::damaged(&failure),
            (None, Some(cut)) => cut.clone(),
            (None, None) => self.damage(error),
        };
        let error = cut.error();
        self.end = Some(End { cut, limit: None, told });
        error
    }

    fn damage(&self, error: &io::Error) -> Cut {
        let after = self.read;
        let (kind, what) = match error.kind() {
            io::ErrorKind::UnexpectedEof => {
                (TroubleKind::Damaged, format!("it ends early, after {after} bytes"))
            }
            io::ErrorKind::OutOfMemory => {
                (TroubleKind::Limit, "unpacking it needs too much memory".to_owned())
            }
            io::ErrorKind::Unsupported => {
                (TroubleKind::Unsupported, "it is compressed in a way that is not read".to_owned())
            }
            _ => {
                let what = format!("its compressed bytes are damaged after {after} bytes of text");
                (TroubleKind::Damaged, what)
            }
        };
        Cut { kind, what }
    }
}

impl Read for Meter<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self.head.read(buf)? {
            0 => self.pull(buf),
            n => Ok(n),
        }
    }
}

/// Reads past the head.
struct Pull<'p, 'm>(&'p mut Meter<'m>);

impl Read for Pull<'_, '_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.0.pull(buf)
    }
}
