//! What is left out and what is not: nothing that a person keeps, or that Git tracks, goes unread.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::{findings, jsonl, run};
use keytrail::rules::dice::Dice;
use keytrail::rules::{Catalogue, sample};

fn token() -> Vec<u8> {
    let catalogue = Catalogue::embedded();
    let rule = catalogue.find("github-pat-classic").expect("the rule is there");
    sample::sealed(rule, &mut Dice::seeded(9)).token
}

fn write(dir: &Path, path: &str, text: impl AsRef<[u8]>) {
    let path = dir.join(path);
    fs::create_dir_all(path.parent().expect("it has one")).expect("ours");
    fs::write(path, text).expect("ours");
}

/// Runs Git with no settings but its own.
fn git(dir: &Path, args: &[&str]) {
    let mut command = Command::new("git");
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    let done = command.args(args).current_dir(dir).output().expect("git is there");
    assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// A repository that ignores `rules`, and holds a credential at each of `paths`.
fn repository(rules: &str, paths: &[&str]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    git(dir.path(), &["init", "--quiet"]);
    write(dir.path(), ".gitignore", rules);
    paths.iter().for_each(|path| write(dir.path(), path, token()));
    dir
}

fn found(dir: &Path, flags: &[&str]) -> Vec<String> {
    let path = |finding: Value| finding["path"].as_str().expect("a path").to_owned();
    findings(dir, flags).into_iter().map(path).collect()
}

/// What was left out for `reason`.
fn skipped(dir: &Path, flags: &[&str], reason: &str) -> Vec<String> {
    let output = run(dir, ["scan", ".", "--format", "jsonl"].iter().chain(flags));
    let summary = jsonl(&output).1;
    let all = summary["coverage"]["skipped"].as_array().expect("a list");
    let wanted = all.iter().filter(|skip| skip["reason"] == reason);
    wanted.map(|skip| skip["path"].as_str().expect("a path").to_owned()).collect()
}

#[test]
fn folders_in_which_credentials_live_are_read_though_git_ignores_them() {
    let paths = [
        ".bundle/config",
        ".cache/login",
        ".cargo/credentials.toml",
        ".gradle/gradle.properties",
        ".m2/settings.xml",
        ".terraform/modules/m/main.tf",
        ".terraform/terraform.tfstate",
        "bin/run",
        "build/env",
        "env/prod.env",
        "out/log",
        "packages/npmrc",
        "target/deploy.env",
        "vendor/key",
    ];
    let dir = repository("*\n", &paths);
    assert_eq!(found(dir.path(), &[]), paths);
    assert!(skipped(dir.path(), &[], "dependencies").is_empty());
}

#[test]
fn folders_that_a_tool_alone_fills_are_left_out_where_git_ignores_them() {
    let paths = [
        ".cargo/registry/a",
        ".gradle/caches/a",
        ".m2/repository/a",
        ".terraform/providers/a",
        "env/lib/a",
        "js/build/a",
        "js/dist/a",
        "node_modules/x/a",
        "net/obj/a",
        "rust/target/a",
        "src/__pycache__/a",
    ];
    let dir = repository("*\n!*/\n", &[]);
    let at = dir.path();
    let markers =
        ["env/pyvenv.cfg", "js/package.json", "net/obj/project.assets.json", "rust/Cargo.toml"];
    paths.iter().chain(&markers).for_each(|path| write(at, path, token()));
    let read = ["js/package.json", "rust/Cargo.toml"];
    assert_eq!(found(at, &[]).len(), paths.len() + markers.len(), "none of them is ignored");
    write(at, ".gitignore", "*\n");
    assert_eq!(found(at, &[]), read);
    assert_eq!(skipped(at, &[], "dependencies").len(), paths.len());
    assert_eq!(found(at, &["--all"]).len(), paths.len() + markers.len());
}

#[test]
fn a_folder_with_a_tracked_file_is_read() {
    let dir = repository("node_modules/\n__pycache__/\n", &["node_modules/x/key", "__pycache__/k"]);
    let at = dir.path();
    assert!(found(at, &[]).is_empty());
    git(at, &["add", "--force", "node_modules/x/key"]);
    for version in ["2", "3", "4"] {
        git(at, &["update-index", "--index-version", version]);
        for flags in [&[][..], &["--respect-gitignore"]] {
            assert_eq!(found(at, flags), ["node_modules/x/key"], "{version} {flags:?}");
        }
    }
    fs::write(at.join(".git/index"), "DIRC, and then nothing").expect("ours");
    let both = ["__pycache__/k", "node_modules/x/key"];
    assert_eq!(found(at, &["--no-history"]), both, "what Git tracks is not known");
}

#[test]
fn a_linked_work_tree_has_an_index_of_its_own() {
    let dir = repository("node_modules/\n", &["one.txt"]);
    let (main, linked) = (dir.path(), dir.path().join("linked"));
    git(main, &["add", "."]);
    let who = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
    git(main, &[&who[..], &["commit", "--quiet", "--message", "one"]].concat());
    git(main, &["worktree", "add", "--quiet", "linked"]);
    write(&linked, "node_modules/x/key", token());
    assert_eq!(found(&linked, &[]), ["one.txt"]);
    git(&linked, &["add", "--force", "node_modules/x/key"]);
    assert_eq!(found(&linked, &[]), ["node_modules/x/key", "one.txt"]);
}

#[test]
fn the_nearest_ignore_file_decides() {
    let paths = ["a/node_modules/k", "b/node_modules/k", "c/d/node_modules/k"];
    let dir = repository("node_modules/\n", &paths);
    let at = dir.path();
    write(at, "a/.gitignore", "!node_modules/\n");
    write(at, "c/.gitignore", "node_modules/\n!node_modules/\nnode_modules/\n");
    write(at, ".git/info/exclude", "!node_modules/\n");
    for flags in [&[][..], &["--respect-gitignore"]] {
        assert_eq!(found(at, flags), ["a/node_modules/k"], "{flags:?}");
    }
    write(at, ".gitignore", "\n");
    write(at, ".git/info/exclude", "/c/\n");
    fs::remove_file(at.join("c/.gitignore")).expect("ours");
    assert_eq!(found(at, &[]), ["a/node_modules/k", "b/node_modules/k"]);
}

#[test]
fn what_is_ignored_and_left_out_is_told() {
    let dir = repository("*.log\n/private/\n", &["a.log", "private/x/k", "private/y", "z.txt"]);
    let flags = &["--respect-gitignore"];
    assert_eq!(found(dir.path(), flags), ["z.txt"]);
    assert_eq!(skipped(dir.path(), flags, "ignored"), ["a.log", "private"]);
    assert!(skipped(dir.path(), &[], "ignored").is_empty());
    let named = run(dir.path(), ["scan", "private", "--respect-gitignore", "-f", "jsonl"]);
    assert_eq!(jsonl(&named).0.len(), 2, "what is named is read");
}

#[test]
fn a_folder_that_only_looks_like_an_object_store_is_read() {
    let dir = tempfile::tempdir().expect("a folder");
    let at = dir.path();
    write(at, "objects/key", token());
    for (path, text) in [("HEAD", "anything"), ("config", ""), ("refs/heads/main", "")] {
        write(at, path, text);
        assert_eq!(found(at, &[]), ["objects/key"], "{path}");
    }
    write(at, "HEAD", "ref: refs/heads/main\n");
    assert_eq!(found(at, &[]), ["objects/key"], "Git did not put it there");
    assert!(found(at, &["--no-history"]).is_empty());
    assert_eq!(skipped(at, &["--no-history"], "git-store"), ["objects"]);
}

#[test]
fn many_folders_below_a_long_ignore_file_are_left_out() {
    let mut rules: String = (0..800).map(|n| format!("/some{n}/*.tmp{n}\n")).collect();
    rules.push_str("node_modules/\n");
    let paths: Vec<String> = (0..200).map(|n| format!("p{n}/node_modules/key")).collect();
    let dir = repository(&rules, &paths.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(skipped(dir.path(), &[], "dependencies").len(), paths.len());
}

#[cfg(unix)]
#[test]
fn a_fifo_is_read_if_it_is_named() {
    let dir = tempfile::tempdir().expect("a folder");
    let fifo = dir.path().join("fifo");
    let made = Command::new("mkfifo").arg(&fifo).status();
    assert!(made.is_ok_and(|status| status.success()), "mkfifo works");
    assert!(found(dir.path(), &[]).is_empty());
    assert_eq!(skipped(dir.path(), &[], "special-file"), ["fifo"]);
    let writer = std::thread::spawn(move || fs::write(fifo, token()));
    let output = run(dir.path(), ["scan", "fifo", ".", "--format", "jsonl"]);
    writer.join().expect("it ends").expect("the program reads");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(jsonl(&output).0[0]["path"], "fifo");
}

#[cfg(unix)]
#[test]
fn what_is_named_and_cannot_be_read_is_an_issue() {
    use std::os::unix::net::UnixListener;
    let dir = tempfile::tempdir().expect("a folder");
    let _socket = UnixListener::bind(dir.path().join("socket")).expect("ours");
    std::os::unix::fs::symlink("nowhere", dir.path().join("link")).expect("ours");
    for name in ["socket", "link"] {
        let output = run(dir.path(), ["scan", name, "--format", "jsonl"]);
        assert_eq!(output.status.code(), Some(3), "{name}");
    }
    assert_eq!(run(dir.path(), ["scan", "/dev/null"]).status.code(), Some(0));
}

#[cfg(unix)]
#[test]
fn closed_standard_input_is_an_issue_and_empty_input_is_not() {
    let scan = |input: &str| {
        let line = format!("\"$0\" scan - {input}");
        let program = env!("CARGO_BIN_EXE_keytrail");
        let output = Command::new("sh").args(["-c", &line, program]).output();
        output.expect("the shell starts").status.code()
    };
    assert_eq!(scan("<&-"), Some(3));
    assert_eq!(scan("</dev/null"), Some(0));
}

#[test]
fn what_is_named_twice_is_read_once() {
    let dir = tempfile::tempdir().expect("a folder");
    let at = dir.path();
    ["q/a", "q/x1/b", "q/x1/c"].iter().for_each(|path| write(at, path, token()));
    let whole = at.join("q").to_str().expect("UTF-8").to_owned();
    for targets in [
        &["q", "q/x1"][..],
        &["q/x1", "q"],
        &["q", "q/"],
        &["q", &whole],
        &["q", "q/a", "./q/x1/b"],
    ] {
        let output = run(at, ["scan", "--format", "jsonl"].iter().chain(targets));
        let (found, summary) = jsonl(&output);
        assert_eq!(found.len(), 3, "{targets:?}");
        assert_eq!(summary["coverage"]["files"], 3, "{targets:?}");
    }
    let both = repository("node_modules/\n", &["node_modules/x/key"]);
    let output = run(both.path(), ["scan", ".", "node_modules/x", "--format", "jsonl"]);
    assert_eq!(jsonl(&output).0.len(), 1, "a named folder is read, though it lies in one left out");
}
