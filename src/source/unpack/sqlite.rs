//! SQLite databases: the texts and blobs of all their rows, taken from the file's own bytes.
//!
//! The file is only ever read: no lock is taken, none is heeded, and nothing is created beside it. So a
//! program that writes meanwhile is not disturbed; at worst some pages are told as damaged. A write-ahead
//! log is followed up to its last valid commit, as SQLite would. A rollback journal that a crash left
//! behind (`-journal`) is not applied: what it would undo is read as it stands.

mod cells;
mod columns;
mod head;
mod log;
mod page;
mod pages;
mod payload;
mod record;
mod rows;
mod schema;
#[cfg(test)]
mod tests;
mod text;
mod trouble;
mod varint;

use std::io::{Read, Seek};
use std::ops::ControlFlow;

pub use trouble::{Kind, Trouble};

use cells::Cells;
use pages::Pages;

/// A file that can be read at any place.
pub trait ReadSeek: Read + Seek {}

impl<F: Read + Seek + ?Sized> ReadSeek for F {}

/// How much is held of a database at a time.
pub struct Limits {
    /// The most bytes of one value that are read; of a longer one they are its first.
    pub cell: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { cell: 64 << 20 }
    }
}

/// A text or blob of a row.
pub struct Cell<'c> {
    /// Where it is in the database: `table/<row>/<column>`. The row is called by its first text of at most
    /// 200 bytes, else by its rowid, else (in a table without) by its place among the rows. As the first
    /// text may itself be a secret, a name is to be masked like any other text of the file.
    pub name: &'c str,
    /// Its bytes; a text's are UTF-8 unless the database holds something else under that name.
    pub bytes: &'c [u8],
    /// Where it begins in the file; 0 if it was taken from the log.
    pub offset: u64,
}

const MAGIC: &[u8] = b"SQLite format 3\0";

/// Fewest bytes of a value that is visited: no credential is shorter.
const SHORTEST: u64 = 8;

/// Whether a file that begins with `head` is a SQLite database; an encrypted one is not recognised.
pub fn recognise(head: &[u8]) -> bool {
    head.starts_with(MAGIC)
}

/// Visits each text and blob of at least 8 bytes in each row as of the last commit, except in the tables
/// that SQLite keeps for itself; tells what could not be read. `wal` is the file beside the database whose
/// name ends in `-wal`. Time is bounded by the length of the files, memory by `limits`, whatever they hold.
pub fn each_cell(
    db: &mut dyn ReadSeek,
    wal: Option<&mut dyn ReadSeek>,
    limits: &Limits,
    visit: &mut dyn FnMut(Cell<'_>) -> ControlFlow<()>,
) -> Vec<Trouble> {
    let mut pages = match Pages::open(db, wal.map(|wal| -> &mut dyn ReadSeek { wal })) {
        Ok(pages) => pages,
        Err(fault) => return vec![fault.trouble()],
    };
    // Whether the visitor broke off is its own affair.
    let _: ControlFlow<()> = Cells::new(limits, visit).visit_all(&mut pages);
    pages.troubles.list()
}
