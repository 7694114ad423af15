//! What agents, notebooks and consoles remember: transcripts, histories, logs, copies, databases.

use std::path::Path;

use rusqlite::Connection;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use serde_json::json;

use super::{found, holder, one, random, scan, sealed, text, told};
use crate::repository::write;

const SESSION: &str = "0f3c9a41-7d0e-4d3c-9a41-5f9c1a520b6f";

/// What a person typed, as Claude Code keeps it.
fn said_by_person(words: &str) -> String {
    let message = json!({"role": "user", "content": words});
    json!({"type": "user", "sessionId": SESSION, "cwd": "/home/ann/shop", "message": message})
        .to_string()
}

/// What a tool gave back, as Claude Code keeps it.
fn given_back_by_tool(words: &str) -> String {
    let result = json!({"type": "tool_result", "tool_use_id": "toolu_01", "content": words});
    let message = json!({"role": "user", "content": [result]});
    json!({"type": "user", "sessionId": SESSION, "cwd": "/home/ann/shop", "message": message})
        .to_string()
}

#[test]
fn what_a_session_repeats_is_one_finding() {
    let token = sealed("gitlab-pat-routable");
    let path = format!(".claude/projects/-home-ann-shop/{SESSION}.jsonl");
    let pasted = said_by_person(&format!("use \"{token}\" to deploy"));
    let echoed = given_back_by_tool(&format!("HOME=/home/ann\nGITLAB_TOKEN={token}\n"));
    let answer = json!({"type": "assistant", "message": {"role": "assistant", "content": [
        {"type": "text", "text": "It is deployed."}
    ]}});
    let round = [echoed.clone(), answer.to_string()].join("\n");
    let rounds = vec![round; 40].join("\n");
    for (first, role, key) in [
        (format!("{pasted}\n{rounds}\n"), "person", "message.content"),
        (format!("{rounds}\n{pasted}\n"), "tool", "message.content[0].content"),
    ] {
        let finding = one(&path, first);
        assert_eq!((text(&finding, "secret"), &finding["count"]), (&*token, &json!(41)));
        assert_eq!(holder(&finding), ("memory", "claude-code", SESSION));
        assert_eq!(text(&finding["holders"][0], "role"), role);
        assert_eq!((&finding["line"], text(&finding, "key")), (&json!(1), key));
    }
}

#[test]
fn what_was_pasted_is_in_the_history() {
    let token = sealed("gitlab-pat-routable");
    let pasted = json!({"1": {"id": 1, "type": "text", "content": format!("token: {token}\n")}});
    let entry = json!({
        "display": "deploy with this [Pasted text #1]", "pastedContents": pasted,
        "timestamp": 1_767_323_045_123_u64, "project": "/home/ann/shop", "sessionId": SESSION,
    });
    let before = json!({"display": "hello", "pastedContents": {}, "project": "/home/ann/shop"});
    let finding = one(".claude/history.jsonl", format!("{before}\n{entry}\n"));
    assert_eq!(text(&finding, "secret"), token);
    assert_eq!(holder(&finding), ("memory", "claude-code", SESSION));
    assert_eq!(text(&finding["holders"][0], "role"), "person");
    assert_eq!((&finding["line"], text(&finding, "key")), (&json!(2), "pastedContents.1.content"));
}

#[test]
fn a_snapshot_of_the_shell_tells_the_variable() {
    let token = sealed("gitlab-pat-routable");
    let snapshot = format!(
        "# Snapshot file\nunalias -a 2>/dev/null || true\ndeploy () \n{{ \n    echo 'deploying'\n}}\n\
         shopt -s extglob\nexport GITLAB_TOKEN='{token}'\nexport PATH=/usr/bin:/bin\n"
    );
    let path = ".claude/shell-snapshots/snapshot-bash-1767323045123-ab12cd.sh";
    let finding = one(path, snapshot);
    assert_eq!((text(&finding, "secret"), text(&finding, "key")), (&*token, "GITLAB_TOKEN"));
    assert_eq!(holder(&finding), ("memory", "claude-code", ""));
    let dump = format!(
        "declare -x HOME=\"/home/ann\"\ndeclare -x GITLAB_TOKEN=\"{token}\"\n\
         declare -x PATH=\"/usr/bin:/bin\"\n"
    );
    let finding = one(".codex/shell_snapshots/0f3c9a41.sh", dump);
    assert_eq!((text(&finding, "secret"), text(&finding, "key")), (&*token, "GITLAB_TOKEN"));
    assert_eq!(holder(&finding), ("environment", "codex", ""));
}

#[test]
fn a_servers_log_names_the_server() {
    let token = sealed("gitlab-pat-routable");
    let log = format!(
        "2026-01-02T03:04:05.123Z [gitlab] [info] Initializing server...\n\
         2026-01-02T03:04:05.150Z [gitlab] [info] Using MCP server command: /usr/bin/npx with args and \
         path: {{\"metadata\":{{\"args\":[\"-y\",\"gitlab-mcp\",\"--token\",\"{token}\"]}}}}\n\
         2026-01-02T03:04:06.001Z [gitlab] [error] the server stopped\n"
    );
    let finding = one("Library/Logs/Claude/mcp-server-gitlab.log", log);
    assert_eq!((text(&finding, "secret"), &finding["line"]), (&*token, &json!(2)));
    assert_eq!(holder(&finding), ("memory", "claude-desktop", "gitlab"));
}

#[test]
fn a_command_that_was_allowed_for_good_is_read() {
    let (value, other) = (random(11), random(12));
    let settings = json!({"permissions": {"allow": [
        "Bash(npm run test:*)",
        format!("Bash(curl -H \"Authorization: Bearer {value}\" https://api.example.org/v1/me)"),
        "Bash(curl -H \"Authorization: Bearer $API_TOKEN\" https://api.example.org/v1/me)",
        format!("Bash(API_TOKEN={other} ./deploy.sh)"),
        "WebFetch(domain:docs.example.org)",
    ], "deny": []}});
    let findings = found(".claude/settings.local.json", settings.to_string());
    let keys: Vec<_> = findings.iter().map(|f| (text(f, "key"), text(f, "secret"))).collect();
    assert_eq!(keys, [("permissions.allow[1]", &*value), ("permissions.allow[3]", &*other)]);
    for finding in &findings {
        assert_eq!(text(finding, "rule"), "literal-in-secret-field");
        assert_eq!(holder(finding), ("agent", "claude-code", ""));
    }
}

#[test]
fn a_rollout_tells_what_a_tool_gave_back() {
    let token = sealed("gitlab-pat-routable");
    let meta = json!({"timestamp": "2026-01-02T03:04:05.123Z", "type": "session_meta",
        "payload": {"id": SESSION, "cwd": "/home/ann/shop", "instructions": "a word ".repeat(4000)}});
    let output = json!({"output": format!("GITLAB_TOKEN={token}\n"), "metadata": {"exit_code": 0}});
    let given = json!({"timestamp": "2026-01-02T03:04:09.123Z", "type": "response_item",
        "payload": {"type": "function_call_output", "call_id": "call_1", "output": output.to_string()}});
    let name = format!("rollout-2026-01-02T03-04-05-{SESSION}");
    let path = format!(".codex/sessions/2026/01/02/{name}.jsonl");
    let finding = one(&path, format!("{meta}\n{given}\n"));
    assert_eq!((text(&finding, "secret"), text(&finding, "key")), (&*token, "payload.output"));
    assert_eq!(holder(&finding), ("memory", "codex", &*name));
    assert_eq!(text(&finding["holders"][0], "role"), "tool");
}

/// A database at `path`, which stays open.
fn database(path: &Path, made_by: &str) -> Connection {
    write(path, b"");
    let db = Connection::open(path).expect("a database");
    db.execute_batch(made_by).expect("it is SQL");
    db
}

#[test]
fn rows_that_are_in_a_databases_log_alone_are_read() {
    let (token, login) = (sealed("gitlab-pat-routable"), random(13));
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join(".config/Cursor/User/globalStorage/state.vscdb");
    let db = database(
        &path,
        "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;
         CREATE TABLE ItemTable (key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB);
         CREATE TABLE cursorDiskKV (key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB);
         PRAGMA wal_checkpoint(TRUNCATE)",
    );
    let put = |table: &str, key: &str, value: &str| {
        let statement = format!("INSERT INTO {table} VALUES (?, ?)");
        db.execute(&statement, [key, value]).expect("it is put in");
    };
    let bubble = json!({"_v": 3, "type": 1, "text": format!("deploy with {token}")});
    put("ItemTable", "cursorAuth/cachedEmail", "ann@example.org");
    put("ItemTable", "cursorAuth/accessToken", &login);
    put("cursorDiskKV", "bubbleId:0f3c:9a41", &bubble.to_string());
    let held = std::fs::read(&path).expect("it is there");
    assert!(!held.windows(token.len()).any(|part| part == token.as_bytes()), "it is in the log");
    let findings = scan(dir.path(), &["--home", "."]);
    let mut keys: Vec<_> = findings.iter().map(|f| (text(f, "key"), text(f, "secret"))).collect();
    keys.sort_unstable();
    assert_eq!(
        keys,
        [
            ("ItemTable.cursorAuth/accessToken.value", &*login),
            ("cursorDiskKV.bubbleId:0f3c:9a41.value.text", &*token),
        ],
        "{}",
        told(&findings)
    );
    for finding in &findings {
        assert_eq!(holder(finding), ("memory", "cursor", ""));
    }
}

#[test]
fn a_compressed_thread_in_a_database_is_read() {
    let token = sealed("gitlab-pat-routable");
    let dir = tempfile::tempdir().expect("a folder");
    let thread = json!({"title": "Deploy", "messages": [
        {"User": {"content": [{"Text": format!("use {token}")}]}},
        {"Agent": {"content": [{"Text": "a word ".repeat(400)}]}},
    ]});
    let packed = compress_to_vec(thread.to_string().as_bytes(), CompressionLevel::Fastest);
    let db = database(
        &dir.path().join(".local/share/zed/threads/threads.db"),
        "CREATE TABLE threads (id TEXT PRIMARY KEY, summary TEXT, updated_at TEXT, data_type TEXT, \
         data BLOB)",
    );
    let row = ("0f3c9a41", "Deploy", "2026-01-02T03:04:05Z", "zstd", packed);
    db.execute("INSERT INTO threads VALUES (?, ?, ?, ?, ?)", row).expect("it is put in");
    drop(db);
    let findings = scan(dir.path(), &["--home", "."]);
    let [finding] = &findings[..] else { panic!("{}", told(&findings)) };
    assert_eq!(text(finding, "secret"), token);
    assert_eq!(holder(finding), ("memory", "zed", ""));
    assert!(text(finding, "path").contains("threads.db!/threads/0f3c9a41/data"), "{finding:#}");
}

/// A notebook with one cell.
fn notebook(source: &[String], printed: &[String]) -> String {
    let outputs = json!([{"output_type": "stream", "name": "stdout", "text": printed}]);
    json!({
        "cells": [{"cell_type": "code", "execution_count": 1, "metadata": {}, "source": source,
            "outputs": outputs}],
        "metadata": {}, "nbformat": 4, "nbformat_minor": 5,
    })
    .to_string()
}

#[test]
fn a_notebooks_source_and_output_are_read() {
    let token = sealed("gitlab-pat-routable");
    let source = vec!["import os\n".to_owned(), format!("token = \"{token}\"\n")];
    let finding = one("work.ipynb", notebook(&source, &[]));
    assert_eq!((text(&finding, "secret"), text(&finding, "key")), (&*token, "cells[0].source[1]"));
    assert_eq!(holder(&finding), ("memory", "jupyter", ""));
    let printed = vec!["signed in\n".to_owned(), format!("with {token}\n")];
    let finding = one("work.ipynb", notebook(&[], &printed));
    assert_eq!(text(&finding, "secret"), token);
    assert_eq!(text(&finding, "key"), "cells[0].outputs[0].text[1]");
}

#[test]
fn a_key_over_the_lines_of_a_notebook_is_one() {
    let pem = sealed("pem-pkcs8");
    let mut source = vec!["key = \"\"\"\n".to_owned()];
    source.extend(pem.lines().map(|line| format!("{line}\n")));
    source.push("\"\"\"\n".to_owned());
    let finding = one("work.ipynb", notebook(&source, &[]));
    assert_eq!(text(&finding, "rule"), "pem-pkcs8");
    assert_eq!(holder(&finding), ("memory", "jupyter", ""));
}

fn utf16(text: &str) -> Vec<u8> {
    let units = "\u{feff}".encode_utf16().chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

#[test]
fn what_windows_powershell_writes_is_read() {
    let token = sealed("gitlab-pat-routable");
    let table = format!(
        "\r\nName                           Value\r\n----                           -----\r\n\
         ALLUSERSPROFILE                C:\\ProgramData\r\nAPI_TOKEN                      {token}\r\n\
         Path                           C:\\Windows\\system32;C:\\Windows\r\n\r\n"
    );
    let finding = one("output.txt", utf16(&table));
    assert_eq!((text(&finding, "secret"), &finding["layers"]), (&*token, &json!(["utf-16le"])));
    assert_eq!(text(&finding, "key"), "API_TOKEN");
    let shape = "PowerShell environment table";
    assert_eq!(holder(&finding), ("environment", "environment-dump", shape));
    let value = random(14);
    let settings = json!({"mcpServers": {"caf\u{e9}": {"env": {"SHOP_API_KEY": value}}}});
    let finding = one(".cursor/mcp.json", utf16(&settings.to_string()));
    assert_eq!((text(&finding, "secret"), &finding["layers"]), (&*value, &json!(["utf-16le"])));
    assert_eq!(text(&finding, "key"), "mcpServers.caf\u{e9}.env.SHOP_API_KEY");
    assert_eq!(holder(&finding), ("mcp-server", "cursor", "caf\u{e9}"));
    let before = settings.to_string().find(&value).expect("it is there");
    // A mark stands in front; in between one character is as long in UTF-8.
    assert_eq!(finding["offset"], json!(2 * before));
}
