//! Who holds what: the configurations of agents and clients, what they refer to, processes, and how open
//! files lie.

mod clients;
#[cfg(unix)]
mod exposure;
#[cfg(target_os = "linux")]
mod processes;
mod readme;
mod references;

use std::path::Path;

use keytrail::rules::dice::Dice;
use keytrail::rules::{Catalogue, sample};
use serde_json::Value;

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
