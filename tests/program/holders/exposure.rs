//! How open files lie, and what that does to how bad their findings are.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::{Value, json};

use super::{scan, sealed, text};
use crate::repository::{Repo, write};

/// A token of a rule whose findings are of severity `high`, where nothing makes them better or worse.
fn token() -> String {
    sealed("gitlab-runner-auth-routable")
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("ours");
}

/// The one finding in a folder.
fn only(dir: &Path) -> Value {
    let findings = scan(dir, &["."]);
    let [finding] = &findings[..] else { panic!("{} findings", findings.len()) };
    finding.clone()
}

/// What the reasons of a finding say of how open it lies.
fn said(finding: &Value) -> Vec<&str> {
    let reasons = finding["reasons"].as_array().expect("a list");
    let of_place = reasons.iter().filter(|reason| text(reason, "kind") == "exposure");
    of_place.map(|reason| text(reason, "text")).collect()
}

#[test]
fn what_everybody_may_read_is_worse() {
    // Unlike the usual folder for temporary files, this one is everybody's on every system.
    let dir = tempfile::tempdir_in("/tmp").expect("a folder");
    let file = dir.path().join(".env");
    write(&file, format!("GITLAB_RUNNER_TOKEN={}\n", token()));
    set_mode(&file, 0o644);
    set_mode(dir.path(), 0o755);
    let finding = only(dir.path());
    assert_eq!(finding["exposure"], json!(["world-readable"]));
    assert_eq!(finding["severity"], "critical");
    let why = said(&finding);
    assert!(matches!(why[..], [one] if one.contains("everybody")), "{why:?}");
    for (folder, file_mode) in [(0o755, 0o600), (0o700, 0o644)] {
        set_mode(&file, file_mode);
        set_mode(dir.path(), folder);
        let finding = only(dir.path());
        assert_eq!(finding["exposure"], Value::Null, "{folder:o} {file_mode:o}");
        assert_eq!(finding["severity"], "high");
        assert_eq!(said(&finding), Vec::<&str>::new());
    }
}

#[test]
fn what_git_does_with_a_file_is_said() {
    let repo = Repo::new();
    let line = format!("GITLAB_RUNNER_TOKEN={}\n", token());
    repo.plant("tracked/.env", &line);
    repo.plant(".gitignore", "/ignored/\n");
    repo.write("ignored/.env", &line);
    repo.write("untracked/.env", &line);
    for folder in ["tracked", "ignored", "untracked"] {
        set_mode(&repo.top().join(folder).join(".env"), 0o600);
    }
    let findings = scan(&repo.top(), &["."]);
    let told: Vec<_> = findings.iter().map(|f| (text(f, "path"), &f["exposure"])).collect();
    let of = |word: &str| json!([word]);
    let (tracked, ignored, untracked) = (of("tracked"), of("ignored"), of("untracked"));
    assert_eq!(
        told,
        [("ignored/.env", &ignored), ("tracked/.env", &tracked), ("untracked/.env", &untracked)]
    );
}

#[test]
fn what_a_server_holds_that_is_switched_off_is_less_bad() {
    let dir = tempfile::tempdir().expect("a folder");
    for (field, off) in
        [("\"disabled\": true", true), ("\"enabled\": false", true), ("\"disabled\": false", false)]
    {
        let token = token();
        let server = format!("{{\"env\": {{\"RUNNER_TOKEN\": \"{token}\"}}, {field}}}");
        let file = dir.path().join(".cursor/mcp.json");
        write(&file, format!("{{\"mcpServers\": {{\"gitlab\": {server}}}}}\n"));
        set_mode(&file, 0o600);
        let finding = only(dir.path());
        assert_eq!(finding["holders"][0]["disabled"] == true, off, "{field}");
        assert_eq!(finding["exposure"] == json!(["disabled"]), off, "{field}");
        assert_eq!(finding["severity"], if off { "medium" } else { "high" }, "{field}");
        assert_eq!(said(&finding).len(), usize::from(off), "{field}");
    }
}
