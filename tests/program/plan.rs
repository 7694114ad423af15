//! The runbook of a report, as a person with nothing but the paper reads it.

use std::fs;
use std::path::Path;

use keytrail::rules::dice::Dice;
use keytrail::rules::{Catalogue, sample};

use crate::support::run;

/// A token of the rule `id`, made here.
fn token(id: &str) -> String {
    let catalogue = Catalogue::embedded();
    let rule = catalogue.find(id).expect("the rule is there");
    let sample = sample::sealed(rule, &mut Dice::seeded(70_700));
    String::from_utf8(sample.token).expect("tokens are text")
}

fn write(dir: &Path, path: &str, text: &str) {
    let path = dir.join(path);
    fs::create_dir_all(path.parent().expect("it has a folder")).expect("a folder");
    fs::write(path, text).expect("written");
}

/// What `keytrail plan` writes of a scan of `dir`.
fn plan(dir: &Path, format: &str) -> String {
    let report = dir.join("report.json");
    let name = report.to_str().expect("a plain name");
    if !report.exists() {
        let scan = ["scan", ".", "--format", "json", "--fail-on", "none", "--output", name];
        let output = run(dir, scan);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{said}");
    }
    let output = run(dir, ["plan", name, "--format", format, "--min-confidence", "low"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn what_names_a_thing_is_never_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let dir = folder.path();
    let (linear, pypi) = (token("linear-key"), token("pypi-token"));
    let secret = format!(
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: shop-secret\ntype: Opaque\nstringData:\n  token: {linear}\n"
    );
    write(dir, "k8s/secret.yaml", &secret);
    let compose = format!(
        "services:\n  web:\n    image: acme/web:1\n    environment:\n      LINEAR_API_KEY: {linear}\n"
    );
    write(dir, "compose.yaml", &compose);
    write(dir, ".pypirc", &format!("[pypi]\nusername = __token__\npassword = {pypi}\n"));
    let text = plan(dir, "markdown");
    for name in ["Opaque", "acme/web:1", "shop-secret"] {
        assert!(!text.contains(name), "{name}\n{text}");
    }
    assert!(!text.contains("acts as `__token__`"), "{text}");
    assert_eq!(text.matches(". Find out whose it is").count(), 2, "{text}");
    assert!(text.contains("its field `token` holds the value"), "{text}");
}

#[test]
fn no_step_names_a_value() {
    let folder = tempfile::tempdir().expect("a folder");
    let dir = folder.path();
    let mut values = Vec::new();
    for (n, rule) in Catalogue::embedded().rules().iter().enumerate() {
        let sample = sample::sealed(rule, &mut Dice::seeded(60_600 + n as u64));
        if let Ok(value) = String::from_utf8(sample.token)
            && value.len() >= 16
            && !value.contains('\n')
        {
            write(dir, &format!("{n}/.env"), &format!("DEPLOY_TOKEN={value}\n"));
            values.push(value);
        }
    }
    assert!(values.len() > 100, "{}", values.len());
    for format in ["markdown", "json"] {
        let text = plan(dir, format);
        let shown = values.iter().find(|value| text.contains(value.as_str()));
        assert_eq!(shown, None, "{format} shows a value");
    }
}
