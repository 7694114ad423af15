//! What was inspected before is not inspected again, and nothing is lost by that.

use std::fs;
use std::path::{Path, PathBuf};

use super::{found, scan};
use crate::repository::{Repo, line, token};
use crate::support::jsonl;

fn packed() -> Repo {
    let repo = Repo::new();
    (1..=5).for_each(|n| _ = repo.plant(format!("{n}.txt"), format!("{}{n}\n", line(n))));
    repo.git(["repack", "-adq"]);
    repo.git(["prune-packed"]);
    repo
}

fn records(cache: &Path) -> Vec<PathBuf> {
    let folders = fs::read_dir(cache).expect("it is there").flatten();
    let folders = folders.filter(|entry| entry.path().is_dir());
    let files =
        folders.flat_map(|entry| fs::read_dir(entry.path()).expect("it is there").flatten());
    files.map(|entry| entry.path()).collect()
}

#[test]
fn a_second_scan_looks_only_at_what_holds_something() {
    let repo = packed();
    let cache = repo.beside("cache");
    let flag = format!("--cache={}", cache.display());
    let flags = ["--history-only", &flag];
    let first = found(&repo.top(), &flags);
    let output = scan(&repo.top(), &flags);
    let (second, summary) = jsonl(&output);
    assert_eq!((first.len(), &first), (5, &second));
    assert!(summary["coverage"]["known_objects"].as_u64() > Some(0));
    let loose = repo.plant("6.txt", line(6));
    assert_eq!(found(&repo.top(), &flags).len(), 6, "{loose} is loose");
    repo.git(["repack", "-adq"]);
    assert_eq!(found(&repo.top(), &flags).len(), 6, "another pack");
}

#[test]
fn records_hold_no_value_and_no_name_of_one() {
    let repo = packed();
    let cache = repo.beside("cache");
    found(&repo.top(), &["--history-only", &format!("--cache={}", cache.display())]);
    let ids: Vec<String> = (1..=5).map(|n| repo.id(&format!("HEAD:{n}.txt"))).collect();
    assert_eq!(records(&cache).len(), 1);
    for path in records(&cache) {
        let bytes = fs::read(&path).expect("it is there");
        let text = format!("{}{}", path.display(), String::from_utf8_lossy(&bytes));
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        for n in 1..=5 {
            assert!(!text.contains(&token(n)));
        }
        assert!(!ids.iter().any(|id| hex.contains(id) || text.contains(id)));
    }
}

#[test]
fn a_record_that_was_tampered_with_is_not_believed() {
    let repo = packed();
    let cache = repo.beside("cache");
    let flags = ["--history-only", &format!("--cache={}", cache.display())];
    let all = found(&repo.top(), &flags);
    let [record] = &records(&cache)[..] else { panic!("one pack, one record") };
    let whole = fs::read(record).expect("it is there");
    for cut in 0..whole.len() {
        fs::write(record, &whole[..cut]).expect("ours");
        assert_eq!(found(&repo.top(), &flags), all, "cut at {cut}");
        let mut other = whole.clone();
        other[cut] ^= 1;
        fs::write(record, other).expect("ours");
        assert_eq!(found(&repo.top(), &flags), all, "byte {cut}");
    }
    fs::write(cache.join("key"), "short").expect("ours");
    assert_eq!(found(&repo.top(), &flags), all, "another key");
}

#[test]
fn other_rules_inspect_again() {
    let repo = packed();
    let cache = format!("--cache={}", repo.beside("cache").display());
    let none = found(&repo.top(), &["--history-only", &cache, "--only", "npm"]);
    assert!(none.is_empty());
    assert_eq!(found(&repo.top(), &["--history-only", &cache]).len(), 5);
}

#[test]
fn a_cache_that_cannot_be_opened_is_refused() {
    let repo = packed();
    repo.write("file", "no folder");
    let cache = format!("--cache={}", repo.top().join("file").display());
    assert_eq!(scan(&repo.top(), &[&cache]).status.code(), Some(2));
}
