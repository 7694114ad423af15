//! The pages of a database as its last commit left them: those of the file with those of the log on top.

use std::collections::HashMap;
use std::io::{self, Read, SeekFrom};

use super::ReadSeek;
use super::head::{self, Head};
use super::log::Log;
use super::text::Encoding;
use super::trouble::{Fault, Troubles};

const MISSING: Fault = Fault::damaged("a page is missing");
const UNREADABLE: Fault = Fault::damaged("a page could not be read");
const TAKEN: Fault = Fault::damaged("a page is used twice");

/// All pages of a database, by their numbers from 1 on.
pub(super) struct Pages<'f> {
    db: &'f mut dyn ReadSeek,
    log: Option<Log<'f>>,
    size: usize,
    /// How many bytes at the start of a page are used.
    pub(super) usable: usize,
    /// How texts are written.
    pub(super) encoding: Encoding,
    /// What was wrong so far.
    pub(super) troubles: Troubles,
    /// Which pages were taken: a bit for each, 64 in an entry.
    taken: HashMap<u32, u64>,
}

impl<'f> Pages<'f> {
    /// Opens a database and its log; refuses what cannot be told into pages.
    pub(super) fn open(
        db: &'f mut dyn ReadSeek,
        wal: Option<&'f mut dyn ReadSeek>,
    ) -> Result<Self, Fault> {
        let mut start = Vec::new();
        db.seek(SeekFrom::Start(0)).map_err(|_| UNREADABLE)?;
        db.take(head::LENGTH as u64).read_to_end(&mut start).map_err(|_| UNREADABLE)?;
        let size = head::page_size(&start)?;
        let mut troubles = Troubles::default();
        let log = wal.and_then(|file| Log::open(file, size, &mut troubles));
        let (taken, encoding) = (HashMap::new(), Encoding::Utf8);
        let mut pages = Self { db, log, size, usable: size, encoding, troubles, taken };
        let mut first = Vec::new();
        pages.read(1, &mut first)?;
        let head = Head::read(&first)?;
        (pages.usable, pages.encoding) = (head.usable, head.encoding);
        if let Some(fault) = head.fault {
            pages.troubles.add(fault, 1);
        }
        Ok(pages)
    }

    /// Reads the page `number` for the first time, so that whatever leads to it again is seen to be damaged:
    /// circles end, and the work done is bounded by the file's length.
    pub(super) fn take(&mut self, number: u32, page: &mut Vec<u8>) -> Result<(), Fault> {
        let (entry, bit) = (self.taken.entry(number / 64).or_default(), 1 << (number % 64));
        if *entry & bit != 0 {
            return Err(TAKEN);
        }
        *entry |= bit;
        self.read(number, page)
    }

    /// Reads the used bytes of the page `number`.
    pub(super) fn read(&mut self, number: u32, page: &mut Vec<u8>) -> Result<(), Fault> {
        page.resize(self.size, 0);
        let read = self.fill(number, page);
        page.truncate(if read.is_ok() { self.usable } else { 0 });
        read
    }

    fn fill(&mut self, number: u32, page: &mut [u8]) -> Result<(), Fault> {
        if self.log.as_mut().is_some_and(|log| log.read(number, page, &mut self.troubles)) {
            return Ok(());
        }
        let at = self.place(number).ok_or(MISSING)?;
        let read = self.db.seek(SeekFrom::Start(at)).and_then(|_| self.db.read_exact(page));
        read.map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => MISSING,
            _ => UNREADABLE,
        })
    }

    fn place(&self, number: u32) -> Option<u64> {
        Some(u64::from(number.checked_sub(1)?) * self.size as u64)
    }

    /// Where the byte `within` the page `number` stands in the file; 0 if the page is the log's.
    pub(super) fn offset(&self, number: u32, within: usize) -> u64 {
        if self.log.as_ref().is_some_and(|log| log.has(number)) {
            return 0;
        }
        self.place(number).map_or(0, |at| at + within as u64)
    }
}
