//! JSON Web Tokens, and the secrets and private keys that sign them.

use ed25519_dalek::VerifyingKey;
use hmac::{Hmac, KeyInit, Mac};
use p256::ecdsa::signature::Verifier;
use sha2::{Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use crate::model::Kind;
use crate::proofs::Tie;
use crate::proofs::half::{Half, Numbers};
use crate::proofs::known::Known;
use crate::proofs::rsa::{self, Hash, Public};
use crate::rules::checks::jwt::Jwt;
use crate::rules::checks::key::{P256, P384};
use crate::rules::checks::{b64, json};

/// How many tokens are tried with how many secrets, how long each may be, and how many RSA signatures are
/// opened.
const TOKENS: usize = 200;
const SECRETS: usize = 2000;
const LONGEST_TOKEN: usize = 8 << 10;
const LONGEST_SECRET: usize = 512;
const SHORTEST_SECRET: usize = 4;
const OPENED: usize = 2000;

/// A token and the name of its algorithm.
struct Token<'a> {
    at: usize,
    algorithm: String,
    jwt: Jwt<'a>,
}

/// Tokens and what signs them.
pub(super) fn ties(all: &[Known<'_>]) -> Vec<Tie> {
    let tokens: Vec<Token<'_>> = all.iter().enumerate().filter_map(token).take(TOKENS).collect();
    if tokens.is_empty() {
        return Vec::new();
    }
    let mut ties = Vec::new();
    by_secret(all, &tokens, &mut ties);
    by_key(all, &tokens, &mut ties);
    ties
}

fn token<'a>((at, known): (usize, &Known<'a>)) -> Option<Token<'a>> {
    let fits = known.value.len() <= LONGEST_TOKEN && known.value.starts_with(b"eyJ");
    let jwt = Jwt::read(fits.then_some(known.value)?)?;
    let algorithm = json::text(&jwt.header, "alg")?;
    Some(Token { at, algorithm, jwt })
}

fn by_secret(all: &[Known<'_>], tokens: &[Token<'_>], ties: &mut Vec<Tie>) {
    let tokens: Vec<_> = tokens.iter().filter(|token| token.algorithm.starts_with("HS")).collect();
    if tokens.is_empty() {
        return;
    }
    let fits = SHORTEST_SECRET..=LONGEST_SECRET;
    let could = |known: &Known<'_>| known.kind != Kind::Jwt && fits.contains(&known.value.len());
    let secrets = all.iter().enumerate().filter(|(_, known)| could(known)).take(SECRETS);
    for (a, known) in secrets {
        let decoded = b64::decode(known.value).map(Zeroizing::new).filter(|key| key.len() >= 8);
        let keys = [Some(known.value), decoded.as_ref().map(|key| key.as_slice())];
        for token in &tokens {
            let text = keys.into_iter().flatten().find_map(|key| authentic(token, key));
            ties.extend(text.map(|text| Tie { a, b: token.at, text }));
        }
    }
}

/// What to say where `key` makes the token's code.
fn authentic(token: &Token<'_>, key: &[u8]) -> Option<&'static str> {
    macro_rules! holds {
        ($digest:ty) => {{
            let mut mac = Hmac::<$digest>::new_from_slice(key).ok()?;
            mac.update(token.jwt.signed);
            mac.verify_slice(&token.jwt.signature).is_ok()
        }};
    }
    let (holds, text) = match token.algorithm.as_str() {
        "HS256" => (holds!(Sha256), "signs this JWT (HMAC-SHA-256 holds)"),
        "HS384" => (holds!(Sha384), "signs this JWT (HMAC-SHA-384 holds)"),
        "HS512" => (holds!(Sha512), "signs this JWT (HMAC-SHA-512 holds)"),
        _ => return None,
    };
    holds.then_some(text)
}

fn by_key(all: &[Known<'_>], tokens: &[Token<'_>], ties: &mut Vec<Tie>) {
    let tokens: Vec<_> = tokens.iter().filter(|token| !token.algorithm.starts_with("HS")).collect();
    if tokens.is_empty() {
        return;
    }
    let mut left = OPENED;
    let keys = all.iter().enumerate().filter_map(|(a, known)| Some((a, Half::of(known)?)));
    for (a, half) in keys.take(SECRETS) {
        for token in &tokens {
            let text = verified(token, &half, &mut left);
            ties.extend(text.map(|text| Tie { a, b: token.at, text }));
        }
    }
}

/// What to say where the token's signature verifies.
fn verified(token: &Token<'_>, half: &Half, left: &mut usize) -> Option<&'static str> {
    let (text, signature) = (token.jwt.signed, token.jwt.signature.as_slice());
    match (&half.numbers, token.algorithm.as_str()) {
        (Numbers::Rsa { n, e }, algorithm) => {
            let (hash, salted) = rsa_algorithm(algorithm)?;
            if n.len() != signature.len() {
                return None;
            }
            *left = left.checked_sub(1)?;
            let opened = rsa::opened(Public { n, e }, signature)?;
            let holds = if salted { rsa::is_salted } else { rsa::is_padded };
            holds(&opened, hash, text).then_some("signs this JWT (RSA signature verifies)")
        }
        (Numbers::Edwards(point), "EdDSA" | "Ed25519") => {
            let key = VerifyingKey::from_bytes(point.as_slice().try_into().ok()?).ok()?;
            let signature = ed25519_dalek::Signature::from_slice(signature).ok()?;
            let holds = key.verify_strict(text, &signature).is_ok();
            holds.then_some("signs this JWT (Ed25519 signature verifies)")
        }
        (Numbers::Point { curve, point }, algorithm) => {
            let holds = match (*curve, algorithm) {
                (P256, "ES256") => {
                    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point).ok()?;
                    key.verify(text, &p256::ecdsa::Signature::from_slice(signature).ok()?).is_ok()
                }
                (P384, "ES384") => {
                    let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(point).ok()?;
                    key.verify(text, &p384::ecdsa::Signature::from_slice(signature).ok()?).is_ok()
                }
                _ => return None,
            };
            holds.then_some("signs this JWT (ECDSA signature verifies)")
        }
        _ => None,
    }
}

/// The digest of an RSA algorithm, and whether it salts.
fn rsa_algorithm(name: &str) -> Option<(Hash, bool)> {
    let hash = match name.get(2..)? {
        "256" => Hash::Short,
        "384" => Hash::Middle,
        "512" => Hash::Long,
        _ => return None,
    };
    match &name[..2] {
        "RS" => Some((hash, false)),
        "PS" => Some((hash, true)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer, SigningKey};
    use num_bigint_dig::BigUint;
    use sha2::{Digest, Sha256};

    use crate::model::Kind;
    use crate::proofs::trial::{Rsa, armour, edwards, known, rsa, sec1};
    use crate::proofs::{Known, Tie, ties};
    use crate::rules::checks::b64;
    use crate::rules::checks::key::{P256, P384};
    use crate::rules::dice::Dice;

    fn token(value: &str) -> Known<'_> {
        known("jwt", Kind::Jwt, value.as_bytes())
    }

    fn secret(value: &[u8]) -> Known<'_> {
        known("generic-password", Kind::Password, value)
    }

    fn key(value: &str) -> Known<'_> {
        known("pem", Kind::PrivateKey, value.as_bytes())
    }

    fn url(bytes: &[u8]) -> String {
        String::from_utf8(b64::url(bytes)).expect("ASCII")
    }

    /// What is signed of a token of this algorithm.
    fn body(algorithm: &str) -> String {
        let header = url(format!(r#"{{"alg":"{algorithm}"}}"#).as_bytes());
        format!("{header}.{}", url(br#"{"iss":"demo"}"#))
    }

    /// `token` with another first sign of its signature.
    fn changed(token: &str) -> String {
        let dot = token.rfind('.').expect("a dot") + 1;
        let sign = if token[dot..].starts_with('A') { "B" } else { "A" };
        format!("{}{sign}{}", &token[..dot], &token[dot + 1..])
    }

    fn met(all: &[Known<'_>]) -> Vec<&'static str> {
        ties(all).into_iter().map(|tie| tie.text).collect()
    }

    fn worked() -> String {
        let parts = [
            "eyJhbGciOiJIUzI1NiIs",
            "InR5cCI6IkpXVCJ9",
            ".",
            "eyJpc3MiOiJkZW1v",
            "Iiwic3ViIjoiMSJ9",
            ".",
            "0SuL8O_tzNdQQMlZjmwTJ2AY",
            "rQ1RDGCJQrYMzCR3OA8",
        ];
        parts.concat()
    }

    #[test]
    fn the_worked_secret_signs() {
        let jwt = worked();
        let text = "signs this JWT (HMAC-SHA-256 holds)";
        assert_eq!(ties(&[token(&jwt), secret(b"not-a-secret")]), [Tie { a: 1, b: 0, text }]);
        let wrapped = b64::standard(b"not-a-secret");
        assert_eq!(met(&[token(&jwt), secret(&wrapped)]), [text]);
        assert!(ties(&[token(&jwt), secret(b"not-a-secreu")]).is_empty());
        assert!(ties(&[token(&changed(&jwt)), secret(b"not-a-secret")]).is_empty());
    }

    #[test]
    fn elliptic_keys_sign() {
        let mut dice = Dice::seeded(1);
        let seed: [u8; 32] = dice.bytes(32).try_into().expect("32 bytes");
        let scalar = [&[1], &dice.bytes(31)[..]].concat();
        let long = [&[1], &dice.bytes(47)[..]].concat();
        let (eddsa, es256, es384) = (body("EdDSA"), body("ES256"), body("ES384"));
        let signed = [
            SigningKey::from_bytes(&seed).sign(eddsa.as_bytes()).to_bytes().to_vec(),
            {
                let key = p256::ecdsa::SigningKey::from_slice(&scalar).expect("a scalar");
                let signature: p256::ecdsa::Signature = key.sign(es256.as_bytes());
                signature.to_bytes().to_vec()
            },
            {
                let key = p384::ecdsa::SigningKey::from_slice(&long).expect("a scalar");
                let signature: p384::ecdsa::Signature = key.sign(es384.as_bytes());
                signature.to_bytes().to_vec()
            },
        ];
        let pems = [
            armour("PRIVATE KEY", &edwards(&seed), "\n"),
            armour("EC PRIVATE KEY", &sec1(P256, &scalar), "\n"),
            armour("EC PRIVATE KEY", &sec1(P384, &long), "\n"),
        ];
        for (at, body) in [eddsa, es256, es384].iter().enumerate() {
            let jwt = format!("{body}.{}", url(&signed[at]));
            for (other, pem) in pems.iter().enumerate() {
                let expected = usize::from(at == other);
                assert_eq!(ties(&[token(&jwt), key(pem)]).len(), expected, "{at} {other}");
                assert!(ties(&[token(&changed(&jwt)), key(pem)]).is_empty(), "{at} {other}");
            }
        }
    }

    fn raised(key: &Rsa, block: &[u8]) -> Vec<u8> {
        let bytes = BigUint::from_bytes_be(block).modpow(&key.d, &key.n).to_bytes_be();
        [vec![0; 128 - bytes.len()], bytes].concat()
    }

    /// The old padding of a digest, written out.
    fn padded(text: &[u8]) -> Vec<u8> {
        let name: [u8; 19] = [
            0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
            0x01, 0x05, 0x00, 0x04, 0x20,
        ];
        let digest = Sha256::digest(text);
        let filler = vec![0xff; 128 - 3 - name.len() - digest.len()];
        [&[0, 1], &filler[..], &[0], &name, &digest].concat()
    }

    /// The salted padding of a digest, for a modulus of 1,024 bits.
    fn salted(text: &[u8], salt: &[u8; 32]) -> Vec<u8> {
        let seal = Sha256::digest([&[0; 8], &Sha256::digest(text)[..], salt].concat());
        let block = [&[0; 128 - 32 - 1 - 33], &[1][..], salt].concat();
        let blocks = (0_u32..3).map(|n| Sha256::digest([&seal[..], &n.to_be_bytes()].concat()));
        let mask: Vec<u8> = blocks.flatten().collect();
        let mut masked: Vec<u8> = block.iter().zip(mask).map(|(byte, mask)| byte ^ mask).collect();
        masked[0] &= 0x7f;
        [&masked, &seal[..], &[0xbc]].concat()
    }

    #[test]
    fn rsa_keys_sign_with_either_padding() {
        let mut dice = Dice::seeded(2);
        let (own, other) = (rsa(&mut dice), rsa(&mut dice));
        let pems = [&own, &other].map(|key| armour("RSA PRIVATE KEY", &key.der, "\n"));
        let (old, new) = (body("RS256"), body("PS256"));
        let old = format!("{old}.{}", url(&raised(&own, &padded(old.as_bytes()))));
        let salt = dice.bytes(32).try_into().expect("32 bytes");
        let new = format!("{new}.{}", url(&raised(&own, &salted(new.as_bytes(), &salt))));
        for jwt in [old, new] {
            let text = "signs this JWT (RSA signature verifies)";
            assert_eq!(met(&[token(&jwt), key(&pems[0])]), [text]);
            assert!(met(&[token(&jwt), key(&pems[1])]).is_empty());
            assert!(met(&[token(&changed(&jwt)), key(&pems[0])]).is_empty());
        }
    }

    #[test]
    fn hostile_tokens_are_left() {
        let huge = format!("{}.{}", body("HS256"), "A".repeat(1 << 20));
        assert!(ties(&[token(&huge), secret(b"not-a-secret")]).is_empty());
        for algorithm in ["", "none", "HS", "RS2560", "\u{e4}\u{e4}\u{e4}", "ES256", "EdDSA"] {
            let jwt = format!("{}.", body(algorithm));
            let pem = armour("PRIVATE KEY", &edwards(&[7; 32]), "\n");
            assert!(ties(&[token(&jwt), secret(b"not-a-secret"), key(&pem)]).is_empty());
        }
    }
}
