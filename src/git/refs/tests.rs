//! Trials of references, on repositories that Git itself makes.

use std::cmp::Ordering;
use std::fs;

use super::{RefKind, Reference, Refs, find, head, natural, read};
use crate::git::layout::Layout;
use crate::git::noise::Noise;
use crate::git::trial::Trial;
use crate::model::ObjectId;

fn layout(trial: &Trial) -> Layout {
    Layout::at(&trial.top).expect("a repository")
}

/// All references; there are no faults, and each is found by the name that it was given.
fn all(layout: &Layout) -> Vec<Reference> {
    let Refs { all, faults } = read(layout);
    assert_eq!(faults, []);
    for Reference { name, id, .. } in all.iter().filter(|r| !r.name.ends_with("FETCH_HEAD")) {
        assert_eq!(find(layout, name), Some(*id), "{name}");
    }
    all
}

fn names(all: &[Reference], kind: RefKind) -> Vec<&str> {
    all.iter().filter(|r| r.kind == kind).map(|r| r.name.as_str()).collect()
}

fn id_of(all: &[Reference], name: &str) -> ObjectId {
    all.iter().find(|r| r.name == name).unwrap_or_else(|| panic!("{name} is there")).id
}

#[test]
fn a_repository_without_commits_has_no_references() {
    let trial = Trial::new(&[]);
    assert_eq!(read(&layout(&trial)), Refs::default());
    assert_eq!(head(&layout(&trial)), None);
}

#[test]
fn packed_and_loose_references_are_read() {
    let trial = Trial::new(&[]);
    let one = trial.commit("one");
    for name in ["v1", "v2", "v10"] {
        trial.git(&["tag", "-a", "-m", "tagged", name]);
    }
    trial.git(&["branch", "old"]);
    trial.git(&["update-ref", "refs/pull/7/head", "HEAD"]);
    trial.git(&["notes", "add", "-m", "noted"]);
    trial.git(&["pack-refs", "--all"]);
    let two = trial.commit("two");
    let all = all(&layout(&trial));
    assert_eq!(names(&all, RefKind::Branch), ["refs/heads/main", "refs/heads/old"]);
    assert_eq!(names(&all, RefKind::Tag), ["refs/tags/v1", "refs/tags/v2", "refs/tags/v10"]);
    assert_eq!(names(&all, RefKind::Note), ["refs/notes/commits"]);
    assert_eq!(names(&all, RefKind::Other), ["refs/pull/7/head"]);
    assert_eq!([id_of(&all, "refs/heads/main"), id_of(&all, "refs/heads/old")], [two, one]);
    assert_eq!(id_of(&all, "refs/tags/v2"), trial.id("v2"));
    assert_eq!(head(&layout(&trial)), Some(two));
}

#[test]
fn names_are_found_as_git_finds_them() {
    let trial = Trial::new(&[]);
    trial.commit("one");
    trial.git(&["branch", "both"]);
    trial.git(&["branch", "topic/a"]);
    trial.commit("two");
    trial.git(&["tag", "both"]);
    trial.git(&["update-ref", "refs/remotes/origin/main", "HEAD~1"]);
    trial.git(&["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"]);
    for name in [
        "@",
        "HEAD",
        "main",
        "heads/main",
        "both",
        "heads/both",
        "topic/a",
        "origin/main",
        "origin",
        "refs/tags/both",
        "HEAD@{0}",
        "HEAD@{1}",
        "main@{1}",
        "heads/main@{1}",
        "both@{0}",
    ] {
        assert_eq!(find(&layout(&trial), name), Some(trial.id(name)), "{name}");
    }
    for name in
        ["", "absent", "main@{7}", "main@{x}", "@{", "../HEAD", "config", "description", "/"]
    {
        assert_eq!(find(&layout(&trial), name), None, "{name}");
    }
    assert_eq!(names(&all(&layout(&trial)), RefKind::RemoteBranch).len(), 2);
}

#[test]
fn a_stash_is_a_list() {
    let trial = Trial::new(&[]);
    trial.commit("one");
    for text in ["a", "b", "c"] {
        fs::write(trial.top.join("file"), text).expect("written");
        trial.git(&["stash", "push", "-q", "-u"]);
    }
    let all = all(&layout(&trial));
    assert_eq!(names(&all, RefKind::Stash), ["stash@{0}", "stash@{1}", "stash@{2}"]);
    for name in ["stash@{0}", "stash@{1}", "stash@{2}"] {
        assert_eq!(id_of(&all, name), trial.id(name));
    }
    fs::remove_file(trial.top.join(".git/logs/refs/stash")).expect("removed");
    let alone = read(&layout(&trial)).all;
    assert_eq!(names(&alone, RefKind::Stash), ["stash@{0}"]);
}

#[test]
fn logs_tell_what_was_thrown_away() {
    let trial = Trial::new(&[]);
    let one = trial.commit("one");
    let lost = trial.commit("lost");
    trial.git(&["reset", "-q", "--hard", "HEAD~1"]);
    trial.git(&["checkout", "-q", "--detach"]);
    let last = trial.commit("last");
    let all = all(&layout(&trial));
    assert_eq!(names(&all, RefKind::Head), ["HEAD"]);
    assert_eq!(id_of(&all, "HEAD"), last);
    assert_eq!(id_of(&all, "refs/heads/main"), one);
    assert_eq!(id_of(&all, "main@{1}"), lost);
    assert_eq!(names(&all, RefKind::Reflog), ["HEAD@{1}", "HEAD@{3}", "main@{1}"]);
    assert_eq!(id_of(&all, "ORIG_HEAD"), lost);
}

#[test]
fn linked_work_trees_have_references_of_their_own() {
    let trial = Trial::new(&[]);
    let one = trial.commit("one");
    trial.git(&["worktree", "add", "-q", "--detach", "../linked"]);
    trial.git(&["-C", "../linked", "commit", "-q", "--allow-empty", "-m", "there"]);
    trial.git(&["-C", "../linked", "update-ref", "refs/bisect/bad", "HEAD"]);
    trial.git(&["-C", "../linked", "update-ref", "ORIG_HEAD", "HEAD~1"]);
    trial.git(&["update-ref", "refs/bisect/bad", "HEAD"]);
    let there = trial.id("worktrees/linked/HEAD");
    let here = all(&layout(&trial));
    assert_eq!(names(&here, RefKind::Head), ["HEAD", "worktrees/linked/HEAD"]);
    assert_eq!(names(&here, RefKind::Pseudo), ["worktrees/linked/ORIG_HEAD"]);
    assert_eq!([id_of(&here, "HEAD"), id_of(&here, "worktrees/linked/HEAD")], [one, there]);
    assert_eq!(id_of(&here, "worktrees/linked/refs/bisect/bad"), there);
    assert_eq!(id_of(&here, "refs/bisect/bad"), one);
    assert_eq!(id_of(&here, "worktrees/linked/HEAD@{1}"), one);

    let linked = Layout::at(&trial.top.with_file_name("linked")).expect("a repository");
    let seen = all(&linked);
    assert_eq!(names(&seen, RefKind::Head), ["HEAD", "main-worktree/HEAD"]);
    assert_eq!([id_of(&seen, "HEAD"), id_of(&seen, "main-worktree/HEAD")], [there, one]);
    assert_eq!(id_of(&seen, "main-worktree/refs/bisect/bad"), one);
    assert_eq!(head(&linked), Some(there));
}

#[test]
fn all_that_was_fetched_is_told() {
    let trial = Trial::new(&["--object-format=sha256"]);
    let one = trial.commit("one");
    trial.git(&["branch", "a"]);
    let two = trial.commit("two");
    trial.git(&["clone", "-q", "--bare", ".", "../copy"]);
    trial.git(&["fetch", "-q", "../copy", "a", "main"]);
    let all = all(&layout(&trial));
    let fetched: Vec<_> = all.iter().filter(|r| r.name == "FETCH_HEAD").map(|r| r.id).collect();
    assert_eq!(fetched.len(), 2);
    assert!([one, two].iter().all(|id| fetched.contains(id)));
    assert!(all.iter().all(|r| r.id.as_bytes().len() == 32));
}

#[test]
fn what_is_odd_is_told_and_passed_over() {
    let trial = Trial::new(&[]);
    let one = trial.commit("one");
    let git = trial.top.join(".git");
    let write = |name: &str, text: &str| fs::write(git.join(name), text).expect("written");
    write("refs/heads/empty", "");
    write("refs/heads/round", "ref: refs/heads/round\n");
    write("refs/heads/out", "ref: ../../../x\n");
    write("refs/heads/unborn", "ref: refs/heads/never\n");
    write("refs/heads/held.lock", "");
    write("packed-refs", "odd\n");
    write("FETCH_HEAD", "odd\nodd\n");
    let Refs { all, faults } = read(&layout(&trial));
    assert_eq!(names(&all, RefKind::Branch), ["refs/heads/main"]);
    assert_eq!(id_of(&all, "HEAD"), one);
    let faulty: Vec<_> = faults.iter().map(|(path, _)| path.strip_prefix(&git)).collect();
    let expected =
        ["FETCH_HEAD", "packed-refs", "refs/heads/empty", "refs/heads/out", "refs/heads/round"];
    assert_eq!(faulty, expected.map(|name| Ok(name.as_ref())));
}

#[cfg(unix)]
#[test]
fn a_pipe_for_a_reference_keeps_nobody_waiting() {
    let trial = Trial::new(&[]);
    trial.commit("one");
    let path = trial.top.join(".git/refs/heads/pipe");
    let made = std::process::Command::new("mkfifo").arg(&path).status().expect("mkfifo runs");
    assert!(made.success());
    assert_eq!(read(&layout(&trial)).faults, [(path, "is no regular file".to_owned())]);
    assert_eq!(find(&layout(&trial), "pipe"), None);
}

#[test]
fn a_table_of_references_is_told() {
    let trial = Trial::new(&[]);
    trial.commit("one");
    trial.git(&["config", "extensions.refStorage", "reftable"]);
    let found = read(&layout(&trial));
    assert_eq!(found.faults.len(), 1);
    assert_eq!(names(&found.all, RefKind::Branch), [""; 0]);
}

#[test]
fn numbers_in_names_are_compared_by_value() {
    let sorted = ["a", "a@{2}", "a@{10}", "a2b", "a02c", "a10", "b1", "b01", "c"];
    for pair in sorted.windows(2) {
        assert_eq!(natural(pair[0], pair[1]), natural(pair[1], pair[0]).reverse());
    }
    assert_eq!(natural("x@{9}", "x@{10}"), Ordering::Less);
    assert_eq!(natural("99999999999999999999999", "100000000000000000000000"), Ordering::Less);
    assert_eq!(natural("1", "1"), Ordering::Equal);
    assert_eq!(natural("01", "1"), Ordering::Less);
}

#[test]
fn noise_in_any_file_is_borne() {
    let trial = Trial::new(&[]);
    trial.commit("one");
    trial.commit("two");
    trial.git(&["pack-refs", "--all"]);
    trial.commit("three");
    let mut noise = Noise::new(8);
    let layout = layout(&trial);
    for _ in 0..100 {
        for name in ["HEAD", "packed-refs", "refs/heads/main", "logs/HEAD", "logs/refs/heads/main"]
        {
            let path = trial.top.join(".git").join(name);
            let kept = fs::read(&path).expect("it is there");
            fs::write(&path, noise.spoil(&kept)).expect("written");
            _ = read(&layout);
            _ = (head(&layout), find(&layout, "main"), find(&layout, "main@{1}"));
            fs::write(&path, kept).expect("as before");
        }
    }
    assert_eq!(read(&layout).faults, []);
}
