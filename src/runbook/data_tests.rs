//! The data names what exists, and every rule gets every step.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;

use super::data::{DATA, Told, ways};
use super::shape::{State, StepKind};
use super::tests::{holder, info, trail};
use super::when::When;

use super::{fill, steps, whose};
use crate::model::{Kind, Zone};

/// The stems of the files in a folder of the rules.
fn stems(folder: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules").join(folder);
    let files = std::fs::read_dir(folder).expect("the rules are there");
    let stem = |file: std::io::Result<std::fs::DirEntry>| {
        let path = file.expect("a file").path();
        path.file_stem().and_then(|stem| stem.to_str()).expect("a plain name").to_owned()
    };
    files.map(stem).collect()
}

#[derive(Deserialize)]
struct File {
    name: String,
    rule: Vec<Known>,
}

#[derive(Deserialize)]
struct Known {
    id: String,
    name: String,
    kind: Kind,
    revoke: Advised,
}

#[derive(Deserialize)]
struct Advised {
    text: String,
    url: String,
    source: String,
}

fn files() -> Vec<(String, File)> {
    let read = |stem: String| {
        let path = format!("{}/rules/secrets/{stem}.toml", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).expect("a rule file");
        (stem, toml::from_str(&text).expect("a rule file reads"))
    };
    stems("secrets").into_iter().map(read).collect()
}

/// Whose it is is known.
const ASKED: whose::Known<'_> = whose::Known { owner: true, twins: &[] };

fn told() -> Vec<&'static Told> {
    let ways = DATA.ways.iter();
    ways.flat_map(|way| [&way.look, &way.whose, &way.create, &way.check, &way.revoke, &way.after])
        .flatten()
        .collect()
}

#[test]
fn conditions_name_what_exists() {
    let (tools, files) = (stems("holders"), files());
    let rules: BTreeSet<_> =
        files.iter().flat_map(|(_, file)| &file.rule).map(|rule| &rule.id).collect();
    fn each<'w>(when: &'w When, check: &dyn Fn(&'w When)) {
        check(when);
        when.also.iter().for_each(|other| each(other, check));
    }
    let check = |when: &When| {
        for provider in &when.providers {
            assert!(files.iter().any(|(stem, _)| stem == provider), "no provider {provider}");
        }
        for tool in &when.tools {
            assert!(tools.contains(tool), "no tool {tool}");
        }
        for start in when.rules.iter().filter(|rule| *rule != "literal-in-secret-field") {
            let fits = |id: &str| {
                id.strip_prefix(start.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
            };
            assert!(rules.iter().any(|id| fits(id)), "no rule {start}");
        }
    };
    DATA.ways.iter().for_each(|way| each(&way.when, &check));
    DATA.tools.iter().for_each(|tool| each(&tool.when, &check));
    DATA.recipes.iter().for_each(|recipe| each(&recipe.when, &check));
    for tool in DATA.tools.iter().filter(|tool| tool.part.is_some() || !tool.says.is_empty()) {
        let When { rules, providers, kinds, .. } = &tool.when;
        assert!(rules.is_empty() && providers.is_empty() && kinds.is_empty(), "{tool:?}");
    }
    let ids: BTreeSet<_> = DATA.recipes.iter().map(|recipe| &recipe.id).collect();
    assert_eq!(ids.len(), DATA.recipes.len(), "ids are different");
}

#[test]
fn confirmed_facts_name_their_source() {
    let told = told().into_iter().map(|told| (told.confirmed, &told.source, &told.text));
    let recipes =
        DATA.recipes.iter().map(|recipe| (recipe.confirmed, &recipe.source, &recipe.text));
    for (confirmed, source, text) in told.chain(recipes) {
        assert!(!confirmed || !source.is_empty(), "{text}");
    }
}

#[test]
fn slots_are_fields() {
    let mut texts: Vec<&str> = told()
        .iter()
        .flat_map(|told| [told.text.as_str(), &told.paste, &told.look])
        .chain(told().iter().filter_map(|told| told.probe.as_ref()).map(|probe| probe.url.as_str()))
        .chain(DATA.tools.iter().flat_map(|tool| [tool.how.as_str(), &tool.then]))
        .collect();
    texts.extend(
        DATA.recipes.iter().flat_map(|recipe| &recipe.paste).map(|paste| paste.content.as_str()),
    );
    for text in texts {
        for slot in
            text.split('<').skip(1).filter_map(|rest| rest.split_once('>')).map(|(slot, _)| slot)
        {
            if let Some((field, _)) = slot.split_once(": ") {
                assert!(fill::is_field(field), "{slot}");
            }
        }
    }
}

#[test]
fn pastes_are_what_they_say() {
    let slots = |text: &str| text.replace("${{", "{").replace("}}", "}");
    for recipe in &DATA.recipes {
        for paste in &recipe.paste {
            assert!(!paste.content.trim().is_empty(), "{}", recipe.id);
            if paste.language == "json" {
                let read: Result<serde_json::Value, _> =
                    serde_json::from_str(&slots(&paste.content));
                assert!(read.is_ok(), "{}: {read:?}", recipe.id);
            }
        }
    }
}

#[test]
fn every_rule_gets_every_step() {
    for (provider, file) in files() {
        for rule in file.rule {
            let mut trail = trail(1, &rule.id, &provider, rule.kind);
            trail.name.clone_from(&rule.name);
            trail.holders = vec![holder(Zone::Developer, "dotenv", "x/.env")];
            let mut info = info(&trail);
            info.provider_name.clone_from(&file.name);
            info.revoke.text = rule.revoke.text;
            info.revoke.url = rule.revoke.url;
            info.revoke.source = rule.revoke.source;
            let steps = steps::steps(&trail, Some(&info), State::Live, ASKED);
            let kinds = steps.iter().map(|step| step.kind);
            let kinds: Vec<_> = kinds.filter(|kind| *kind != StepKind::Whose).collect();
            let mut expected = [
                StepKind::Create,
                StepKind::Place,
                StepKind::Check,
                StepKind::Revoke,
                StepKind::After,
            ];
            if ways(&trail).first().is_some_and(|way| way.revoke_first) {
                expected[..4].rotate_right(1);
            }
            assert_eq!(kinds, expected, "{}", rule.id);
            for step in steps {
                assert!(step.text.len() > 20, "{}: {:?}", rule.id, step.kind);
                assert!(!step.look.is_empty(), "{}: {:?}", rule.id, step.kind);
            }
        }
    }
}

#[test]
fn every_kind_gets_every_step_without_a_rule() {
    for kind in Kind::ALL {
        let mut trail = trail(1, "some-new-rule", "nobody", kind);
        trail.holders = vec![holder(Zone::Developer, "dotenv", "x/.env")];
        for step in steps::steps(&trail, None, State::Live, ASKED) {
            assert!(!step.text.starts_with("Open the audit or usage log"), "{kind:?}");
            assert!(!step.text.starts_with("End it on"), "{kind:?}");
            assert!(step.text.len() > 20 && !step.look.is_empty(), "{kind:?}");
        }
    }
}

/// Commands ask for values, read them from files or name ids; none prints one.
#[test]
fn no_command_takes_or_prints_a_value() {
    let wrong =
        ["echo $", "echo \"$", "--token ", "--password ", "-p$", "?token=", "cat new-", "printenv"];
    let tools = DATA.tools.iter().flat_map(|tool| [&tool.how, &tool.then, &tool.clean]);
    let recipes = DATA.recipes.iter().flat_map(|recipe| &recipe.paste).map(|paste| &paste.content);
    for told in told() {
        // Pasted whole into a shell, all of it is read before any of it runs: else what is pasted next would be
        // taken for a command.
        let open = told.paste.matches("(\nread -rs ").count()
            + told.paste.matches("(\nunset AWS_SESSION_TOKEN\nread -rs ").count();
        assert_eq!(told.paste.matches("read -rs ").count(), open, "{}", told.paste);
        let asked = told.paste.split("read -rs ").skip(1);
        for name in asked.filter_map(|rest| rest.split([';', '\n', ' ']).next()) {
            assert!(told.paste.contains(&format!("unset {name}")), "{name}: {}", told.paste);
        }
    }
    for text in told().into_iter().map(|told| &told.paste).chain(tools).chain(recipes) {
        for word in wrong {
            let harmless = word == "--password " && text.contains("--password --command");
            assert!(harmless || !text.contains(word), "{word}: {text}");
        }
    }
}

/// Only the question whose a credential is has usual words of its own.
#[test]
fn steps_have_words() {
    for way in &DATA.ways {
        let told = [&way.look, &way.create, &way.check, &way.revoke, &way.after];
        let found = told.into_iter().flatten().all(|told| !told.text.is_empty());
        assert!(found, "{way:?}");
    }
}

/// After a reissue the name of a certificate means the new one.
#[test]
fn no_certificate_is_revoked_by_its_name() {
    for told in told().iter().filter(|told| told.paste.contains("certbot revoke")) {
        assert!(told.paste.contains("--cert-path ") && !told.paste.contains("--cert-name"));
        assert!(told.paste.contains("--no-delete-after-revoke"), "{}", told.paste);
    }
}

/// Which steps come first depends on the credential.
#[test]
fn steps_are_named_not_numbered() {
    for told in told() {
        let words = told.text.split_whitespace().collect::<Vec<_>>();
        let numbered = words.windows(2).find(|pair| {
            let number = pair[1].trim_matches(|c: char| !c.is_ascii_digit());
            matches!(pair[0], "step" | "Step") && !number.is_empty()
        });
        assert_eq!(numbered, None, "{}", told.text);
    }
}
