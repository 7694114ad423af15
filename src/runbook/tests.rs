//! What a person who follows a runbook relies on.

use std::collections::BTreeMap;

use super::{Hints, Runbook, State, StepKind, markdown, runbook};
use crate::model::{
    Basis, Claim, Confidence, Field, HolderKind, KeyNote, Kind, Lifetime, Owner, Plain, Rank,
    RankPart, RuleId, SecretId, Severity, Trail, TrailHolder, TrailKind, Zone,
};
use crate::report::{Advice, Read, Record, RuleInfo};

pub(super) fn trail(n: u8, rule: &str, provider: &str, kind: Kind) -> Trail {
    Trail {
        secret_id: SecretId::from_bytes([n; 16]),
        comparable: Basis::Anywhere,
        rule: RuleId::parse(rule).expect("a rule's id"),
        name: format!("Credential {n}"),
        provider: provider.to_owned(),
        kind,
        redacted: format!("red{n}…(40)"),
        severity: Severity::High,
        confidence: Confidence::High,
        principal: Vec::new(),
        lifetime: Lifetime::Unknown,
        holders: Vec::new(),
        zones: Vec::new(),
        reuse: Vec::new(),
        rank: Rank {
            score: 500,
            parts: vec![RankPart {
                name: "power".into(),
                percent: 75,
                text: "high severity".into(),
            }],
        },
        proofs: Vec::new(),
        siblings: Vec::new(),
        frameworks: Vec::new(),
        c3id: None,
        findings: Vec::new(),
        first_seen: None,
        brought_by: None,
        last_seen: None,
    }
}

pub(super) fn holder(zone: Zone, tool: &str, path: &str) -> TrailHolder {
    TrailHolder {
        zone,
        kind: TrailKind::Tool(HolderKind::Environment),
        tool: tool.to_owned(),
        tool_name: tool.to_owned(),
        name: None,
        scope: None,
        role: None,
        source: String::new(),
        path: path.to_owned(),
        key: Some("TOKEN".to_owned()),
        line: 3,
        rule: None,
        past: false,
        by_reference: false,
        findings: 1,
    }
}

pub(super) fn info(trail: &Trail) -> RuleInfo {
    RuleInfo {
        id: trail.rule.clone(),
        name: trail.name.clone(),
        provider: trail.provider.clone(),
        provider_name: "Provider".to_owned(),
        kind: trail.kind,
        severity: trail.severity,
        grants: "Opens the door.".to_owned(),
        life: crate::model::Life::Unknown,
        revoke: Advice {
            text: "Settings > Tokens > Delete.".to_owned(),
            url: "https://provider.example/tokens".to_owned(),
            source: "usual practice, not confirmed".to_owned(),
        },
        replace: Advice { text: "A short-lived identity.".to_owned(), ..Advice::default() },
    }
}

pub(super) fn of(kind: HolderKind, holder: TrailHolder) -> TrailHolder {
    TrailHolder { kind: TrailKind::Tool(kind), ..holder }
}

pub(super) fn record(trails: Vec<Trail>) -> Record {
    let rules: BTreeMap<_, _> =
        trails.iter().map(|trail| (trail.rule.clone(), info(trail))).collect();
    Record {
        schema: "keytrail/report/v1".to_owned(),
        key: KeyNote::default(),
        source: "here".to_owned(),
        sources: Vec::new(),
        trails,
        principals: Vec::new(),
        policies: Vec::new(),
        frameworks: Vec::new(),
        rules,
        coverage: Read { complete: true, issues: Vec::new() },
    }
}

pub(super) fn text(runbook: &Runbook) -> String {
    let mut out = Vec::new();
    markdown(runbook, &mut out).expect("memory takes it");
    String::from_utf8(out).expect("it is text")
}

/// The Markdown for one credential.
pub(super) fn of_one(trail: Trail) -> String {
    text(&runbook(&record(vec![trail]), &Hints::default()))
}

fn numbers(runbook: &Runbook) -> Vec<(State, u8)> {
    let cards =
        runbook.sections.iter().flat_map(|part| &part.groups).flat_map(|group| &group.cards);
    cards.map(|card| (card.state, card.secret_id.as_bytes()[0])).collect()
}

#[test]
fn an_aws_key_in_actions_gets_its_commands_and_openid_connect() {
    let mut trail = trail(1, "aws-access-key", "aws", Kind::ServiceAccountKey);
    trail.principal = vec![
        Claim::new(Field::Tenant, "123456789012"),
        Claim::new(Field::KeyId, "AKIAEXAMPLEKEYID"),
    ];
    trail.first_seen = Some("2024-05-06T07:08:09Z".to_owned());
    trail.holders = vec![of(
        HolderKind::Ci,
        holder(Zone::Ci, "github-actions", ".github/workflows/deploy.yml"),
    )];
    let text = of_one(trail);
    for line in [
        "aws iam update-access-key --user-name <user> --access-key-id AKIAEXAMPLEKEYID --status Inactive",
        "--start-time 2024-05-06T07:08:09Z",
        "Begin with `2024-05-06T07:08:09Z`",
        "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com",
        "id-token: write",
        "- [ ] `CI of github-actions` in `.github/workflows/deploy.yml`, key `TOKEN`, line 3: Put it into a secret",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    let order = [
        "Make the new one",
        "Place the new one",
        "Check that it",
        "Revoke the old",
        "Look for use",
    ];
    let places: Vec<_> = order.iter().map(|title| text.find(&format!(". {title}"))).collect();
    assert!(places.is_sorted() && places.iter().all(Option::is_some), "{places:?}");
}

#[test]
fn each_pair_of_credential_and_holder_gets_its_own_replacement() {
    use HolderKind::{Application, Ci, Environment, McpServer, Process, Shell, Store};
    for (rule, provider, kind, zone, tool, id) in [
        ("aws-access-key", "aws", Ci, Zone::Ci, "gitlab-ci", "aws-gitlab-ci"),
        ("aws-access-key", "aws", Application, Zone::Runtime, "kubernetes", "aws-eks"),
        ("aws-access-key", "aws", McpServer, Zone::Developer, "cursor", "aws-person"),
        ("gcp-service-account-key", "gcp", Ci, Zone::Ci, "github-actions", "gcp-github-actions"),
        ("gcp-service-account-key", "gcp", Store, Zone::Developer, "gcloud", "gcp-person"),
        ("entra-client-secret", "azure", Ci, Zone::Ci, "github-actions", "entra-github-actions"),
        ("azure-storage-key", "azure", Process, Zone::Runtime, "", "azure-managed-identity"),
        ("github-pat-classic", "github", McpServer, Zone::Developer, "cursor", "github-mcp-cursor"),
        (
            "github-pat-classic",
            "github",
            McpServer,
            Zone::Repository,
            "vscode",
            "github-mcp-vscode",
        ),
        ("github-pat-classic", "github", Ci, Zone::Ci, "github-actions", "github-token-in-actions"),
        ("github-pat-classic", "github", Shell, Zone::Developer, "zsh", "github-person"),
        ("gitlab-pat", "gitlab", Ci, Zone::Ci, "gitlab-ci", "gitlab-job-token"),
        ("npm-token", "npm", Ci, Zone::Ci, "github-actions", "npm-trusted-publishing"),
        (
            "vault-service-token",
            "hashicorp",
            Application,
            Zone::Runtime,
            "kubernetes",
            "vault-kubernetes",
        ),
        ("notion-token", "notion", McpServer, Zone::Developer, "claude-desktop", "mcp-maker"),
        (
            "literal-in-secret-field",
            "field",
            McpServer,
            Zone::Developer,
            "claude-code",
            "mcp-claude-code",
        ),
        ("supabase-db-url", "supabase", Environment, Zone::Repository, "dotenv", "secrets-manager"),
        ("telegram-bot", "telegram", Environment, Zone::Developer, "dotenv", "keychain"),
    ] {
        let mut trail = trail(1, rule, provider, Kind::ApiKey);
        trail.holders = vec![of(kind, holder(zone, tool, "place"))];
        let runbook = runbook(&record(vec![trail]), &Hints::default());
        let card = &runbook.sections[0].groups[0].cards[0];
        let ids: Vec<_> = card.recipes.iter().map(|recipe| recipe.id.as_str()).collect();
        assert_eq!(ids, [id], "{rule} in {tool}");
        assert!(card.steps.iter().all(|step| !step.text.is_empty()), "{rule}");
    }
}

#[test]
fn states_come_in_the_order_of_work() {
    let mut expired = trail(1, "npm-token", "npm", Kind::RegistryToken);
    expired.lifetime = Lifetime::Expired("2020-01-01T00:00:00Z".to_owned());
    expired.rank.score = 900;
    expired.holders = vec![holder(Zone::Developer, "npm", "~/.npmrc")];
    let mut doubtful = trail(2, "npm-token", "npm", Kind::RegistryToken);
    doubtful.confidence = Confidence::Low;
    let mut public = trail(3, "newrelic-browser-key", "newrelic", Kind::ApiKey);
    public.severity = Severity::Info;
    let live = trail(4, "npm-token", "npm", Kind::RegistryToken);
    let mut used = trail(5, "npm-token", "npm", Kind::RegistryToken);
    used.rank.score = 1;
    for trail in [&mut doubtful, &mut used] {
        trail.principal = vec![Claim::new(Field::Principal, "robot")];
        trail.holders = vec![holder(Zone::Developer, "npm", "~/.npmrc")];
    }
    let mut hints = Hints::default();
    hints.used.insert(used.secret_id);
    let runbook = runbook(&record(vec![expired, doubtful, public, live, used]), &hints);
    let order = [
        (State::AtOnce, 5),
        (State::Live, 4),
        (State::Doubtful, 2),
        (State::Expired, 1),
        (State::Public, 3),
    ];
    assert_eq!(numbers(&runbook), order);
    let kinds = |n: usize| {
        let steps = &runbook.sections[n].groups[0].cards[0].steps;
        steps.iter().map(|step| step.kind).collect::<Vec<_>>()
    };
    assert_eq!(kinds(0)[..2], [StepKind::Revoke, StepKind::Create]);
    assert_eq!(kinds(2)[..2], [StepKind::Look, StepKind::Create]);
    assert_eq!(kinds(3), [StepKind::Look, StepKind::Clean], "an expired one is only removed");
    assert_eq!(kinds(4), [StepKind::Look]);
    assert!(text(&runbook).contains("It ended at `2020-01-01T00:00:00Z` by itself"));
}

#[test]
fn makers_come_before_what_they_make_and_others_by_rank() {
    let mut key = trail(1, "openai-project-key", "openai", Kind::ApiKey);
    key.rank.score = 700;
    let mut admin = trail(2, "openai-admin-key", "openai", Kind::ApiKey);
    admin.rank.score = 200;
    let mut stripe = trail(3, "stripe-secret-key", "stripe", Kind::ApiKey);
    stripe.rank.score = 800;
    let mut elsewhere = trail(4, "openai-admin-key", "openai", Kind::ApiKey);
    elsewhere.rank.score = 100;
    for (trail, tenant) in [(&mut key, "org-a"), (&mut admin, "org-a"), (&mut elsewhere, "org-b")] {
        trail.principal = vec![Claim::new(Field::Tenant, tenant)];
    }
    let record = record(vec![key, elsewhere, admin, stripe]);
    let made = runbook(&record, &Hints::default());
    let order: Vec<_> = numbers(&made).into_iter().map(|(_, n)| n).collect();
    assert_eq!(order, [3, 2, 1, 4]);
    let mut turned = record;
    turned.trails.reverse();
    assert_eq!(runbook(&turned, &Hints::default()), made, "the report's order does not matter");
}

#[test]
fn credentials_of_one_identity_stand_together() {
    let trails: Vec<_> = (1..=3)
        .map(|n| trail(n, "gcp-service-account-key", "gcp", Kind::ServiceAccountKey))
        .collect();
    let mut record = record(trails);
    record.trails[1].rank.score = 600;
    record.principals = vec![Owner {
        name: "gcp: deploy@acme.example".to_owned(),
        trails: vec![record.trails[0].secret_id, record.trails[2].secret_id],
        holders: 2,
    }];
    let runbook = runbook(&record, &Hints::default());
    let groups = &runbook.sections[0].groups;
    assert_eq!(groups.len(), 2);
    assert_eq!(groups[0].cards[0].secret_id, record.trails[1].secret_id);
    assert_eq!(groups[1].principal.as_deref(), Some("gcp: deploy@acme.example"));
    assert_eq!(groups[1].cards.len(), 2);
    assert!(text(&runbook).contains("act as one identity, `gcp: deploy@acme.example`"));
}

#[test]
fn what_only_keeps_the_value_is_cleaned_and_never_written_to() {
    let mut trail = trail(1, "github-pat-classic", "github", Kind::PersonalAccessToken);
    let session = holder(Zone::Transcript, "claude-code", "~/.claude/projects/x/s.jsonl");
    let past = TrailHolder { past: true, ..holder(Zone::Repository, "dotenv", "old/.env") };
    let commit = TrailHolder {
        kind: TrailKind::Plain(Plain::Commit),
        ..holder(Zone::Repository, "", "config.py")
    };
    trail.holders = vec![
        of(HolderKind::Memory, session),
        past,
        commit,
        of(HolderKind::Shell, holder(Zone::Developer, "bash", "~/.bash_history")),
    ];
    let made = runbook(&record(vec![trail]), &Hints::default());
    let card = &made.sections[0].groups[0].cards[0];
    assert!(card.breaks.is_empty());
    let kinds: Vec<_> = card.steps.iter().map(|step| step.kind).collect();
    let only = [StepKind::Whose, StepKind::Revoke, StepKind::After, StepKind::Clean];
    assert_eq!(kinds, only, "nothing works with it, so there is nothing to make");
    let clean: Vec<_> = card.steps[3].spots.iter().map(|spot| spot.how.as_str()).collect();
    for (how, begins) in clean.iter().zip([
        "End the session",
        "Leave it until the old one is revoked",
        "Leave it until the old one is revoked",
        "Close other shells first",
    ]) {
        assert!(how.starts_with(begins), "{how}");
    }
    assert_eq!(clean.len(), 4);
    assert!(text(&made).contains("What breaks: nothing that this report knows of"));
}

#[test]
fn holders_that_stop_working_are_named() {
    let mut trail = trail(1, "openai-project-key", "openai", Kind::ApiKey);
    let server = TrailHolder {
        name: Some("search".to_owned()),
        ..holder(Zone::Developer, "cursor", "~/.cursor/mcp.json")
    };
    trail.holders = vec![
        of(HolderKind::McpServer, server),
        of(HolderKind::Process, holder(Zone::Runtime, "", "process/41/environ")),
        TrailHolder { by_reference: true, ..holder(Zone::Developer, "dotenv", "other/.env") },
    ];
    let text = of_one(trail);
    for line in [
        "before the new one is placed: 3 holders, listed under “Place the new one”",
        "  - [ ] `MCP server search of cursor` in `~/.cursor/mcp.json`",
        "Put the new one into these 3 places",
        "`${env:VAR}`",
        "restart it with the new value",
        "by reference, so nothing is written here",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}
