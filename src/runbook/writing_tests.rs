//! What the written forms of a runbook tell.

use super::tests::{holder, of_one, record, text, trail};
use super::{CodeOwners, Hints, OwnerHint, json, runbook};
use crate::model::{Claim, Field, Kind, Zone};

#[test]
fn owners_come_from_claims_codeowners_and_commits() {
    let mut trail = trail(1, "npm-token", "npm", Kind::RegistryToken);
    trail.principal = vec![Claim::new(Field::Principal, "robot")];
    trail.holders = vec![holder(Zone::Repository, "dotenv", "shop/deploy/.env")];
    let owners = vec![
        OwnerHint::CodeOwners {
            source: String::new(),
            root: "shop/".to_owned(),
            rules: CodeOwners::parse("* @acme/all\n/deploy/ @acme/platform\n"),
        },
        OwnerHint::Committer {
            source: String::new(),
            path: "shop/deploy/.env".to_owned(),
            last: "Ada <ada@acme.example>".to_owned(),
            first: String::new(),
        },
    ];
    let hints = Hints { owners, ..Hints::default() };
    let text = text(&runbook(&record(vec![trail]), &hints));
    assert!(text.contains("- It acts as `robot`: ask that person"));
    assert!(text.contains("- Ask: `@acme/platform` (CODEOWNERS of `shop/deploy/.env`)"));
    assert!(text.contains("- Ask: `Ada <ada@acme.example>` (last commit to `shop/deploy/.env`)"));
    assert!(!text.contains("acme/all"));
}

#[test]
fn the_summary_counts_and_nothing_to_do_is_said() {
    let empty = text(&runbook(&record(Vec::new()), &Hints::default()));
    assert!(empty.contains("- 0 credentials in 0 holders\n- Nothing to revoke\n"), "{empty}");
    let mut many: Vec<_> =
        (1..=40).map(|n| trail(n, "npm-token", "npm", Kind::RegistryToken)).collect();
    for trail in &mut many {
        trail.holders = vec![holder(Zone::Developer, "npm", "~/.npmrc")];
    }
    let mut record = record(many);
    record.coverage.complete = false;
    let text = text(&runbook(&record, &Hints::default()));
    assert!(text.contains("- 40 credentials in 40 holders\n- Replace, then revoke: 40\n"));
    assert!(text.contains("**Not everything was read**"));
    assert!(text.contains("\n40. Credential 40 `red40…(40)` — rank 500\n"));
}

#[test]
fn json_tells_the_same() {
    let mut trail = trail(1, "npm-token", "npm", Kind::RegistryToken);
    trail.holders = vec![holder(Zone::Developer, "npm", "~/.npmrc")];
    let runbook = runbook(&record(vec![trail]), &Hints::default());
    let mut out = Vec::new();
    json(&runbook, &mut out).expect("memory takes it");
    let value: serde_json::Value = serde_json::from_slice(&out).expect("it is JSON");
    assert_eq!(value["schema"], "keytrail/runbook/v1");
    let card = &value["sections"][0]["groups"][0]["cards"][0];
    assert_eq!(card["state"], "live");
    assert_eq!(card["steps"][0]["kind"], "whose");
    assert_eq!(card["steps"][2]["kind"], "place");
    assert_eq!(card["steps"][2]["spots"][0]["path"], "~/.npmrc");
    assert_eq!(card["steps"][2]["spots"][0]["keys"][0], "TOKEN");
}

#[test]
fn unconfirmed_steps_are_worded_so() {
    let unknown = of_one(trail(1, "zuplo-key", "zuplo", Kind::ApiKey));
    assert!(unknown.contains("- [ ] Usually: At Provider: Settings > Tokens > Delete."));
    let known = of_one(trail(1, "npm-token", "npm", Kind::RegistryToken));
    assert!(known.contains("- [ ] List the tokens"));
}
