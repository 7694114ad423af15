//! The configurations of many clients, each in its own dialect: `testdata/home` holds one literal a file,
//! beside references and stand-ins.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use keytrail::rules::dice::Dice;
use serde_json::Value;

use super::{scan, text};

/// A literal of `testdata/home`: the word in its place, and who must be found to hold it under which key.
struct Planted {
    /// What stands between `LITERAL-` and `-HERE`.
    word: &'static str,
    tool: &'static str,
    /// The server that is given it; none if the tool's own settings hold it.
    server: Option<&'static str>,
    key: &'static str,
}

/// A literal that is given to a server, and whose word is the tool's own.
const fn of(tool: &'static str, server: &'static str, key: &'static str) -> Planted {
    Planted { word: tool, tool, server: Some(server), key }
}

const ALL: [Planted; 44] = [
    Planted { word: "aider", tool: "aider", server: None, key: "api-key.openrouter" },
    of("amazon-q", "atlassian", "mcpServers.atlassian.args[4]"),
    of("amp", "warehouse", "\"amp.mcpServers\".warehouse.args[2]"),
    of("antigravity", "render", "mcpServers.render.headers.Authorization"),
    of("augment", "redis", "mcpServers.redis.env.REDIS_PWD"),
    of(
        "claude-code",
        "sentry",
        "projects./home/ann/shop.mcpServers.sentry.env.SENTRY_ACCESS_TOKEN",
    ),
    Planted {
        word: "claude-code-permissions",
        tool: "claude-code",
        server: None,
        key: "permissions.allow[1]",
    },
    of("claude-desktop", "github", "mcpServers.github.args.GITHUB_PERSONAL_ACCESS_TOKEN"),
    Planted {
        word: "claude-desktop-store",
        tool: "claude-desktop",
        server: Some("weather"),
        key: "mcpServers.weather.args[5]",
    },
    of("cline", "tavily", "mcpServers.tavily.transport.headers.X-Api-Key"),
    of("codex", "figma", "mcp_servers.figma.http_headers.Authorization"),
    of("continue", "airtable", "mcpServers[1].env.AIRTABLE_API_KEY"),
    of("copilot-cli", "context7", "mcpServers.context7.args[2]"),
    of("crush", "salesforce", "mcp.salesforce.oauth_client_secret"),
    of("cursor", "figma", "mcpServers.figma.headers.Authorization"),
    of("factory-droid", "axiom", "mcpServers.axiom.headers.x-axiom-key"),
    of("gemini-cli", "github", "mcpServers.github.headers.Authorization"),
    of("github-copilot", "github", "servers.github.requestInit.headers.Authorization"),
    of("goose", "twilio", "extensions.twilio.envs.TWILIO_AUTH_SECRET"),
    of("grok-cli", "posthog", "mcp_servers.posthog.env.POSTHOG_AUTH_HEADER"),
    of("hermes", "browserless", "mcp_servers.browserless.args[3]"),
    of(
        "jetbrains-ai-assistant",
        "youtrack",
        "application.component.commands.McpServerCommand.envs.YOUTRACK_TOKEN",
    ),
    of("junie", "sonarqube", "mcpServers.sonarqube.args.SONARQUBE_URL"),
    of("kilo-code", "gitlab", "mcp.gitlab.command[4]"),
    of("kiro", "power-postman-postman", "powers.mcpServers.power-postman-postman.args[5]"),
    of("librechat", "hubspot", "mcpServers.hubspot.oauth.client_secret"),
    of("lm-studio", "workflows", "mcpServers.workflows.url"),
    of("mcporter", "firecrawl", "mcpServers.firecrawl.baseUrl"),
    of("mimo-code", "minio", "mcp.minio.command[4]"),
    of("minimax", "speech", "mcpServers.speech.args[2]"),
    of("mistral-vibe", "odoo", "mcp_servers[1].env.ODOO_PASSWORD"),
    of("nanobot", "wolfram", "tools.mcpServers.wolfram.args[4]"),
    of("openclaw", "homeassistant", "mcp.servers.homeassistant.env.HOMEASSISTANT_TOKEN"),
    of("opencode", "confluence", "mcp.confluence.environment.CONFLUENCE_API_TOKEN"),
    of("qwen-code", "reports", "mcpServers.reports.httpUrl"),
    of("roo-code", "datadog", "mcpServers.datadog.env.DD_SERVICE_SECRET"),
    of("sema4ai-studio", "sharepoint", "mcpServers.sharepoint.headers.X-Api-Key"),
    of("trae", "reporting", "mcpServers.reporting.env.REPORTING_URL"),
    of("vscode", "search", "servers.search.url"),
    Planted {
        word: "vscode-settings",
        tool: "vscode",
        server: Some("azure"),
        key: "\"mcp.servers\".azure.env.AZURE_CLIENT_SECRET",
    },
    of("warp", "Asana", "Asana.env.ASANA_ACCESS_TOKEN"),
    of("windsurf", "deploy", "mcpServers.deploy.serverUrl"),
    of("witsy", "obsidian", "mcpServers.obsidian.args[1]"),
    of(
        "zed",
        "mcp-server-brave-search",
        "context_servers.mcp-server-brave-search.settings.brave_api_key",
    ),
];

const LETTERS: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// A copy of `testdata/home` with made-up values in place of the words.
struct Home {
    dir: tempfile::TempDir,
    /// Of each word, the file that it stood in and the value that stands there now.
    literals: BTreeMap<String, (PathBuf, String)>,
}

impl Home {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let mut home = Self { dir, literals: BTreeMap::new() };
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/home");
        home.copy(&from, Path::new(""));
        home
    }

    fn copy(&mut self, from: &Path, below: &Path) {
        fs::create_dir_all(self.dir.path().join(below)).expect("ours");
        for entry in fs::read_dir(from.join(below)).expect("the folder is there") {
            let entry = entry.expect("it can be read");
            let path = below.join(entry.file_name());
            if entry.file_type().expect("it has one").is_dir() {
                self.copy(from, &path);
            } else {
                self.fill(&entry.path(), path);
            }
        }
    }

    fn fill(&mut self, from: &Path, to: PathBuf) {
        let text = fs::read_to_string(from).expect("it is UTF-8");
        let literal = text.split_once("LITERAL-").and_then(|(_, rest)| rest.split_once("-HERE"));
        let (word, rest) = literal.unwrap_or_else(|| panic!("{} holds no literal", to.display()));
        assert!(!rest.contains("LITERAL-"), "{} holds two literals", to.display());
        let mut dice = Dice::seeded(71 + self.literals.len() as u64);
        let value = String::from_utf8(dice.text(LETTERS, 32)).expect("ASCII");
        let filled = text.replace(&format!("LITERAL-{word}-HERE"), &value);
        fs::write(self.dir.path().join(&to), filled).expect("ours");
        let before = self.literals.insert(word.to_owned(), (to, value));
        assert!(before.is_none(), "{word} stands in two files");
    }
}

/// What is wrong with `findings`, which should be the literals of `home` and nothing else.
fn wrong(home: &Home, findings: &[Value]) -> Vec<String> {
    let mut wrong = Vec::new();
    for planted in &ALL {
        let (path, value) = &home.literals[planted.word];
        let found: Vec<_> = findings.iter().filter(|f| text(f, "secret") == value).collect();
        let [finding] = found[..] else {
            wrong.push(format!("{}: found {} times", planted.word, found.len()));
            continue;
        };
        let holder = &finding["holders"][0];
        let kind = if planted.server.is_some() { "mcp-server" } else { "agent" };
        let at = text(finding, "path").replace('\\', "/");
        for (what, is, should) in [
            ("tool", text(holder, "tool"), planted.tool),
            ("kind", text(holder, "kind"), kind),
            ("name", text(holder, "name"), planted.server.unwrap_or_default()),
            ("key", text(finding, "key"), planted.key),
        ] {
            if is != should {
                wrong.push(format!("{}: {what} is {is:?}, not {should:?}", planted.word));
            }
        }
        let should = path.to_string_lossy().replace('\\', "/");
        if !at.ends_with(&should) {
            wrong.push(format!("{}: path is {at}, not {should}", planted.word));
        }
        if !stands_there(&home.dir.path().join(path), finding, value) {
            wrong.push(format!("{}: it stands elsewhere than said", planted.word));
        }
    }
    let values: BTreeSet<_> = home.literals.values().map(|(_, value)| value.as_str()).collect();
    for finding in findings.iter().filter(|finding| !values.contains(text(finding, "secret"))) {
        let (rule, path, key) =
            (text(finding, "rule"), text(finding, "path"), text(finding, "key"));
        wrong.push(format!("too much: {rule} {path} {key}: {}", text(finding, "secret")));
    }
    wrong
}

/// Whether the stretch that a finding names holds the value.
fn stands_there(path: &Path, finding: &Value, value: &str) -> bool {
    let file = fs::read_to_string(path).expect("ours");
    let number = |field: &str| finding[field].as_u64().and_then(|n| usize::try_from(n).ok());
    let (Some(start), Some(length)) = (number("offset"), number("length")) else { return false };
    file.get(start..start + length).is_some_and(|stretch| stretch.contains(value))
}

#[test]
fn every_clients_literal_is_found_in_a_home_and_nothing_else() {
    let home = Home::new();
    let findings = scan(home.dir.path(), &["--home", "."]);
    let wrong = wrong(&home, &findings);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let scopes: BTreeSet<_> = findings.iter().map(|f| text(&f["holders"][0], "scope")).collect();
    assert_eq!(scopes, BTreeSet::from(["user"]));
}

#[test]
fn the_same_literals_are_found_in_a_folder() {
    let home = Home::new();
    let wrong = wrong(&home, &scan(home.dir.path(), &["."]));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_data_as_it_is_kept_holds_nothing() {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/home");
    assert_eq!(scan(&from, &["--home", "."]), Vec::<Value>::new());
}

#[test]
fn every_file_of_the_data_is_asked_for() {
    let words: BTreeSet<_> = ALL.iter().map(|planted| planted.word.to_owned()).collect();
    assert_eq!(Home::new().literals.into_keys().collect::<BTreeSet<_>>(), words);
}
