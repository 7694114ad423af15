//! Tokens whose issuers make them of a format, each in five places.

use super::credentials::Kind;
use super::forms::Form;
use super::plan::Row;

/// The first rows of the plan.
pub const ISSUED: [Row; 27] = [
    (
        Kind::Token("github-pat-classic"),
        [
            (Form::Plain, "repo-a/src/client.py"),
            (Form::Login, "home/.docker/config.json"),
            (Form::Token, "repo-a/scripts/issue.sh"),
            (Form::Base64(2), "repo-a/data/two.md"),
            (Form::Token, "repo-a/src/Client.kt"),
        ],
    ),
    (
        Kind::Token("github-pat-fine-grained"),
        [
            (Form::Plain, "repo-a@message"),
            (Form::Plain, "repo-b/ci/.netrc"),
            (Form::Basic, "repo-b/tools/basic.py"),
            (Form::Base64Url, "repo-a/data/url.txt"),
            (Form::UserInfo, "repo-b/scripts/clone.sh"),
        ],
    ),
    (
        Kind::Token("github-oauth"),
        [
            (Form::Plain, "repo-a/src/draft.py@stash"),
            (Form::UserInfo, "home/.git-credentials"),
            (Form::UserInfo, "actions-runner/_work/_temp/clone.sh"),
            (Form::Twice, "repo-a/data/twice.txt"),
            (Form::Percent, "logs.zip!/build/5_Callback.txt"),
        ],
    ),
    (
        Kind::Token("github-app-user"),
        [
            (Form::Plain, "repo-a/src/gone.py@deleted"),
            (Form::Base64(0), "repo-b/k8s/secret.yaml"),
            (Form::Percent, "repo-a/docs/callback.md"),
            (Form::Hex, "repo-a/data/dump.txt"),
            (
                Form::Unicode,
                "home/.claude/projects/-home-ann-shop/0f3c9a41-7d0e-4d3c-9a41-5f9c1a520b6f.jsonl",
            ),
        ],
    ),
    (
        Kind::Token("gitlab-pat"),
        [
            (Form::Plain, "repo-b/.env"),
            (Form::Bearer, "home/.gemini/settings.json"),
            (
                Form::Unicode,
                "home/.claude/projects/-home-ann-shop/1f3c9a41-7d0e-4d3c-9a41-5f9c1a520b6f.jsonl",
            ),
            (Form::Gzip, "repo-a/data/packed.txt"),
            (Form::Base64(0), "repo-b/data/zero.py"),
        ],
    ),
    (
        Kind::Token("gitlab-deploy"),
        [
            (Form::Plain, "repo-b/.github/workflows/release.yml"),
            (Form::Token, "image.tar!/0a1b/layer.tar!/srv/app/call.sh"),
            (Form::Slash, "repo-b/fixtures/remote.json"),
            (Form::Utf16, "actions-runner/_work/_temp/setup.ps1"),
            (Form::Base64(1), "image.tar!/0a1b/layer.tar!/srv/app/one.txt"),
        ],
    ),
    (
        Kind::Token("npm-token"),
        [
            (Form::Plain, "repo-b/terraform/main.tf"),
            (Form::Basic, "repo-a/scripts/basic.sh"),
            (Form::Base64(0), "logs.zip!/build/7_Zero.txt"),
            (Form::Entities, "repo-a/site/index.html"),
            (Form::Base64(2), "logs.zip!/build/6_Two.txt"),
        ],
    ),
    (
        Kind::Token("digitalocean-pat"),
        [
            (Form::Plain, "repo-b/compose.yaml"),
            (Form::UserInfo, "repo-b/src/remote.ts"),
            (Form::Base64(1), "repo-b/src/one.ts"),
            (Form::Printable, "repo-b/mail/reply.eml"),
            (Form::Base64Url, "home/.claude/CLAUDE.md"),
        ],
    ),
    (
        Kind::Token("slack-bot"),
        [
            (Form::Plain, "repo-b/notebooks/report.ipynb"),
            (Form::Percent, "repo-b/src/link.ts"),
            (Form::Base64(2), "repo-a/conf/two.ini"),
            (Form::Quoted, "repo-b/src/quoted.js"),
            (Form::Twice, "actions-runner/_work/_temp/twice.sh"),
        ],
    ),
    (
        Kind::Token("slack-app-level"),
        [
            (Form::Plain, "home/.cursor/mcp.json"),
            (Form::Unicode, "repo-a/fixtures/hook.json"),
            (Form::Base64Url, "repo-b/src/url.ts"),
            (Form::Base64(0), "repo-b/k8s/secret-test.yaml"),
            (Form::Hex, "actions-runner/_diag/pages/dump.log"),
        ],
    ),
    (
        Kind::Token("stripe-secret-key"),
        [
            (Form::Plain, "home/.config/Code/User/mcp.json"),
            (Form::Slash, "repo-a/fixtures/remote.json"),
            (Form::Twice, "logs.zip!/build/9_Twice.txt"),
            (Form::Bearer, "home/.config/Claude/claude_desktop_config.json"),
            (Form::Gzip, "image.tar!/0a1b/layer.tar!/srv/app/packed.txt"),
        ],
    ),
    (
        Kind::Token("anthropic-api-key"),
        [
            (Form::Plain, "home/.npmrc"),
            (Form::Base64(0), "repo-a/notes/zero.md"),
            (Form::Hex, "image.tar!/0a1b/layer.tar!/srv/app/dump.txt"),
            (Form::Token, "logs.zip!/1_deploy.txt"),
            (Form::Entities, "repo-b/site/page.html"),
        ],
    ),
    (
        Kind::Token("openai-project-key"),
        [
            (Form::Plain, "actions-runner/_work/_temp/_runner_file_commands/set_env_0f3c"),
            (Form::Base64(1), "actions-runner/_diag/pages/one.log"),
            (Form::Gzip, "actions-runner/_diag/pages/packed.log"),
            (Form::UserInfo, "repo-a/old/clone.sh@deleted"),
            (Form::Quoted, "actions-runner/_diag/pages/quoted.log"),
        ],
    ),
    (
        Kind::Token("huggingface-token"),
        [
            (Form::Plain, "actions-runner/.credentials"),
            (Form::Base64(2), "image.tar!/0a1b/layer.tar!/srv/app/two.py"),
            (Form::Utf16, "repo-a/windows/setup.ps1"),
            (Form::Percent, "actions-runner/_diag/pages/callback.log"),
            (Form::Bearer, "home/.codeium/windsurf/mcp_config.json"),
        ],
    ),
    (
        Kind::Token("sendgrid-key"),
        [
            (Form::Plain, "image.tar!/c0de.json"),
            (Form::Base64Url, "logs.zip!/build/8_Url.txt"),
            (Form::Entities, "repo-b/site/feed.xml"),
            (Form::Unicode, "actions-runner/_work/_temp/_github_workflow/event.json"),
            (Form::UserInfo, "home/.bash_history"),
        ],
    ),
    (
        Kind::Token("docker-hub-pat"),
        [
            (Form::Plain, "image.tar!/0a1b/layer.tar!/srv/app/.env"),
            (Form::Twice, "repo-a/conf/twice.toml"),
            (Form::Printable, "repo-a/mail/welcome.eml"),
            (Form::Base64(0), "repo-a/data/zero.txt"),
            (Form::Percent, "repo-a/old/callback.txt@deleted"),
        ],
    ),
    (
        Kind::Token("databricks-pat"),
        [
            (Form::Plain, "logs.zip!/0_build.txt"),
            (Form::Hex, "repo-b/src/dump.ts"),
            (Form::Quoted, "repo-a/src/quoted.rb"),
            (Form::Base64(1), "repo-b/data/one.yml"),
            (Form::Unicode, "repo-b/fixtures/reply.json"),
        ],
    ),
    (
        Kind::Token("linear-key"),
        [
            (Form::Plain, "process"),
            (Form::Gzip, "repo-a/old/packed.txt@deleted"),
            (Form::Base64(0), "repo-a/deploy/secret.yaml"),
            (Form::Base64(2), "repo-b/data/two.py"),
            (Form::Base64(0), "actions-runner/_work/_temp/zero.sh"),
        ],
    ),
    (
        Kind::Token("postman-key"),
        [
            (Form::Plain, "home/.zsh_history"),
            (Form::Utf16, "logs.zip!/build/10_Setup.txt"),
            (Form::Bearer, "home/.copilot/mcp-config.json"),
            (Form::Base64Url, "repo-b/data/url.py"),
            (Form::Base64(1), "repo-a/old/one.sh@deleted"),
        ],
    ),
    (
        Kind::Token("grafana-service-account"),
        [
            (Form::Plain, "repo-b/helm/values.yaml"),
            (Form::Entities, "repo-a/site/old.html@deleted"),
            (Form::Token, "repo-b/tools/api.py"),
            (Form::Twice, "repo-b/data/twice.yml"),
            (Form::Base64(2), "repo-b/data/two.tf"),
        ],
    ),
    (
        Kind::Token("pulumi-token"),
        [
            (Form::Plain, "repo-a/src/Main.java"),
            (Form::Printable, "repo-b/mail/forward.eml"),
            (Form::Basic, "actions-runner/_diag/pages/basic.log"),
            (Form::Hex, "repo-b/data/dump.py"),
            (Form::Bearer, "repo-a/scripts/call.sh"),
        ],
    ),
    (
        Kind::Token("notion-token"),
        [
            (Form::Plain, "repo-b/docker/Dockerfile"),
            (Form::Quoted, "repo-b/src/quoted.go"),
            (Form::UserInfo, "repo-a/docs/clone.md"),
            (Form::Gzip, "repo-b/data/packed.yml"),
            (Form::UserInfo, "image.tar!/0a1b/layer.tar!/srv/app/clone.sh"),
        ],
    ),
    (
        Kind::Token("airtable-pat"),
        [
            (Form::Plain, "actions-runner/_diag/Runner_20260102-030405-utc.log"),
            (Form::Login, "repo-b/ci/.docker/config.json"),
            (Form::Percent, "repo-b/tools/callback.py"),
            (Form::Utf16, "repo-b/windows/run.cmd"),
            (Form::Bearer, "repo-b/notebooks/calls.ipynb"),
        ],
    ),
    (
        Kind::Token("vault-service-token"),
        [
            (Form::Plain, "repo-b/src/app.ts"),
            (Form::Plain, "actions-runner/_work/_temp/_github_home/.netrc"),
            (Form::Unicode, "repo-a/fixtures/event.json"),
            (Form::Entities, "repo-b/config/settings.xml"),
            (Form::UserInfo, "logs.zip!/build/4_Clone.txt"),
        ],
    ),
    (
        Kind::Token("rubygems-key"),
        [
            (Form::Plain, "repo-a/conf/app.ini"),
            (Form::UserInfo, "actions-runner/_work/_temp/_github_home/.git-credentials"),
            (
                Form::Slash,
                "home/.codex/sessions/2026/01/02/rollout-2026-01-02T03-04-05-0f3c9a41-7d0e-4d3c-9a41-5f9c1a520b6f.jsonl",
            ),
            (Form::Printable, "repo-a/mail/old.eml@deleted"),
            (Form::Bearer, "logs.zip!/build/2_Call.txt"),
        ],
    ),
    (
        Kind::Token("doppler-token"),
        [
            (Form::Plain, "repo-a/conf/app.toml"),
            (Form::Base64(0), "repo-b/k8s/secret-stage.yaml"),
            (Form::Base64(0), "repo-a/old/zero.yml@deleted"),
            (Form::Quoted, "repo-a/conf/quoted.yml"),
            (Form::Bearer, "actions-runner/_diag/Worker_20260102-030405-utc.log"),
        ],
    ),
    (
        Kind::Token("k8s-service-account-jwt"),
        [
            (Form::Plain, "home/.config/gh/hosts.yml"),
            (Form::Bearer, "repo-a/.vscode/mcp.json"),
            (Form::Base64(1), "repo-a/data/one.txt"),
            (Form::Bearer, "home/.claude.json"),
            (Form::Plain, "actions-runner/_work/_temp/a1b2.sh"),
        ],
    ),
];
