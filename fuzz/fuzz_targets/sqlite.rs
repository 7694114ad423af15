//! Any bytes as a database, alone and with a log beside it: reading ends, and values lie in the file.

#![no_main]

use std::io::Cursor;
use std::ops::ControlFlow;

use keytrail::source::unpack::sqlite::{Limits, ReadSeek, each_cell};
use libfuzzer_sys::fuzz_target;

const MAGIC: &[u8] = b"SQLite format 3\0";

fuzz_target!(|data: &[u8]| {
    let Some((&first, rest)) = data.split_first() else { return };
    let (db, log) = rest.split_at(rest.len() * usize::from(first) / 255);
    look(rest, None);
    look(&[MAGIC, rest].concat(), None);
    look(&[MAGIC, db].concat(), Some(log));
});

fn look(db: &[u8], log: Option<&[u8]>) {
    let mut log = log.map(Cursor::new);
    let log = log.as_mut().map(|log| -> &mut dyn ReadSeek { log });
    let limits = Limits { cell: 1 << 20 };
    let troubles = each_cell(&mut Cursor::new(db), log, &limits, &mut |cell| {
        assert!(cell.bytes.len() as u64 <= limits.cell);
        assert!(cell.offset <= db.len() as u64);
        ControlFlow::Continue(())
    });
    assert!(troubles.iter().all(|trouble| !trouble.what.is_empty()));
}
