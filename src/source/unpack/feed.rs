//! The bytes of a container on their way in: counted, timed, and their failures remembered.

use std::cell::{Cell, RefCell};
use std::io::{self, Cursor, Read, Seek, SeekFrom};

use super::budget::Budget;
use super::trouble::Cut;
use super::{Input, ReadSeek};

/// What is known of the bytes that came in.
#[derive(Default)]
pub(super) struct Gauge {
    /// How many were taken.
    pub taken: Cell<u64>,
    /// Whether they ended with a trouble that whoever provides them tells of.
    pub broken: Cell<bool>,
    /// How reading them failed.
    pub failed: RefCell<Option<String>>,
}

/// The bytes of a container.
pub(super) struct Feed<'f, R: ?Sized> {
    from: &'f mut R,
    gauge: &'f Gauge,
    budget: &'f Budget,
}

impl<'f, R: ?Sized> Feed<'f, R> {
    pub(super) fn new(from: &'f mut R, gauge: &'f Gauge, budget: &'f Budget) -> Self {
        Self { from, gauge, budget }
    }
}

impl<R: Read + ?Sized> Read for Feed<'_, R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if let Some(limit) = self.budget.over() {
            return Err(super::visit::cut_by(self.budget, limit).error());
        }
        match self.from.read(buf) {
            Ok(n) => {
                self.gauge.taken.set(self.gauge.taken.get() + n as u64);
                Ok(n)
            }
            Err(error) => {
                if Cut::of(&error).is_some() {
                    self.gauge.broken.set(true);
                } else if error.kind() != io::ErrorKind::Interrupted {
                    *self.gauge.failed.borrow_mut() =
                        Some(format!("reading it failed: {}", error.kind()));
                }
                Err(error)
            }
        }
    }
}

impl<R: Seek + ?Sized> Seek for Feed<'_, R> {
    fn seek(&mut self, pos: SeekFrom) -> io::Result<u64> {
        self.from.seek(pos)
    }
}

/// A container that can be read at any place.
pub(super) enum Anywhere<'i> {
    /// It can be.
    Given(&'i mut dyn ReadSeek),
    /// It was read into memory.
    Held(Cursor<Vec<u8>>),
    /// It is too large for that: what was read of it, and the rest.
    TooLarge(Vec<u8>, &'i mut dyn Read),
}

/// What of a container in memory is made room for at once.
const STEP: usize = 4 << 20;

impl<'i> Anywhere<'i> {
    /// Holds a stream in memory up to the limit for members. If it breaks off, what came before is held.
    pub(super) fn new(input: Input<'i>, gauge: &Gauge, budget: &Budget) -> Self {
        let from = match input {
            Input::Seek(from) => return Self::Given(from),
            Input::Stream(from) => from,
        };
        let most = usize::try_from(budget.limits().member).unwrap_or(usize::MAX);
        let mut held = Vec::new();
        let mut feed = Feed::new(&mut *from, gauge, budget);
        while held.len() < most {
            let start = held.len();
            held.resize(most.min(start + STEP), 0);
            let read = fill(&mut feed, &mut held[start..]);
            held.truncate(start + read);
            if held.len() < most && read < STEP {
                held.shrink_to_fit();
                return Self::Held(Cursor::new(held));
            }
        }
        Self::TooLarge(held, from)
    }
}

/// Reads until `buf` is full or nothing more comes, for whatever reason; how much came.
pub(super) fn fill(from: &mut dyn Read, buf: &mut [u8]) -> usize {
    let mut read = 0;
    while let Some(rest) = buf.get_mut(read..).filter(|r| !r.is_empty()) {
        match from.read(rest) {
            Ok(0) => break,
            Ok(n) => read += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => break,
        }
    }
    read
}

/// Takes `count` bytes and drops them; how many there were.
pub(super) fn skip(from: &mut dyn Read, count: u64) -> io::Result<u64> {
    io::copy(&mut from.take(count), &mut io::sink())
}

/// A part of known length: it is an error if it ends early.
pub(super) struct Exactly<'e> {
    from: &'e mut dyn Read,
    left: u64,
}

impl<'e> Exactly<'e> {
    pub(super) fn new(from: &'e mut dyn Read, length: u64) -> Self {
        Self { from, left: length }
    }

    /// Drops what was not read.
    pub(super) fn finish(self) -> io::Result<()> {
        skip(self.from, self.left).map(drop)
    }
}

impl Read for Exactly<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buf.len());
        if most == 0 {
            return Ok(0);
        }
        let read = self.from.read(&mut buf[..most])?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= read as u64;
        Ok(read)
    }
}
