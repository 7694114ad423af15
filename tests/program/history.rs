//! Histories: whatever Git keeps anywhere is read, and told of with the right words.

mod damage;
mod edges;
mod hiding;
mod shapes;
mod stores;

use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::support::{jsonl, run};

/// Scans `dir` in a shape that tells of each finding which secret it is.
fn scan(dir: &Path, flags: &[&str]) -> Output {
    let fixed = ["scan", ".", "--format", "jsonl", "--show-secrets"];
    let output = run(dir, fixed.iter().chain(flags));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains("panicked") && !said.contains("internal error"), "{said}");
    assert!(!String::from_utf8_lossy(&output.stdout).contains("internal error"));
    output
}

/// The findings of a scan.
fn found(dir: &Path, flags: &[&str]) -> Vec<Value> {
    jsonl(&scan(dir, flags)).0
}

/// The secrets of findings, sorted.
fn secrets(found: &[Value]) -> Vec<&str> {
    let mut all: Vec<&str> = found.iter().filter_map(|one| one["secret"].as_str()).collect();
    all.sort_unstable();
    all
}

/// What the summary says of `list`, each entry as its path and `what`.
fn told<'s>(summary: &'s Value, list: &str, what: &str) -> Vec<(&'s str, &'s str)> {
    let all = summary["coverage"][list].as_array().expect("a list");
    let text = |entry: &'s Value, name: &str| entry[name].as_str().unwrap_or_default();
    all.iter().map(|entry| (text(entry, "path"), text(entry, what))).collect()
}
