//! Runs the built program on folders that a test makes.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// The program, with an environment of its own.
pub fn keytrail<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keytrail"));
    command.args(args).env_clear().stdin(Stdio::null());
    command
}

/// Runs the program to its end.
pub fn run<S: AsRef<OsStr>>(dir: &Path, args: impl IntoIterator<Item = S>) -> Output {
    keytrail(args).current_dir(dir).output().expect("the program starts")
}

/// The findings and the summary of a jsonl report.
pub fn jsonl(output: &Output) -> (Vec<Value>, Value) {
    let text = String::from_utf8(output.stdout.clone()).expect("jsonl is UTF-8");
    let lines = text.lines().map(|line| serde_json::from_str(line).expect("a JSON object a line"));
    let mut all: Vec<Value> = lines.collect();
    let summary = all.pop().expect("the last line is the summary");
    assert_eq!(summary["type"], "summary", "{}", String::from_utf8_lossy(&output.stderr));
    (all, summary)
}

/// Scans `dir` and gives the findings.
pub fn findings(dir: &Path, flags: &[&str]) -> Vec<Value> {
    let fixed = ["scan", ".", "--format", "jsonl"];
    jsonl(&run(dir, fixed.iter().chain(flags))).0
}
