//! What readers stumbled over who did each step of a runbook in its order.

use super::tests::{holder, of, of_one, record, text, trail};
use super::walk_tests::{card, file, kinds, with};
use super::{Card, Hints, Spot, StepKind, runbook};
use crate::model::{
    Field, HolderKind, Kind, Lifetime, Plain, RuleId, Trail, TrailHolder, TrailKind, Zone,
};
use crate::report::Unread;

/// All steps, the owner being unknown.
const ALL: [StepKind; 7] = [
    StepKind::Whose,
    StepKind::Create,
    StepKind::Place,
    StepKind::Check,
    StepKind::Revoke,
    StepKind::After,
    StepKind::Clean,
];

fn env() -> Vec<TrailHolder> {
    vec![holder(Zone::Developer, "dotenv", ".env")]
}

fn npm(holders: Vec<TrailHolder>) -> Trail {
    with(trail(1, "npm-token", "npm", Kind::RegistryToken), &[], holders)
}

fn layer() -> TrailHolder {
    of(HolderKind::Image, holder(Zone::Image, "container-image", "image.tar!/layer.tar!/srv/app"))
}

fn past(path: &str) -> TrailHolder {
    let plain = file(Zone::Repository, path, "", "");
    TrailHolder { past: true, kind: TrailKind::Plain(Plain::Commit), ..plain }
}

fn spots(card: &Card, kind: StepKind) -> &[Spot] {
    let step = card.steps.iter().find(|step| step.kind == kind);
    &step.expect("the step is there").spots
}

#[test]
fn an_image_is_built_again_before_the_old_one_ends() {
    let made = card(npm(vec![layer()]));
    assert_eq!(kinds(&made), ALL);
    assert_eq!(made.breaks.len(), 1);
    let place = &spots(&made, StepKind::Place)[0];
    assert!(place.how.starts_with("Look whether a container of it runs"), "{}", place.how);
    assert!(spots(&made, StepKind::Clean)[0].how.starts_with("Delete the old tags"));
    let lifetime = Lifetime::Expired("2020-01-01T00:00:00Z".to_owned());
    let ended = card(Trail { lifetime, ..npm(vec![layer()]) });
    let clean = &spots(&ended, StepKind::Clean)[0];
    assert!(clean.how.starts_with("Build it again without the value. Delete"), "{}", clean.how);
}

#[test]
fn the_secrets_of_ci_get_the_new_one_too() {
    let path = "actions-runner/_work/_temp/clone.sh";
    let job = of(HolderKind::Ci, holder(Zone::Ci, "github-actions-runner", path));
    let made = card(npm(vec![job.clone()]));
    assert_eq!(kinds(&made), ALL);
    assert_eq!(made.breaks, ["secrets of the CI system, if it holds it"]);
    let text = of_one(npm([env(), vec![job]].concat()));
    assert!(text.contains("into these 2 places"), "{text}");
    let tick = format!("  - [ ] `secrets of the CI system`: A job had the old one: `{path}`. If");
    assert!(text.contains(&tick), "{text}");
}

/// A token of another server is refused as well.
#[test]
fn only_a_refusal_everywhere_is_an_end() {
    for rule in ["github-pat-classic", "github-oauth"] {
        let made = card(with(trail(1, rule, "github", Kind::OauthToken), &[], env()));
        let command = &made.steps[0].pastes[0].content;
        assert!(command.contains("-w '\\n%{http_code}\\n'"), "{command}");
        assert!(command.contains("|^[0-9]{3}$'"), "{command}");
        assert!(made.steps[0].text.contains("401 at every server of this maker"), "{rule}");
    }
}

#[test]
fn what_a_later_step_needs_is_asked_of_a_known_owner_too() {
    let vault = trail(1, "vault-service-token", "hashicorp", Kind::Session);
    let made = card(with(vault, &[(Field::Principal, "ann")], env()));
    assert_eq!(made.steps[0].kind, StepKind::Whose);
    assert!(made.steps[0].pastes[0].content.contains("accessor"));
}

#[test]
fn a_person_s_token_comes_after_stores_and_no_maker_is_guessed() {
    let mut pat = trail(1, "huggingface-user", "huggingface", Kind::PersonalAccessToken);
    pat.rank.score = 800;
    let mut notion = trail(2, "notion-token", "notion", Kind::ServiceAccountKey);
    notion.rank.score = 100;
    let store = trail(3, "vault-service-token", "hashicorp", Kind::Session);
    let text = text(&runbook(&record(vec![pat, notion, store]), &Hints::default()));
    assert!(text.contains("\n### 1. Credential 3"), "{text}");
    assert!(!text.contains("make others"), "{text}");
}

#[test]
fn a_new_key_is_made_for_the_uses_that_have_a_place() {
    let claims = [(Field::PublicKey, "jwk sha256 gYb7Li-845a30b8u")];
    let made = |left| {
        let jwk = TrailHolder { rule: RuleId::parse("jwk-private"), ..left };
        let holders = vec![file(Zone::Repository, "keys/deploy", "", "openssh-key"), jwk];
        card(with(trail(1, "openssh-key", "private-key", Kind::PrivateKey), &claims, holders))
    };
    let forms = |made: &Card| {
        let of = |kind| made.steps.iter().filter(|step| step.kind == kind).count();
        [StepKind::Create, StepKind::Check, StepKind::Revoke].map(of)
    };
    assert_eq!(forms(&made(past("shop/old/k.json"))), [1, 1, 2]);
    // What a job left behind tells that it has the key from somewhere.
    let job = of(HolderKind::Ci, holder(Zone::Ci, "github-actions-runner", "r/_work/_temp/k.json"));
    let made = made(job);
    assert_eq!(forms(&made), [2, 2, 2]);
    let ci = |step: &super::Step| {
        step.spots
            .iter()
            .any(|spot| spot.how.starts_with("Here goes the one made as a JSON Web Key. A job"))
    };
    assert!(made.steps.iter().any(ci), "{:?}", made.steps);
    let told = |step: &super::Step| step.text.contains("(its thumbprint is gYb7Li-845a30b8u)");
    assert!(made.steps.iter().any(told));
}

#[test]
fn a_file_that_is_gone_is_asked_of_the_whole_history() {
    let pulumi = |holders| with(trail(1, "pulumi-token", "pulumi", Kind::ApiKey), &[], holders);
    let command = |holders| card(pulumi(holders)).steps[0].pastes[0].content.clone();
    let gone = command(vec![past("shop/old/clone.sh")]);
    assert!(gone.contains("git -C shop log --all --format="), "{gone}");
    assert!(gone.ends_with("-- old/clone.sh"), "{gone}");
    let there =
        command(vec![past("shop/old/a.sh"), file(Zone::Repository, "shop/new/b.sh", "", "")]);
    assert!(there.contains("git -C shop/new log --format="), "{there}");
}

#[test]
fn a_new_scan_still_lists_histories() {
    let look = |holders| {
        let steps = card(npm(holders)).steps;
        steps.last().expect("the last one cleans").look.clone()
    };
    assert!(look(vec![past("shop/a.sh")]).contains("or only as part of a history"));
    assert!(look(vec![file(Zone::Developer, "a.eml", "", "")]).contains("none of these places"));
}

#[test]
fn the_head_names_what_was_not_read_and_counts_what_only_ends() {
    let mut told =
        record(vec![npm(vec![past("shop/a.sh")]), Trail { holders: env(), ..npm(env()) }]);
    told.trails[1].secret_id = trail(2, "npm-token", "npm", Kind::ApiKey).secret_id;
    told.coverage.complete = false;
    let issue = |n: usize| Unread { path: Some(format!("p/{n}")), message: "denied `x`".into() };
    told.coverage.issues = (0..9).map(issue).collect();
    let text = text(&runbook(&told, &Hints::default()));
    assert!(text.contains("- Replace, then revoke: 2, 1 of them only revoked\n"), "{text}");
    assert!(text.contains("not read, or not wholly: `p/0` (denied `x`), `p/1`"), "{text}");
    assert!(text.contains("`p/4`") && !text.contains("`p/5`"), "{text}");
}

#[test]
fn a_tool_s_own_login_is_for_its_maker_s_tokens() {
    let hosts = || {
        let path = "home/.config/gh/hosts.yml";
        vec![of(HolderKind::Store, holder(Zone::Developer, "github-cli", path))]
    };
    let jwt = trail(1, "k8s-service-account-jwt", "kubernetes", Kind::Jwt);
    assert!(!of_one(with(jwt, &[], hosts())).contains("gh auth login"));
    let own = trail(1, "github-oauth", "github", Kind::OauthToken);
    assert!(of_one(with(own, &[], hosts())).contains("`gh auth logout --hostname github.com`"));
}

#[test]
fn projects_hosts_and_files_are_named() {
    let scopes = [(Field::Scope, "projects shop"), (Field::Scope, "live")];
    let pypi = with(trail(1, "pypi-token", "pypi", Kind::RegistryToken), &scopes, vec![layer()]);
    let told = of_one(pypi);
    assert!(told.contains("- It is of: `shop` (limited to the project)"), "{told}");
    assert!(told.contains("the maintainers, whom the pages of its projects name"), "{told}");
    let unknown = trail(2, "some-new-rule", "nobody", Kind::ApiKey);
    let built = of_one(with(unknown, &[], vec![layer()]));
    assert!(built.contains("Ask who builds the image below;"), "{built}");
    assert!(!told.contains("`live`"), "{told}");
    let netrc = TrailHolder {
        key: Some("\"git.example.org\".password".to_owned()),
        ..of(HolderKind::Store, holder(Zone::Developer, "netrc", "home/.netrc"))
    };
    let plain = file(Zone::Developer, "shop/run.sh", "", "");
    let literal = trail(1, "literal-in-secret-field", "field", Kind::ApiKey);
    let told = of_one(with(literal, &[], vec![netrc, plain]));
    assert!(told.contains("- It is of: `git.example.org` (used at)"), "{told}");
    assert!(told.contains("  For ") && told.contains("`shop/run.sh`."), "{told}");
}
