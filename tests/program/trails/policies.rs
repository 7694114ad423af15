//! Statements of policy, as a team writes them and reads their verdicts.

use std::fs;

use super::password;
use crate::support::run;

#[test]
fn each_statement_has_its_verdict_and_fails_the_run_if_that_is_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let dir = folder.path();
    fs::write(dir.join(".env"), format!("DB_PASSWORD={}\n", password(80))).expect("written");
    let policy = "[policy]\nuse = [\"no-classic-pat\"]\n\
                  [[policy.statement]]\nid = \"no-plain\"\nstatement = \"Nothing in plain files\"\n\
                  forbid = { holder = [\"environment\"] }\n[gate]\nfail-on = [\"policy\"]\n";
    fs::write(dir.join("keytrail.toml"), policy).expect("written");
    let output = run(dir, ["scan", "."]);
    let said = String::from_utf8(output.stdout).expect("text");
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("Nothing in plain files: broken by 1 credential\n"), "{said}");
    assert!(said.contains(": holds\n"), "{said}");
    let output = run(dir, ["scan", ".", "--fail-on", "none"]);
    assert_eq!(output.status.code(), Some(0), "a flag stands above the file");
}

#[test]
fn what_is_wrong_with_a_configuration_is_said_with_its_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let dir = folder.path();
    for (text, said) in [
        ("[policy]\nuse = [\"no-such\"]\n", "keytrail.toml:2"),
        ("[gate]\nfail-on = [\"sometimes\"]\n", "keytrail.toml:2"),
        ("[policy\n", "keytrail.toml:1"),
        (
            "[[policy]]\nid = \"x\"\nstatement = \"x\"\nforbid = { provider = [\"githbu\"] }\n",
            "policy x: there is no provider `githbu`",
        ),
    ] {
        fs::write(dir.join("keytrail.toml"), text).expect("written");
        let output = run(dir, ["scan", "."]);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains(said), "{error}");
    }
    let empty = tempfile::tempdir().expect("a folder");
    let output = run(empty.path(), ["scan", ".", "--fail-on", "policy"]);
    assert_eq!(output.status.code(), Some(2), "there is no policy to fail on");
    assert!(String::from_utf8_lossy(&output.stderr).contains("there is no policy"));
}
