//! References: who says that it takes a credential from elsewhere holds what is found there.

use std::path::Path;

use serde_json::{Value, json};

use super::{scan, sealed};
use crate::repository::write;

/// The one finding in a folder with these files: its path, its key and its holders. `TOKEN_HERE` in their texts
/// is replaced by a token.
fn one(files: &[(&str, &str)]) -> (Value, Value, Value) {
    let dir = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        write(&dir.path().join(path), text.replace("TOKEN_HERE", &sealed("gitlab-pat-routable")));
    }
    only(dir.path())
}

fn only(dir: &Path) -> (Value, Value, Value) {
    let findings = scan(dir, &["."]);
    let [finding] = &findings[..] else { panic!("{} findings", findings.len()) };
    (finding["path"].clone(), finding["key"].clone(), finding["holders"].clone())
}

/// What `.env` itself is to its variables.
fn dotenv() -> Value {
    json!({"kind": "environment", "tool": "dotenv", "scope": "project"})
}

/// A server called `gitlab` that refers to a variable or file under `key` in `path`.
fn server(tool: &str, path: &str, key: &str) -> Value {
    json!({
        "kind": "mcp-server", "tool": tool, "name": "gitlab", "scope": "project",
        "refers": {"path": path, "key": key},
    })
}

#[test]
fn a_server_holds_the_variable_that_it_names() {
    let config = r#"{"mcpServers": {
        "gitlab": {"command": "gitlab-mcp", "env": {"GITLAB_TOKEN": "${env:GITLAB_TOKEN}"}},
        "other": {"command": "other-mcp", "env": {"OTHER_TOKEN": "${env:OTHER_TOKEN}"}}
    }}"#;
    let (path, key, holders) =
        one(&[(".cursor/mcp.json", config), (".env", "PORT=80\nGITLAB_TOKEN=TOKEN_HERE\n")]);
    assert_eq!((path, key), (json!(".env"), json!("GITLAB_TOKEN")));
    let server = server("cursor", ".cursor/mcp.json", "mcpServers.gitlab.env.GITLAB_TOKEN");
    assert_eq!(holders, json!([dotenv(), server]));
}

#[test]
fn a_variable_is_found_under_the_name_that_it_has_in_the_file() {
    let config = r#"{"mcpServers": {"gitlab": {
        "url": "https://gitlab.example.org/mcp",
        "headers": {"Authorization": "Bearer ${env:OUR_GITLAB}"}
    }}}"#;
    let (_, key, holders) =
        one(&[(".cursor/mcp.json", config), (".env", "OUR_GITLAB='TOKEN_HERE'\n")]);
    assert_eq!(key, json!("OUR_GITLAB"));
    let server = server("cursor", ".cursor/mcp.json", "mcpServers.gitlab.headers.Authorization");
    assert_eq!(holders, json!([dotenv(), server]));
}

#[test]
fn a_variable_that_is_passed_on_by_its_name_is_a_reference() {
    let config = r#"{"mcpServers": {"gitlab": {
        "command": "docker", "args": ["run", "-i", "-e", "GITLAB_TOKEN", "mcp/gitlab"]
    }}}"#;
    let (_, _, holders) = one(&[(".mcp.json", config), (".env", "GITLAB_TOKEN=TOKEN_HERE\n")]);
    let server = server("claude-code", ".mcp.json", "mcpServers.gitlab.args[3]");
    assert_eq!(holders, json!([dotenv(), server]));
}

#[test]
fn names_in_a_clients_own_fields_are_references() {
    let config = "[mcp_servers.gitlab]\nurl = \"https://gitlab.example.org/mcp\"\n\
                  bearer_token_env_var = \"GITLAB_TOKEN\"\n";
    let (_, _, holders) =
        one(&[(".codex/config.toml", config), (".env", "GITLAB_TOKEN=TOKEN_HERE\n")]);
    let key = "mcp_servers.gitlab.bearer_token_env_var";
    assert_eq!(holders, json!([dotenv(), server("codex", ".codex/config.toml", key)]));
}

#[test]
fn a_file_of_variables_that_a_server_names_is_followed() {
    let config = r#"{"servers": {"gitlab": {
        "command": "gitlab-mcp", "envFile": "${workspaceFolder}/config/dev.env"
    }}}"#;
    let (path, key, holders) =
        one(&[(".vscode/mcp.json", config), ("config/dev.env", "GITLAB_TOKEN=TOKEN_HERE\n")]);
    assert_eq!((path, key), (json!("config/dev.env"), json!("GITLAB_TOKEN")));
    let server = server("vscode", ".vscode/mcp.json", "servers.gitlab.envFile");
    assert_eq!(holders, json!([dotenv(), server]));
}

#[test]
fn a_variable_of_another_project_is_nobodys() {
    let config = r#"{"mcpServers": {"gitlab": {"env": {"GITLAB_TOKEN": "${env:GITLAB_TOKEN}"}}}}"#;
    let files = [("a/.cursor/mcp.json", config), ("b/.env", "GITLAB_TOKEN=TOKEN_HERE\n")];
    assert_eq!(one(&files).2, json!([dotenv()]));
    let files = [(".cursor/mcp.json", config), (".env", "GITHUB_TOKEN=TOKEN_HERE\n")];
    assert_eq!(one(&files).2, json!([dotenv()]));
}
