//! What continuous integration leaves behind: runners' folders, logs, checkouts, and a Jenkins home.

use std::io::{Cursor, Write};

use flate2::{Compression, write::GzEncoder};
use keytrail::rules::dice::Dice;
use serde_json::{Value, json};

use super::{folder, found, holder, one, random, scan, sealed, text, told};

const GUID: &str = "5f9c1a52-7d0e-4d3c-9a41-0b6f2e8c7d13";

fn base64(bytes: impl AsRef<[u8]>) -> String {
    base64_simd::STANDARD.encode_to_string(bytes)
}

/// `lines` as GitHub keeps a log: a mark of its encoding, and a time in front of each line.
fn github_log(lines: &[&str]) -> String {
    let lines = lines.iter().enumerate();
    let line = |(n, line)| format!("2026-01-02T03:04:{n:02}.1234567Z {line}\r\n");
    format!("\u{feff}{}", lines.map(line).collect::<String>())
}

fn zip(members: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in members {
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(*name, options).expect("memory");
        zip.write_all(text.as_bytes()).expect("memory");
    }
    zip.finish().expect("memory").into_inner()
}

#[test]
fn a_runners_registration_is_one_finding() {
    let mut dice = Dice::seeded(31);
    let mut number = |bytes| base64(dice.bytes(bytes));
    let key = json!({
        "d": number(256), "dp": number(128), "dq": number(128), "exponent": "AQAB",
        "inverseQ": number(128), "modulus": number(256), "p": number(128), "q": number(128),
    });
    let login = json!({"Scheme": "OAuth", "Data": {
        "ClientId": "3a1f0c52-9d0e-4d3c-9a41-0b6f2e8c7d77",
        "AuthorizationUrl": "https://vstoken.actions.example.org/_apis/oauth2/token",
        "RequireFipsCryptography": "True",
    }});
    let settings = json!({"AgentId": 7, "AgentName": "build-7", "PoolId": 1, "WorkFolder": "_work",
        "GitHubUrl": "https://github.com/example/shop"});
    let dir = folder(&[
        ("actions-runner/.credentials", login.to_string()),
        ("actions-runner/.credentials_rsaparams", key.to_string()),
        ("actions-runner/.runner", settings.to_string()),
        ("actions-runner/.env", "LANG=C.UTF-8\nJAVA_HOME=/usr/lib/jvm/21\n".to_owned()),
        ("actions-runner/.path", "/usr/local/bin:/usr/bin:/bin".to_owned()),
    ]);
    let findings = scan(dir.path(), &["."]);
    let [finding] = &findings[..] else { panic!("{}", told(&findings)) };
    assert_eq!(text(finding, "path"), "actions-runner/.credentials_rsaparams");
    assert_eq!(text(finding, "secret"), text(&key, "d"), "{}", told(&findings));
    assert_eq!(text(finding, "key"), "d");
    assert_eq!(holder(finding), ("ci", "github-actions-runner", ""));
}

#[test]
fn a_file_command_tells_the_variable_that_it_sets() {
    let path = format!("actions-runner/_work/_temp/_runner_file_commands/set_env_{GUID}");
    let token = sealed("gitlab-pat-routable");
    let row = one(&path, format!("LEVEL=debug\nDEPLOY_TOKEN={token}\n"));
    assert_eq!((text(&row, "key"), text(&row, "secret")), ("DEPLOY_TOKEN", &*token));
    assert_eq!(holder(&row), ("environment", "github-actions-runner", ""));
    let end = format!("ghadelimiter_{GUID}");
    for feed in ["\n", "\r\n"] {
        let lines =
            ["LEVEL=debug", &format!("NOTE<<{end}"), "A=1", &token, "a last line", &end, "B=2", ""];
        let block = one(&path, lines.join(feed));
        assert_eq!((text(&block, "key"), text(&block, "secret")), ("NOTE", &*token));
    }
    let cut_off = one(&path, format!("DEPLOY_TOKEN<<{end}\n{token}\n"));
    assert_eq!(text(&cut_off, "key"), "DEPLOY_TOKEN");
    let unknown = one(&path, format!("DEPLOY_TOKEN={}\nLEVEL=debug\n", random(1)));
    assert_eq!((text(&unknown, "key"), text(&unknown, "secret")), ("DEPLOY_TOKEN", &*random(1)));
}

#[test]
fn a_webhooks_payload_is_read() {
    let token = sealed("gitlab-pat-routable");
    let event = json!({
        "action": "deploy", "sender": {"login": "ann"}, "repository": {"full_name": "example/shop"},
        "client_payload": {"environment": "live", "token": token},
    });
    let path = "actions-runner/_work/_temp/_github_workflow/event.json";
    let finding = one(path, event.to_string());
    assert_eq!(text(&finding, "key"), "client_payload.token");
    assert_eq!(holder(&finding), ("ci", "github-actions-runner", ""));
    let event = json!({"client_payload": {"environment": "live", "deploy_token": random(2)}});
    let finding = one(path, event.to_string());
    assert_eq!(
        (text(&finding, "key"), text(&finding, "secret")),
        ("client_payload.deploy_token", &*random(2))
    );
}

/// What Git is told to send to a host.
fn header(scheme: &str, login: &str) -> String {
    format!("[http \"https://github.com/\"]\n\textraheader = AUTHORIZATION: {scheme} {login}\n")
}

#[test]
fn a_checkouts_login_is_found_in_all_its_places() {
    let key = "http.\"https://github.com/\".extraheader";
    let beside = format!("actions-runner/_work/_temp/git-credentials-{GUID}.config");
    let within = "[core]\n\tbare = false\n[remote \"origin\"]\n\turl = https://github.com/a/b\n";
    for (path, before, kind, tool) in [
        (&*beside, "", "ci", "github-actions-runner"),
        ("shop/.git/config", within, "store", "git"),
    ] {
        for (scheme, secret, rule) in [
            ("basic", sealed("github-app-installation"), "github-app-installation"),
            ("basic", random(3), "literal-in-secret-field"),
            ("bearer", random(4), "literal-in-secret-field"),
        ] {
            let login = match scheme {
                "basic" => base64(format!("x-access-token:{secret}")),
                _ => secret.clone(),
            };
            let finding = one(path, format!("{before}{}", header(scheme, &login)));
            assert_eq!(text(&finding, "secret"), secret, "{path}: {scheme}");
            assert_eq!((text(&finding, "rule"), text(&finding, "key")), (rule, key));
            assert_eq!(holder(&finding), (kind, tool, ""), "{path}: {scheme}");
        }
        let masked = format!("{before}{}", header("basic", "***"));
        assert_eq!(found(path, masked), Vec::<Value>::new());
    }
}

#[test]
fn a_log_archive_names_the_job_and_the_step() {
    let token = sealed("gitlab-pat-routable");
    let told = format!("signed in with {token}");
    let deploy = [
        "##[group]Run ./deploy.sh",
        "\u{1b}[36;1m./deploy.sh\u{1b}[0m",
        "shell: /usr/bin/bash -e {0}",
        "env:",
        "  REGISTRY_TOKEN: ***",
        "##[endgroup]",
        &told,
        "REGISTRY_PASSWORD=***",
    ];
    let before = ["##[group]Run actions/checkout@v4", "with:", "  token: ***", "##[endgroup]"];
    let all = github_log(&[&before[..], &deploy[..]].concat());
    let members = [
        ("0_build.txt", &*all),
        ("build/1_Run actions_checkout@v4.txt", &github_log(&before)),
        ("build/2_Run deploy.sh.txt", &github_log(&deploy)),
        ("build/system.txt", &github_log(&["Job is about to start running on the runner"])),
    ];
    let findings = found("logs_4711.zip", zip(&members));
    let paths: Vec<_> = findings.iter().map(|finding| text(finding, "path")).collect();
    assert_eq!(paths, ["logs_4711.zip!/0_build.txt", "logs_4711.zip!/build/2_Run deploy.sh.txt"]);
    for finding in &findings {
        assert_eq!(text(finding, "secret"), token);
        assert_eq!(holder(finding), ("ci", "github-actions", "build: Run ./deploy.sh"));
        assert_eq!(finding["secret_id"], findings[0]["secret_id"]);
    }
    assert_eq!((&findings[0]["line"], &findings[1]["line"]), (&json!(11), &json!(7)));
}

#[test]
fn a_key_over_many_lines_of_a_log_is_one() {
    let pem = sealed("pem-pkcs8");
    let lines: Vec<&str> = ["##[group]Run cat key.pem", "##[endgroup]"]
        .into_iter()
        .chain(pem.lines())
        .chain(["done"])
        .collect();
    let finding = one("logs_4711.zip", zip(&[("build/1_Run cat.txt", &github_log(&lines))]));
    assert_eq!(text(&finding, "rule"), "pem-pkcs8");
    assert_eq!(text(&finding, "secret").trim_end(), pem.trim_end());
    assert_eq!(holder(&finding), ("ci", "github-actions", "build: Run cat key.pem"));
    assert_eq!(finding["line"], 3);
}

#[test]
fn a_trace_is_joined_where_a_line_goes_on() {
    let token = sealed("gitlab-pat-routable");
    let (first, rest) = token.split_at(20);
    let lines = [
        "2026-01-02T03:04:05.000001Z 00O Running with gitlab-runner 18.2.0".to_owned(),
        "2026-01-02T03:04:05.000002Z 00O \u{1b}[0Ksection_start:1767323045:deploy_script\r\u{1b}[0K\
         Deploying"
            .to_owned(),
        "2026-01-02T03:04:05.000003Z 01O $ ./deploy.sh --token [MASKED]".to_owned(),
        format!("2026-01-02T03:04:05.000004Z 01O signing in with {first}"),
        "2026-01-02T03:04:05.000005Z 01E a warning".to_owned(),
        format!("2026-01-02T03:04:05.000006Z 01O+{rest}"),
        "2026-01-02T03:04:06.000001Z 00O section_end:1767323046:deploy_script\r\u{1b}[0K"
            .to_owned(),
    ];
    let finding = one("trace.log", lines.join("\n"));
    assert_eq!(text(&finding, "secret"), token);
    assert_eq!(holder(&finding), ("ci", "gitlab-ci", "deploy_script"));
    assert_eq!(finding["line"], 4);
}

#[test]
fn noise_of_consoles_does_not_hide_a_token() {
    let token = sealed("gitlab-pat-routable");
    let (first, rest) = token.split_at(12);
    let mut zip = GzEncoder::new(Vec::new(), Compression::default());
    zip.write_all(b"a note of the console").expect("memory");
    let note = format!("\u{1b}[8mha:{}\u{1b}[0m", base64(zip.finish().expect("memory")));
    let stamp = "\u{1b}_bk;t=1767323045123\u{7}";
    for (tool, log) in [
        (
            "jenkins",
            format!(
                "Started by user {note}ann\n[Pipeline] sh\n{note}+ ./deploy --token {first}{note}{rest}\n"
            ),
        ),
        (
            "buildkite",
            format!(
                "{stamp}~~~ Running commands\r\n{stamp}$ ./deploy \u{1b}[90m{first}\u{1b}[0m{rest}\r\n\
                 {stamp}TOKEN=[REDACTED]\r\n"
            ),
        ),
    ] {
        let finding = one("console.log", log);
        assert_eq!(text(&finding, "secret"), token, "{tool}");
        assert_eq!(holder(&finding), ("ci", tool, ""));
    }
}

#[test]
fn a_gitlab_runners_registration_is_read() {
    let (token, bearer, key) = (sealed("gitlab-runner-auth-routable"), random(5), random(6));
    let config = format!(
        "concurrent = 4\n\n[[runners]]\n  name = \"shared\"\n  url = \"https://gitlab.example.org/\"\n  \
         token = \"{token}\"\n  executor = \"kubernetes\"\n  environment = [\"LEVEL=debug\"]\n  \
         [runners.kubernetes]\n    bearer_token = \"{bearer}\"\n    image = \"alpine:3.22\"\n  \
         [runners.cache]\n    Type = \"s3\"\n    [runners.cache.s3]\n      BucketName = \"cache\"\n      \
         SecretKey = \"{key}\"\n"
    );
    let findings = found("etc/gitlab-runner/config.toml", config);
    let told: Vec<_> = findings.iter().map(|f| (text(f, "key"), text(f, "secret"))).collect();
    assert_eq!(
        told,
        [
            ("runners[0].token", &*token),
            ("runners[0].kubernetes.bearer_token", &bearer),
            ("runners[0].cache.s3.SecretKey", &key),
        ]
    );
    for finding in &findings {
        assert_eq!(holder(finding), ("ci", "gitlab-runner", ""));
    }
}

/// The files of a Jenkins home: the key of all, the key that it seals, and what that seals.
struct Jenkins {
    master: String,
    second: Vec<u8>,
    credentials: String,
}

impl Jenkins {
    fn new() -> Self {
        let mut dice = Dice::seeded(83);
        let master = String::from_utf8(dice.text(b"0123456789abcdef", 256)).expect("ASCII");
        let mut sealed = || {
            let head = [1, 0, 0, 0, 16, 0, 0, 0, 32];
            format!("{{{}}}", base64([&head[..], &dice.bytes(48)].concat()))
        };
        let credentials = format!(
            "<?xml version='1.1' encoding='UTF-8'?>\n<list>\n  <entry>\n    <id>shop</id>\n    \
             <username>ann</username>\n    <password>{}</password>\n  </entry>\n  <entry>\n    \
             <id>key</id>\n    <secret>{}</secret>\n  </entry>\n</list>\n",
            sealed(),
            sealed(),
        );
        Self { master, second: dice.bytes(272), credentials }
    }

    fn files(&self) -> [(&str, &[u8]); 3] {
        [
            ("jenkins/secrets/master.key", self.master.as_bytes()),
            ("jenkins/secrets/hudson.util.Secret", &self.second),
            ("jenkins/credentials.xml", self.credentials.as_bytes()),
        ]
    }
}

/// The finding of the key of all is that of a home which can be opened.
fn can_be_opened(findings: &[Value], path: &str) {
    let key: Vec<_> = findings.iter().filter(|f| text(f, "path") == path).collect();
    let [key] = key[..] else { panic!("{}", told(findings)) };
    assert_eq!(holder(key), ("ci", "jenkins", ""));
    assert_eq!((text(key, "severity"), text(key, "confidence")), ("critical", "high"));
    let reasons = key["reasons"].as_array().expect("a list");
    let why = "hudson.util.Secret lies beside it and 2 sealed values around it";
    assert!(reasons.iter().any(|reason| text(reason, "text").starts_with(why)), "{reasons:#?}");
    let others = findings.iter().filter(|f| text(f, "path") != path);
    let others: Vec<_> = others.map(|f| (text(f, "confidence"), text(f, "severity"))).collect();
    assert_eq!(others.len(), 2, "{}", told(findings));
    assert!(others.iter().all(|(sure, bad)| *sure == "low" && *bad != "critical"), "{others:?}");
}

#[test]
fn a_jenkins_home_that_can_be_opened_is_critical() {
    let home = Jenkins::new();
    let findings = scan(folder(&home.files()).path(), &["."]);
    can_be_opened(&findings, "jenkins/secrets/master.key");
}

#[test]
fn an_archive_of_a_jenkins_home_is_as_bad() {
    let home = Jenkins::new();
    let zip = GzEncoder::new(Vec::new(), Compression::default());
    let mut tar = tar::Builder::new(zip);
    for (name, bytes) in home.files() {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        tar.append_data(&mut header, name, bytes).expect("memory");
    }
    let archive = tar.into_inner().and_then(GzEncoder::finish).expect("memory");
    let findings = found("backup.tgz", archive);
    can_be_opened(&findings, "backup.tgz!/backup.tar!/jenkins/secrets/master.key");
}

#[test]
fn a_part_of_a_jenkins_home_opens_nothing() {
    let home = Jenkins::new();
    let files = home.files();
    for (without, count) in [(0, 2), (1, 3), (2, 1)] {
        let mut files = files.to_vec();
        files.remove(without);
        let findings = scan(folder(&files).path(), &["."]);
        assert_eq!(findings.len(), count, "{}", told(&findings));
        for finding in &findings {
            assert_ne!(text(finding, "severity"), "critical", "{finding:#}");
        }
    }
    let findings = scan(folder(&files[1..2]).path(), &["."]);
    assert_eq!(findings, Vec::<Value>::new());
}
