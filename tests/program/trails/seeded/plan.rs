//! Forty credentials, each in five places: what stands where, and in what form.

use super::credentials::Kind;
use super::forms::Form;
use super::issued::ISSUED;

/// A credential and its places.
pub type Row = (Kind, [(Form, &'static str); 5]);

/// Paths are those that holders have. `@deleted` marks a file that only the history has, `@stash` one that only
/// a stash has, `@message` the message of a commit; `process` is the environment of a process.
pub const PLAN: [Row; 40] = {
    let mut all = [ISSUED[0]; 40];
    let mut n = 0;
    while n < all.len() {
        all[n] = if n < ISSUED.len() { ISSUED[n] } else { OTHERS[n - ISSUED.len()] };
        n += 1;
    }
    all
};

/// Credentials that have several forms of their own, or none that tells what they are.
const OTHERS: [Row; 13] = [
    (
        Kind::Macaroon,
        [
            (Form::Plain, "home/.pypirc"),
            (Form::As("attenuated"), "repo-a/release/publish.sh"),
            (Form::As("narrow"), "actions-runner/_work/_temp/publish.sh"),
            (Form::Base64(0), "repo-b/release/token.txt"),
            (Form::UserInfo, "repo-b/release/pip.conf"),
        ],
    ),
    (
        Kind::AwsPair,
        [
            (Form::As("pair"), "home/.aws/credentials"),
            (Form::Plain, "repo-b/terraform/prod.tf"),
            (Form::Slash, "repo-a/config/aws.json"),
            (Form::Percent, "repo-a/docs/signed.txt"),
            (Form::As("variables"), "image.tar!/0a1b/layer.tar!/srv/app/aws.env"),
        ],
    ),
    (
        Kind::ServiceAccount,
        [
            (Form::As("json"), "repo-b/gcp/key.json"),
            (Form::Plain, "repo-a/deploy/gcp.pem"),
            (Form::As("json"), "repo-a/old/gcp.json@deleted"),
            (Form::OneLine, "repo-b/gcp/gcp.env"),
            (Form::As("packed"), "actions-runner/_work/_temp/gcp.sh"),
        ],
    ),
    (
        Kind::Rsa,
        [
            (Form::Plain, "home/.ssh/id_rsa"),
            (Form::As("pkcs8"), "repo-a/tls/server.key"),
            (Form::As("openssh"), "repo-b/keys/deploy_rsa"),
            (Form::As("jwk"), "repo-b/keys/jwks.json"),
            (Form::Base64(0), "image.tar!/0a1b/layer.tar!/srv/app/rsa.txt"),
        ],
    ),
    (
        Kind::Ec,
        [
            (Form::Plain, "repo-a/tls/ec.pem"),
            (Form::As("pkcs8"), "repo-b/keys/ec.key"),
            (Form::As("openssh"), "home/.ssh/id_ecdsa"),
            (Form::As("jwk"), "actions-runner/_work/_temp/_github_home/ec.json"),
            (Form::Crlf, "repo-b/keys/ec-dos.pem"),
        ],
    ),
    (
        Kind::Ed25519,
        [
            (Form::As("openssh"), "home/.ssh/id_ed25519"),
            (Form::Plain, "repo-b/keys/ed.pem"),
            (Form::As("jwk"), "repo-a/fixtures/ed.json"),
            (
                Form::As("openssh"),
                "home/.claude/projects/-home-ann-shop/2f3c9a41-7d0e-4d3c-9a41-5f9c1a520b6f.jsonl",
            ),
            (Form::Base64(0), "repo-b/k8s/secret-ssh.yaml"),
        ],
    ),
    (
        Kind::Pem,
        [
            (Form::Plain, "repo-a/tls/site.pem"),
            (Form::Crlf, "repo-b/tls/site.pem"),
            (Form::OneLine, "repo-b/tls/site.env"),
            (Form::Rewrapped, "image.tar!/0a1b/layer.tar!/etc/site.pem"),
            (Form::Base64(0), "logs.zip!/build/11_Tls.txt"),
        ],
    ),
    (
        Kind::Hexadecimal,
        [
            (Form::Plain, "home/.gemini/antigravity/mcp_config.json"),
            (Form::As("upper"), "repo-b/services/pay/.env"),
            (Form::Plain, "repo-a/src/pay.py"),
            (Form::As("upper"), "repo-b/services/pay/notes.md"),
            (Form::Base64(1), "logs.zip!/build/12_Pay.txt"),
        ],
    ),
    (
        Kind::Uuid,
        [
            (Form::Plain, "repo-b/services/mail/.env"),
            (Form::As("upper"), "repo-a/services/mail/.env"),
            (Form::Plain, "repo-a/src/mail.ts"),
            (Form::As("upper"), "actions-runner/_diag/pages/mail.log"),
            (Form::Quoted, "repo-b/docs/mail.md"),
        ],
    ),
    (
        Kind::Database,
        [
            (Form::As("url"), "repo-a/compose.yaml"),
            (Form::As("pairs"), "repo-b/config/database.ini"),
            (Form::As("pgpass"), "home/.pgpass"),
            (Form::Plain, "repo-a/docs/restore.md"),
            (Form::As("url"), "logs.zip!/build/13_Migrate.txt"),
        ],
    ),
    (
        Kind::Password,
        [
            (Form::Plain, "home/.kiro/settings/mcp.json"),
            (Form::Plain, "repo-a/src/search.py"),
            (Form::Plain, "repo-b/notebooks/search.ipynb"),
            (Form::Plain, "logs.zip!/build/14_Search.txt"),
            (Form::Base64(2), "actions-runner/_diag/pages/search.log"),
        ],
    ),
    (
        Kind::Password,
        [
            (Form::Plain, "home/.lmstudio/mcp.json"),
            (Form::Percent, "repo-a/docs/search.md"),
            (Form::Entities, "repo-b/config/search.xml"),
            (Form::Unicode, "repo-b/fixtures/search.json"),
            (Form::Hex, "image.tar!/0a1b/layer.tar!/srv/app/search.txt"),
        ],
    ),
    (
        Kind::Password,
        [
            (Form::Plain, "home/.netrc"),
            (Form::UserInfo, "repo-b/scripts/mirror.sh"),
            (Form::Basic, "repo-a/scripts/mirror.sh"),
            (Form::Plain, "repo-a/src/mirror.go"),
            (Form::Gzip, "actions-runner/_work/_temp/mirror.sh"),
        ],
    ),
];

/// The tools that hold what lies at some of the paths.
pub const TOOLS: [(&str, &str); 26] = [
    ("home/.aws/credentials", "aws"),
    ("home/.claude.json", "claude-code"),
    (
        "home/.claude/projects/-home-ann-shop/0f3c9a41-7d0e-4d3c-9a41-5f9c1a520b6f.jsonl",
        "claude-code",
    ),
    ("home/.codeium/windsurf/mcp_config.json", "windsurf"),
    ("home/.config/Claude/claude_desktop_config.json", "claude-desktop"),
    ("home/.config/Code/User/mcp.json", "vscode"),
    ("home/.config/gh/hosts.yml", "github-cli"),
    ("home/.copilot/mcp-config.json", "copilot-cli"),
    ("home/.cursor/mcp.json", "cursor"),
    ("home/.docker/config.json", "docker"),
    ("home/.gemini/settings.json", "gemini-cli"),
    ("home/.git-credentials", "git"),
    ("home/.kiro/settings/mcp.json", "kiro"),
    ("home/.netrc", "netrc"),
    ("home/.npmrc", "npm"),
    ("home/.pgpass", "postgresql"),
    ("home/.pypirc", "pypi"),
    ("home/.ssh/id_ed25519", "ssh"),
    ("actions-runner/.credentials", "github-actions-runner"),
    ("actions-runner/_work/_temp/_github_workflow/event.json", "github-actions-runner"),
    ("actions-runner/_work/_temp/_runner_file_commands/set_env_0f3c", "github-actions-runner"),
    ("logs.zip!/0_build.txt", "github-actions"),
    ("repo-b/.env", "dotenv"),
    ("repo-b/k8s/secret.yaml", "kubernetes"),
    ("image.tar!/c0de.json", "container-image"),
    ("process", "process"),
];
