//! Key pairs in their containers.

use ed25519_dalek::SigningKey;
use keytrail::rules::dice::Dice;
use p256::elliptic_curve::sec1::ToSec1Point;
use serde_json::json;

use super::credentials::Credential;
use super::forms::base64;

const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const SEQUENCE: u8 = 0x30;
const RSA: &[u8] = &[0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0];
const EC: &[u8] = &[0x06, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
const P256: &[u8] = &[0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const ED25519: &[u8] = &[0x06, 3, 0x2b, 0x65, 0x70];

/// `body` in PEM.
pub fn armour(label: &str, body: &[u8]) -> String {
    let text = base64(body);
    let lines = text.as_bytes().chunks(64).map(String::from_utf8_lossy);
    let lines: Vec<_> = lines.collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// An RSA key of PKCS#1 in its containers, and its public half.
pub fn rsa(pkcs1: &[u8]) -> Credential {
    let numbers = integers(pkcs1);
    let [_, n, e, d, p, q, dp, dq, qi] = &numbers[..] else { panic!("nine numbers") };
    let jwk = json!({"keys": [{"kty": "RSA", "kid": "shop-1", "n": url(n), "e": url(e), "d": url(d),
        "p": url(p), "q": url(q), "dp": url(dp), "dq": url(dq), "qi": url(qi)}]});
    let public = [string(b"ssh-rsa"), number(e), number(n)].concat();
    let private = [string(b"ssh-rsa"), number(n), number(e), number(d), number(qi), number(p)];
    let private = [private.concat(), number(q)].concat();
    Credential::new(armour("RSA PRIVATE KEY", pkcs1))
        .also("pkcs8", armour("PRIVATE KEY", &rsa_pkcs8(pkcs1)))
        .also("openssh", openssh(&public, &private))
        .also("jwk", jwk.to_string())
        .also("public", format!("ssh-rsa {} ann@example.org\n", base64(&public)))
}

/// An RSA key of PKCS#1 in PKCS#8.
pub fn rsa_pkcs8(pkcs1: &[u8]) -> Vec<u8> {
    der(SEQUENCE, &[der(INTEGER, &[0]), der(SEQUENCE, RSA), der(OCTETS, pkcs1)].concat())
}

/// A new key of the curve P-256.
pub fn ec(dice: &mut Dice) -> Credential {
    let scalar = [&[1], &dice.bytes(31)[..]].concat();
    let secret = p256::SecretKey::from_slice(&scalar).expect("below the order");
    let point = secret.public_key().as_affine().to_sec1_point(false).as_bytes().to_vec();
    let parts = [der(INTEGER, &[1]), der(OCTETS, &scalar)].concat();
    let half = der(0xa1, &der(0x03, &[&[0], &point[..]].concat()));
    let sec1 = der(SEQUENCE, &[parts.clone(), der(0xa0, P256), half.clone()].concat());
    let inner = der(SEQUENCE, &[parts, half].concat());
    let algorithm = der(SEQUENCE, &[EC, P256].concat());
    let info = [der(INTEGER, &[0]), algorithm.clone(), der(OCTETS, &inner)].concat();
    let jwk = json!({"kty": "EC", "crv": "P-256", "x": url(&point[1..33]), "y": url(&point[33..]),
        "d": url(&scalar)});
    let public = [string(b"ecdsa-sha2-nistp256"), string(b"nistp256"), string(&point)].concat();
    let private = [public.clone(), number(&scalar)].concat();
    let spki = der(SEQUENCE, &[algorithm, der(0x03, &[&[0], &point[..]].concat())].concat());
    Credential::new(armour("EC PRIVATE KEY", &sec1))
        .also("pkcs8", armour("PRIVATE KEY", &der(SEQUENCE, &info)))
        .also("openssh", openssh(&public, &private))
        .also("jwk", jwk.to_string())
        .also("public", armour("PUBLIC KEY", &spki))
}

/// A new key of Ed25519.
pub fn ed25519(dice: &mut Dice) -> Credential {
    let seed: [u8; 32] = dice.bytes(32).try_into().expect("32 bytes were asked for");
    let half = SigningKey::from_bytes(&seed).verifying_key().to_bytes();
    let inner = der(OCTETS, &der(OCTETS, &seed));
    let info = [der(INTEGER, &[0]), der(SEQUENCE, ED25519), inner].concat();
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": url(&half), "d": url(&seed)});
    let public = [string(b"ssh-ed25519"), string(&half)].concat();
    let private = [public.clone(), string(&[seed, half].concat())].concat();
    Credential::new(armour("PRIVATE KEY", &der(SEQUENCE, &info)))
        .also("openssh", openssh(&public, &private))
        .also("jwk", jwk.to_string())
}

fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let head = match length {
        0..0x80 => vec![tag, length as u8],
        0x80..0x100 => vec![tag, 0x81, length as u8],
        _ => vec![tag, 0x82, (length >> 8) as u8, length as u8],
    };
    [head, content.to_vec()].concat()
}

/// The numbers in a sequence of DER, without leading zeros.
fn integers(sequence: &[u8]) -> Vec<Vec<u8>> {
    let (mut rest, _) = element(sequence);
    let mut all = Vec::new();
    while !rest.is_empty() {
        let (number, behind) = element(rest);
        let zeros = number.iter().take_while(|byte| **byte == 0).count();
        all.push(number[zeros..].to_vec());
        rest = behind;
    }
    all
}

/// The content of the first element, and what stands behind it.
fn element(bytes: &[u8]) -> (&[u8], &[u8]) {
    let (head, length) = match bytes[1] {
        0x81 => (3, usize::from(bytes[2])),
        0x82 => (4, usize::from(bytes[2]) << 8 | usize::from(bytes[3])),
        short => (2, usize::from(short)),
    };
    bytes[head..].split_at(length)
}

fn url(bytes: &[u8]) -> String {
    base64_simd::URL_SAFE_NO_PAD.encode_to_string(bytes)
}

fn string(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u32).to_be_bytes()[..], bytes].concat()
}

/// A positive number as SSH writes it.
fn number(bytes: &[u8]) -> Vec<u8> {
    match bytes.first() {
        Some(first) if *first >= 0x80 => string(&[&[0], bytes].concat()),
        _ => string(bytes),
    }
}

fn openssh(public: &[u8], private: &[u8]) -> String {
    let mut inner = [b"abcdabcd", private, &string(b"ann@example.org")].concat();
    let missing = (8 - inner.len() % 8) % 8;
    inner.extend((1..=8).take(missing));
    let head = [string(b"none"), string(b"none"), string(b""), vec![0, 0, 0, 1]].concat();
    let body = [b"openssh-key-v1\0", &head[..], &string(public), &string(&inner)].concat();
    armour("OPENSSH PRIVATE KEY", &body)
}
