//! Every rule finds its own made-up credentials, through the whole program: a file on disk to JSONL.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use keytrail::model::Confidence;
use keytrail::rules::dice::Dice;
use keytrail::rules::{Catalogue, Rule, checks, sample};
use serde_json::Value;

use crate::support::findings;

/// How many samples each rule gets in each surrounding.
const SAMPLES: u64 = 25;

/// Surroundings for a value under a name: `{n}` and `{t}` are replaced.
const SURROUNDINGS: [(&str, &str); 12] = [
    ("env", "{n}={t}\n"),
    ("crlf", "{n}={t}\r\n"),
    ("shell", "export {n}='{t}' # note\n"),
    ("quotes", "    {n} = \"{t}\";\n"),
    ("json", "{\"a\": 1, \"{n}\": \"{t}\", \"b\": [2]}\n"),
    ("yaml", "  {n}: {t}\n"),
    ("xml", "<add key=\"{n}\" value=\"{t}\"/>\n"),
    ("log", "2026-01-01T00:00:00Z INFO req{id=7} {n}={t} status=200\n"),
    ("minified", "var a=1,c={{n}:\"{t}\"};function b(){return a}\n"),
    ("colour", "\x1b[1m{n}\x1b[0m=\x1b[32m{t}\x1b[0m\n"),
    ("escaped", "\"{\\\"{n}\\\":\\\"{t}\\\"}\\n\"\n"),
    ("long line", "                                {n}={t},                               \n"),
];

/// Rules whose check proves some of their forms, but not those that samples take: keys without a public
/// half or behind a passphrase, and a form of which no checksum is known.
const HOLD_NOTHING_TO_PROVE: [&str; 4] =
    ["azure-eventgrid-key-older", "pem-dsa", "pem-ec", "pem-pkcs8-encrypted"];

/// A sample in a file, and where it stands.
struct Planted {
    rule: String,
    path: String,
    first_line: u64,
    last_line: u64,
}

fn plant(rule: &Rule, name: &str, template: &str, dir: &std::path::Path, all: &mut Vec<Planted>) {
    let mut dice = Dice::seeded(name.len() as u64 * 7919 + rule.id.as_str().len() as u64);
    let mut text: Vec<u8> = Vec::new();
    let path = format!("{}.{}.txt", rule.id, name.replace(' ', "-"));
    for _ in 0..SAMPLES {
        let sample = sample::sealed(rule, &mut dice);
        let key = match &rule.context {
            Some(context) => dice.pick(&context.words).to_string(),
            None => "the_value".to_owned(),
        };
        let first_line = 1 + text.iter().filter(|&&b| b == b'\n').count() as u64;
        if !sample.beside.is_empty() {
            text.extend_from_slice(&sample.beside);
            text.push(b'\n');
        }
        let (before, after) = template.split_once("{t}").expect("a template has a place");
        text.extend_from_slice(before.replace("{n}", &key).as_bytes());
        text.extend_from_slice(&sample.token);
        text.extend_from_slice(after.replace("{n}", &key).as_bytes());
        let last_line = text.iter().filter(|&&b| b == b'\n').count() as u64;
        all.push(Planted { rule: rule.id.to_string(), path: path.clone(), first_line, last_line });
        // Keep one sample's names out of reach of the next one's value.
        text.extend_from_slice(&[b'\n'; 12]);
        text.extend_from_slice(&[b'.', b' '].repeat(300));
        text.extend_from_slice(&[b'\n'; 12]);
    }
    fs::write(dir.join(path), text).expect("the folder is ours");
}

fn by_path(findings: &[Value]) -> BTreeMap<&str, Vec<&Value>> {
    let mut by_path: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    for finding in findings {
        by_path.entry(finding["path"].as_str().expect("a path")).or_default().push(finding);
    }
    by_path
}

/// Rules of which another may rightly claim a sample, because the value itself does not tell them apart.
fn claims_too(rule: &str, finding: &str, catalogue: &Catalogue) -> bool {
    let alike = |a: &Rule, b: &Rule| {
        a.kind == b.kind && (a.provider == b.provider || a.literals == b.literals)
    };
    let both = catalogue.find(rule).zip(catalogue.find(finding));
    rule == finding || both.is_some_and(|(a, b)| alike(a, b))
}

#[test]
fn every_rule_finds_its_samples_in_every_surrounding() {
    let dir = tempfile::tempdir().expect("a folder");
    let catalogue = Catalogue::embedded();
    let mut all = Vec::new();
    for rule in catalogue.rules() {
        for (name, template) in SURROUNDINGS {
            plant(rule, name, template, dir.path(), &mut all);
        }
    }
    let findings = findings(dir.path(), &[]);
    let by_path = by_path(&findings);
    let weak: BTreeSet<&str> = (catalogue.rules().iter())
        .filter(|rule| rule.confidence == Confidence::Low)
        .map(|rule| rule.id.as_str())
        .collect();
    let mut missed: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for planted in &all {
        let here = by_path.get(planted.path.as_str()).map_or(&[][..], Vec::as_slice);
        let found = here.iter().any(|finding| {
            let line = finding["line"].as_u64().expect("a line");
            let rule = finding["rule"].as_str().expect("a rule");
            let believed = finding["confidence"] != "low" || weak.contains(planted.rule.as_str());
            believed
                && (planted.first_line..=planted.last_line).contains(&line)
                && claims_too(&planted.rule, rule, &catalogue)
        });
        if !found {
            missed.entry(planted.path.clone()).or_default().push(planted.first_line);
        }
    }
    assert!(missed.is_empty(), "of {} planted, missed: {missed:#?}", all.len());
}

#[test]
fn a_checksum_that_fails_is_never_certain_and_one_that_holds_is() {
    let dir = tempfile::tempdir().expect("a folder");
    let catalogue = Catalogue::embedded();
    let mut sealed = BTreeSet::new();
    for rule in catalogue.rules() {
        let check = rule.check.as_deref().and_then(checks::find);
        let Some(_) = check.filter(|check| check.bits >= 30) else { continue };
        let mut dice = Dice::seeded(99);
        let broken: Vec<_> = (0..20).map(|_| sample::unsealed(rule, &mut dice)).collect();
        let whole: Vec<_> = (0..20).map(|_| sample::sealed(rule, &mut dice)).collect();
        for (name, samples) in [("broken", broken), ("whole", whole)] {
            let lines = samples.iter().flat_map(|s| sample::line(rule, s, &mut dice));
            let path = format!("{name}.{}.txt", rule.id);
            fs::write(dir.path().join(&path), lines.collect::<Vec<u8>>()).expect("ours");
        }
        if HOLD_NOTHING_TO_PROVE.contains(&rule.id.as_str()) {
            continue;
        }
        sealed.insert(format!("whole.{}.txt", rule.id));
    }
    let findings = findings(dir.path(), &[]);
    let mut certain = BTreeSet::new();
    for finding in &findings {
        let path = finding["path"].as_str().expect("a path");
        if finding["confidence"] == "certain" {
            assert!(path.starts_with("whole."), "{path}: {}", finding["reasons"]);
            certain.insert(path.to_owned());
        }
    }
    let never: Vec<_> = sealed.difference(&certain).collect();
    assert!(never.is_empty(), "no checksum held in {never:?}");
}

#[test]
fn ids_are_unique_and_texts_complete() {
    let catalogue = Catalogue::embedded();
    let ids: BTreeSet<_> = catalogue.rules().iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(ids.len(), catalogue.rules().len());
    for rule in catalogue.rules() {
        assert!(rule.grants.len() > 15, "{}: grants", rule.id);
        assert!(rule.revoke.text.len() > 10, "{}: revoke", rule.id);
        assert!(rule.replace.text.len() > 10, "{}: replace", rule.id);
        for advice in [&rule.revoke, &rule.replace] {
            assert!(!advice.source.is_empty(), "{}: source", rule.id);
            assert!(advice.url.is_empty() || advice.url.starts_with("https://"), "{}", rule.id);
        }
        let known = rule.check.as_deref().is_none_or(|name| checks::find(name).is_some());
        assert!(known, "{}: check {:?}", rule.id, rule.check);
    }
}

#[test]
fn every_check_is_named_by_a_rule_and_sorted() {
    let catalogue = Catalogue::embedded();
    let named: BTreeSet<_> = catalogue.rules().iter().filter_map(|r| r.check.as_deref()).collect();
    // `jwt` is for rules of a user's own: any issuer's tokens.
    let ours = checks::ALL.iter().map(|check| check.name).filter(|name| *name != "jwt");
    let unnamed: Vec<_> = ours.filter(|name| !named.contains(name)).collect();
    assert!(unnamed.is_empty(), "no rule names {unnamed:?}");
    assert!(checks::ALL.windows(2).all(|pair| pair[0].name < pair[1].name));
}
