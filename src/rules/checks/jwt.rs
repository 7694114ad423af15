//! JSON Web Tokens: what they say, and whether a secret beside one signs it.

use std::collections::BTreeSet;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;

use crate::model::{Claim, Field};
use crate::rules::checks::json::{self, Object};
use crate::rules::checks::{Check, Sample, Sighting, State, Verdict, b64, identity};
use crate::rules::dice::Dice;

/// The check of any token.
pub(crate) const CHECK: Check = Check {
    name: "jwt",
    about: "header and claims are JSON objects, and the signature is as long as its algorithm makes it",
    bits: 0,
    around: true,
    judge,
    seal,
};

/// A signed token in its compact form.
pub(crate) struct Jwt<'a> {
    /// First segment.
    pub(crate) header: Object,
    /// Second segment.
    pub(crate) claims: Object,
    pub(crate) signed: &'a [u8],
    pub(crate) signature: Vec<u8>,
}

impl<'a> Jwt<'a> {
    /// Reads `text`; none where it is not three segments of which two are JSON objects.
    pub(crate) fn read(text: &'a [u8]) -> Option<Self> {
        let [header, claims, signature] = segments(text)?;
        let header_object = json::object(&b64::decode(header)?)?;
        json::text(&header_object, "alg")?;
        Some(Self {
            header: header_object,
            claims: json::object(&b64::decode(claims)?)?,
            signed: &text[..header.len() + 1 + claims.len()],
            signature: b64::decode(signature)?,
        })
    }

    /// Who it is from, for whom, and until when.
    pub(crate) fn identity(&self) -> Vec<Claim> {
        let first = |keys: &[&str]| keys.iter().find_map(|key| json::texts(&self.claims, key));
        let audience = first(&["aud"]).filter(|text| text.contains('.') && !text.contains(' '));
        identity::claims([
            (Field::Issuer, first(&["iss"])),
            (Field::Tenant, self.tenant()),
            (Field::Principal, first(&["sub", "azp", "client_id", "appid"])),
            (Field::KeyId, json::text(&self.header, "kid")),
            (Field::Scope, first(&["scope", "scp", "roles"])),
            (Field::IssuedAt, json::time(&self.claims, "iat")),
            (Field::ExpiresAt, json::time(&self.claims, "exp")),
            (Field::Endpoint, audience),
        ])
    }

    /// The tenant; issuers that count theirs mean something else by it.
    fn tenant(&self) -> Option<String> {
        let named = |key: &&str| self.claims.get(*key).is_some_and(Value::is_string);
        json::text(&self.claims, ["tid", "org_id"].into_iter().find(named)?)
    }

    /// Whether the signature is as long as the algorithm makes it; without identity.
    pub(crate) fn standing(&self) -> Verdict {
        let algorithm = json::text(&self.header, "alg").unwrap_or_default();
        match signature_lengths(&algorithm) {
            [] => Verdict::silent("a JWT whose algorithm is not known"),
            lengths if lengths.contains(&self.signature.len()) => {
                Verdict::parsed("parses as a JWT")
            }
            _ => Verdict::broken("the signature has not the length of its algorithm"),
        }
    }

    /// Whether `secret` signs it with HMAC-SHA-256.
    pub(crate) fn signed_with(&self, secret: &[u8]) -> bool {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return false };
        mac.update(self.signed);
        json::is(&self.header, "alg", "HS256") && mac.verify_slice(&self.signature).is_ok()
    }
}

/// The three segments between two full stops.
pub(crate) fn segments(text: &[u8]) -> Option<[&[u8]; 3]> {
    let mut parts = text.split(|byte| *byte == b'.');
    let found = [parts.next()?, parts.next()?, parts.next()?];
    parts.next().is_none().then_some(found)
}

/// Bytes of a signature; nothing for an algorithm that is not known.
fn signature_lengths(algorithm: &str) -> &'static [usize] {
    match algorithm {
        "none" => &[0],
        "HS256" => &[32],
        "HS384" => &[48],
        "HS512" => &[64],
        "RS256" | "RS384" | "RS512" | "PS256" | "PS384" | "PS512" => &[128, 256, 384, 512],
        "ES256" | "ES256K" => &[64],
        "ES384" => &[96],
        "ES512" => &[132],
        "EdDSA" | "Ed25519" => &[64, 114],
        _ => &[],
    }
}

fn judge(sighting: &Sighting<'_>) -> Verdict {
    let Some(jwt) = Jwt::read(sighting.value) else {
        return Verdict::foreign("does not parse as a JWT");
    };
    if let Some(public) = public(&jwt.claims) {
        return public;
    }
    let standing = jwt.standing();
    let proven = standing.state == State::Parsed
        && candidates(sighting).into_iter().any(|secret| jwt.signed_with(secret));
    if proven {
        return Verdict::proven("signature verifies against a secret beside it")
            .with(jwt.identity());
    }
    standing.with(jwt.identity())
}

/// The verdict on tokens that everybody has.
fn public(claims: &Object) -> Option<Verdict> {
    if json::is(claims, "iss", "supabase-demo") {
        return Some(Verdict::broken("token of Supabase's local stack, the same everywhere"));
    }
    if json::is(claims, "iss", "supabase") && json::is(claims, "role", "anon") {
        return Some(Verdict::foreign("Supabase's anonymous key, public by design"));
    }
    let sample = json::is(claims, "sub", "1234567890") && json::is(claims, "name", "John Doe");
    sample.then(|| Verdict::broken("sample token of the JWT documentation"))
}

/// The texts nearest to the token that could be the secret which signs it: in quotes, or after `=` or `:`.
fn candidates<'a>(sighting: &Sighting<'a>) -> BTreeSet<&'a [u8]> {
    const MOST: usize = 32;
    let around = sighting.around;
    let Some(start) = memchr::memmem::find(around, sighting.value) else { return BTreeSet::new() };
    let openings = (0..around.len()).filter(|at| b"\"'`=:".contains(&around[*at]));
    let mut found: Vec<(usize, &[u8])> = openings
        .filter_map(|at| Some((at.abs_diff(start), value_after(&around[at..])?)))
        .filter(|(_, text)| (8..=128).contains(&text.len()))
        .collect();
    found.sort_unstable();
    found.into_iter().take(MOST).map(|(_, text)| text).collect()
}

/// The text behind a quote or a sign, up to where it ends; of at most 129 bytes.
fn value_after(text: &[u8]) -> Option<&[u8]> {
    let (open, rest) = text.split_first()?;
    let rest = &rest[..rest.len().min(160)];
    if b"\"'`".contains(open) {
        return rest.split(|byte| byte == open).next();
    }
    let blanks = rest.iter().take_while(|byte| **byte == b' ').count();
    rest[blanks..].split(|byte| b" \t\r\n\"'`,;".contains(byte)).next()
}

/// A token built from JSON texts, with a made-up signature.
pub(crate) fn made(header: &str, claims: &str, signature: usize, dice: &mut Dice) -> Vec<u8> {
    let signature = b64::url(&dice.bytes(signature));
    [b64::url(header.as_bytes()), b64::url(claims.as_bytes()), signature].join(&b'.')
}

fn seal(sample: &mut Sample, dice: &mut Dice) {
    let subject = dice.below(1_000_000_000);
    let claims = format!(
        r#"{{"iss":"https://issuer.example","sub":"user-{subject:09}","iat":1735689600,"exp":1767225600}}"#
    );
    sample.token = made(r#"{"alg":"HS256","typ":"JWT"}"#, &claims, 32, dice);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::checks::trial::{claim, judge, seals, survives};

    fn vector() -> String {
        let header = ["eyJhbGciOiJIUzI1NiIs", "InR5cCI6IkpXVCJ9"].concat();
        let claims = ["eyJpc3MiOiJkZW1v", "Iiwic3ViIjoiMSJ9"].concat();
        [header, claims, ["0SuL8O_tzNdQQMlZjmwTJ2AY", "rQ1RDGCJQrYMzCR3OA8"].concat()].join(".")
    }

    fn with_claims(claims: &str) -> Verdict {
        let token = made(r#"{"alg":"HS256"}"#, claims, 32, &mut Dice::seeded(1));
        judge(&CHECK, token)
    }

    #[test]
    fn the_vector_parses() {
        let verdict = judge(&CHECK, vector());
        assert_eq!(verdict.state, State::Parsed);
        assert_eq!(claim(&verdict, Field::Issuer), Some("demo"));
        assert_eq!(claim(&verdict, Field::Principal), Some("1"));
        survives(&CHECK, vector().as_bytes());
    }

    #[test]
    fn a_secret_beside_it_proves_it() {
        let token = vector();
        let value = token.as_bytes();
        for (secret, state) in [
            ("JWT_SECRET=not-a-secret\n", State::Proven),
            ("secret: \"not-a-secret\"\n", State::Proven),
            ("secret: not-a-secret, ", State::Proven),
            ("JWT_SECRET=not-the-secret\n", State::Parsed),
        ] {
            let around = [secret, "token=", &token].concat();
            let around = around.as_bytes();
            assert_eq!((CHECK.judge)(&Sighting { whole: value, value, around }).state, state);
        }
    }

    #[test]
    fn times_and_scopes_are_told() {
        let verdict = with_claims(
            r#"{"tid":"t","scp":["a","b"],"aud":"https://api.example","iat":0,"exp":1735689600.5}"#,
        );
        assert_eq!(claim(&verdict, Field::Tenant), Some("t"));
        assert_eq!(claim(&verdict, Field::Scope), Some("a b"));
        assert_eq!(claim(&verdict, Field::Endpoint), Some("https://api.example"));
        assert_eq!(claim(&verdict, Field::ExpiresAt), Some("2025-01-01T00:00:00Z"));
    }

    #[test]
    fn public_tokens_are_not_believed() {
        assert_eq!(
            with_claims(r#"{"iss":"supabase-demo","role":"service_role"}"#).state,
            State::Broken
        );
        assert_eq!(with_claims(r#"{"iss":"supabase","role":"anon"}"#).state, State::Foreign);
        assert_eq!(with_claims(r#"{"sub":"1234567890","name":"John Doe"}"#).state, State::Broken);
    }

    #[test]
    fn a_cut_signature_is_seen() {
        let token = vector();
        assert_eq!(judge(&CHECK, &token[..token.len() - 4]).state, State::Broken);
        assert_eq!(judge(&CHECK, "eyJhbGciOiJ.eyJ.x").state, State::Foreign);
    }

    #[test]
    fn samples_can_be_sealed() {
        seals(&CHECK, |dice| dice.bytes(100));
    }
}
