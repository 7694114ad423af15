//! Who holds what: the configurations of agents and clients, what they refer to, processes, and how open
//! files lie.

mod ci;
mod clients;
mod dumps;
#[cfg(unix)]
mod exposure;
mod hostile;
mod links;
mod memory;
#[cfg(target_os = "linux")]
mod processes;
mod readme;
mod references;
mod secrecy;
#[cfg(target_os = "linux")]
mod seeded;

use std::path::Path;

use keytrail::rules::dice::Dice;
use keytrail::rules::{Catalogue, sample};
use serde_json::Value;

use crate::repository::write;
use crate::support::run;

/// What a scan with these arguments finds, of every confidence and with its values; nothing may be left
/// unread.
fn scan(dir: &Path, arguments: &[&str]) -> Vec<Value> {
    let fixed = ["scan", "--format", "json", "--min-confidence", "low", "--show-secrets"];
    let output = run(dir, fixed.iter().chain(arguments));
    let said = String::from_utf8_lossy(&output.stderr);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{said}"));
    let issues = &report["coverage"]["issues"];
    assert!(issues.as_array().is_some_and(Vec::is_empty), "{issues:#}");
    report["findings"].as_array().expect("a list").clone()
}

/// A field of a finding, or of a holder, as text; empty if there is none.
fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    value[field].as_str().unwrap_or_default()
}

/// A token of a rule whose checksum holds.
fn sealed(rule: &str) -> String {
    let catalogue = Catalogue::embedded();
    let rule = catalogue.find(rule).expect("the rule is there");
    String::from_utf8(sample::sealed(rule, &mut Dice::seeded(57)).token).expect("tokens are text")
}

/// A value that no rule knows.
fn random(seed: u64) -> String {
    const LETTERS: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    String::from_utf8(Dice::seeded(seed).text(LETTERS, 32)).expect("ASCII")
}

/// A folder with these files.
fn folder<B: AsRef<[u8]>>(files: &[(&str, B)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    files.iter().for_each(|(path, bytes)| write(&dir.path().join(path), bytes));
    dir
}

/// What a scan finds in a folder with one file.
fn found(path: &str, bytes: impl AsRef<[u8]>) -> Vec<Value> {
    scan(folder(&[(path, bytes)]).path(), &["."])
}

/// The one finding in a folder with one file.
fn one(path: &str, bytes: impl AsRef<[u8]>) -> Value {
    let mut findings = found(path, bytes);
    assert_eq!(findings.len(), 1, "{path}: {}", told(&findings));
    findings.remove(0)
}

/// The kind, the tool and the name of whoever holds a finding first.
fn holder(finding: &Value) -> (&str, &str, &str) {
    let holder = &finding["holders"][0];
    (text(holder, "kind"), text(holder, "tool"), text(holder, "name"))
}

/// Findings in a line each, for whoever reads why a test failed.
fn told(findings: &[Value]) -> String {
    let line = |finding: &Value| {
        let [rule, path, key, secret] =
            ["rule", "path", "key", "secret"].map(|field| text(finding, field));
        format!("\n{rule} {path} {key}: {secret} {}", finding["holders"])
    };
    findings.iter().map(line).collect()
}
