//! Two things that lie apart prove each other by arithmetic.

use base64_simd::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use keytrail::rules::dice::Dice;
use keytrail::rules::{Catalogue, sample};

use super::{password, report, trails};
use crate::repository::Repo;

/// A token of the kind that a project's signing secret makes.
fn signed(secret: &str) -> String {
    let part = |value: Value| URL_SAFE_NO_PAD.encode_to_string(value.to_string());
    let claims = json!({
        "iss": "supabase", "ref": "abcdefghijklmnopqrst", "role": "service_role",
        "iat": 1_700_000_000, "exp": 2_015_360_000,
    });
    let text = format!("{}.{}", part(json!({ "alg": "HS256", "typ": "JWT" })), part(claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
    mac.update(text.as_bytes());
    format!("{text}.{}", URL_SAFE_NO_PAD.encode_to_string(mac.finalize().into_bytes()))
}

/// The trail that has a holder at `path`.
fn at<'r>(report: &'r Value, path: &str) -> &'r Value {
    let holds = |trail: &&Value| {
        let holders = trail["holders"].as_array().expect("holders");
        holders.iter().any(|holder| holder["path"].as_str().is_some_and(|p| p.ends_with(path)))
    };
    trails(report).iter().find(holds).unwrap_or_else(|| panic!("no trail at {path}"))
}

#[test]
fn a_signing_secret_and_what_it_signed_prove_each_other() {
    let secret = format!("{}{}", password(60), password(61));
    let repo = Repo::new();
    repo.write("server/.env", format!("JWT_SECRET={secret}\n"));
    repo.write("web/key.txt", format!("key: {}\n", signed(&secret)));
    repo.write("other/key.txt", format!("key: {}\n", signed(&password(62))));
    repo.commit("begin");
    let told = report(&repo.beside(""), &["top"]);
    let (secret, token) = (at(&told, "server/.env"), at(&told, "web/key.txt"));
    assert_eq!(secret["confidence"], "certain", "{secret}");
    assert_eq!(secret["proofs"][0]["with"], token["secret_id"], "{secret}");
    assert_eq!(token["proofs"][0]["with"], secret["secret_id"], "{token}");
    assert!(at(&told, "other/key.txt").get("proofs").is_none(), "another secret signed it");
}

#[test]
fn an_owners_address_in_the_history_names_the_owner_of_a_token() {
    let repo = Repo::new();
    let dice = &mut Dice::seeded(63);
    let catalogue = Catalogue::embedded();
    let rules = catalogue.rules();
    let rule = rules.iter().find(|rule| rule.id.as_str() == "github-pat-fine-grained");
    let sample = sample::sealed(rule.expect("a rule"), dice).token;
    let token = String::from_utf8(sample).expect("ASCII");
    repo.write("deploy/token.txt", format!("{token}\n"));
    repo.commit("begin");
    let before = report(&repo.beside(""), &["top"]);
    let owner =
        at(&before, "token.txt")["principal"][0]["value"].as_str().expect("an owner").to_owned();
    let id: String = owner.chars().filter(char::is_ascii_digit).collect();
    let author = format!("Ann <{id}+octo-ann@users.noreply.github.com>");
    let flags = ["commit", "--quiet", "--allow-empty", "--message", "a change", "--author"];
    repo.git(flags.into_iter().chain([author.as_str()]));
    let after = report(&repo.beside(""), &["top"]);
    let trail = at(&after, "token.txt");
    let proof = &trail["proofs"][0];
    assert!(proof["path"].as_str().is_some_and(|path| path.starts_with("commit ")), "{trail}");
    assert!(trail["principal"].to_string().contains("octo-ann"), "{trail}");
}
