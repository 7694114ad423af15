//! `--fail-on` asks how a credential is spread.

use std::path::Path;

use super::{report, token};
use crate::repository::{Repo, write};
use crate::support::run;

/// The exit codes of a scan under each of these conditions.
fn codes<const N: usize>(dir: &Path, arguments: &[&str], gates: [&str; N]) -> [Option<i32>; N] {
    gates.map(|gate| {
        let fixed = ["scan", "--format", "json", "--quiet", "--fail-on", gate];
        run(dir, fixed.iter().chain(arguments)).status.code()
    })
}

const GATES: [&str; 6] = ["reused", "cross-tool", "cross-zone", "severity=high", "any", "none"];
const YES: Option<i32> = Some(1);
const NO: Option<i32> = Some(0);

fn registry(number: u64) -> String {
    format!("//registry.example.org/:_authToken={}\n", token(number))
}

fn login(number: u64) -> String {
    format!("machine git.example.org login ann password {}\n", token(number))
}

#[test]
fn a_credential_in_one_place_is_not_reused() {
    let dir = tempfile::tempdir().expect("a folder");
    write(&dir.path().join("h/.npmrc"), registry(30));
    write(&dir.path().join("h/.netrc"), login(31));
    assert_eq!(codes(dir.path(), &["--home", "h"], GATES), [NO, NO, NO, YES, YES, NO]);
}

#[test]
fn a_copied_file_is_no_reuse() {
    let dir = tempfile::tempdir().expect("a folder");
    write(&dir.path().join("a/client.py"), format!("note = \"{}\"\n", token(32)));
    write(&dir.path().join("b/client.py"), format!("note = \"{}\"\n", token(32)));
    assert_eq!(codes(dir.path(), &["."], GATES), [NO, NO, NO, YES, YES, NO]);
}

#[test]
fn two_tools_of_one_machine_cross_tools_alone() {
    let dir = tempfile::tempdir().expect("a folder");
    write(&dir.path().join("h/.npmrc"), registry(33));
    write(&dir.path().join("h/.netrc"), login(33));
    assert_eq!(codes(dir.path(), &["--home", "h"], GATES), [YES, YES, NO, YES, YES, NO]);
}

#[test]
fn a_repository_and_a_home_cross_zones_alone() {
    let repo = Repo::new();
    repo.plant("client.py", format!("note = \"{}\"\n", token(34)));
    write(&repo.beside("h/.npmrc"), registry(34));
    let arguments = ["top", "--home", "h"];
    assert_eq!(codes(&repo.beside(""), &arguments, GATES), [YES, NO, YES, YES, YES, NO]);
}

#[test]
fn several_conditions_are_joined_by_or() {
    let dir = tempfile::tempdir().expect("a folder");
    write(&dir.path().join("h/.npmrc"), registry(35));
    let gates = ["cross-zone,reused", "cross-zone,any"];
    assert_eq!(codes(dir.path(), &["--home", "h"], gates), [NO, YES]);
}

#[test]
fn a_holder_that_an_earlier_report_does_not_know_is_new() {
    let dir = tempfile::tempdir().expect("a folder");
    write(&dir.path().join("h/.npmrc"), registry(36));
    let known = report(dir.path(), &["--home", "h"]).to_string();
    std::fs::write(dir.path().join("known.json"), known).expect("ours");
    let arguments = ["--home", "h", "--known", "known.json"];
    assert_eq!(codes(dir.path(), &arguments, ["new-holder"]), [NO]);
    write(&dir.path().join("h/.netrc"), login(36));
    assert_eq!(codes(dir.path(), &arguments, ["new-holder"]), [YES]);
    // Without a report to compare with, the question makes no sense.
    assert_eq!(codes(dir.path(), &["--home", "h"], ["new-holder"]), [Some(2)]);
}
