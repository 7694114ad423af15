//! Where reports go: nothing is lost that was there, nothing is said to be clean that is not.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;

use crate::support::{keytrail, run};
use keytrail::rules::dice::Dice;
use keytrail::rules::{Catalogue, sample};

fn token() -> String {
    let catalogue = Catalogue::embedded();
    let rule = catalogue.find("github-pat-classic").expect("the rule is there");
    String::from_utf8(sample::sealed(rule, &mut Dice::seeded(31)).token).expect("ASCII")
}

/// A folder with one finding in `a.env`.
fn leaky() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    fs::write(dir.path().join("a.env"), token()).expect("ours");
    dir
}

fn code(dir: &Path, args: &[&str]) -> Option<i32> {
    run(dir, args).status.code()
}

fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).expect("ours").flatten();
    let mut names: Vec<_> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_reader_that_leaves_early_changes_no_exit_code() {
    let dir = leaky();
    fs::write(dir.path().join("many"), format!("t={}\n", token()).repeat(3000)).expect("ours");
    let leave = |args: &[&str]| {
        let mut command = keytrail(args);
        let mut child =
            command.current_dir(dir.path()).stdout(Stdio::piped()).spawn().expect("it starts");
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().expect("piped"));
        out.read_line(&mut line).expect("it writes");
        drop(out);
        child.wait().expect("it ends").code()
    };
    assert_eq!(leave(&["scan", "many"]), Some(1));
    assert_eq!(leave(&["scan", "many", "-f", "human", "-f", "json=late.json"]), Some(1));
    let late = fs::read(dir.path().join("late.json")).expect("the other report is written");
    serde_json::from_slice::<Value>(&late).expect("it is whole");
    assert_eq!(leave(&["rules", "list"]), Some(0));
}

#[test]
fn a_run_that_fails_keeps_the_old_report() {
    let dir = leaky();
    let at = dir.path();
    fs::write(at.join("old.json"), "old").expect("ours");
    for more in [&["--rules", "nowhere"][..], &["-f", "sarif=nowhere/x.sarif"], &["missing"]] {
        let args = ["scan", "a.env", "-f", "json=old.json"].iter().chain(more);
        assert_eq!(run(at, args).status.code(), Some(2), "{more:?}");
        assert_eq!(fs::read_to_string(at.join("old.json")).expect("ours"), "old", "{more:?}");
    }
    assert_eq!(names(at), ["a.env", "old.json"], "nothing is left lying about");
}

#[test]
fn a_report_never_takes_the_place_of_its_input_or_of_another_report() {
    let dir = leaky();
    let at = dir.path();
    assert_eq!(code(at, &["scan", "a.env", "-f", "json", "-o", "a.env"]), Some(2));
    assert_eq!(code(at, &["scan", ".", "a.env", "-f", "json=./a.env"]), Some(2));
    assert_eq!(fs::read_to_string(at.join("a.env")).expect("ours"), token());
    assert_eq!(code(at, &["scan", "-f", "json=one", "-f", "jsonl=./one"]), Some(2));
    assert_eq!(code(at, &["scan", "-f", "json="]), Some(2));
    assert_eq!(code(at, &["scan", "-f", "json=."]), Some(2));
    assert_eq!(names(at), ["a.env"]);
}

#[test]
fn a_report_in_a_scanned_folder_is_not_scanned() {
    let dir = leaky();
    let at = dir.path();
    let args = ["scan", ".", "-f", "json=r.json", "--show-secrets"];
    assert_eq!(code(at, &args), Some(1));
    assert_eq!(code(at, &args), Some(1));
    let text = fs::read(at.join("r.json")).expect("it was written");
    let report: Value = serde_json::from_slice(&text).expect("it is JSON");
    assert_eq!(report["findings"].as_array().map(Vec::len), Some(1));
    let skipped = &report["coverage"]["skipped"];
    assert_eq!((&skipped[0]["path"], &skipped[0]["reason"]), (&"r.json".into(), &"report".into()));
    assert_eq!(names(at), ["a.env", "r.json"]);
}

#[cfg(unix)]
#[test]
fn links_permissions_and_devices_stay_what_they_are() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let dir = leaky();
    let at = dir.path();
    let real = at.join("real.json");
    fs::write(&real, "old").expect("ours");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o600)).expect("ours");
    symlink("real.json", at.join("link.json")).expect("ours");
    assert_eq!(code(at, &["scan", "a.env", "-f", "json=link.json"]), Some(1));
    assert!(fs::symlink_metadata(at.join("link.json")).expect("ours").is_symlink());
    assert_eq!(fs::metadata(&real).expect("ours").permissions().mode() & 0o777, 0o600);
    serde_json::from_slice::<Value>(&fs::read(&real).expect("ours")).expect("it is JSON");
    assert_eq!(code(at, &["scan", "a.env", "-f", "json=/dev/null"]), Some(1));
    let output = run(at, ["scan", "a.env", "-f", "json=/dev/stdout"]);
    serde_json::from_slice::<Value>(&output.stdout).expect("it is JSON");
}

#[cfg(unix)]
mod signals {
    use std::io::Write;
    use std::process::{Child, Command, Stdio};
    use std::thread::sleep;
    use std::time::{Duration, Instant};

    use crate::support::keytrail;

    /// A scan of standard input that has read something and waits for more.
    fn waiting() -> Child {
        let mut child = keytrail(["scan", "-", "--allow-partial"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let text = "nothing here\n".repeat(80_000);
        child.stdin.as_mut().expect("piped").write_all(text.as_bytes()).expect("it reads");
        child
    }

    fn terminate(child: &Child) {
        let sent = Command::new("kill").arg(child.id().to_string()).status();
        assert!(sent.is_ok_and(|status| status.success()));
    }

    #[test]
    fn a_scan_that_waits_for_input_ends_when_asked_to() {
        let mut child = waiting();
        let kept_open = child.stdin.take();
        let begun = Instant::now();
        terminate(&child);
        let output = child.wait_with_output().expect("it ends");
        drop(kept_open);
        assert_eq!(output.status.code(), Some(130));
        assert!(begun.elapsed() < Duration::from_secs(20));
        assert!(String::from_utf8_lossy(&output.stderr).contains("no report"));
    }

    #[test]
    fn an_interrupted_scan_is_no_success() {
        let mut child = waiting();
        terminate(&child);
        sleep(Duration::from_millis(500));
        drop(child.stdin.take());
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(3), "--allow-partial does not cover that");
        assert!(String::from_utf8_lossy(&output.stdout).contains("Partial"));
    }
}
