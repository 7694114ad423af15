//! Files as they are written where credentials lie.

use serde_json::{Value, json};

use super::forms::Form;

/// What the file at `path` says when `text`, which is in `form`, stands in it.
pub fn file(path: &str, form: Form, text: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let quoted = if form.is_json() { text.to_owned() } else { inner(text) };
    if path.contains(".docker/") {
        return json!({"auths": {"registry.example.org": {"auth": text}}}).to_string();
    }
    if is_servers(path) {
        return servers(path, form, text).to_string();
    }
    if let Some(file) = store(name, text) {
        return file;
    }
    match name.rsplit('.').next().unwrap_or_default() {
        "json" if text.trim_start().starts_with('{') => text.to_owned(),
        "json" if name == "event.json" => format!("{{\"inputs\":{{\"note\":\"{quoted}\"}}}}\n"),
        "json" => format!("{{\"name\":\"shop\",\"note\":\"{quoted}\"}}\n"),
        "jsonl" => {
            let session = name.trim_end_matches(".jsonl");
            format!(
                "{{\"type\":\"user\",\"sessionId\":\"{session}\",\"message\":{{\"role\":\"user\",\
                 \"content\":\"use {quoted} now\"}}}}\n"
            )
        }
        "ipynb" => notebook(text).to_string(),
        "yaml" if name.starts_with("secret") => format!(
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: shop\ntype: Opaque\ndata:\n  token: {text}\n"
        ),
        "html" => format!("<!doctype html>\n<p title=\"{text}\">A shop.</p>\n"),
        "xml" => format!("<settings>\n  <value name=\"note\">{text}</value>\n</settings>\n"),
        "eml" => format!(
            "From: ann@example.org\r\nSubject: Hello\r\nMIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\
             Content-Transfer-Encoding: quoted-printable\r\n\r\nHere it is: {text}\r\n"
        ),
        _ if text.contains('\n') => text.to_owned(),
        "pem" | "key" | "pgpass" | "sql" => format!("{text}\n"),
        "env" => format!("PORT=80\nDEPLOY_TOKEN=\"{text}\"\n"),
        "yml" | "yaml" => format!("name: shop\nnote: \"{text}\"\n"),
        "toml" | "ini" | "tf" | "py" | "rb" | "js" | "ts" | "go" | "kt" | "java" => {
            format!("note = \"{text}\"\n")
        }
        "sh" => format!("set -e\ncurl -sS -H \"Authorization: {text}\" https://api.example.org/\n"),
        "ps1" | "cmd" => format!("powershell -NoProfile -EncodedCommand {text}\r\n"),
        _ => format!("seen: {text}\n"),
    }
}

/// The file of that name in a store of credentials.
fn store(name: &str, text: &str) -> Option<String> {
    Some(match name {
        ".netrc" => format!("machine git.example.org login ann password {text}\n"),
        ".npmrc" => format!("//registry.example.org/:_authToken={text}\n"),
        ".pypirc" => format!("[pypi]\nusername = __token__\npassword = {text}\n"),
        ".git-credentials" => format!("{text}\n"),
        ".credentials" => {
            json!({"scheme": "OAuthAccessToken", "data": {"token": text}}).to_string()
        }
        ".bash_history" | ".zsh_history" => format!("cd shop\ngit clone {text}\nls\n"),
        "hosts.yml" => format!("git.example.org:\n    user: ann\n    oauth_token: {text}\n"),
        "pip.conf" => format!("[global]\nextra-index-url = {text}\n"),
        "database.ini" => format!("[shop]\nconnection = {text}\n"),
        "Dockerfile" => format!("FROM scratch\nENV NOTE={text}\n"),
        "compose.yaml" if text.contains("://") => format!(
            "services:\n  shop:\n    image: shop\n    environment:\n      DATABASE_URL: \"{text}\"\n"
        ),
        "compose.yaml" => format!(
            "services:\n  shop:\n    image: shop\n    environment:\n      DEPLOY_TOKEN: \"{text}\"\n"
        ),
        _ if name.starts_with("set_env_") => format!("DEPLOY_TOKEN={text}\n"),
        _ => return None,
    })
}

fn is_servers(path: &str) -> bool {
    let names = ["mcp.json", "mcp_config.json", "mcp-config.json", "claude_desktop_config.json"];
    names.iter().any(|name| path.ends_with(name))
        || path.ends_with("home/.claude.json")
        || path.ends_with(".gemini/settings.json")
}

/// A configuration that gives one server the credential.
fn servers(path: &str, form: Form, text: &str) -> Value {
    let server = match form {
        Form::Bearer => {
            json!({"url": "https://mcp.example.org/", "headers": {"Authorization": text}})
        }
        _ => json!({"command": "deploy-mcp", "env": {"DEPLOY_TOKEN": text}}),
    };
    let code = path.contains(".vscode/") || path.contains("/Code/");
    let name = if code { "servers" } else { "mcpServers" };
    json!({name: {"deploy": server}})
}

fn notebook(text: &str) -> Value {
    let source = format!("call(\"{text}\")\n");
    let cell = json!({"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [],
        "source": [source]});
    json!({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
}

/// `text` as it stands between the quotes of a text in JSON.
fn inner(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}
