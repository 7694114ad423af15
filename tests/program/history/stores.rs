//! However Git stores its objects, and however many threads read them, the report is the same.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use super::found;
use super::hiding::Den;
use crate::repository::Repo;

/// Gives the packs of a repository, and whether one lists all of them.
fn packs(repo: &Repo) -> (usize, bool) {
    let folder = repo.own("objects/pack");
    let names: Vec<_> = std::fs::read_dir(&folder).expect("it is there").flatten().collect();
    let is_pack = |path: &Path| path.extension().is_some_and(|end| end == "pack");
    let count = names.iter().filter(|entry| is_pack(&entry.path())).count();
    (count, folder.join("multi-pack-index").is_file())
}

/// How many objects are loose.
fn loose(repo: &Repo) -> usize {
    let counts = repo.git(["count-objects"]);
    counts.split(' ').next().and_then(|count| count.parse().ok()).expect("a number")
}

/// Packs all objects into three packs with one list over them.
fn three_packs(repo: &Repo) {
    let check = ["--batch-all-objects", "--batch-check=%(objectname)"];
    let all = repo.git(["cat-file"].iter().chain(&check));
    let all: Vec<&str> = all.lines().collect();
    for some in all.chunks(all.len().div_ceil(3)) {
        let list = some.join("\n") + "\n";
        let pack = ["pack-objects", "--quiet", ".git/objects/pack/pack"];
        repo.git_in(&repo.top(), pack, list.as_bytes());
    }
    repo.git(["prune-packed", "--quiet"]);
    repo.git(["multi-pack-index", "write"]);
}

fn same(repo: &Repo, before: &[Value], how: &str) {
    for threads in ["-j1", "-j4"] {
        let now = found(&repo.top(), &[threads]);
        let text = |all: &[Value]| all.iter().map(Value::to_string).collect::<BTreeSet<_>>();
        let (was, is) = (text(before), text(&now));
        let differs: Vec<_> = was.symmetric_difference(&is).collect();
        assert!(differs.is_empty(), "{how} with {threads}: {differs:#?}");
        assert_eq!(now, before, "{how} with {threads}: the order");
    }
}

#[test]
fn the_report_does_not_depend_on_how_objects_are_stored() {
    let den = Den::new();
    let repo = &den.repo;
    let before = found(&repo.top(), &[]);
    assert!(before.len() >= den.all.len());
    assert_eq!(packs(repo), (0, false));
    same(repo, &before, "loose objects");
    three_packs(repo);
    assert_eq!((packs(repo), loose(repo)), ((3, true), 0));
    same(repo, &before, "three packs");
    let keep = ["gc.pruneExpire", "gc.reflogExpire", "gc.reflogExpireUnreachable"];
    let keep = keep.map(|name| format!("{name}=never"));
    let keep = keep.iter().flat_map(|setting| ["-c", setting]);
    repo.git(keep.chain(["gc", "--quiet"]));
    assert_eq!(packs(repo).0, 1);
    same(repo, &before, "collected");
    repo.git(["repack", "-adfq", "--depth=250", "--keep-unreachable"]);
    assert_eq!((packs(repo), loose(repo)), ((1, false), 0));
    same(repo, &before, "one pack with long chains");
}
