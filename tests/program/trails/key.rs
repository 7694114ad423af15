//! `keytrail key`: keys are made, kept from others' eyes, and never lost.

use std::fs;

use crate::support::run;

const LEAD: &str = "keytrail-key-1:";

#[test]
fn a_new_key_is_printed_and_each_is_another() {
    let dir = tempfile::tempdir().expect("a folder");
    let keys = [(); 2].map(|()| {
        let output = run(dir.path(), ["key", "new"]);
        assert_eq!(output.status.code(), Some(0));
        String::from_utf8(output.stdout).expect("keys are text")
    });
    assert_ne!(keys[0], keys[1]);
    for key in keys {
        assert!(key.starts_with(LEAD) && key.ends_with('\n') && key.lines().count() == 1, "{key}");
    }
    assert_eq!(fs::read_dir(dir.path()).expect("it is there").count(), 0);
}

#[test]
fn a_new_key_is_written_to_a_file_and_named_without_being_told() {
    let dir = tempfile::tempdir().expect("a folder");
    let output = run(dir.path(), ["key", "new", "team.key"]);
    assert_eq!((output.status.code(), &*output.stdout), (Some(0), &b""[..]));
    let key = fs::read_to_string(dir.path().join("team.key")).expect("it is there");
    assert!(key.starts_with(LEAD), "it is a key");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains(key.trim_end().trim_start_matches(LEAD)), "{said}");
    let id = run(dir.path(), ["key", "id", "team.key"]);
    let id = String::from_utf8(id.stdout).expect("ids are text");
    assert!(id.starts_with("kk_") && said.contains(id.trim_end()), "{id} in {said}");
}

#[cfg(unix)]
#[test]
fn only_its_owner_can_read_a_key() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().expect("a folder");
    super::new_key(dir.path(), "team.key");
    let mode = fs::metadata(dir.path().join("team.key")).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_key_is_never_written_over() {
    let dir = tempfile::tempdir().expect("a folder");
    super::new_key(dir.path(), "team.key");
    let before = fs::read(dir.path().join("team.key")).expect("it is there");
    let output = run(dir.path(), ["key", "new", "team.key"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("team.key"), "{said}");
    assert_eq!(fs::read(dir.path().join("team.key")).expect("it is there"), before);
}

#[test]
fn what_is_no_key_is_refused_without_being_told() {
    let dir = tempfile::tempdir().expect("a folder");
    let word = super::password(1);
    fs::write(dir.path().join("a.key"), &word).expect("ours");
    let output = run(dir.path(), ["scan", ".", "--key-file", "a.key"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), &*output.stdout), (Some(2), &b""[..]), "{said}");
    assert!(said.contains("a.key") && !said.contains(&word), "{said}");
}
