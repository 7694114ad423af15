//! Trails: one credential with all who hold it, and nothing that only looks like it.

mod gates;
mod guesses;
mod key;
mod merge;
mod policies;
mod proofs;
mod readme;
mod secrecy;
#[cfg(target_os = "linux")]
mod seeded;
mod traces;

use std::collections::BTreeSet;
use std::path::Path;

use keytrail::rules::dice::Dice;
use keytrail::rules::{Catalogue, sample};
use serde_json::Value;

use crate::support::run;

/// The JSON report of a scan in `dir`; findings don't fail it.
fn report(dir: &Path, arguments: &[&str]) -> Value {
    let fixed = ["scan", "--format", "json", "--fail-on", "none", "--quiet"];
    read(&run(dir, fixed.iter().chain(arguments)))
}

/// The JSON report that a run which ended well wrote.
fn read(output: &std::process::Output) -> Value {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {said}"))
}

/// The trails of a report.
fn trails(report: &Value) -> &[Value] {
    report["trails"].as_array().expect("a list")
}

/// The paths of a trail's holders.
fn paths(trail: &Value) -> BTreeSet<&str> {
    let holders = trail["holders"].as_array().expect("a list");
    holders.iter().map(|holder| text(holder, "path")).collect()
}

/// The one trail with a holder at `path`.
fn trail<'r>(report: &'r Value, path: &str) -> &'r Value {
    let mut all = trails(report).iter().filter(|trail| paths(trail).contains(path));
    let Some(trail) = all.next() else { panic!("no trail at {path}: {:#}", report["trails"]) };
    assert!(all.next().is_none(), "two trails at {path}: {:#}", report["trails"]);
    trail
}

/// A field as text; empty if there is none.
fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    value[field].as_str().unwrap_or_default()
}

/// The entries of a list of texts; none if there is no list.
fn list<'v>(value: &'v Value, field: &str) -> Vec<&'v str> {
    value[field].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// A token of which nobody can guess another; each number gives another.
fn token(number: u64) -> String {
    let catalogue = Catalogue::embedded();
    let rule = catalogue.find("github-pat-classic").expect("the rule is there");
    let sample = sample::sealed(rule, &mut Dice::seeded(80_800 + number));
    String::from_utf8(sample.token).expect("tokens are text")
}

/// A password that no rule knows and that no file holds by chance.
fn password(number: u64) -> String {
    const LETTERS: &[u8] = b"23456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ";
    let dice = &mut Dice::seeded(90_900 + number);
    String::from_utf8(dice.text(LETTERS, 14)).expect("ASCII")
}

/// Writes a new key to `file` in `dir`.
fn new_key(dir: &Path, file: &str) {
    let output = run(dir, ["key", "new", file]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

/// An agent's configuration that gives one server a variable.
fn servers(variable: &str, value: &str) -> String {
    let server = serde_json::json!({"command": "search-mcp", "env": {variable: value}});
    serde_json::json!({"mcpServers": {"search": server}}).to_string()
}
