//! Archives, packages, images, documents and databases: what lies in them is found, and where.

mod databases;
mod documents;
mod hostile;
mod images;
mod packs;

use std::fs;
use std::path::Path;

use keytrail::rules::dice::Dice;
use keytrail::rules::{Catalogue, sample};
use serde_json::Value;

use crate::support::run;
use packs::{ar, bzip2, cpio, gzip, rpm, seven_zip, tar, xz, zip, zstd};

/// A made-up token; each number gives another.
fn token(number: u64) -> String {
    let catalogue = Catalogue::embedded();
    let rule = catalogue.find("github-pat-classic").expect("the rule is there");
    String::from_utf8(sample::sealed(rule, &mut Dice::seeded(number)).token).expect("it is text")
}

/// A line of a file that holds the token of that number.
fn line(number: u64) -> Vec<u8> {
    format!("DEPLOY_TOKEN={}\n", token(number)).into_bytes()
}

/// The report of a scan of `dir`, with all findings and their values; nothing is said besides.
fn scanned(dir: &Path) -> (Value, Option<i32>) {
    let args = ["scan", ".", "--format", "json", "--show-secrets", "--fail-on", "none"];
    let output = run(dir, args);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(said, "", "nothing is said besides the report");
    (serde_json::from_slice(&output.stdout).expect("it is JSON"), output.status.code())
}

/// The findings of a scan of `dir` that leaves nothing unread.
fn findings(dir: &Path) -> Vec<Value> {
    let (report, code) = scanned(dir);
    let issues = &report["coverage"]["issues"];
    assert_eq!(issues, &Value::Array(Vec::new()));
    assert_eq!(code, Some(0));
    report["findings"].as_array().expect("a list").clone()
}

/// The findings of a folder with one file.
fn in_file(name: &str, bytes: &[u8]) -> Vec<Value> {
    let dir = tempfile::tempdir().expect("a folder");
    fs::write(dir.path().join(name), bytes).expect("ours");
    findings(dir.path())
}

/// The one finding in a file holds the token of that number, and lies at `path`.
fn holds(name: &str, bytes: &[u8], number: u64, path: &str) -> Value {
    let found = in_file(name, bytes);
    let [finding] = &found[..] else { panic!("{name}: {} findings", found.len()) };
    assert_eq!(finding["path"], path, "{name}");
    assert_eq!(finding["secret"], token(number), "{name}");
    finding.clone()
}

#[test]
fn archives_are_looked_into_wherever_they_lie() {
    let jar =
        zip(&[("META-INF/MANIFEST.MF", b"Manifest-Version: 1.0\n"), ("app.properties", &line(1))]);
    let war = zip(&[("WEB-INF/lib/app.jar", &jar)]);
    let path = "out.zip!/shop.war!/WEB-INF/lib/app.jar!/app.properties";
    holds("out.zip", &zip(&[("shop.war", &war)]), 1, path);
    let tar = tar(&[("etc/app.env", &line(2)), ("etc/readme", b"nothing here\n")]);
    holds("a.tar", &tar, 2, "a.tar!/etc/app.env");
    holds("a.tgz", &gzip(&tar), 2, "a.tgz!/a.tar!/etc/app.env");
    holds("a.tbz2", &bzip2(&tar), 2, "a.tbz2!/a.tar!/etc/app.env");
    holds("a.txz", &xz(&tar), 2, "a.txz!/a.tar!/etc/app.env");
    holds("a.tar.zst", &zstd(&tar), 2, "a.tar.zst!/a.tar!/etc/app.env");
    holds("a.7z", &seven_zip(&[("etc/app.env", &line(3))]), 3, "a.7z!/etc/app.env");
}

#[test]
fn packages_are_looked_into() {
    let control = gzip(&tar(&[("./postinst", &line(4))]));
    let deb = ar(&[("debian-binary", b"2.0\n"), ("control.tar.gz", &control)]);
    holds("a.deb", &deb, 4, "a.deb!/control.tar.gz!/control.tar!/./postinst");
    let rpm = rpm(&gzip(&cpio(&[("./etc/app.env", &line(5))])));
    holds("a.rpm", &rpm, 5, "a.rpm!/payload!/payload!/./etc/app.env");
    let npm = gzip(&tar(&[("package/package.json", b"{}\n"), ("package/.npmrc.bak", &line(6))]));
    holds("app-1.0.0.tgz", &npm, 6, "app-1.0.0.tgz!/app-1.0.0.tar!/package/.npmrc.bak");
    let wheel = zip(&[("app/settings.py", &line(7)), ("app-1.dist-info/RECORD", b"\n")]);
    holds("app-1-py3-none-any.whl", &wheel, 7, "app-1-py3-none-any.whl!/app/settings.py");
}

#[test]
fn plans_and_states_of_infrastructure_are_looked_into() {
    let state = format!(
        r#"{{"version":4,"resources":[{{"instances":[{{"attributes":{{"note":"{}"}}}}]}}]}}"#,
        token(8)
    );
    let plan = zip(&[("tfplan", b"\x0a\x03bin"), ("tfstate", state.as_bytes())]);
    holds("release.tfplan", &plan, 8, "release.tfplan!/tfstate");
    holds("terraform.tfstate", state.as_bytes(), 8, "terraform.tfstate");
}
