//! Corners: beginnings, copies, odd indexes, and names that hold a secret themselves.

use std::fs;

use super::{found, scan, secrets, told};
use crate::repository::{Repo, line, token};
use crate::support::{jsonl, run};

#[test]
fn a_beginning_is_a_repository() {
    let repo = Repo::new();
    let output = scan(&repo.top(), &[]);
    assert_eq!(output.status.code(), Some(0));
    repo.write("first.txt", line(1));
    repo.git(["add", "."]);
    let all = found(&repo.top(), &["--history-only"]);
    assert_eq!(secrets(&all), [token(1)]);
    assert_eq!(
        (&all[0]["path"], &all[0]["history"]["reach"]),
        (&"first.txt".into(), &"index".into())
    );
    assert_eq!(found(&repo.top(), &[]).len(), 1, "the file and its staged copy are one");
}

#[test]
fn a_detached_head_is_a_head() {
    let repo = Repo::new();
    repo.plant("one.txt", line(1));
    repo.git(["switch", "--quiet", "--detach"]);
    repo.plant("two.txt", line(2));
    let all = found(&repo.top(), &["--history-only"]);
    let past = |path: &str| {
        let one = all.iter().find(|one| one["path"] == path).expect("it is found");
        (one["history"]["reach"].clone(), one["history"]["in_head"].clone())
    };
    assert_eq!(past("one.txt"), ("refs".into(), true.into()));
    assert_eq!(past("two.txt"), ("head".into(), true.into()));
}

#[test]
fn every_form_of_index_is_read() {
    let plain = Repo::new();
    plain.plant("sub/one.txt", "nothing\n");
    plain.plant("two.txt", "nothing\n");
    plain.write("staged.txt", line(1));
    plain.git(["add", "."]);
    let forms: [&[&str]; 6] = [
        &["update-index", "--index-version", "2"],
        &["update-index", "--index-version", "3"],
        &["update-index", "--index-version", "4"],
        &["update-index", "--split-index"],
        &["update-index", "--no-split-index"],
        &["update-index", "--untracked-cache"],
    ];
    for form in forms {
        plain.git(form);
        let all = found(&plain.top(), &["--history-only"]);
        assert_eq!(secrets(&all), [token(1)], "{form:?}");
        assert_eq!(all[0]["history"]["reach_text"], "only in the index", "{form:?}");
    }
}

#[test]
fn what_stands_in_a_conflict_is_told_of() {
    let repo = Repo::new();
    repo.plant("file.txt", "nothing\n");
    repo.git(["switch", "--quiet", "--create", "side"]);
    repo.plant("file.txt", line(1));
    repo.git(["switch", "--quiet", "main"]);
    repo.plant("file.txt", line(2));
    let done = repo.try_git(["merge", "--quiet", "side"]);
    assert!(!done, "it conflicts");
    let mut both = [token(1), token(2)];
    both.sort();
    assert_eq!(secrets(&found(&repo.top(), &[])), both);
    assert_eq!(secrets(&found(&repo.top(), &["--history-only"])), both);
}

#[test]
fn a_store_of_its_own_place_is_read() {
    let repo = Repo::with(&["--separate-git-dir=../store"]);
    repo.plant("gone.txt", line(1));
    repo.plant("gone.txt", "nothing\n");
    let all = found(&repo.top(), &[]);
    assert_eq!(secrets(&all), [token(1)]);
    assert_eq!(all[0]["path"], "gone.txt");
    assert_eq!(found(&repo.beside("store"), &[]).len(), 1);
}

#[test]
fn what_is_named_twice_is_read_once() {
    let repo = Repo::new();
    repo.plant("gone.txt", line(1));
    repo.plant("gone.txt", "nothing\n");
    repo.git(["worktree", "add", "--quiet", "--detach", "linked"]);
    for targets in [&["."][..], &[".git"], &[".", ".git"], &["linked"], &[".", "linked"]] {
        let output = run(&repo.top(), ["scan", "-f", "jsonl"].iter().chain(targets));
        let (found, summary) = jsonl(&output);
        assert_eq!(found.len(), 1, "{targets:?}");
        assert_eq!(summary["coverage"]["objects"], 4, "{targets:?}");
    }
}

#[test]
fn histories_in_a_folder_are_read_without_their_files() {
    let repo = Repo::new();
    repo.plant("gone.txt", line(1));
    repo.plant("gone.txt", "nothing\n");
    let all = found(&repo.beside(""), &["--history-only"]);
    assert_eq!(secrets(&all), [token(1)]);
}

#[test]
fn one_whole_copy_of_an_object_is_enough() {
    let repo = Repo::new();
    repo.plant("file.txt", line(1));
    let id = repo.id("HEAD:file.txt");
    let loose = repo.own(&format!("objects/{}/{}", &id[..2], &id[2..]));
    let kept = fs::read(&loose).expect("it is there");
    repo.git(["repack", "-adq"]);
    fs::create_dir_all(loose.parent().expect("it has one")).expect("ours");
    fs::write(&loose, &kept[..kept.len() / 2]).expect("ours");
    let output = scan(&repo.top(), &["--history-only", "--fail-on", "none"]);
    let (found, summary) = jsonl(&output);
    assert_eq!(secrets(&found), [token(1)]);
    assert_eq!(told(&summary, "issues", "kind").len(), 1);
    assert_eq!(output.status.code(), Some(3));
}

#[test]
fn a_secret_that_comes_back_is_one_finding() {
    let repo = Repo::new();
    let first = repo.plant("file.txt", line(1));
    let gone = repo.plant("file.txt", "nothing\n");
    repo.plant("file.txt", line(1));
    let place = || {
        let all = found(&repo.top(), &["--history-only"]);
        assert_eq!(secrets(&all), [token(1)]);
        all[0]["history"]["places"][0].clone()
    };
    assert_eq!(place()["brought"]["id"], *first);
    assert!(place()["removed"].is_null(), "{gone} is not the last word");
    let last = repo.plant("file.txt", "nothing again\n");
    assert_eq!(place()["removed"]["id"], *last);
}

#[test]
fn a_message_that_tells_the_secret_is_no_other_name_of_the_file() {
    let repo = Repo::new();
    let brought = repo.plant("file.txt", line(1));
    let removed = repo.plant_with("file.txt", "nothing\n", &format!("Away\n\n{}", line(1)));
    let all = found(&repo.top(), &["--history-only"]);
    assert_eq!(secrets(&all), [token(1), token(1)]);
    let file = all.iter().find(|one| one["path"] == "file.txt").expect("it is found");
    let place = &file["history"]["places"][0];
    assert_eq!(file["history"]["object_kind"], "blob");
    assert_eq!(
        (&place["brought"]["id"], &place["removed"]["id"]),
        (&brought.into(), &removed.into())
    );
    let message = all.iter().find(|one| one["path"] != "file.txt").expect("it is found");
    assert_eq!(message["history"]["object_kind"], "commit");
    assert_eq!(message["history"]["places"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_secret_in_any_name_shows_in_no_report() {
    let repo = Repo::new();
    let value = token(1);
    repo.plant(format!("{value}/{value}.txt"), line(1));
    repo.git(["branch", &value]);
    repo.git(["tag", &format!("{value}/{value}")]);
    repo.git(["rm", "--quiet", "-r", "."]);
    let author = format!("--author={value} <{value}@example.org>");
    repo.git(["commit", "--quiet", &author, "--message", &value]);
    repo.write("file.txt", line(1));
    repo.git(["stash", "push", "--quiet", "--include-untracked", "--message", &value]);
    fs::write(repo.own(&format!("refs/heads/{value}-broken")), "garbage").expect("ours");
    repo.git(
        ["update-index", "--add", "--cacheinfo"]
            .map(str::to_owned)
            .into_iter()
            .chain([format!("160000,{},{value}.sub", repo.id("HEAD"))]),
    );
    for format in ["human", "json", "jsonl", "sarif"] {
        for flags in [&[][..], &["--history-only"], &["--min-confidence", "low"]] {
            let output = run(&repo.top(), ["scan", ".", "-f", format].iter().chain(flags));
            for text in [&output.stdout, &output.stderr] {
                let shown = text.windows(12).any(|part| part == &value.as_bytes()[8..20]);
                assert!(!shown, "{format} {flags:?}: {}", String::from_utf8_lossy(text));
            }
        }
    }
}
