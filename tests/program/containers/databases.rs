//! SQLite databases, while others write them.

use std::fs;
use std::path::Path;

use rusqlite::{Connection, params};

use super::packs::zstd;
use super::{findings, line, token};

pub fn opened(path: &Path, begin: &str) -> Connection {
    let connection = Connection::open(path).expect("opened");
    connection.execute_batch(begin).expect("begun");
    connection
}

#[test]
fn what_stands_in_the_log_beside_a_database_is_read() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("state.db");
    let begin = "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; CREATE TABLE item(key TEXT, value TEXT);";
    let connection = opened(&path, begin);
    connection
        .execute("INSERT INTO item VALUES('deploy', ?1)", params![format!("token {}", token(17))])
        .expect("inserted");
    let before = fs::read(&path).expect("it is there");
    assert!(!before.windows(40).any(|w| w == token(17).as_bytes()), "it stands in the log only");
    let found = findings(dir.path());
    let rows: Vec<_> =
        found.iter().filter(|f| f["path"] == "state.db!/item/deploy/value").collect();
    assert_eq!(rows.len(), 1, "{found:#?}");
    assert_eq!(rows[0]["secret"], token(17));
    assert_eq!(fs::read(&path).expect("it is there"), before);
}

#[test]
fn a_compressed_value_is_looked_into() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("cache.db");
    let connection = opened(&path, "CREATE TABLE page(url TEXT, body BLOB);");
    let body = zstd(&[&b"a page with much text ".repeat(50)[..], &line(18)].concat());
    connection.execute("INSERT INTO page VALUES('home', ?1)", params![body]).expect("inserted");
    drop(connection);
    let found = findings(dir.path());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["path"], "cache.db!/page/home/body!/body");
    assert_eq!(found[0]["secret"], token(18));
}
