//! Two machines' reports are joined as if one scan had seen both.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::Value;

use super::{list, new_key, password, paths, read, report, servers, text, token, trail, trails};
use crate::repository::write;
use crate::support::run;

const SERVERS_A: &str = "a/.cursor/mcp.json";
const SERVERS_B: &str = "b/.codeium/windsurf/mcp_config.json";

/// Two homes: a password and a token are in both, and each has a token of its own.
fn homes() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    let login = |word: &str| format!("machine git.example.org login ann password {word}\n");
    let registry = |token: &str| format!("//registry.example.org/:_authToken={token}\n");
    let history = |token: &str| format!("export GH_TOKEN={token}\n");
    for (path, text) in [
        (SERVERS_A, servers("SEARCH_PASSWORD", &password(10))),
        ("a/.npmrc", registry(&token(10))),
        ("a/.git-credentials", format!("https://ann:{}@github.com\n", token(11))),
        ("a/.bash_history", history(&token(11))),
        (SERVERS_B, servers("SEARCH_PASSWORD", &password(10))),
        ("b/.netrc", login(&token(12))),
        ("b/.zsh_history", history(&token(10))),
    ] {
        write(&dir.path().join(path), text);
    }
    dir
}

/// Scans each home alone, with these flags, and writes `a.json` and `b.json`.
fn scan_each(dir: &Path, flags: [&[&str]; 2]) -> [Value; 2] {
    let both = [("a", flags[0]), ("b", flags[1])];
    both.map(|(home, flags)| {
        let report = report(dir, &[&["--home", home], flags].concat());
        fs::write(dir.join(format!("{home}.json")), report.to_string()).expect("ours");
        report
    })
}

fn merge(dir: &Path) -> Output {
    run(dir, ["merge", "a.json", "b.json"])
}

/// What must be the same of each trail, however it came about.
fn told(report: &Value) -> BTreeSet<String> {
    let told = |trail: &Value| {
        let holders = trail["holders"].as_array().expect("a list");
        let holders: BTreeSet<_> = holders
            .iter()
            .map(|holder| ["path", "key", "tool", "name", "zone"].map(|field| text(holder, field)))
            .collect();
        let (reuse, zones) = (list(trail, "reuse"), list(trail, "zones"));
        format!("{} {holders:?} {reuse:?} {zones:?}", text(trail, "secret_id"))
    };
    trails(report).iter().map(told).collect()
}

#[test]
fn reports_of_one_key_join_as_one_scan_would() {
    let homes = homes();
    new_key(homes.path(), "team.key");
    let flags: &[&str] = &["--key-file", "team.key"];
    scan_each(homes.path(), [flags; 2]);
    let merged = read(&merge(homes.path()));
    let whole = report(homes.path(), &[&["--home", "a", "--home", "b"], flags].concat());
    let (is, should) = (told(&merged), told(&whole));
    assert_eq!(should.len(), 4, "{should:#?}");
    let missing: Vec<_> = should.difference(&is).collect();
    let strange: Vec<_> = is.difference(&should).collect();
    assert!(missing.is_empty() && strange.is_empty(), "not {missing:#?}, but {strange:#?}");
    let both = paths(trail(&merged, SERVERS_A));
    assert_eq!(both, BTreeSet::from([SERVERS_A, SERVERS_B]));
    assert_eq!(trail(&merged, SERVERS_A)["comparable"], "team");
    assert_eq!(merged["key"]["id"], whole["key"]["id"]);
}

#[test]
fn the_order_of_reports_makes_no_difference_to_trails() {
    let homes = homes();
    new_key(homes.path(), "team.key");
    scan_each(homes.path(), [&["--key-file", "team.key"]; 2]);
    let one = read(&merge(homes.path()));
    let other = read(&run(homes.path(), ["merge", "b.json", "a.json"]));
    assert_eq!(told(&one), told(&other));
}

#[test]
fn reports_of_two_keys_are_refused() {
    let homes = homes();
    new_key(homes.path(), "one.key");
    new_key(homes.path(), "two.key");
    let flags: [&[&str]; 2] = [&["--key-file", "one.key"], &["--key-file", "two.key"]];
    let reports = scan_each(homes.path(), flags);
    is_refused(homes.path(), &reports);
}

#[test]
fn a_report_without_a_key_is_not_joined_with_one_of_a_key() {
    let homes = homes();
    new_key(homes.path(), "one.key");
    scan_each(homes.path(), [&["--key-file", "one.key"], &[]]);
    let output = merge(homes.path());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("no key"), "{said}");
    let merged = read(&output);
    for [a, b] in [[SERVERS_A, SERVERS_B], ["a/.npmrc", "b/.zsh_history"]] {
        assert_ne!(trail(&merged, a)["secret_id"], trail(&merged, b)["secret_id"], "{a} {b}");
    }
}

/// The merge ends with 2, names every key that there is, and writes no report.
fn is_refused(dir: &Path, reports: &[Value]) {
    let output = merge(dir);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), &*output.stdout), (Some(2), &b""[..]), "{said}");
    let ids: Vec<_> = reports.iter().filter_map(|report| report["key"]["id"].as_str()).collect();
    assert!(!ids.is_empty() && ids.iter().all(|id| said.contains(id)), "{ids:?} in {said}");
}

#[test]
fn without_a_key_only_what_nobody_can_guess_is_joined() {
    let homes = homes();
    let reports = scan_each(homes.path(), [&[]; 2]);
    for report in &reports {
        assert_eq!(report["key"]["id"], Value::Null);
        assert!(text(&report["key"], "note").contains("guessable"), "{}", report["key"]);
    }
    let merged = read(&merge(homes.path()));
    let (one, other) = (trail(&merged, SERVERS_A), trail(&merged, SERVERS_B));
    assert_ne!(one["secret_id"], other["secret_id"]);
    assert_eq!([&one["comparable"], &other["comparable"]], ["run", "run"]);
    let token = trail(&merged, "a/.npmrc");
    assert_eq!(token["comparable"], "anywhere");
    assert_eq!(paths(token), BTreeSet::from(["a/.npmrc", "b/.zsh_history"]));
    assert!(!text(&merged["key"], "note").is_empty(), "{}", merged["key"]);
    // One scan over both does join them.
    let whole = report(homes.path(), &["--home", "a", "--home", "b"]);
    assert_eq!(paths(trail(&whole, SERVERS_A)), BTreeSet::from([SERVERS_A, SERVERS_B]));
}

#[test]
fn a_merge_fails_on_what_it_is_told_to() {
    let dir = homes();
    scan_each(dir.path(), [&[], &[]]);
    let code = |fail_on: &str| {
        let output = run(dir.path(), ["merge", "a.json", "b.json", "--fail-on", fail_on]);
        if output.status.code() != Some(2) {
            let report = serde_json::from_slice(&output.stdout).expect("a report, all the same");
            assert!(!trails(&report).is_empty());
        }
        output.status.code()
    };
    assert_eq!(merge(dir.path()).status.code(), Some(0));
    let merged = read(&merge(dir.path()));
    let spread = trails(&merged).iter().any(|trail| list(trail, "reuse").contains(&"cross-zone"));
    for (fail_on, expected) in [
        ("none", 0),
        ("severity=critical", 1),
        ("cross-tool", 1),
        ("cross-zone", i32::from(spread)),
        ("policy", 0),
        ("policy,cross-tool", 1),
        ("none,reused", 2),
        ("new-holder", 2),
    ] {
        assert_eq!(code(fail_on), Some(expected), "{fail_on}");
    }
    let policy = "[policy]\nuse = [\"one-tool-per-credential\"]\n";
    fs::write(dir.path().join("keytrail.toml"), policy).expect("ours");
    let output = run(dir.path(), ["merge", "a.json", "b.json", "--fail-on", "policy"]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
}
