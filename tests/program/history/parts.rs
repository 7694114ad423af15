//! Parts of histories: ranges, dates, branches, what is staged and what is not.

use std::fs;
use std::path::Path;

use super::{found, scan, secrets};
use crate::repository::{Repo, line, token};
use crate::support::keytrail;

/// The secrets that a scan with `flags` finds, sorted.
fn told(repo: &Repo, flags: &[&str]) -> Vec<String> {
    secrets(&found(&repo.top(), flags)).into_iter().map(str::to_owned).collect()
}

#[test]
fn a_range_tells_what_its_commits_bring_and_nothing_older() {
    let repo = Repo::new();
    let old = format!("{}\nmore\n", line(1));
    repo.plant("old.txt", &old);
    repo.git(["switch", "-qc", "topic"]);
    repo.plant("old.txt", format!("a new line\n{old}"));
    repo.plant("gone.txt", line(2));
    fs::remove_file(repo.top().join("gone.txt")).expect("it is there");
    repo.commit("gone again");
    repo.git(["mv", "old.txt", "moved.txt"]);
    repo.commit("moved");
    repo.plant("stays.txt", line(3));
    repo.git(["commit", "-q", "--allow-empty", "-m", &line(4)]);
    for range in ["main..topic", "main...topic", "main..", "topic~5..topic"] {
        let all = told(&repo, &["--range", range]);
        let mut wanted = [token(2), token(3), token(4)];
        wanted.sort();
        assert_eq!(all, wanted, "{range}");
    }
    let all = found(&repo.top(), &["--range", "main..topic"]);
    let at = |path: &str| {
        let one = all.iter().find(|one| one["path"] == path).expect("it is found");
        one["history"].clone()
    };
    assert_eq!(at("stays.txt")["in_head"], true);
    assert_eq!(at("gone.txt")["places"][0]["removed"]["id"], repo.id("topic~3"));
    assert_eq!(at("gone.txt")["places"][0]["brought"]["id"], repo.id("topic~4"));
    assert_eq!(at("gone.txt")["reach"], "range");
    assert!(told(&repo, &["--range", "topic..main"]).is_empty());
}

#[test]
fn a_merge_brings_only_what_none_of_its_parents_has() {
    let repo = Repo::new();
    repo.plant("a.txt", "a\n");
    repo.git(["switch", "-qc", "topic"]);
    repo.plant("b.txt", "b\n");
    repo.git(["switch", "-q", "main"]);
    repo.plant("from-main.txt", line(1));
    repo.git(["switch", "-q", "topic"]);
    repo.git(["merge", "-q", "--no-commit", "--no-ff", "main"]);
    repo.write("b.txt", line(2));
    repo.commit("merge, and more");
    assert_eq!(told(&repo, &["--range", "main..topic"]), [token(2)]);
}

#[test]
fn since_takes_dates_and_revisions() {
    let repo = Repo::new();
    repo.plant("one.txt", line(1));
    repo.next_day();
    let second = repo.plant("two.txt", line(2));
    let date = repo.git(["show", "-s", "--format=%cI", &second]);
    for since in [date.trim(), "HEAD~1"] {
        assert_eq!(told(&repo, &["--since", since]), [token(2)], "{since}");
    }
    assert_eq!(told(&repo, &["--since", "1971-01-01"]).len(), 2);
}

#[test]
fn a_branch_tells_what_it_leads_to() {
    let repo = Repo::new();
    repo.plant("one.txt", line(1));
    repo.git(["switch", "-qc", "topic"]);
    let id = repo.plant("two.txt", line(2));
    repo.git(["switch", "-q", "main"]);
    repo.plant("three.txt", line(3));
    for name in ["topic", &id[..10], "refs/heads/topic"] {
        let mut wanted = [token(1), token(2)];
        wanted.sort();
        assert_eq!(told(&repo, &["--branch", name]), wanted, "{name}");
    }
    assert_eq!(told(&repo, &["--branch", "topic", "--branch", "main"]).len(), 3);
}

#[test]
fn what_is_no_revision_is_refused() {
    let repo = Repo::new();
    repo.plant("one.txt", line(1));
    for flags in [
        &["--range", "main..nowhere"][..],
        &["--range", "main"],
        &["--range", "..main"],
        &["--since", ""],
        &["--since", "main~\u{e9}"],
        &["--branch", "main^{tree}"],
        &["--branch", "main~9"],
    ] {
        let output = scan(&repo.top(), flags);
        assert_eq!(output.status.code(), Some(2), "{flags:?}");
        assert!(output.stderr.starts_with(b"keytrail: "), "{flags:?}");
    }
    let range = format!("main..{}", token(2));
    let output = scan(&repo.top(), &["--range", &range]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("no such branch") && !said.contains(&token(2)), "{said}");
    let output = scan(&repo.beside(""), &["--staged"]);
    assert_eq!(output.status.code(), Some(2), "no repository there");
}

#[test]
fn staged_is_what_the_next_commit_would_bring() {
    let repo = Repo::new();
    repo.write("first.txt", line(1));
    repo.git(["add", "."]);
    assert_eq!(told(&repo, &["--staged"]), [token(1)], "no commit yet");
    repo.commit("first");
    repo.plant("sub/deep/kept.txt", line(2));
    assert!(told(&repo, &["--staged"]).is_empty());
    repo.write("sub/deep/kept.txt", format!("more\n{}{}", line(2), line(3)));
    repo.git(["mv", "first.txt", "renamed.txt"]);
    repo.git(["add", "."]);
    repo.write("sub/deep/kept.txt", format!("{}{}", line(2), line(4)));
    repo.write("untracked.txt", line(5));
    let all = found(&repo.top(), &["--staged"]);
    assert_eq!(secrets(&all), [token(3)]);
    assert_eq!((&all[0]["path"], &all[0]["line"]), (&"sub/deep/kept.txt".into(), &3.into()));
    assert_eq!(told(&repo, &["--unstaged"]), [token(4)]);
    let below = found(&repo.top().join("sub"), &["--staged"]);
    assert_eq!(secrets(&below), [token(3)]);
    assert_eq!(told(&repo, &["--staged", "--unstaged"]).len(), 2);
}

#[test]
fn a_hook_may_name_another_index() {
    let repo = Repo::new();
    repo.plant("one.txt", "nothing\n");
    let index = repo.own("index");
    fs::copy(&index, repo.own("other")).expect("it is there");
    repo.write("two.txt", line(1));
    repo.git(["add", "."]);
    let scan = |index: &Path| {
        let mut command = keytrail(["scan", "--staged", "--format", "jsonl"]);
        let output = command.current_dir(repo.top()).env("GIT_INDEX_FILE", index).output();
        output.expect("the program starts").status.code()
    };
    assert_eq!((scan(&index), scan(&repo.own("other"))), (Some(1), Some(0)));
    let below = repo.top().join("below");
    fs::create_dir(&below).expect("ours");
    let mut command = keytrail(["scan", "--staged", "--fail-on", "any"]);
    let output = command.current_dir(&below).arg("..").env("GIT_INDEX_FILE", ".git/index").output();
    let code = output.expect("the program starts").status.code();
    assert_eq!(code, Some(1), "Git names it as seen from the root, wherever the hook stands");
    assert_eq!(scan(Path::new("nowhere")), Some(2));
}

#[test]
fn a_shallow_clone_is_enough_for_a_range_in_it() {
    let repo = Repo::new();
    (1..=4).for_each(|n| _ = repo.plant(format!("{n}.txt"), line(n)));
    let clone = repo.beside("clone");
    let from = format!("file://{}", repo.top().display());
    repo.git(["clone", "-q", "--depth", "2", &from, &clone.display().to_string()]);
    let output = scan(&clone, &["--range", "HEAD~1..HEAD"]);
    let (all, summary) = crate::support::jsonl(&output);
    assert_eq!(secrets(&all), [token(4)]);
    assert_eq!(summary["coverage"]["complete"], true);
    let whole = scan(&clone, &["--since", "1971-01-01", "--fail-on", "none"]);
    assert_eq!(whole.status.code(), Some(3), "where history was cut off is told");
}
