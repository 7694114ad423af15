//! Where a known value stands in a name, it is masked there, whatever stands beside it.

use std::fs;

use super::password;
use crate::support::run;

#[test]
fn known_values_in_names_are_masked_in_every_format() {
    let folder = tempfile::tempdir().expect("a folder");
    let word = password(70);
    let dir = folder.path();
    fs::write(dir.join(".env"), format!("DB_PASSWORD={word}\n")).expect("written");
    fs::create_dir(dir.join(format!("old_{word}"))).expect("a folder");
    for name in [format!("db_{word}2.txt"), format!("old_{word}/x{word}.txt")] {
        fs::write(dir.join(name), format!("say {word}\n")).expect("written");
    }
    for format in ["human", "json", "jsonl", "sarif", "html", "dot", "mermaid"] {
        let output = run(dir, ["scan", ".", "--fail-on", "none", "--format", format]);
        let said = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(0), "{format}");
        assert!(!said.contains(&word), "{format} shows the value");
    }
}

#[test]
fn a_value_that_is_said_over_and_over_is_told_a_hundred_times_at_most() {
    let folder = tempfile::tempdir().expect("a folder");
    let word = password(71);
    fs::write(folder.path().join(".env"), format!("DB_PASSWORD={word}\n")).expect("written");
    let text = format!("{word} ").repeat(20_000);
    fs::write(folder.path().join("said.txt"), text).expect("written");
    let report = super::report(folder.path(), &["."]);
    let findings = report["findings"].as_array().expect("a list").len();
    assert!((2..=101).contains(&findings), "{findings}");
}
