//! Configurations that nobody writes by hand.

use crate::repository::Repo;
use crate::support::run;

use super::{folder, one, random, scan, text};

#[test]
fn defaults_within_defaults_end() {
    let depth = 20_000;
    let nested = format!("{}x{}", "${A:-".repeat(depth), "}".repeat(depth));
    let config = serde_json::json!({"mcpServers": {"s": {"env": {"A_TOKEN": nested}}}});
    assert!(scan(folder(&[(".mcp.json", config.to_string())]).path(), &["."]).is_empty());
}

#[test]
fn what_is_staged_in_a_kept_place_is_read_as_that() {
    let (repo, value) = (Repo::new(), random(311));
    repo.write(".env", format!("PAY_TOKEN={value}\n"));
    repo.git(["add", "-f", ".env"]);
    let staged = scan(&repo.top(), &["--staged", "."]);
    assert_eq!(staged.len(), 1);
    assert_eq!((text(&staged[0], "key"), text(&staged[0], "secret")), ("PAY_TOKEN", &*value));
    repo.commit("add");
    repo.git(["rm", "-q", ".env"]);
    repo.commit("remove");
    let past = scan(&repo.top(), &["."]);
    assert_eq!(past.len(), 1);
    assert_eq!(text(&past[0], "secret"), value);
}

#[test]
fn each_document_of_a_yaml_is_asked() {
    let (first, second) = (random(312), random(313));
    let secret = |value: &str| format!("kind: Secret\nstringData:\n  API_TOKEN: {value}\n");
    let manifest = format!("{}---\n{}", secret(&first), secret(&second));
    let found = super::found("k8s/secrets.yaml", manifest);
    let values: Vec<_> = found.iter().map(|finding| text(finding, "secret")).collect();
    assert_eq!(values, [first, second]);
}

#[test]
fn a_document_that_is_too_long_is_said_to_be() {
    let mut config = format!(r#"{{"primaryApiKey":"{}","more":""#, random(314)).into_bytes();
    config.resize(9 << 20, b' ');
    config.extend(b"\"}");
    let dir = folder(&[(".claude.json", config)]);
    let output = run(dir.path(), ["scan", "--format", "json", "--fail-on", "none", "."]);
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("its fields were not read"), "{said}");
}

#[test]
fn a_link_is_read_in_instructions_too() {
    let value = random(315);
    let config = serde_json::json!({"command": "npx", "env": {"A_TOKEN": value}}).to_string();
    let link = base64_simd::STANDARD.encode_to_string(config);
    let finding = one("CLAUDE.md", format!("cursor://x/mcp/install?name=gl&config={link}\n"));
    assert_eq!(text(&finding, "secret"), value);
    assert_eq!(super::holder(&finding), ("mcp-server", "cursor", "gl"));
}

#[cfg(unix)]
#[test]
fn nobody_waits_at_a_fifo() {
    let dir = tempfile::tempdir().expect("a folder");
    let fifo = |name: &str| {
        let made = std::process::Command::new("mkfifo").arg(dir.path().join(name)).status();
        assert!(made.is_ok_and(|made| made.success()));
    };
    fifo(".env");
    fifo("variables");
    let config = r#"{"mcpServers":{"s":{"command":"x","envFile":"variables"}}}"#;
    crate::repository::write(&dir.path().join(".mcp.json"), config);
    for arguments in [["--home", "."], ["--no-history", "."]] {
        let output = run(dir.path(), ["scan", "--format", "json"].iter().chain(&arguments));
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    }
}
