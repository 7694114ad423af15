//! A page of a table's tree: its rows, and the pages below it.

use std::ops::Range;

use super::head;
use super::pages::Pages;
use super::trouble::Fault;
use super::varint::varint;

/// Fewest bytes that SQLite gives a row.
const LEAST: usize = 4;

const ALIEN: Fault = Fault::damaged("a page is not one of a table");
const OUTSIDE: Fault = Fault::damaged("a row lies outside its page");
const OVERLAP: Fault = Fault::damaged("rows of a page overlap");

/// The sorts of page that a tree is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Sort {
    /// Whether the tree is one of an index, as tables without rowid are.
    pub(super) is_index: bool,
    /// Whether there are no pages below it.
    pub(super) is_leaf: bool,
}

impl Sort {
    fn of(byte: u8) -> Option<Self> {
        let (is_index, is_leaf) = match byte {
            2 => (true, false),
            5 => (false, false),
            10 => (true, true),
            13 => (false, true),
            _ => return None,
        };
        Some(Self { is_index, is_leaf })
    }

    /// How many of the `length` bytes of a row stand in the page itself.
    fn local(self, length: u64, usable: usize) -> usize {
        let share = |part: usize| (usable - 12) * part / 255 - 23;
        let most = if self.is_index { share(64) } else { usable - 35 };
        if length <= most as u64 {
            return length as usize;
        }
        let least = share(32);
        let filled = least + ((length - least as u64) % (usable as u64 - 4)) as usize;
        if filled <= most { filled } else { least }
    }
}

/// Where a row was found on its page.
pub(super) struct Found {
    /// Its rowid, if its table has such.
    pub(super) id: Option<i64>,
    /// How many bytes it has in all.
    pub(super) length: u64,
    /// Those on the page.
    pub(super) local: Range<usize>,
    /// The page where it goes on, or 0.
    pub(super) rest: u32,
}

/// A page of a tree.
pub(super) struct Page {
    /// Its number.
    pub(super) number: u32,
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
    /// How many rows, or pages below but one, it lists.
    pub(super) count: usize,
    sort: Sort,
    list: usize,
    /// How many bytes the rows yet to be read can have together if they do not overlap.
    room: usize,
}

impl Page {
    /// No page.
    pub(super) fn none() -> Self {
        let sort = Sort { is_index: false, is_leaf: true };
        Self { number: 0, bytes: Vec::new(), count: 0, sort, list: 0, room: 0 }
    }

    /// Reads the page `number` in place of this one.
    pub(super) fn open(&mut self, number: u32, pages: &mut Pages<'_>) -> Result<Sort, Fault> {
        (self.number, self.count) = (number, 0);
        pages.take(number, &mut self.bytes)?;
        let start = if number == 1 { head::LENGTH } else { 0 };
        let sort = self.bytes.get(start).and_then(|&byte| Sort::of(byte)).ok_or(ALIEN)?;
        self.list = start + if sort.is_leaf { 8 } else { 12 };
        let count = usize::from(self.short(start + 3)?);
        if self.list + 2 * count > self.bytes.len() {
            return Err(ALIEN);
        }
        (self.sort, self.count, self.room) = (sort, count, self.bytes.len());
        Ok(sort)
    }

    /// The page that the `n`th entry leads to; behind the last entry there is one more.
    pub(super) fn child(&self, n: usize) -> Result<u32, Fault> {
        self.long(if n < self.count { self.start(n)? } else { self.list - 4 })
    }

    /// The `n`th row.
    pub(super) fn row(&mut self, n: usize) -> Result<Found, Fault> {
        let start = self.start(n)?;
        let mut at = if self.sort.is_leaf { start } else { start + 4 };
        let length = self.varint(&mut at)?;
        let id = if self.sort.is_index { None } else { Some(self.varint(&mut at)?.cast_signed()) };
        let local = at..at + self.sort.local(length, self.bytes.len());
        let goes_on = length > local.len() as u64;
        let end = if goes_on { local.end + 4 } else { local.end };
        if end > self.bytes.len() {
            return Err(OUTSIDE);
        }
        self.room = self.room.checked_sub((end - start).max(LEAST)).ok_or(OVERLAP)?;
        let rest = if goes_on { self.long(local.end)? } else { 0 };
        Ok(Found { id, length, local, rest })
    }

    fn start(&self, n: usize) -> Result<usize, Fault> {
        self.short(self.list + 2 * n).map(usize::from)
    }

    fn short(&self, at: usize) -> Result<u16, Fault> {
        let two = self.bytes.get(at..).and_then(|rest| rest.first_chunk());
        two.map(|two| u16::from_be_bytes(*two)).ok_or(OUTSIDE)
    }

    fn long(&self, at: usize) -> Result<u32, Fault> {
        let four = self.bytes.get(at..).and_then(|rest| rest.first_chunk());
        four.map(|four| u32::from_be_bytes(*four)).ok_or(OUTSIDE)
    }

    fn varint(&self, at: &mut usize) -> Result<u64, Fault> {
        let (number, length) = self.bytes.get(*at..).and_then(varint).ok_or(OUTSIDE)?;
        *at += length;
        Ok(number)
    }
}
