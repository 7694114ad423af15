//! Databases made for trials.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Cursor;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::SystemTime;

use rusqlite::Connection;
use tempfile::TempDir;

use super::super::{Limits, ReadSeek, Trouble, each_cell};

/// What was read of a database.
#[derive(Debug, PartialEq)]
pub(super) struct Read {
    /// The values and where they begin, by their names.
    pub(super) cells: BTreeMap<String, (Vec<u8>, u64)>,
    pub(super) troubles: Vec<Trouble>,
}

impl Read {
    /// Reads a database and perhaps its log.
    pub(super) fn of(
        db: &mut dyn ReadSeek,
        wal: Option<&mut dyn ReadSeek>,
        limits: &Limits,
    ) -> Self {
        let mut cells = BTreeMap::new();
        let troubles = each_cell(db, wal, limits, &mut |cell| {
            cells.insert(cell.name.to_owned(), (cell.bytes.to_vec(), cell.offset));
            ControlFlow::Continue(())
        });
        Self { cells, troubles }
    }

    /// Reads a database and its log out of memory.
    pub(super) fn bytes(db: &[u8], wal: &[u8]) -> Self {
        Self::of(&mut Cursor::new(db), Some(&mut Cursor::new(wal)), &Limits::default())
    }
}

/// A folder with a database.
pub(super) struct Trial(TempDir);

impl Trial {
    pub(super) fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    /// A folder with these files for a database and its log.
    pub(super) fn of(db: &[u8], wal: &[u8]) -> Self {
        let trial = Self::new();
        fs::write(trial.path(), db).expect("written");
        fs::write(trial.log(), wal).expect("written");
        trial
    }

    pub(super) fn path(&self) -> PathBuf {
        self.0.path().join("data.db")
    }

    pub(super) fn log(&self) -> PathBuf {
        self.0.path().join("data.db-wal")
    }

    pub(super) fn open(&self) -> Connection {
        Connection::open(self.path()).expect("it opens")
    }

    pub(super) fn run(&self, sql: &str) {
        self.open().execute_batch(sql).expect("it is SQL");
    }

    pub(super) fn read(&self) -> Read {
        self.read_within(&Limits::default())
    }

    pub(super) fn read_within(&self, limits: &Limits) -> Read {
        let mut db = File::open(self.path()).expect("it is there");
        let mut wal = File::open(self.log()).ok();
        Read::of(&mut db, wal.as_mut().map(|wal| -> &mut dyn ReadSeek { wal }), limits)
    }

    /// The values of the table `t(a)` as SQLite sees them.
    pub(super) fn seen(&self) -> Vec<String> {
        let db = self.open();
        let Ok(mut all) = db.prepare("SELECT a FROM t ORDER BY a") else { return Vec::new() };
        let all = all.query_map((), |row| row.get(0)).expect("it is read");
        all.map(|a| a.expect("a text")).collect()
    }

    /// All files: their names, bytes and times.
    pub(super) fn state(&self) -> BTreeMap<PathBuf, (Vec<u8>, SystemTime)> {
        let entries = fs::read_dir(self.0.path()).expect("it is there");
        let paths = entries.map(|entry| entry.expect("it is there").path());
        let state = |path: PathBuf| {
            let time = path.metadata().and_then(|data| data.modified()).expect("it is there");
            let bytes = fs::read(&path).expect("it is there");
            (path, (bytes, time))
        };
        paths.map(state).collect()
    }
}

/// A xorshift generator.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: usize) -> Self {
        Self(seed as u64 ^ 0x9e37_79b9_7f4a_7c15)
    }

    /// A number below `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
}

/// Bytes without sense.
pub(super) fn noise(seed: usize, length: usize) -> Vec<u8> {
    let mut dice = Dice::new(seed);
    (0..length).map(|_| dice.below(256) as u8).collect()
}
