//! Nobody who has a report can test a guess of a credential that could be guessed.

use hmac::{Hmac, KeyInit, Mac};
use keytrail::rules::dice::Dice;
use serde_json::Value;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use super::{new_key, report, servers, text, token, trail};
use crate::repository::write;

const SERVERS: &str = ".cursor/mcp.json";
const LOGIN: &str = ".netrc";
const REGISTRY: &str = ".npmrc";

/// A word with a year: what people choose.
fn guessable() -> String {
    let mut dice = Dice::seeded(4711);
    let word = dice.pick(&["Lighthouse", "Butterfly", "Blackbird"]);
    format!("{word}{}!", 1970 + dice.below(50))
}

fn home() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    let login = format!("machine git.example.org login ann password {}\n", guessable());
    write(&dir.path().join(SERVERS), servers("SEARCH_PASSWORD", &guessable()));
    write(&dir.path().join(LOGIN), login);
    let registry = format!("//registry.example.org/:_authToken={}\n", token(20));
    write(&dir.path().join(REGISTRY), registry);
    dir
}

/// Every text in a report.
fn texts<'v>(value: &'v Value, into: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => into.push(text),
        Value::Array(all) => all.iter().for_each(|one| texts(one, into)),
        Value::Object(all) => all.iter().for_each(|(name, one)| {
            into.push(name);
            texts(one, into);
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The digests of `value` that anybody can work out, by name.
fn digests(value: &str) -> Vec<(String, Vec<u8>)> {
    let keyed = |key: &[u8], message: &[u8]| {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length of key is allowed");
        mac.update(message);
        mac.finalize().into_bytes().to_vec()
    };
    let messages = [
        ("it", value.as_bytes().to_vec()),
        ("it with a line end", format!("{value}\n").into_bytes()),
        ("it in a domain", format!("keytrail/secret/v1\0{value}").into_bytes()),
        ("it in lower case", value.to_ascii_lowercase().into_bytes()),
    ];
    let mut all = Vec::new();
    for (name, message) in &messages {
        all.push((format!("SHA-256 of {name}"), Sha256::digest(message).to_vec()));
        all.push((format!("SHA-512 of {name}"), Sha512::digest(message).to_vec()));
        all.push((format!("SHA-1 of {name}"), Sha1::digest(message).to_vec()));
        for key in ["", "keytrail", "keytrail/public/v1", "keytrail/secret/v1"] {
            all.push((format!("HMAC of {name} under `{key}`"), keyed(key.as_bytes(), message)));
        }
    }
    let upper: String = Sha256::digest(value).iter().map(|b| format!("{b:02X}")).collect();
    let correlating = Sha256::digest(format!("CrossMicrosoftCorrelatingId:{upper}"));
    all.push(("C3ID".to_owned(), correlating.to_vec()));
    all
}

/// The names of those digests of `value` that stand in a report, and whether it stands there itself.
fn told(report: &Value, value: &str) -> Vec<String> {
    let mut all = Vec::new();
    texts(report, &mut all);
    let stands = |digest: &[u8]| {
        let hex: String = digest[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        let base64 = base64_simd::STANDARD.encode_to_string(&digest[..9]);
        let url = base64_simd::URL_SAFE_NO_PAD.encode_to_string(&digest[..9]);
        all.iter().any(|text| {
            text.to_ascii_lowercase().contains(&hex)
                || text.contains(&base64)
                || text.contains(&url)
        })
    };
    let digests = digests(value).into_iter().filter(|(_, digest)| stands(digest));
    let itself = all.iter().any(|text| text.contains(value)).then(|| "itself".to_owned());
    digests.map(|(name, _)| name).chain(itself).collect()
}

#[test]
fn without_a_key_nothing_in_a_report_tests_a_guess() {
    let home = home();
    let reports = [(); 2].map(|()| report(home.path(), &["--home", ".", "--c3id"]));
    for report in &reports {
        let trail = trail(report, LOGIN);
        assert_eq!(trail["comparable"], "run");
        assert_eq!(trail.get("c3id"), None);
        assert_eq!(told(report, &guessable()), [""; 0]);
        // What nobody can guess is told by both, so the digests are those that would tell a guess.
        let unguessable = told(report, &token(20));
        assert!(unguessable.contains(&"C3ID".to_owned()), "{unguessable:?}");
        assert!(
            unguessable.contains(&"HMAC of it in a domain under `keytrail/public/v1`".to_owned()),
            "{unguessable:?}"
        );
    }
    let [one, other] = reports.each_ref().map(|report| trail(report, LOGIN));
    assert_ne!(one["secret_id"], other["secret_id"]);
    assert_eq!(shared(one, other), [""; 0], "ids of findings last for one run as well");
    let [one, other] = reports.each_ref().map(|report| trail(report, REGISTRY));
    assert_eq!((&one["secret_id"], &one["findings"]), (&other["secret_id"], &other["findings"]));
}

/// The ids of findings that two trails share.
fn shared<'t>(one: &'t Value, other: &Value) -> Vec<&'t str> {
    let other = super::list(other, "findings");
    super::list(one, "findings").into_iter().filter(|id| other.contains(id)).collect()
}

#[test]
fn with_a_key_ids_are_good_for_that_key_alone() {
    let home = home();
    for name in ["one.key", "two.key"] {
        new_key(home.path(), name);
    }
    let scan = |key: &str| report(home.path(), &["--home", ".", "--c3id", "--key-file", key]);
    let (first, again, other) = (scan("one.key"), scan("one.key"), scan("two.key"));
    for path in [LOGIN, REGISTRY] {
        let [first, again, other] = [&first, &again, &other].map(|report| trail(report, path));
        assert_eq!(first["comparable"], "team", "{path}");
        assert_eq!(first["secret_id"], again["secret_id"], "{path}");
        assert_eq!(first["findings"], again["findings"], "{path}");
        assert_ne!(first["secret_id"], other["secret_id"], "{path}");
        assert_eq!(shared(first, other), [""; 0], "{path}");
    }
    assert_eq!(told(&first, &guessable()), [""; 0]);
    assert!(text(&first["key"], "id").starts_with("kk_"), "{}", first["key"]);
    assert_ne!(first["key"]["id"], other["key"]["id"]);
}
