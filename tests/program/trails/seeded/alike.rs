//! Twenty that look like credentials of the plan and are others, or none.

use keytrail::rules::checks;
use keytrail::rules::checks::Sample;
use keytrail::rules::dice::Dice;
use keytrail::rules::{Catalogue, sample};
use sha2::{Digest, Sha256};

use super::corpus::Put;
use super::credentials::{Credential, Kind, password, text, token, uuid};
use super::forms::{Form, base64};
use super::plan::PLAN;

/// What stands at which path; `made` are the credentials of the plan.
pub fn alike(made: &[Credential]) -> Vec<Put<'static>> {
    let mut dice = Dice::seeded(70_700);
    let of = |kind: Kind| {
        let at = PLAN.iter().position(|(other, _)| *other == kind).expect("it is in the plan");
        &made[at]
    };
    let said = |rule| of(Kind::Token(rule)).text().to_owned();
    let known = of(Kind::Password).text();
    let hash = |text: &str| Sha256::digest(text);
    let ed25519 = Credential::make(Kind::Ed25519, 900);
    let aws = Credential::make(Kind::AwsPair, 901);
    let pair = of(Kind::AwsPair).other("pair").replace(of(Kind::AwsPair).text(), aws.text());
    let other = password(&mut dice);
    let database = of(Kind::Database).other("url").split_once("shop:").map(|(head, tail)| {
        let host = tail.split_once('@').map_or("", |(_, host)| host);
        format!("{head}shop:{}@{host}", other.replace('+', "%2B"))
    });
    let all = [
        ("repo-a/alike/body.txt", token("github-pat-classic", &mut dice)),
        ("repo-a/alike/resealed.txt", resealed("github-pat-classic", &said("github-pat-classic"))),
        ("repo-a/alike/changed.txt", changed(&said("gitlab-pat"))),
        ("repo-a/alike/cut.txt", said("github-oauth")[..30].to_owned()),
        ("repo-b/alike/longer.txt", format!("{}Ab3d", said("sendgrid-key"))),
        ("repo-b/alike/suffix.txt", format!("{known}2024")),
        ("repo-b/alike/prefix.txt", format!("new{known}")),
        ("repo-b/alike/case.txt", swapped(known)),
        ("repo-b/alike/claims.txt", other_claims(&said("k8s-service-account-jwt"), &mut dice)),
        ("repo-a/alike/other_ed25519", ed25519.other("openssh").to_owned()),
        ("repo-a/alike/id_rsa.pub", of(Kind::Rsa).other("public").to_owned()),
        ("repo-a/alike/public.pem", of(Kind::Ec).other("public").to_owned()),
        ("repo-b/alike/sha256.txt", hex(&hash(&said("slack-bot")))),
        ("repo-b/alike/sha256-password.txt", format!("sha256:{}", hex(&hash(known)))),
        ("repo-a/alike/sha256-base64.txt", base64(hash(&said("sendgrid-key")))),
        ("actions-runner/_diag/pages/alike-uuid.log", uuid(&mut dice)),
        ("logs.zip!/build/20_Alike.txt", text(&mut dice, b"0123456789abcdef", 40)),
        ("image.tar!/0a1b/layer.tar!/srv/alike/aws", pair),
        ("repo-b/alike/url.txt", database.expect("a URL has a login")),
        (
            "image.tar!/0a1b/layer.tar!/srv/alike/root.txt",
            Credential::make(Kind::Macaroon, 902).text().to_owned(),
        ),
    ];
    all.map(|(path, text)| Put { path, form: Form::Plain, text }).into()
}

/// `token` with another character in the middle of its body, and with a checksum that holds.
fn resealed(rule: &str, token: &str) -> String {
    let catalogue = Catalogue::embedded();
    let rule = catalogue.find(rule).expect("the rule is there");
    let mut sample =
        Sample { token: changed(token).into_bytes(), ..sample::sealed(rule, &mut Dice::seeded(1)) };
    let check = rule.check.as_deref().and_then(checks::find).expect("it has a checksum");
    (check.seal)(&mut sample, &mut Dice::seeded(2));
    let resealed = String::from_utf8(sample.token).expect("tokens are text");
    assert_eq!(resealed[..20], changed(token)[..20], "its body stays");
    assert_ne!(resealed, token);
    resealed
}

/// `token` with another character in its body.
fn changed(token: &str) -> String {
    let mut bytes = token.as_bytes().to_vec();
    bytes[12] = if bytes[12] == b'x' { b'y' } else { b'x' };
    String::from_utf8(bytes).expect("ASCII")
}

fn swapped(text: &str) -> String {
    let swap = |c: char| match c.is_ascii_uppercase() {
        true => c.to_ascii_lowercase(),
        false => c.to_ascii_uppercase(),
    };
    text.chars().map(swap).collect()
}

/// The header of `jwt` before what another one claims.
fn other_claims(jwt: &str, dice: &mut Dice) -> String {
    let other = token("k8s-service-account-jwt", dice);
    let (header, _) = jwt.split_once('.').expect("it has parts");
    let (_, rest) = other.split_once('.').expect("it has parts");
    format!("{header}.{rest}")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
