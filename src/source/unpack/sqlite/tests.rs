//! Databases that SQLite itself wrote, read back.

mod damage;
mod log;
mod made;

use std::fs;

use rusqlite::Connection;

use super::{Kind, Limits, recognise};
use made::{Read, Trial, noise};

const UTF8: &str = "UTF-8";

#[test]
fn texts_and_blobs_are_named_by_table_row_and_column() {
    let trial = Trial::new();
    trial.run(
        "CREATE TABLE ItemTable(key TEXT UNIQUE, value BLOB);
         INSERT INTO ItemTable VALUES('login.session', x'00ff00ff00ff00ff00'), ('short', 'seven b');
         CREATE TABLE plain(id INTEGER PRIMARY KEY AUTOINCREMENT, n, data BLOB);
         INSERT INTO plain VALUES(77, 1234567890123456, x'6162636465666768');
         CREATE TABLE \"two words\"(data BLOB, name TEXT);
         INSERT INTO \"two words\" VALUES('a text in a blob column', '');
         ALTER TABLE \"two words\" ADD COLUMN later DEFAULT 'not stored';
         INSERT INTO \"two words\" VALUES(x'0102030405060708', NULL, 'é is two bytes');
         CREATE VIEW seen AS SELECT 'only in the statement' FROM plain;",
    );
    let Read { cells, troubles } = trial.read();
    let names: Vec<&str> = cells.keys().map(String::as_str).collect();
    let wanted = [
        "ItemTable/login.session/key",
        "ItemTable/login.session/value",
        "plain/77/data",
        "two words/a text in a blob column/data",
        "two words/é is two bytes/data",
        "two words/é is two bytes/later",
    ];
    assert_eq!((names, troubles), (wanted.to_vec(), Vec::new()));
    assert_eq!(cells["ItemTable/login.session/value"].0, b"\x00\xff\x00\xff\x00\xff\x00\xff\x00");
    let file = fs::read(trial.path()).expect("it is there");
    assert!(recognise(&file[..16]) && !recognise(&file[1..]) && !recognise(b""));
    for (bytes, offset) in cells.values() {
        assert!(file[*offset as usize..].starts_with(bytes));
    }
}

#[test]
fn every_layout_is_read_whole() {
    for (size, encoding, rows) in [
        (512, UTF8, 4000),
        (512, "UTF-16be", 700),
        (4096, UTF8, 4000),
        (4096, "UTF-16le", 2000),
        (65536, UTF8, 9000),
        (65536, "UTF-16be", 3000),
    ] {
        for options in ["", " WITHOUT ROWID"] {
            let trial = Trial::new();
            let sql = format!("PRAGMA page_size = {size}; PRAGMA encoding = '{encoding}'");
            let wanted = filled(&trial.open(), &sql, options, rows);
            let Read { cells, troubles } = trial.read();
            assert_eq!(troubles, [], "{size} {encoding}{options}");
            let found = cells.iter().map(|(name, (bytes, _))| (name.clone(), bytes.clone()));
            assert!(found.eq(wanted), "{size} {encoding}{options}");
            let file = fs::read(trial.path()).expect("it is there");
            for (bytes, offset) in cells.into_values().filter(|_| encoding == UTF8) {
                let first = &bytes[..bytes.len().min(8)];
                assert!(file[offset as usize..].starts_with(first), "{size}{options}");
            }
        }
    }
}

/// Fills a table with rows of all lengths, some over many pages; what is to be found, in order.
fn filled(db: &Connection, sql: &str, options: &str, rows: usize) -> Vec<(String, Vec<u8>)> {
    db.execute_batch(sql).expect("it is SQL");
    let table = format!("CREATE TABLE t(text TEXT, data BLOB, key TEXT PRIMARY KEY){options}");
    db.execute_batch(&table).expect("it is SQL");
    db.execute_batch("BEGIN").expect("it is SQL");
    let mut insert = db.prepare("INSERT INTO t VALUES(?, ?, ?)").expect("it is SQL");
    let mut wanted = Vec::new();
    for n in 0..rows {
        let long = if n % 500 == 7 { 90_000 } else { 8 + n % 300 };
        let (text, data) = (format!("{:ß<1$}", format!("{n:0>201}"), 210 + n % 40), noise(n, long));
        let key = format!("key {n:06}");
        insert.execute((&text, &data, &key)).expect("it is put in");
        wanted.push((format!("t/{key}/data"), data));
        wanted.push((format!("t/{key}/key"), key.clone().into_bytes()));
        wanted.push((format!("t/{key}/text"), text.into_bytes()));
    }
    db.execute_batch("COMMIT").expect("it is SQL");
    wanted
}

#[test]
fn reserved_bytes_at_the_end_of_pages_are_left_out() {
    let trial = Trial::new();
    trial.run("PRAGMA user_version = 1");
    let mut file = fs::read(trial.path()).expect("it is there");
    let used = file.len() as u16 - 32;
    file[20] = 32;
    file[105..107].copy_from_slice(&used.to_be_bytes());
    fs::write(trial.path(), file).expect("written");
    let wanted = filled(&trial.open(), "", "", 1000);
    assert_eq!(fs::read(trial.path()).expect("it is there")[20], 32);
    let Read { cells, troubles } = trial.read();
    assert_eq!(troubles, []);
    assert!(cells.into_iter().map(|(name, (bytes, _))| (name, bytes)).eq(wanted));
}

#[test]
fn of_a_value_over_the_limit_the_first_part_is_visited() {
    let trial = Trial::new();
    trial.run(
        "CREATE TABLE t(a BLOB, b TEXT);
         INSERT INTO t VALUES(zeroblob(3000000), 'behind the long value');",
    );
    let Read { cells, troubles } = trial.read_within(&Limits { cell: 100_000 });
    assert_eq!(cells["t/behind the long value/a"].0, vec![0; 100_000]);
    assert_eq!(cells["t/behind the long value/b"].0, b"behind the long value");
    assert_eq!(troubles.iter().map(|t| t.kind).collect::<Vec<_>>(), [Kind::Limit]);
    assert_eq!(trial.read().cells["t/behind the long value/a"].0.len(), 3_000_000);
}

#[test]
fn deleted_rows_are_not_visited() {
    let trial = Trial::new();
    trial.run(
        "PRAGMA secure_delete = OFF;
         CREATE TABLE t(a TEXT);
         INSERT INTO t VALUES('this one stays'), ('this one goes away'), ('this one is changed');
         CREATE TABLE gone AS SELECT 'a table that is dropped' AS a;
         UPDATE t SET a = 'what it became' WHERE a LIKE '%changed';
         DELETE FROM t WHERE a LIKE '%away';
         DROP TABLE gone;",
    );
    let file = fs::read(trial.path()).expect("it is there");
    assert!(file.windows(9).any(|part| part == b"goes away"), "its bytes are still in the file");
    let names: Vec<String> = trial.read().cells.into_keys().collect();
    assert_eq!(names, ["t/this one stays/a", "t/what it became/a"]);
}

#[test]
fn virtual_tables_are_read_by_the_tables_behind_them() {
    let trial = Trial::new();
    trial.run(
        "CREATE VIRTUAL TABLE notes USING fts5(body);
         INSERT INTO notes VALUES('a note to be found');",
    );
    let Read { cells, troubles } = trial.read();
    assert!(cells.keys().any(|name| name.starts_with("notes_content/a note to be found/")));
    assert_eq!(troubles, []);
}

#[test]
fn reading_leaves_no_trace_and_heeds_no_lock() {
    for mode in ["DELETE", "WAL"] {
        let trial = Trial::new();
        let db = trial.open();
        let sql = format!("PRAGMA journal_mode = {mode}; PRAGMA cache_size = 2; CREATE TABLE t(a)");
        db.execute_batch(&sql).expect("it is SQL");
        db.execute_batch("INSERT INTO t VALUES('as it was committed')").expect("it is SQL");
        db.execute_batch("BEGIN EXCLUSIVE; INSERT INTO t VALUES('not yet committed')")
            .expect("it is SQL");
        let before = trial.state();
        let names: Vec<String> = trial.read().cells.into_keys().collect();
        assert_eq!(names, ["t/as it was committed/a"], "{mode}");
        assert_eq!(trial.state(), before, "{mode}");
    }
}
