//! What somebody asked who followed a runbook with nothing but the paper.

use super::tests::{holder, of, of_one, record, text, trail};
use super::{Card, Hints, StepKind, runbook};
use crate::model::{
    Claim, Field, HolderKind, Kind, Lifetime, Plain, RuleId, Trail, TrailHolder, TrailKind, Zone,
};

pub(super) fn card(trail: Trail) -> Card {
    let runbook = runbook(&record(vec![trail]), &Hints::default());
    runbook.sections[0].groups[0].cards[0].clone()
}

pub(super) fn kinds(card: &Card) -> Vec<StepKind> {
    card.steps.iter().map(|step| step.kind).collect()
}

/// A file that belongs to no tool, with the rule that found it there.
pub(super) fn file(zone: Zone, path: &str, key: &str, rule: &str) -> TrailHolder {
    TrailHolder {
        kind: TrailKind::Plain(Plain::File),
        key: (!key.is_empty()).then(|| key.to_owned()),
        rule: RuleId::parse(rule),
        ..holder(zone, "", path)
    }
}

pub(super) fn with(trail: Trail, claims: &[(Field, &str)], holders: Vec<TrailHolder>) -> Trail {
    let principal = claims.iter().map(|(field, value)| Claim::new(*field, *value)).collect();
    Trail { principal, holders, ..trail }
}

fn github(rule: &str, claims: &[(Field, &str)], holders: Vec<TrailHolder>) -> Trail {
    with(trail(1, rule, "github", Kind::OauthToken), claims, holders)
}

#[test]
fn a_key_in_several_forms_gets_the_steps_of_each() {
    let store = TrailHolder {
        rule: RuleId::parse("pem-rsa"),
        ..of(HolderKind::Store, holder(Zone::Developer, "ssh", "home/.ssh/id_rsa"))
    };
    let holders = vec![
        file(Zone::Repository, "tls/server.key", "", "pem-pkcs8"),
        file(Zone::Repository, "keys/jwks.json", "keys[0].d", ""),
        store,
    ];
    let claims = [
        (Field::KeyId, "SHA256:O5tUFV2KBqGeKjKrLiOiwyYyxK0C1Bg1/ORzjAeya+k"),
        (Field::KeyId, "shop-1"),
        (Field::PublicKey, "spki sha256 1e26af49689e219c"),
        (Field::Principal, "ann@example.org"),
    ];
    let card = card(with(trail(1, "jwk-private", "jwk", Kind::PrivateKey), &claims, holders));
    let forms = |kind| {
        let steps = card.steps.iter().filter(|step| step.kind == kind);
        steps.map(|step| step.form.as_str()).collect::<Vec<_>>()
    };
    let all = ["as a key for SSH", "as the key of a certificate", "as a JSON Web Key"];
    for kind in [StepKind::Create, StepKind::Check, StepKind::Revoke, StepKind::After] {
        assert_eq!(forms(kind), all, "{kind:?}");
    }
    let words = |kind, n: usize| {
        let mut steps = card.steps.iter().filter(|step| step.kind == kind);
        steps.nth(n).map(|step| step.text.clone()).expect("the step is there")
    };
    assert!(words(StepKind::Create, 2).contains("before anything is signed with it"));
    assert!(words(StepKind::Revoke, 0).contains("SHA256:O5tUFV2KBqGeKjKrLiOiwyYyxK0C1Bg1/ORz"));
    assert!(words(StepKind::Revoke, 1).contains("1e26af49689e219c"));
    assert!(words(StepKind::Revoke, 2).contains("`kid` shop-1"));
    let place = card.steps.iter().find(|step| step.kind == StepKind::Place).expect("it is there");
    for (spot, form) in place.spots.iter().zip([all[1], all[2], all[0]]) {
        assert!(spot.how.starts_with(&format!("Here goes the one made {form}.")), "{}", spot.how);
    }
}

#[test]
fn a_key_of_one_form_is_told_as_one() {
    let store = TrailHolder {
        kind: TrailKind::Tool(HolderKind::Store),
        ..holder(Zone::Developer, "ssh", "home/.ssh/id_rsa")
    };
    let claims = [(Field::Principal, "ann@example.org")];
    let card =
        card(with(trail(1, "pem-rsa", "private-key", Kind::PrivateKey), &claims, vec![store]));
    assert!(card.steps.iter().all(|step| step.form.is_empty()));
    assert!(card.steps.iter().any(|step| step.text.contains("authorized_keys")));
}

#[test]
fn stores_come_after_identities_and_before_what_they_may_hold() {
    let mut key = trail(1, "stripe-secret-key", "stripe", Kind::ApiKey);
    let mut store = trail(2, "vault-service-token", "hashicorp", Kind::Session);
    let mut person = trail(3, "github-oauth", "github", Kind::OauthToken);
    for (trail, score) in [(&mut key, 700), (&mut store, 300), (&mut person, 700)] {
        trail.rank.score = score;
        trail.holders = vec![holder(Zone::Developer, "dotenv", ".env")];
    }
    let text = text(&runbook(&record(vec![key, store, person]), &Hints::default()));
    let order = ["\n### 1. Credential 3", "\n### 2. Credential 2", "\n### 3. Credential 1"];
    let places: Vec<_> = order.iter().map(|title| text.find(title)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?}");
    let later =
        "- It comes before the store at number 2: nothing new is put there before that is done.";
    assert_eq!(text.matches(later).count(), 1, "{text}");
    assert!(text.contains("- So it comes before keys that it may hold"));
    assert!(text.contains("one at a time: number 1 is the most urgent"));
}

#[test]
fn two_secrets_beside_one_key_id_are_told_apart() {
    let claims = [(Field::Tenant, "123456789012"), (Field::KeyId, "AKIAEXAMPLEKEYID")];
    let pair = |n| {
        let holders = vec![holder(Zone::Developer, "aws", "home/.aws/credentials")];
        with(trail(n, "aws-access-key", "aws", Kind::ServiceAccountKey), &claims, holders)
    };
    let text = text(&runbook(&record(vec![pair(1), pair(2)]), &Hints::default()));
    for line in [
        "`AKIAEXAMPLEKEYID` stands beside another value at number 2. An id has one secret key only",
        "`AKIAEXAMPLEKEYID` stands beside another value at number 1.",
        "AWS_ACCESS_KEY_ID=AKIAEXAMPLEKEYID aws sts get-caller-identity",
        "SignatureDoesNotMatch means",
        "A user has two at most",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

#[test]
fn a_service_account_of_kubernetes_is_named_in_its_commands() {
    let claims = [
        (Field::Tenant, "shop"),
        (Field::Principal, "system:serviceaccount:shop:deploy"),
        (Field::Principal, "ann"),
        (Field::KeyId, "Secret/deploy-token-x1"),
    ];
    let made = |lifetime| {
        let holders = vec![holder(Zone::Developer, "dotenv", ".env")];
        let trail = trail(1, "k8s-service-account-jwt", "kubernetes", Kind::Jwt);
        of_one(Trail { lifetime, ..with(trail, &claims, holders) })
    };
    let endless = made(Lifetime::Endless);
    for line in [
        "kubernetes.io/service-account.name: deploy",
        "kubectl delete secret deploy-token-x1 --namespace shop",
        "would fail with a token of an hour",
        "Don't delete the service account itself",
    ] {
        assert!(endless.contains(line), "{line}\n{endless}");
    }
    let bound = made(Lifetime::Expires("2999-01-01T00:00:00Z".to_owned()));
    assert!(bound.contains("kubectl create token deploy --namespace shop"), "{bound}");
    assert!(!bound.contains("kubectl delete secret"), "{bound}");
}

#[test]
fn instructions_and_cells_are_edited_and_outputs_cleaned() {
    let memory = |tool, path, key: Option<&str>| TrailHolder {
        key: key.map(str::to_owned),
        ..of(HolderKind::Memory, holder(Zone::Transcript, tool, path))
    };
    let holders = vec![
        memory("claude-code", "home/.claude/CLAUDE.md", None),
        memory("agents-md", "shop/AGENTS.md", None),
        memory("cursor", "shop/.cursorrules", None),
        memory("jupyter", "shop/a.ipynb", Some("cells[0].source[0]")),
        memory("jupyter", "shop/b.ipynb", Some("cells[0].outputs[0].text[0]")),
        memory("claude-code", "home/.claude/projects/x/s.jsonl", None),
    ];
    let trail = with(trail(1, "linear-key", "linear", Kind::ApiKey), &[], holders);
    let card = card(trail);
    let spots = |kind| {
        let step = card.steps.iter().find(|step| step.kind == kind).expect("the step is there");
        step.spots.iter().map(|spot| (&*spot.path, &*spot.how)).collect::<Vec<_>>()
    };
    let placed = spots(StepKind::Place);
    assert_eq!(placed.len(), 4, "{placed:?}");
    assert!(placed[..3].iter().all(|(_, how)| how.contains("not a transcript: edit the file")));
    assert!(placed[3].1.starts_with("Edit the cell"));
    let cleaned: Vec<_> = spots(StepKind::Clean).into_iter().map(|(path, _)| path).collect();
    assert_eq!(cleaned, ["shop/b.ipynb", "home/.claude/projects/x/s.jsonl"]);
}

#[test]
fn a_server_of_ones_own_is_named() {
    let env = || holder(Zone::Developer, "dotenv", ".env");
    let hosts = TrailHolder {
        key: Some("\"git.example.org\".oauth_token".to_owned()),
        ..of(HolderKind::Store, holder(Zone::Developer, "github-cli", "home/.config/gh/hosts.yml"))
    };
    let at = [(Field::Endpoint, "https://git.example.org/x")];
    for trail in [
        github("github-oauth", &[], vec![hosts]),
        github("github-oauth", &at, vec![env()]),
        github("github-pat-classic", &at, vec![env()]),
    ] {
        let text = of_one(trail);
        assert!(text.contains("https://git.example.org/api/v3/user"), "{text}");
        assert!(text.contains("--hostname git.example.org"), "{text}");
        assert!(!text.contains("api.github.com/user"), "{text}");
        assert!(text.contains("# only for one of github.com"), "{text}");
        assert!(text.contains("Go on only if it is one of yours"), "{text}");
    }
    let home = [(Field::Endpoint, "https://ghcr.io/v2")];
    let text = of_one(github("github-pat-classic", &home, vec![env()]));
    assert!(text.contains("https://api.github.com/user"), "{text}");
    assert!(!text.contains("one of yours"), "{text}");
    let trail = trail(1, "gitlab-pat", "gitlab", Kind::PersonalAccessToken);
    let text = of_one(with(trail, &[(Field::Endpoint, "gitlab.example.org")], vec![env()]));
    assert!(
        text.contains("https://gitlab.example.org/api/v4/personal_access_tokens/self"),
        "{text}"
    );
    assert!(text.contains("glab auth login --hostname gitlab.example.org"), "{text}");
}

/// On a server that can end all tokens of an app only, the new one would end with the old.
#[test]
fn what_ends_the_new_one_too_comes_before_it() {
    let env = || vec![holder(Zone::Developer, "dotenv", ".env")];
    let here = card(github("github-oauth", &[], env()));
    assert_eq!(
        kinds(&here)[1..5],
        [StepKind::Create, StepKind::Place, StepKind::Check, StepKind::Revoke]
    );
    let there = card(github("github-oauth", &[(Field::Endpoint, "git.example.org")], env()));
    assert_eq!(kinds(&there)[1..3], [StepKind::Revoke, StepKind::Create]);
    let bot = card(with(trail(1, "slack-bot", "slack", Kind::ApiKey), &[], env()));
    assert_eq!(kinds(&bot)[1..3], [StepKind::Revoke, StepKind::Create]);
}

#[test]
fn who_is_not_known_is_found_out_first() {
    let env = || vec![holder(Zone::Repository, "dotenv", "shop/.env")];
    let asked = card(github("github-pat-classic", &[], env()));
    let whose = &asked.steps[0];
    assert_eq!(whose.kind, StepKind::Whose);
    let command = &whose.pastes[0].content;
    assert!(command.contains("read -rs OLD") && command.contains("unset OLD"), "{command}");
    assert!(command.contains("printf 'header = ") && command.contains("--config -"), "{command}");
    let other = card(with(trail(1, "pulumi-token", "pulumi", Kind::ApiKey), &[], env()));
    assert!(other.steps[0].pastes[0].content.contains("git -C shop log --format="));
    let person = card(with(trail(1, "linear-key", "linear", Kind::ApiKey), &[], env()));
    assert!(person.steps[0].pastes[0].content.contains("viewer"), "Linear tells whose it is");
    let gitlab =
        card(with(trail(1, "gitlab-pat", "gitlab", Kind::PersonalAccessToken), &[], env()));
    assert!(gitlab.steps[0].look.contains("/api/v4/users/<number>"), "{}", gitlab.steps[0].look);
    assert!(gitlab.steps[0].pastes[0].content.contains("personal_access_tokens/self"));
    let listed = Kind::PersonalAccessToken;
    let other = card(with(trail(1, "some-new-rule", "nobody", listed), &[], env()));
    assert!(other.steps[0].text.contains("only its owner sees it in a list"));
    let hostile = with(
        trail(1, "pulumi-token", "pulumi", Kind::ApiKey),
        &[],
        vec![holder(Zone::Repository, "dotenv", "shop/$(reboot)/.env")],
    );
    assert!(card(hostile).steps[0].pastes.is_empty(), "such a name is in no command");
    let brought = Trail {
        brought_by: Some("Ada <ada@acme.example>".to_owned()),
        ..github("github-pat-classic", &[], env())
    };
    let text = of_one(brought);
    assert!(text.contains("- Ask: `Ada <ada@acme.example>` (wrote the commit that brought it)"));
    assert!(text.contains("#### 1. Find out whose it is"), "who wrote a commit may not own it");
    let known = card(github("github-pat-classic", &[(Field::Principal, "ann")], env()));
    assert_eq!(known.steps[0].kind, StepKind::Create);
}

#[test]
fn the_test_index_has_a_page_of_its_own() {
    let holders = vec![holder(Zone::Developer, "pypi", "home/.pypirc")];
    let made = |issuer| {
        let trail = trail(1, "pypi-token", "pypi", Kind::RegistryToken);
        of_one(with(trail, &[(Field::Issuer, issuer)], holders.clone()))
    };
    let test = made("test.pypi.org");
    assert!(test.contains("Where: https://test.pypi.org/manage/account/#api-tokens"), "{test}");
    assert!(!test.contains("Where: https://pypi.org"), "{test}");
    assert!(made("pypi.org").contains("Where: https://pypi.org/manage/account/#api-tokens"));
}

#[test]
fn what_was_left_behind_is_cleaned_and_nothing_is_placed_there() {
    let holders = vec![
        file(Zone::Developer, "shop/.git/COMMIT_EDITMSG", "", ""),
        file(Zone::Repository, "shop/mail/reply.eml", "", ""),
        file(Zone::Developer, "shop/.env.swp", "", ""),
    ];
    let made = card(with(trail(1, "npm-token", "npm", Kind::RegistryToken), &[], holders));
    let only = [StepKind::Whose, StepKind::Revoke, StepKind::After, StepKind::Clean];
    assert_eq!(kinds(&made), only);
    assert_eq!(made.steps[3].spots.len(), 3);
    assert!(made.recipes.is_empty() && made.instead.is_empty());
}

#[test]
fn one_place_is_listed_once() {
    let key = |key| file(Zone::Repository, "keys/jwks.json", key, "");
    let image = |kind, tool| of(kind, holder(Zone::Image, tool, "image.tar!/srv/app.env"));
    let holders = vec![
        key("keys[0].d"),
        key("keys[0].qi"),
        image(HolderKind::Environment, "dotenv"),
        image(HolderKind::Image, "container-image"),
    ];
    let made = card(with(trail(1, "jwk-private", "jwk", Kind::PrivateKey), &[], holders));
    let spots = |kind| {
        let step = made.steps.iter().find(|step| step.kind == kind).expect("the step is there");
        step.spots.clone()
    };
    let place = spots(StepKind::Place);
    assert_eq!(place.len(), 2);
    assert_eq!(place[0].keys, ["keys[0].d", "keys[0].qi"]);
    let clean = spots(StepKind::Clean);
    assert_eq!(clean.len(), 1);
    assert_eq!(clean[0].holder, "environment of dotenv, container image of container-image");
}

#[test]
fn a_page_that_visitors_load_is_said_to_be_public() {
    let holders = vec![file(Zone::Repository, "shop/site/index.html", "", "")];
    let text = of_one(with(trail(1, "npm-token", "npm", Kind::RegistryToken), &[], holders));
    assert!(text.contains("- `shop/site/index.html`: visitors load this"), "{text}");
    assert!(text.contains("What visitors load cannot hold a secret"), "{text}");
}

#[test]
fn servers_of_clients_are_written_as_the_client_reads_them() {
    let server = |tool, key: &str| TrailHolder {
        key: Some(key.to_owned()),
        ..of(HolderKind::McpServer, holder(Zone::Developer, tool, "mcp.json"))
    };
    let made = |holder| {
        of_one(with(trail(1, "airtable-pat", "airtable", Kind::ApiKey), &[], vec![holder]))
    };
    let code = made(server("vscode", "servers.x.headers.Authorization"));
    assert!(code.contains("\"servers\": {") && !code.contains("mcpServers"), "{code}");
    assert!(code.contains("${input:<id>}"), "{code}");
    let desktop = made(server("claude-desktop", "mcpServers.x.headers.Authorization"));
    assert!(desktop.contains("npx mcp-remote <the server's URL>"), "{desktop}");
}

#[test]
fn a_manifest_of_a_secret_names_its_field() {
    let holders = vec![file(Zone::Repository, "deploy/secret.yaml", "data.token", "")];
    let text = of_one(with(trail(1, "linear-key", "linear", Kind::ApiKey), &[], holders));
    assert!(text.contains("its field `token` holds the value"), "{text}");
    assert!(text.contains("{\"stringData\":{\"token\":\"%s\"}}"), "{text}");
    assert!(text.contains("last-applied-configuration-"), "{text}");
    let key = vec![file(Zone::Repository, "deploy/secret.yaml", "data.key", "")];
    let text = of_one(with(trail(1, "pem-rsa", "private-key", Kind::PrivateKey), &[], key));
    assert!(text.contains("jq -Rs '{stringData:{\"key\":.}}'"), "{text}");
    assert!(!text.contains("read -rs NEW"), "lines of a key would be commands: {text}");
}

#[test]
fn a_password_of_a_database_gets_the_steps_of_a_login() {
    let holders = vec![of(HolderKind::Store, holder(Zone::Developer, "postgresql", "~/.pgpass"))];
    let trail = trail(1, "literal-in-secret-field", "field", Kind::ApiKey);
    let text = of_one(with(trail, &[], holders));
    assert!(text.contains("Make a second login for the application"), "{text}");
    assert!(!text.contains("MySQL"), "{text}");
}

#[test]
fn a_tracked_login_is_deleted_from_the_repository() {
    for tool in ["netrc", "docker", "pip"] {
        let holders = vec![of(HolderKind::Store, holder(Zone::Repository, tool, "shop/ci/login"))];
        let text = of_one(with(trail(1, "npm-token", "npm", Kind::RegistryToken), &[], holders));
        assert!(text.contains("git rm <file>") && !text.contains("docker logout"), "{text}");
    }
}

#[test]
fn an_object_without_a_path_is_named_as_git_names_it() {
    let id = "c8986ba1fa7ae70dbc64a6ea76bd9607d4d0d63f";
    let past = TrailHolder {
        past: true,
        kind: TrailKind::Plain(Plain::Commit),
        ..file(Zone::Repository, &format!("shop/.git/objects/c8/{}", &id[2..]), "", "")
    };
    let text = of_one(with(trail(1, "npm-token", "npm", Kind::RegistryToken), &[], vec![past]));
    assert!(text.contains(&format!("`history, Git object {id} (usually")), "{text}");
}
