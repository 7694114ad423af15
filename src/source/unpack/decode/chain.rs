//! Compressed files that are several compressed files in a row.

use std::io::{self, BufRead, Read};

use bzip2::bufread::BzDecoder;
use flate2::bufread::GzDecoder;
use lz4_flex::frame::FrameDecoder;
use lzma_rust2::XzReader;

use super::super::trouble::damaged;

/// A decoder that stops at the end of its part.
pub(super) trait Part<'d>: Read {
    /// What comes after the part.
    fn rest(self: Box<Self>) -> &'d mut dyn BufRead;
}

/// How a part is opened.
pub(super) type Open<'d> = fn(&'d mut dyn BufRead) -> Box<dyn Part<'d> + 'd>;

/// All parts, one after the other.
pub(super) struct Chain<'d> {
    part: Option<Box<dyn Part<'d> + 'd>>,
    open: Open<'d>,
    first: Option<u8>,
}

impl<'d> Chain<'d> {
    pub(super) fn new(from: &'d mut dyn BufRead, open: Open<'d>) -> Self {
        let first = from.fill_buf().ok().and_then(|b| b.first().copied());
        Self { part: Some(open(from)), open, first }
    }

    /// Whether another part follows; zeros may stand in between.
    fn next(&mut self, from: &'d mut dyn BufRead) -> io::Result<bool> {
        let first = loop {
            let buf = from.fill_buf()?;
            let Some(&byte) = buf.first() else { return Ok(false) };
            if byte != 0 {
                break byte;
            }
            let zeros = buf.iter().take_while(|&&b| b == 0).count();
            from.consume(zeros);
        };
        let skippable = |b: u8| matches!(b, 0x50..=0x5f) || b == 0x28;
        if Some(first) != self.first && !(skippable(first) && self.first.is_some_and(skippable)) {
            return Err(damaged("other bytes follow its end"));
        }
        self.part = Some((self.open)(from));
        Ok(true)
    }
}

impl Read for Chain<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while let Some(part) = &mut self.part {
            let read = part.read(buf)?;
            if read > 0 || buf.is_empty() {
                return Ok(read);
            }
            let Some(part) = self.part.take() else { break };
            if !self.next(part.rest())? {
                break;
            }
        }
        Ok(0)
    }
}

impl<'d> Part<'d> for GzDecoder<&'d mut dyn BufRead> {
    fn rest(self: Box<Self>) -> &'d mut dyn BufRead {
        self.into_inner()
    }
}

impl<'d> Part<'d> for BzDecoder<&'d mut dyn BufRead> {
    fn rest(self: Box<Self>) -> &'d mut dyn BufRead {
        self.into_inner()
    }
}

impl<'d> Part<'d> for XzReader<&'d mut dyn BufRead> {
    fn rest(self: Box<Self>) -> &'d mut dyn BufRead {
        self.into_inner()
    }
}

impl<'d> Part<'d> for FrameDecoder<&'d mut dyn BufRead> {
    fn rest(self: Box<Self>) -> &'d mut dyn BufRead {
        self.into_inner()
    }
}
