//! Write-ahead logs, held against what SQLite makes of them.

use std::fs;

use rusqlite::Connection;

use super::super::Kind;
use super::made::{Dice, Read, Trial};

/// A database and its log with commits that grew, changed and shrank it, and one that is not finished.
fn logged() -> (Vec<u8>, Vec<u8>, Trial, Connection) {
    let trial = Trial::new();
    let db = trial.open();
    db.execute_batch(
        "PRAGMA page_size = 512; PRAGMA auto_vacuum = FULL; PRAGMA journal_mode = WAL;
         PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = 2; PRAGMA cache_spill = 2;
         CREATE TABLE t(a TEXT)",
    )
    .expect("it is SQL");
    for n in 0..12 {
        let text = format!("text no. {n} {}", "long ".repeat(n * 40));
        db.execute("INSERT INTO t VALUES(?)", [text]).expect("it is put in");
    }
    db.execute_batch("DELETE FROM t WHERE a LIKE 'text no. 7%'; UPDATE t SET a = 'new ' || a;")
        .expect("it is SQL");
    db.execute_batch("BEGIN").expect("it is SQL");
    for n in 0..40 {
        let text = format!("open {n} {}", "long ".repeat(n * 9));
        db.execute("INSERT INTO t VALUES(?)", [text]).expect("it is put in");
    }
    let bytes = |path| fs::read(path).expect("it is there");
    (bytes(trial.path()), bytes(trial.log()), trial, db)
}

fn texts(read: Read) -> Vec<String> {
    let mut all: Vec<String> = read
        .cells
        .into_values()
        .map(|(text, _)| String::from_utf8(text).expect("a text"))
        .collect();
    all.sort();
    all
}

#[test]
fn committed_rows_are_read_out_of_the_log_of_an_open_database() {
    let (_, wal, trial, _db) = logged();
    let read = trial.read();
    assert_eq!(read.troubles, []);
    assert!(read.cells.values().all(|&(_, offset)| offset == 0));
    let all = texts(read);
    assert_eq!(all.len(), 11);
    assert!(all.iter().all(|text| text.starts_with("new text no. ")));
    assert!(wal.windows(6).any(|part| part == b"open 3"), "the log holds unfinished rows too");
}

#[test]
fn a_log_torn_or_changed_anywhere_is_read_as_sqlite_reads_it() {
    let (db, wal, ..) = logged();
    let mut dice = Dice::new(5);
    let mut views = std::collections::BTreeSet::new();
    for round in 0..150 {
        let mut wal = wal.clone();
        match round % 3 {
            0 => wal.truncate(dice.below(wal.len())),
            1 => wal.truncate(32 + 536 * dice.below(wal.len() / 536)),
            _ => {
                let at = dice.below(wal.len());
                wal[at] ^= 1 << dice.below(8);
            }
        }
        let all = texts(Read::bytes(&db, &wal));
        assert_eq!(all, Trial::of(&db, &wal).seen(), "{round}");
        views.insert(all);
    }
    assert!(views.len() > 5, "the rounds end at many commits");
}

#[test]
fn a_log_with_big_endian_checksums_is_read() {
    let (db, mut wal, ..) = logged();
    let before = texts(Read::bytes(&db, &wal));
    wal[3] |= 1;
    let sum = |sum: (u32, u32), bytes: &[u8]| {
        bytes.chunks_exact(8).fold(sum, |(a, b), eight| {
            let half =
                |n: usize| u32::from_be_bytes([eight[n], eight[n + 1], eight[n + 2], eight[n + 3]]);
            let a = a.wrapping_add(half(0)).wrapping_add(b);
            (a, b.wrapping_add(half(4)).wrapping_add(a))
        })
    };
    let put = |place: &mut [u8], (a, b): (u32, u32)| {
        place[..4].copy_from_slice(&a.to_be_bytes());
        place[4..8].copy_from_slice(&b.to_be_bytes());
    };
    let mut running = sum((0, 0), &wal[..24]);
    put(&mut wal[24..32], running);
    for frame in wal[32..].chunks_exact_mut(24 + 512) {
        running = sum(sum(running, &frame[..8]), &frame[24..]);
        put(&mut frame[16..24], running);
    }
    assert_eq!(Trial::of(&db, &wal).seen(), before);
    assert_eq!(texts(Read::bytes(&db, &wal)), before);
}

#[test]
fn a_log_that_is_none_is_left_out_and_told() {
    let (db, wal, ..) = logged();
    assert_eq!(Read::bytes(&db, b""), Read::bytes(&db, &wal[..31]));
    let read = Read::bytes(&db, &[b'x'; 5000]);
    assert_eq!(read.troubles.first().map(|trouble| trouble.kind), Some(Kind::Damaged));
}

#[test]
fn pages_put_back_while_reading_are_taken_from_the_database() {
    let (_, wal, trial, db) = logged();
    let before = texts(trial.read());
    db.execute_batch("ROLLBACK; PRAGMA wal_checkpoint(TRUNCATE)").expect("it is SQL");
    let after = fs::read(trial.path()).expect("it is there");
    let mut log = Vanishing { bytes: wal, at: 0 };
    let read =
        Read::of(&mut std::io::Cursor::new(after), Some(&mut log), &super::Limits::default());
    assert_eq!(read.troubles.first().map(|trouble| trouble.kind), Some(Kind::Damaged));
    assert_eq!(texts(read), before);
}

/// A log that is emptied before a page is taken from it.
struct Vanishing {
    bytes: Vec<u8>,
    at: usize,
}

impl std::io::Read for Vanishing {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = rest.len().min(into.len());
        into[..length].copy_from_slice(&rest[..length]);
        self.at += length;
        Ok(length)
    }
}

impl std::io::Seek for Vanishing {
    fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
        let std::io::SeekFrom::Start(at) = to else { return Ok(0) };
        if at > 0 {
            self.bytes.clear();
        }
        self.at = at as usize;
        Ok(at)
    }
}
