//! One folder of everything that could keep a scan from its end.

use std::fs;
use std::path::Path;
use std::time::Instant;

use serde_json::Value;

use super::databases::opened;
use super::packs::{seven_zip, zip};
use super::{line, scanned, token};

fn find(bytes: &[u8], mark: &[u8]) -> usize {
    bytes.windows(mark.len()).position(|w| w == mark).expect("it is there")
}

/// A zip of one file that is so large that all of it is not read.
fn bomb() -> Vec<u8> {
    zip(&[("zeros", &vec![0; 32 << 20])])
}

/// Forty zips in one another.
fn nest() -> Vec<u8> {
    (0..40).fold(b"the core".to_vec(), |inner, _| zip(&[("inner.zip", &inner)]))
}

/// A zip whose directory names one file again and again.
fn overlap() -> Vec<u8> {
    let mut bytes = zip(&[("a", &[0; 90_000])]);
    let (listed, end) = (find(&bytes, b"PK\x01\x02"), find(&bytes, b"PK\x05\x06"));
    let entry = bytes[listed..end].to_vec();
    bytes.truncate(listed);
    (0..5000).for_each(|_| bytes.extend_from_slice(&entry));
    bytes.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    bytes.extend([5000_u16.to_le_bytes(), 5000_u16.to_le_bytes()].concat());
    bytes.extend([entry.len() as u32 * 5000, listed as u32].map(u32::to_le_bytes).concat());
    bytes.extend([0; 2]);
    bytes
}

/// A zip whose one file says that it is encrypted.
fn encrypted() -> Vec<u8> {
    let mut bytes = zip(&[("secret.txt", b"not to be read")]);
    let listed = find(&bytes, b"PK\x01\x02");
    bytes[6] |= 1;
    bytes[listed + 8] |= 1;
    bytes
}

/// A configuration whose middle was lost.
fn broken_json() -> String {
    format!(
        "{{\"mcpServers\": {{\"a\": {{\"command\": \"x\", \"env\": {{\"A_TOKEN\": \"{}\"}}}},\n\
            \"b\": {{ %% lost %%\n\
            \"c\": {{\"command\": \"x\", \"env\": {{\"C_TOKEN\": \"{}\"}}}}\n",
        token(20),
        token(21)
    )
}

fn fill(dir: &Path) {
    let write = |name: &str, bytes: &[u8]| fs::write(dir.join(name), bytes).expect("ours");
    write(".env", &line(19));
    write("bomb.zip", &bomb());
    write("nest.zip", &nest());
    write("overlap.zip", &overlap());
    let whole = seven_zip(&[("a", &line(22))]);
    write("cut.7z", &whole[..whole.len() - 20]);
    write("encrypted.zip", &encrypted());
    fs::create_dir(dir.join(".cursor")).expect("ours");
    write(".cursor/mcp.json", broken_json().as_bytes());
    let rows = "CREATE TABLE t(v TEXT);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
        INSERT INTO t SELECT 'a row of some length, which is number ' || i FROM n;";
    drop(opened(&dir.join("cut.db"), rows));
    let whole = fs::read(dir.join("cut.db")).expect("it is there");
    write("cut.db", &whole[..whole.len() / 2 + 100]);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("..", dir.join(".cursor/up")).expect("ours");
        let made = std::process::Command::new("mkfifo").arg(dir.join("fifo")).status();
        assert!(made.is_ok_and(|status| status.success()), "mkfifo works");
        let closed = dir.join("closed.txt");
        fs::write(&closed, "nothing").expect("ours");
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o000);
        fs::set_permissions(closed, mode).expect("ours");
    }
}

/// The kinds of what is said of `path`, or of what is in it.
fn kinds<'r>(report: &'r Value, path: &str) -> Vec<&'r str> {
    let issues = report["coverage"]["issues"].as_array().expect("a list");
    let about = |issue: &&Value| issue["path"].as_str().is_some_and(|at| at.starts_with(path));
    issues.iter().filter(about).filter_map(|issue| issue["kind"].as_str()).collect()
}

#[test]
fn a_scan_of_the_worst_ends_says_what_it_left_and_finds_the_rest() {
    let dir = tempfile::tempdir().expect("a folder");
    fill(dir.path());
    let locked = dir.path().join("locked.db");
    let connection =
        opened(&locked, "PRAGMA journal_mode=DELETE; CREATE TABLE item(key TEXT, value TEXT);");
    let insert = "INSERT INTO item VALUES('deploy', ?1)";
    connection.execute(insert, [format!("token {}", token(23))]).expect("inserted");
    connection.execute_batch("PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE;").expect("locked");
    let state = || {
        let changed =
            fs::metadata(&locked).and_then(|about| about.modified()).expect("it is there");
        (fs::read(&locked).expect("it is there"), changed)
    };
    let (before, start) = (state(), Instant::now());
    let (report, code) = scanned(dir.path());
    assert!(start.elapsed().as_secs() < 120, "it ends");
    assert_eq!(code, Some(3));
    assert!(state() == before, "a database is only read");

    let found = report["findings"].as_array().expect("a list");
    let path = |number: u64| {
        let token = token(number);
        found.iter().find(|finding| finding["secret"] == token).map(|finding| &finding["path"])
    };
    assert_eq!(path(19), Some(&".env".into()));
    assert_eq!([path(20), path(21)], [Some(&".cursor/mcp.json".into()); 2]);
    assert_eq!(path(23), Some(&"locked.db!/item/deploy/value".into()));

    for (name, kind) in [
        ("bomb.zip", "limit"),
        ("nest.zip", "limit"),
        ("overlap.zip", "malformed"),
        ("cut.7z", "malformed"),
        ("cut.db", "malformed"),
        ("encrypted.zip", "encrypted"),
        (".cursor/mcp.json", "malformed"),
    ] {
        let told = kinds(&report, name);
        assert!(!told.is_empty() && told.iter().all(|told| *told == kind), "{name}: {told:?}");
    }
    assert!(kinds(&report, "locked.db").is_empty() && kinds(&report, ".env").is_empty());
    let again = found.iter().filter(|finding| finding["secret"] == token(19)).count();
    assert_eq!(again, 1, "what a link leads back to is read once");
    #[cfg(unix)]
    {
        // Root may read what nobody may.
        let is_closed = fs::read(dir.path().join("closed.txt")).is_err();
        assert_eq!(kinds(&report, "closed.txt") == ["unreadable"], is_closed);
        let skipped = report["coverage"]["skipped"].as_array().expect("a list");
        let mut skipped: Vec<_> = skipped.iter().filter_map(|skip| skip["path"].as_str()).collect();
        skipped.sort_unstable();
        assert_eq!(skipped, ["fifo"]);
    }
}
