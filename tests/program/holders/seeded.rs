//! One token in thirteen places that a machine has, and one scan that tells who holds it in each.

use std::collections::BTreeSet;
use std::io::{Cursor, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use keytrail::rules::dice::Dice;
use keytrail::rules::{Catalogue, sample};
use rusqlite::Connection;
use serde_json::json;

use super::{text, told};
use crate::repository::write;
use crate::support::{jsonl, run};

/// The token; of a seed of its own, since other tests' processes hold other tokens.
fn token() -> String {
    let catalogue = Catalogue::embedded();
    let rule = catalogue.find("github-app-installation").expect("the rule is there");
    String::from_utf8(sample::sealed(rule, &mut Dice::seeded(1303)).token).expect("tokens are text")
}

/// Where the token must be found: the path, the holder's kind, tool and name, and the key.
type Place<'p> = (&'p str, &'p str, &'p str, &'p str, &'p str);

const SESSION: &str = "0f3c9a41-7d0e-4d3c-9a41-5f9c1a520b6f";

const PLACES: [Place<'_>; 12] = [
    (
        ".config/Claude/claude_desktop_config.json",
        "mcp-server",
        "claude-desktop",
        "github",
        "mcpServers.github.env.GITHUB_PERSONAL_ACCESS_TOKEN",
    ),
    (
        "shop/.cursor/mcp.json",
        "mcp-server",
        "cursor",
        "github",
        "mcpServers.github.headers.Authorization",
    ),
    (".codex/config.toml", "mcp-server", "codex", "github", "mcp_servers.github.env.GITHUB_TOKEN"),
    (".continue/config.yaml", "mcp-server", "continue", "github", "mcpServers[1].env.GITHUB_TOKEN"),
    ("shop/.vscode/mcp.json", "mcp-server", "vscode", "github", "servers.github.args[3]"),
    ("shop/.env", "environment", "dotenv", "", "GITHUB_TOKEN"),
    (
        ".claude/projects/-home-ann-shop/0f3c9a41-7d0e-4d3c-9a41-5f9c1a520b6f.jsonl",
        "memory",
        "claude-code",
        SESSION,
        "message.content[0].content",
    ),
    (
        ".config/Cursor/User/globalStorage/state.vscdb!/cursorDiskKV/bubbleId:1/value",
        "memory",
        "cursor",
        "",
        "cursorDiskKV.bubbleId:1.value.text",
    ),
    ("logs_4711.zip!/0_deploy.txt", "ci", "github-actions", "deploy: Run ./deploy.sh", ""),
    ("checkout/.git/config", "store", "git", "", "http.\"https://github.com/\".extraheader"),
    ("image.tar!/0a1b/layer.tar!/srv/shop/.env", "environment", "dotenv", "", "GITHUB_TOKEN"),
    (
        "results.b64",
        "environment",
        "environment-dump",
        "environment as JSON in 3 rounds of base64",
        "GITHUB_TOKEN",
    ),
];

fn base64(bytes: impl AsRef<[u8]>) -> String {
    base64_simd::STANDARD.encode_to_string(bytes)
}

/// The settings of clients, a file of variables and a transcript.
fn settings(token: &str) -> [(&'static str, String); 7] {
    let desktop = json!({"mcpServers": {"github": {
        "command": "npx", "args": ["-y", "github-mcp"], "env": {"GITHUB_PERSONAL_ACCESS_TOKEN": token}
    }}});
    let cursor = json!({"mcpServers": {"github": {
        "url": "https://mcp.example.org/", "headers": {"Authorization": format!("Bearer {token}")}
    }}});
    let vscode = json!({"servers": {"github": {
        "command": "npx", "args": ["-y", "github-mcp", "--token", token]
    }}});
    let result = json!({"type": "tool_result", "tool_use_id": "toolu_01",
        "content": json!({"stdout": format!("GITHUB_TOKEN=\"{token}\"\n")}).to_string()});
    let line = json!({"type": "user", "sessionId": SESSION,
        "message": {"role": "user", "content": [result]}});
    [
        (".config/Claude/claude_desktop_config.json", desktop.to_string()),
        ("shop/.cursor/mcp.json", cursor.to_string()),
        (
            ".codex/config.toml",
            format!(
                "model = \"m\"\n\n[mcp_servers.github]\ncommand = \"github-mcp\"\n\
                 env = {{ LEVEL = \"debug\", GITHUB_TOKEN = \"{token}\" }}\n"
            ),
        ),
        (
            ".continue/config.yaml",
            format!(
                "name: ann\nmcpServers:\n  - name: clock\n    command: clock-mcp\n  - name: github\n    \
                 command: github-mcp\n    env:\n      GITHUB_TOKEN: {token}\n"
            ),
        ),
        ("shop/.vscode/mcp.json", vscode.to_string()),
        ("shop/.env", format!("PORT=80\nGITHUB_TOKEN={token}\n")),
        (
            ".claude/projects/-home-ann-shop/0f3c9a41-7d0e-4d3c-9a41-5f9c1a520b6f.jsonl",
            format!("{line}\n"),
        ),
    ]
}

/// The state of an editor.
fn state(path: &Path, token: &str) {
    write(path, b"");
    let db = Connection::open(path).expect("a database");
    db.execute_batch("CREATE TABLE cursorDiskKV (key TEXT UNIQUE, value BLOB)").expect("it is SQL");
    let bubble = json!({"type": 1, "text": format!("deploy with {token}")}).to_string();
    let row = ("bubbleId:1", bubble);
    db.execute("INSERT INTO cursorDiskKV VALUES (?, ?)", row).expect("it is put in");
}

/// The log of a job, as GitHub archives it.
fn log(token: &str) -> Vec<u8> {
    let lines = ["##[group]Run ./deploy.sh", "##[endgroup]", &format!("signed in with {token}")];
    let lines = lines.map(|line| format!("2026-01-02T03:04:05.1234567Z {line}\r\n")).concat();
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file("0_deploy.txt", options).expect("memory");
    zip.write_all(format!("\u{feff}{lines}").as_bytes()).expect("memory");
    zip.finish().expect("memory").into_inner()
}

fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, name, *bytes).expect("memory");
    }
    tar.into_inner().expect("memory")
}

/// What `docker save` writes of an image whose upper layer holds a file of variables.
fn image(token: &str) -> Vec<u8> {
    let config = json!({
        "architecture": "amd64", "os": "linux", "config": {"Env": ["PATH=/usr/bin:/bin"]},
        "rootfs": {"type": "layers", "diff_ids": ["sha256:00", "sha256:01"]},
        "history": [
            {"created_by": "/bin/sh -c #(nop) ADD file:00 in / "},
            {"created_by": "COPY . /srv/shop # buildkit"},
        ],
    });
    let manifest = json!([{"Config": "c0de.json", "RepoTags": ["shop:latest"],
        "Layers": ["0000/layer.tar", "0a1b/layer.tar"]}]);
    let lower = tar(&[("etc/os-release", b"ID=alpine\n")]);
    let upper = tar(&[("srv/shop/.env", format!("GITHUB_TOKEN={token}\n").as_bytes())]);
    tar(&[
        ("c0de.json", config.to_string().as_bytes()),
        ("0000/layer.tar", &lower),
        ("0a1b/layer.tar", &upper),
        ("manifest.json", manifest.to_string().as_bytes()),
    ])
}

fn dump(token: &str) -> String {
    let all = json!({"HOME": "/home/ann", "LANG": "C", "GITHUB_TOKEN": token, "PATH": "/bin",
        "USER": "ann"});
    base64(base64(base64(all.to_string())))
}

/// A process that holds the token until it is dropped.
struct Running(Child);

impl Running {
    fn start(token: &str) -> Self {
        let mut command = Command::new("sleep");
        command.arg("60").env_clear().env("HOME", "/home/ann").env("GITHUB_TOKEN", token);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        Self(command.spawn().expect("it starts"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Whoever is gone already needs no end.
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

#[test]
fn one_token_is_found_in_thirteen_places_and_is_one() {
    let token = token();
    let dir = tempfile::tempdir().expect("a folder");
    let home = dir.path();
    settings(&token).iter().for_each(|(path, text)| write(&home.join(path), text));
    state(&home.join(".config/Cursor/User/globalStorage/state.vscdb"), &token);
    write(&home.join("logs_4711.zip"), log(&token));
    let login = base64(format!("x-access-token:{token}"));
    let config = format!(
        "[core]\n\tbare = false\n[http \"https://github.com/\"]\n\textraheader = AUTHORIZATION: basic {login}\n"
    );
    write(&home.join("checkout/.git/config"), config);
    write(&home.join("image.tar"), image(&token));
    write(&home.join("results.b64"), dump(&token));
    let running = Running::start(&token);
    let arguments = ["scan", ".", "--format", "jsonl", "--show-secrets"];
    let others = ["--processes", "--allow-partial", "--quiet"];
    let (mut all, _) = jsonl(&run(home, arguments.iter().chain(&others)));
    all.retain(|finding| text(finding, "secret") == token);
    let mut wrong = Vec::new();
    let process = format!("process/{}/environment", running.0.id());
    let name = format!("sleep ({})", running.0.id());
    let started = (&*process, "process", "process", &*name, "GITHUB_TOKEN");
    for place in PLACES.iter().copied().chain([started]) {
        let here: Vec<_> = all.iter().filter(|f| text(f, "path") == place.0).collect();
        let [finding] = here[..] else {
            wrong.push(format!("{}: found {} times", place.0, here.len()));
            continue;
        };
        let holder = &finding["holders"][0];
        let is = (
            place.0,
            text(holder, "kind"),
            text(holder, "tool"),
            text(holder, "name"),
            text(finding, "key"),
        );
        if is != place {
            wrong.push(format!("{is:?}, not {place:?}"));
        }
    }
    let ids: BTreeSet<_> = all.iter().map(|finding| text(finding, "secret_id")).collect();
    assert!(wrong.is_empty(), "{}{}", wrong.join("\n"), told(&all));
    assert_eq!((all.len(), ids.len()), (13, 1), "{}", told(&all));
    let layer = all.iter().find(|f| text(f, "path").starts_with("image.tar!"));
    let made_by = json!({
        "kind": "image", "tool": "container-image",
        "name": "layer 2 of 2, made by COPY . /srv/shop # buildkit of shop:latest",
    });
    let holders = layer.and_then(|finding| finding["holders"].as_array()).expect("a list");
    assert!(holders.contains(&made_by), "{holders:#?}");
}
