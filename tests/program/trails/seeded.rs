//! Forty credentials in two hundred places are forty trails with two hundred holders.

mod alike;
mod corpus;
mod credentials;
mod files;
mod forms;
mod issued;
mod keys;
mod plan;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{paths, report, text, trails};
use corpus::{Corpus, Put};
use credentials::Credential;
use forms::Form;
use plan::{PLAN, TOOLS};

/// What stands at a path of a report.
struct Seeded {
    credential: usize,
    form: Form,
}

fn puts(made: &[Credential]) -> Vec<Put<'static>> {
    let rows = PLAN.iter().zip(made).flat_map(|((_, places), credential)| {
        places.iter().map(move |&(form, path)| {
            let text = match form {
                Form::As(name) => credential.other(name),
                _ => credential.text(),
            };
            Put { path, form, text: form.write(text) }
        })
    });
    rows.collect()
}

fn name(credential: usize) -> String {
    format!("{credential} ({:?})", PLAN[credential].0)
}

/// Everything about the trails of `report` that is not as planned, a line each.
fn wrong(report: &Value, seeded: &BTreeMap<String, Seeded>, alike: &[String]) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut of: BTreeMap<usize, Vec<BTreeSet<&str>>> = BTreeMap::new();
    for trail in trails(report) {
        let paths = paths(trail);
        let here: BTreeSet<_> =
            paths.iter().filter_map(|path| Some(seeded.get(*path)?.credential)).collect();
        let told = format!("{} {}", text(trail, "rule"), text(trail, "redacted"));
        if here.len() > 1 {
            let names: Vec<_> = here.iter().map(|n| name(*n)).collect();
            wrong.push(format!("{told}: joins {}", names.join(" with ")));
        }
        let strange: Vec<_> = alike.iter().filter(|path| paths.contains(&***path)).collect();
        if !here.is_empty() && !strange.is_empty() {
            wrong.push(format!("{told}: joins look-alikes at {strange:?}"));
        }
        for n in here {
            of.entry(n).or_default().push(paths.clone());
        }
    }
    for (n, trails) in &of {
        if trails.len() > 1 {
            let trails: Vec<_> = trails.iter().map(|paths| format!("\n    {paths:?}")).collect();
            wrong.push(format!("{}: {} trails:{}", name(*n), trails.len(), trails.concat()));
        }
    }
    for (path, Seeded { credential, form }) in seeded {
        // The most of its places that one trail has.
        let best = of.get(credential).and_then(|all| all.iter().max_by_key(|paths| paths.len()));
        if !best.is_some_and(|paths| paths.contains(&**path)) {
            wrong.push(format!("{}: not at {path} as {form:?}", name(*credential)));
        }
    }
    wrong
}

/// The paths of [`TOOLS`] at which no trail of the plan has a holder of that tool.
fn unnamed(report: &Value, corpus: &Corpus) -> Vec<String> {
    let holders: Vec<_> =
        trails(report).iter().filter_map(|trail| trail["holders"].as_array()).flatten().collect();
    let tools = TOOLS.iter().filter_map(|(path, tool)| {
        let path = corpus.told(path);
        let here: BTreeSet<_> = holders
            .iter()
            .filter(|holder| text(holder, "path") == path)
            .map(|holder| text(holder, "tool"))
            .collect();
        (!here.contains(tool)).then(|| format!("{path}: held by {here:?}, not by {tool}"))
    });
    tools.collect()
}

#[test]
fn forty_credentials_in_two_hundred_places_are_forty_trails() {
    let made: Vec<_> =
        PLAN.iter().enumerate().map(|(n, (kind, _))| Credential::make(*kind, n)).collect();
    let (puts, others) = (puts(&made), alike::alike(&made));
    let different: BTreeSet<_> = puts.iter().map(|put| put.path).collect();
    assert_eq!((puts.len(), different.len(), others.len()), (200, 200, 20));
    let all: Vec<_> = puts.into_iter().chain(others).collect();
    let corpus = Corpus::new(&all);
    let seeded: BTreeMap<_, _> = PLAN
        .iter()
        .enumerate()
        .flat_map(|(credential, (_, places))| {
            let corpus = &corpus;
            places.iter().map(move |&(form, path)| (corpus.told(path), Seeded { credential, form }))
        })
        .collect();
    let alike: Vec<_> = all[200..].iter().map(|put| corpus.told(put.path)).collect();
    let arguments = [
        "repo-a",
        "repo-b",
        "actions-runner",
        "image.tar",
        "logs.zip",
        "--home",
        "home",
        "--processes",
        "--allow-partial",
        "--key-file",
        "team.key",
    ];
    super::new_key(&corpus.folder(), "team.key");
    let report = report(&corpus.folder(), &arguments);
    let mut wrong = wrong(&report, &seeded, &alike);
    wrong.extend(unnamed(&report, &corpus));
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
