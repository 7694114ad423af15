//! JSON Web Tokens of known issuers, with claims of the test's choice.

use keytrail::rules::Rule;
use keytrail::rules::dice::Dice;

use super::Case;
use super::numbers::{base64url, noise};

/// A JSON Web Token with a made-up signature of so many bytes.
fn jwt(header: &str, claims: &str, signature: usize) -> String {
    let signature = base64url(&Dice::seeded(1).bytes(signature));
    format!("{}.{}.{signature}", base64url(header.as_bytes()), base64url(claims.as_bytes()))
}

const RS256: &str = r#"{"alg":"RS256","kid":"kid-7","typ":"JWT"}"#;
const HS256: &str = r#"{"alg":"HS256","kid":"kid-7","typ":"JWT"}"#;
/// When all of them were issued.
pub const ISSUED: (&str, &str) = ("issued_at", "2031-02-03T04:05:06Z");
/// When all of them end.
pub const EXPIRES: (&str, &str) = ("expires_at", "2031-05-06T07:08:09Z");
/// The times above in Unix seconds.
const TIMES: &str = r#""iat":1927857906,"exp":1935817689"#;
const KID: (&str, &str) = ("key_id", "kid-7");

pub fn kubernetes(_: &Rule) -> Vec<Case> {
    let claims = format!(
        r#"{{"iss":"https://cluster.example","sub":"system:serviceaccount:payments:worker","aud":["https://kubernetes.default.svc"],"scope":"all",{TIMES}}}"#
    );
    let told = [
        ("issuer", "https://cluster.example"),
        ("tenant", "payments"),
        ("principal", "system:serviceaccount:payments:worker"),
        ("scope", "all"),
        ("endpoint", "https://kubernetes.default.svc"),
        KID,
        ISSUED,
        EXPIRES,
    ];
    vec![Case::known(format!("token: {}\n", jwt(RS256, &claims, 256)), &told)]
}

pub fn supabase_role(_: &Rule) -> Vec<Case> {
    let claims = format!(
        r#"{{"iss":"supabase","ref":"abcdefghijklmnopqrst","role":"service_role","sub":"me","aud":"api.example",{TIMES}}}"#
    );
    let told = [
        ("issuer", "supabase"),
        ("tenant", "abcdefghijklmnopqrst"),
        ("principal", "me"),
        ("scope", "service_role"),
        ("endpoint", "api.example"),
        KID,
        ISSUED,
        EXPIRES,
    ];
    vec![Case::known(format!("token: {}\n", jwt(HS256, &claims, 32)), &told)]
}

pub fn jfrog_access(_: &Rule) -> Vec<Case> {
    let claims = format!(
        r#"{{"iss":"jfac@01demo","sub":"jfac@01demo/users/ci","scp":"applied-permissions/user",{TIMES}}}"#
    );
    let told = [
        ("issuer", "jfac@01demo"),
        ("tenant", "jfac@01demo"),
        ("principal", "jfac@01demo/users/ci"),
        ("scope", "applied-permissions/user"),
        ("endpoint", "acme.jfrog.io"),
        KID,
        ISSUED,
        EXPIRES,
    ];
    let text = format!("url: https://acme.jfrog.io\ntoken: {}\n", jwt(RS256, &claims, 256));
    vec![Case::known(text, &told)]
}

pub fn auth0_management(_: &Rule) -> Vec<Case> {
    let claims = format!(
        r#"{{"iss":"https://acme.us.auth0.com/","sub":"abc@clients","aud":"https://acme.us.auth0.com/api/v2/","scope":"read:users",{TIMES}}}"#
    );
    let told = [
        ("issuer", "https://acme.us.auth0.com/"),
        ("tenant", "acme.us.auth0.com"),
        ("principal", "abc@clients"),
        ("scope", "read:users"),
        ("endpoint", "https://acme.us.auth0.com/api/v2/"),
        KID,
        ISSUED,
        EXPIRES,
    ];
    vec![Case::known(format!("token: {}\n", jwt(RS256, &claims, 256)), &told)]
}

pub fn monday(_: &Rule) -> Vec<Case> {
    let claims = format!(
        r#"{{"iss":"monday","tid":123456789,"uid":7654321,"per":"me:write","actid":24681357,"rgn":"use1",{TIMES}}}"#
    );
    let told = [
        ("issuer", "monday"),
        ("tenant", "24681357"),
        ("principal", "7654321"),
        ("key_id", "123456789"),
        ("scope", "me:write"),
        ("endpoint", "use1"),
        ISSUED,
        EXPIRES,
    ];
    vec![Case::known(format!("token: {}\n", jwt(r#"{"alg":"HS256"}"#, &claims, 32)), &told)]
}

pub fn gitlab_job(_: &Rule) -> Vec<Case> {
    let claims = format!(
        r#"{{"iss":"https://gitlab.example","sub":"gid://gitlab/Ci::Build/77","aud":"gitlab.example","org_id":"org-9","scope":"job",{TIMES}}}"#
    );
    let told = [
        ("issuer", "https://gitlab.example"),
        ("tenant", "org-9"),
        ("principal", "gid://gitlab/Ci::Build/77"),
        ("scope", "job"),
        ("endpoint", "gitlab.example"),
        KID,
        ISSUED,
        EXPIRES,
    ];
    let older = format!("glcbt-64_{}", noise(6, 20));
    vec![
        Case::known(format!("token: glcbt-{}\n", jwt(RS256, &claims, 256)), &told),
        Case::known(format!("token: {older}\n"), &[]),
    ]
}

pub fn github_app(_: &Rule) -> Vec<Case> {
    let claims = format!(r#"{{"iss":"1357911",{TIMES}}}"#);
    let token = format!("ghs_1357911_{}", jwt(RS256, &claims, 256));
    let told = [("issuer", "1357911"), ("principal", "1357911"), KID, ISSUED, EXPIRES];
    vec![Case::known(format!("token: {token}\n"), &told)]
}
