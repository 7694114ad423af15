//! Every rule that can tell whose a credential is tells it right: made-up credentials whose owner the test chose,
//! or reads off them by its own means, go through the whole program.

mod clouds;
mod jwts;
mod keys;
mod numbers;
mod samples;
mod seeds;
mod table;
mod tokens;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use keytrail::rules::{Catalogue, Rule};
use serde_json::Value;

use crate::support::{findings, run};
use table::EXPECTED;

/// A file with one credential, and what the program must say of whose it is: all of this and nothing else.
pub struct Case {
    text: Vec<u8>,
    told: Vec<(&'static str, String)>,
}

impl Case {
    /// A file and what is told of it.
    pub fn known(text: impl Into<Vec<u8>>, told: &[(&'static str, &str)]) -> Self {
        Self { text: text.into(), told: Vec::new() }.with(told)
    }

    /// The same, of which this is told as well.
    pub fn with(mut self, told: &[(&'static str, &str)]) -> Self {
        self.told.extend(told.iter().map(|(field, value)| (*field, (*value).to_owned())));
        self
    }

    /// What is wrong with `finding`'s principal.
    fn flaws(&self, finding: &Value) -> Vec<String> {
        let told: BTreeSet<_> = claims(finding).into_iter().collect();
        let known = self.told.iter().map(|(field, value)| ((*field).to_owned(), value.clone()));
        let known: BTreeSet<_> = known.collect();
        let wrong = told.difference(&known).map(|claim| format!("tells {claim:?}"));
        let missing = known.difference(&told).map(|claim| format!("doesn't tell {claim:?}"));
        wrong.chain(missing).collect()
    }
}

fn claims(finding: &Value) -> Vec<(String, String)> {
    let text = |claim: &Value, key: &str| claim[key].as_str().expect("a text").to_owned();
    let all = finding["principal"].as_array().into_iter().flatten();
    all.map(|claim| (text(claim, "field"), text(claim, "value"))).collect()
}

fn told_by(rule: &Rule) -> BTreeSet<String> {
    rule.identity.iter().map(|field| field.name().to_owned()).collect()
}

#[test]
fn every_rule_that_tells_of_an_owner_is_expected_to() {
    let catalogue = Catalogue::embedded();
    let telling = catalogue.rules().iter().filter(|rule| !rule.identity.is_empty());
    let telling: BTreeSet<_> = telling.map(|rule| rule.id.as_str()).collect();
    let expected: BTreeSet<_> = EXPECTED.iter().map(|(rule, _)| *rule).collect();
    let unproven: Vec<_> = telling.difference(&expected).collect();
    let unknown: Vec<_> = expected.difference(&telling).collect();
    assert!(unproven.is_empty(), "nothing is expected of {unproven:?}");
    assert!(unknown.is_empty(), "no rule tells of an owner as {unknown:?}");
    assert_eq!(expected.len(), EXPECTED.len(), "a rule stands there twice");
}

#[test]
fn every_credential_yields_its_principal() {
    let dir = tempfile::tempdir().expect("a folder");
    let catalogue = Catalogue::embedded();
    let mut planted = BTreeMap::new();
    for (rule, cases) in EXPECTED {
        let rule = catalogue.find(rule).expect("the other test says so");
        for (n, case) in cases(rule).into_iter().enumerate() {
            let path = format!("{}.{n}.txt", rule.id);
            fs::write(dir.path().join(&path), &case.text).expect("the folder is ours");
            planted.insert(path, (rule, case));
        }
    }
    let findings = findings(dir.path(), &[]);
    let mut flaws = BTreeMap::new();
    let mut seen: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (path, (rule, case)) in &planted {
        let ours = |f: &&Value| f["path"] == path.as_str() && f["rule"] == rule.id.as_str();
        let found: Vec<_> = findings.iter().filter(ours).collect();
        if found.is_empty() {
            flaws.insert(path.clone(), vec!["isn't found".to_owned()]);
        }
        for finding in found {
            let told = seen.entry(rule.id.as_str()).or_default();
            told.extend(claims(finding).into_iter().map(|(field, _)| field));
            flaws.entry(path.clone()).or_default().extend(case.flaws(finding));
        }
    }
    flaws.retain(|_, flaws| !flaws.is_empty());
    assert!(flaws.is_empty(), "{flaws:#?}");
    for (rule, _) in EXPECTED {
        let rule = catalogue.find(rule).expect("the other test says so");
        let told = seen.get(rule.id.as_str()).cloned().unwrap_or_default();
        assert_eq!(told, told_by(rule), "{}: what it tells, what it says it can", rule.id);
    }
}

/// The user of a tool's file is not whom a token names that the file holds.
#[test]
fn a_credentials_own_words_count_more_than_a_name_beside_it() {
    let dir = tempfile::tempdir().expect("a folder");
    let catalogue = Catalogue::embedded();
    let rule = catalogue.find("k8s-service-account-jwt").expect("a rule");
    let case = jwts::kubernetes(rule).remove(0);
    let token =
        String::from_utf8(case.text.clone()).expect("a line").replace("token:", "oauth_token:");
    let folder = dir.path().join("home/.config/gh");
    fs::create_dir_all(&folder).expect("the folder is ours");
    let hosts = format!("git.example.org:\n    user: ann\n    {token}");
    fs::write(folder.join("hosts.yml"), hosts).expect("the folder is ours");
    let findings = findings(dir.path(), &[]);
    let found = findings.iter().find(|finding| finding["rule"] == rule.id.as_str());
    let found = found.expect("it is found");
    assert_eq!(found["holders"][0]["tool"], "github-cli");
    assert_eq!(case.flaws(found), Vec::<String>::new());
}

#[test]
fn rules_tell_how_long_credentials_live() {
    let dir = tempfile::tempdir().expect("a folder");
    for (rule, life) in [
        ("aws-access-key", "endless"),
        ("github-app-installation", "short"),
        ("gitlab-pat", "set"),
        ("npm-token", "unknown"),
    ] {
        let output = run(dir.path(), ["rules", "show", rule]);
        let text = String::from_utf8_lossy(&output.stdout);
        let line = text.lines().find_map(|line| line.strip_prefix("lifetime"));
        assert_eq!(line.map(str::trim), Some(life), "{rule}");
    }
    let rule = r#"name = "Acme"
[[rule]]
id = "acme-key"
name = "Acme key"
kind = "api-key"
severity = "high"
grants = "Acts as its owner."
format = 'acme_[a-z0-9]{32}'
literals = ["acme_"]
lifetime = "long"
"#;
    fs::write(dir.path().join("acme.toml"), rule).expect("the folder is ours");
    let output = run(dir.path(), ["rules", "check", "."]);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("lifetime: `long` is none of endless, short, set"), "{error}");
}
