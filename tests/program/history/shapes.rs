//! Every shape of repository: bare, shallow, partial, linked, nested, with other ids.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{found, scan, secrets, told};
use crate::repository::{Repo, line, token, write};
use crate::support::jsonl;

/// A repository with token 1 in a commit that another undid, and token 2 in its newest state.
fn small(arguments: &[&str]) -> Repo {
    let repo = Repo::with(arguments);
    repo.plant("gone.txt", line(1));
    repo.plant("gone.txt", "nothing\n");
    repo.plant("kept.txt", line(2));
    repo
}

fn both() -> Vec<String> {
    let mut both = vec![token(1), token(2)];
    both.sort();
    both
}

fn url(repo: &Repo) -> String {
    format!("file://{}", repo.top().display())
}

/// What a scan for nothing but issues ends with, and the kinds of its issues.
fn issues(dir: &Path) -> (Option<i32>, Vec<String>) {
    let output = scan(dir, &["--fail-on", "none"]);
    let summary = jsonl(&output).1;
    let kinds = told(&summary, "issues", "kind").into_iter().map(|(_, kind)| kind.to_owned());
    (output.status.code(), kinds.collect())
}

fn of<'f>(found: &'f [Value], secret: &str) -> &'f Value {
    found.iter().find(|one| one["secret"] == *secret).expect("it is found")
}

#[test]
fn a_mirror_is_read() {
    let repo = small(&[]);
    repo.git(["clone", "--quiet", "--mirror", ".", "../mirror"]);
    let mirror = repo.beside("mirror");
    let found = found(&mirror, &[]);
    assert_eq!(secrets(&found), both());
    assert_eq!(of(&found, &token(1))["path"], "gone.txt");
    assert_eq!(of(&found, &token(2))["history"]["in_head"], true);
    assert_eq!(issues(&mirror), (Some(0), vec![]));
}

#[test]
fn a_repository_of_sha_256_is_read() {
    let repo = small(&["--object-format=sha256"]);
    let loose = found(&repo.top(), &[]);
    assert_eq!(secrets(&loose), both());
    let past = &of(&loose, &token(1))["history"];
    assert_eq!(past["object"].as_str().map(str::len), Some(64));
    assert_eq!(past["places"][0]["brought"]["id"], repo.id("HEAD~2"));
    assert_eq!(past["places"][0]["removed"]["id"], repo.id("HEAD~1"));
    repo.git(["gc", "--quiet"]);
    assert_eq!(found(&repo.top(), &[]), loose);
    assert_eq!(issues(&repo.top()), (Some(0), vec![]));
}

#[test]
fn a_shallow_clone_lacks_something() {
    let repo = small(&[]);
    repo.git(["clone", "--quiet", "--depth=1", &url(&repo), "../shallow"]);
    let shallow = repo.beside("shallow");
    assert_eq!(issues(&shallow), (Some(3), vec!["missing".to_owned()]));
    let found = found(&shallow, &[]);
    assert_eq!(secrets(&found), [token(2)]);
    assert_eq!(found[0]["history"]["in_head"], true);
    assert_eq!(scan(&shallow, &[]).status.code(), Some(1), "findings come before gaps");
}

#[test]
fn a_partial_clone_lacks_something() {
    let repo = small(&[]);
    repo.git(["config", "uploadpack.allowFilter", "true"]);
    repo.git(["clone", "--quiet", "--bare", "--filter=blob:none", &url(&repo), "../partial"]);
    let partial = repo.beside("partial");
    assert_eq!(issues(&partial), (Some(3), vec!["missing".to_owned()]));
    assert!(found(&partial, &[]).is_empty());
    repo.git(["clone", "--quiet", "--filter=blob:none", &url(&repo), "../checked-out"]);
    let checked_out = repo.beside("checked-out");
    assert_eq!(issues(&checked_out), (Some(3), vec!["missing".to_owned()]));
    assert_eq!(secrets(&found(&checked_out, &[])), [token(2)]);
}

#[test]
fn a_linked_work_tree_leads_to_the_whole_history() {
    let repo = small(&[]);
    repo.git(["worktree", "add", "--quiet", "--detach", "../linked", "main"]);
    let linked = repo.beside("linked");
    let found = found(&linked, &[]);
    assert_eq!(secrets(&found), both());
    assert_eq!(of(&found, &token(1))["path"], "gone.txt");
    assert_eq!(of(&found, &token(2))["path"], "kept.txt");
    assert_eq!(of(&found, &token(2))["history"]["in_head"], true);
}

#[test]
fn a_submodule_is_named() {
    let other = small(&[]);
    let repo = Repo::new();
    let path = other.top();
    let path = path.to_str().expect("UTF-8");
    repo.git(["submodule", "--quiet", "add", path, "libs/other"]);
    repo.commit("with another");
    let flags = ["--history-only"];
    let summary = jsonl(&scan(&repo.top(), &flags)).1;
    assert!(told(&summary, "skipped", "reason").contains(&("libs/other", "submodule")));
    fs::remove_dir_all(repo.own("modules")).expect("it is there");
    let output = scan(&repo.top(), &flags);
    let (found, summary) = jsonl(&output);
    assert!(found.is_empty());
    assert_eq!(told(&summary, "skipped", "reason"), [("libs/other", "submodule")]);
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn repositories_inside_a_folder_are_read() {
    let repo = small(&[]);
    repo.git(["init", "--quiet", "inner/repo"]);
    let inner = repo.top().join("inner/repo");
    write(&inner.join("own.txt"), line(3));
    repo.git_in(&inner, ["add", "."], b"");
    repo.git_in(&inner, ["commit", "--quiet", "--message", "inner"], b"");
    fs::remove_file(inner.join("own.txt")).expect("it is there");
    repo.git_in(&inner, ["commit", "--quiet", "--all", "--message", "gone"], b"");
    let from_top = found(&repo.top(), &[]);
    assert_eq!(from_top.len(), 3);
    assert_eq!(of(&from_top, &token(3))["path"], "inner/repo/own.txt");
    assert_eq!(of(&from_top, &token(1))["path"], "gone.txt");
    let around = repo.beside("");
    assert_eq!(of(&found(&around, &[]), &token(3))["path"], "top/inner/repo/own.txt");
}

#[test]
fn either_half_can_be_left_out() {
    let repo = small(&[]);
    let output = scan(&repo.top(), &["--no-history"]);
    let (found, summary) = jsonl(&output);
    assert_eq!(secrets(&found), [token(2)]);
    assert!(found[0].get("history").is_none());
    assert_eq!(told(&summary, "skipped", "reason"), [(".git/objects", "git-store")]);
    assert_eq!(summary["coverage"]["objects"], 0);
    repo.write("never-committed.txt", line(3));
    let (found, summary) = jsonl(&scan(&repo.top(), &["--history-only"]));
    assert_eq!(secrets(&found), both());
    assert_eq!(summary["coverage"]["files"], 0);
    let blobs_and_commits = 3 + 3;
    assert_eq!(summary["coverage"]["objects"], blobs_and_commits);
}

#[test]
fn a_file_and_its_history_are_one_finding() {
    let repo = Repo::new();
    let first = repo.plant("kept.txt", line(1));
    for version in 2..=5 {
        repo.plant("kept.txt", format!("version {version}\n{}", line(1)));
    }
    let all = found(&repo.top(), &[]);
    assert_eq!(secrets(&all), [token(1)]);
    assert_eq!((&all[0]["path"], &all[0]["line"]), (&"kept.txt".into(), &2.into()));
    let past = &all[0]["history"];
    assert_eq!((&past["versions"], &past["in_head"]), (&5.into(), &true.into()));
    assert_eq!(past["reach_text"], "reachable from 1 ref");
    assert_eq!(past["places"][0]["brought"]["id"], *first);
    assert!(past["places"][0]["removed"].is_null());
    let alone = found(&repo.top(), &["--history-only"]);
    assert_eq!(secrets(&alone), [token(1)]);
    assert_eq!(alone[0]["history"]["places"], past["places"]);
    fs::remove_file(repo.top().join("kept.txt")).expect("it is there");
    assert_eq!(found(&repo.top(), &[]).len(), 1, "the file is gone, its history is not");
}

#[test]
fn a_secret_in_a_file_that_was_never_committed_has_no_history() {
    let repo = small(&[]);
    repo.write("new.txt", line(3));
    let all = found(&repo.top(), &[]);
    assert!(of(&all, &token(3)).get("history").is_none());
    assert!(of(&all, &token(2)).get("history").is_some());
}
