//! The members of a tar, one after the other.

use std::io::{self, Read};

use super::super::feed::{fill, skip};
use super::extra::{Extra, padding};
use super::header::{BLOCK, Header};

/// A member; its bytes come next.
pub(super) struct Member {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub size: u64,
    /// Whether it is a file with bytes to be read, rather than a folder, a link or a mark.
    pub is_file: bool,
    /// Where damage began that was passed over to get here.
    pub after_damage: Option<u64>,
}

/// A tar on its way through.
pub(super) struct Members<R> {
    from: Counted<R>,
    damage: Option<u64>,
    ended: bool,
}

impl<R: Read> Members<R> {
    pub(super) fn new(from: R) -> Self {
        Self { from: Counted { from, at: 0 }, damage: None, ended: false }
    }

    /// The next member, whose bytes the caller takes.
    pub(super) fn next(&mut self) -> io::Result<Option<Member>> {
        let mut extra = Extra::default();
        while let Some(header) = self.header()? {
            if matches!(header.kind, b'L' | b'K' | b'x' | b'X' | b'g') {
                let start = self.from.at;
                extra.take(header.kind, header.size, &mut self.from)?;
                let left = header.size.saturating_sub(self.from.at - start);
                self.pass(left.saturating_add(padding(header.size)))?;
                continue;
            }
            if header.kind == b'S' && header.more_holes {
                self.pass_holes()?;
            }
            return Ok(Some(self.member(header, extra)));
        }
        Ok(None)
    }

    fn member(&mut self, header: Header, extra: Extra) -> Member {
        let name = extra.name.unwrap_or(header.name);
        let has_bytes = !matches!(header.kind, b'1'..=b'6' | b'V');
        let is_folder = header.kind != b'D' && name.ends_with(b"/");
        let size = if has_bytes { extra.size.unwrap_or(header.size) } else { 0 };
        // A layer of an image marks what it takes away by empty files.
        let is_whiteout = size == 0 && last(&name).starts_with(b".wh.");
        Member {
            name: String::from_utf8_lossy(&name).into_owned(),
            size,
            is_file: has_bytes && !is_whiteout && !(is_folder && size == 0),
            after_damage: self.damage.take(),
        }
    }

    fn header(&mut self) -> io::Result<Option<Header>> {
        let mut block = [0; BLOCK];
        loop {
            let at = self.from.at;
            match fill(&mut self.from, &mut block) {
                0 => return self.end(),
                BLOCK => {}
                _ if self.ended || self.damage.is_some() => return self.end(),
                _ => return Err(io::ErrorKind::UnexpectedEof.into()),
            }
            if block.iter().all(|&b| b == 0) {
                self.ended = true;
            } else if let Some(header) = Header::read(&block) {
                return Ok(Some(header));
            } else {
                self.damage.get_or_insert(at);
            }
        }
    }

    /// Nothing more came, be it for the end or for a failure.
    fn end(&mut self) -> io::Result<Option<Header>> {
        self.from.read(&mut [0]).map(|_| None)
    }

    fn pass_holes(&mut self) -> io::Result<()> {
        let mut block = [0; BLOCK];
        loop {
            self.from.read_exact(&mut block)?;
            if block[504] == 0 {
                return Ok(());
            }
        }
    }

    fn pass(&mut self, count: u64) -> io::Result<()> {
        let passed = skip(&mut self.from, count)?;
        if passed < count { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }

    /// Passes what fills up the last block of a member.
    pub(super) fn pad(&mut self, size: u64) -> io::Result<()> {
        skip(&mut self.from, padding(size)).map(drop)
    }

    /// The members' bytes.
    pub(super) fn from(&mut self) -> &mut dyn Read {
        &mut self.from
    }

    /// What the tar is read from.
    pub(super) fn source(&mut self) -> &mut R {
        &mut self.from.from
    }

    /// How far the tar was read.
    pub(super) fn at(&self) -> u64 {
        self.from.at
    }

    /// Counts bytes that were passed without being read.
    pub(super) fn passed(&mut self, count: u64) {
        self.from.at = self.from.at.saturating_add(count);
    }

    /// Where damage began that no whole header came after.
    pub(super) fn damage(&self) -> Option<u64> {
        self.damage
    }

    /// Whether a mark of the end was met.
    pub(super) fn ended(&self) -> bool {
        self.ended
    }
}

fn last(name: &[u8]) -> &[u8] {
    name.rsplit(|&b| b == b'/').next().unwrap_or(name)
}

struct Counted<R> {
    from: R,
    at: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(buf)?;
        self.at += read as u64;
        Ok(read)
    }
}
