//! Seeds and scalars whose public half the test works out, in the spelling of their networks.

use k256::elliptic_curve::sec1::ToSec1Point;
use keytrail::rules::Rule;
use keytrail::rules::dice::Dice;

use super::Case;
use super::keys::{ed25519, seed, spki};
use super::numbers::{base32, base58, base64, crc16, hex, sha256, unbase58, unhex};
use super::samples::read;

/// Bech32 (BIP-173).
fn bech32(name: &str, bytes: &[u8]) -> String {
    let mut values = Vec::new();
    let bit = |at: usize| bytes.get(at / 8).is_some_and(|byte| byte & (128 >> (at % 8)) != 0);
    for at in (0..bytes.len() * 8).step_by(5) {
        values.push((0..5).fold(0_u8, |sum, next| sum * 2 + u8::from(bit(at + next))));
    }
    let spread = name.bytes().map(|b| b >> 5).chain([0]).chain(name.bytes().map(|b| b & 31));
    let all: Vec<u8> = spread.chain(values.iter().copied()).chain([0; 6]).collect();
    let mut code = 1_u32;
    for value in all {
        let top = code >> 25;
        code = (code & 0x1ff_ffff) << 5 ^ u32::from(value);
        let taps = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
        for (n, tap) in taps.into_iter().enumerate() {
            code ^= if top >> n & 1 == 1 { tap } else { 0 };
        }
    }
    code ^= 1;
    values.extend((0..6).map(|n| (code >> (25 - 5 * n) & 31) as u8));
    let letters = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    let text: String =
        values.iter().map(|value| char::from(letters[usize::from(*value)])).collect();
    format!("{name}1{text}")
}

/// The public half of a scalar on Curve25519.
fn x25519(scalar: [u8; 32]) -> [u8; 32] {
    curve25519_dalek::MontgomeryPoint::mul_base_clamped(scalar).to_bytes()
}

pub fn age(_: &Rule) -> Vec<Case> {
    let key = bech32("age-secret-key-", &seed(30)).to_uppercase();
    let recipient = bech32("age", &x25519(seed(30)));
    vec![Case::known(format!("# a key\n{key}\n"), &[("key_id", &recipient)])]
}

pub fn nostr(_: &Rule) -> Vec<Case> {
    let secret = k256::SecretKey::from_slice(&seed(31)).expect("below the order");
    let point = secret.public_key().as_affine().to_sec1_point(true);
    let account = bech32("npub", &point.as_bytes()[1..]);
    let text = format!("key: {}\n", bech32("nsec", &seed(31)));
    vec![Case::known(text, &[("principal", &account)])]
}

fn summed(bytes: &[u8]) -> String {
    base32(&[bytes, &crc16(bytes).to_le_bytes()].concat())
}

/// A user's seed and an account's.
pub fn nats(_: &Rule) -> Vec<Case> {
    let case = |kind: u8, n| {
        let (public, _) = ed25519(&seed(n));
        let lead = [18 << 3 | kind >> 5, (kind & 31) << 3];
        let key = summed(&[&lead[..], &seed(n)].concat());
        let account = summed(&[&[kind][..], &public].concat());
        Case::known(format!("seed: {key}\n"), &[("principal", &account)])
    };
    vec![case(20 << 3, 32), case(0, 33)]
}

pub fn stellar(rule: &Rule) -> Vec<Case> {
    let (public, _) = ed25519(&seed(34));
    let key = summed(&[&[18 << 3][..], &seed(34)].concat());
    let account = summed(&[&[6 << 3][..], &public].concat());
    let word = &rule.context.as_ref().expect("the rule has words").words[0];
    vec![Case::known(format!("{word} = {key}\n"), &[("principal", &account)])]
}

pub fn solana(rule: &Rule) -> Vec<Case> {
    let (public, _) = ed25519(&seed(35));
    let key = base58(&[&seed(35)[..], &public].concat());
    let word = &rule.context.as_ref().expect("the rule has words").words[0];
    vec![Case::known(format!("{word} = {key}\n"), &[("principal", &base58(&public))])]
}

/// An extended key begins with its kind, its depth and its parent's fingerprint (BIP-32).
pub fn extended(rule: &Rule) -> Vec<Case> {
    let tells = |key: &str| {
        let bytes = unbase58(key);
        let mut told = match bytes[4] {
            0 => vec![("scope", "master".to_owned())],
            depth => vec![("scope", format!("depth {depth}"))],
        };
        if bytes[4] > 0 {
            told.push(("key_id", format!("child of {}", hex(&bytes[5..9]))));
        }
        told
    };
    let mut cases = read(rule, "", tells);
    let bytes = [unhex("0488ade4000000000000000000"), Dice::seeded(36).bytes(32), vec![0]];
    let body = [bytes.concat(), seed(37).to_vec()].concat();
    let key = base58(&[&body[..], &sha256(&sha256(&body))[..4]].concat());
    cases.push(Case::known(format!("key: {key}\n"), &[("scope", "master")]));
    cases
}

pub fn wireguard(_: &Rule) -> Vec<Case> {
    let mut scalar = seed(38);
    scalar[0] &= 0xf8;
    scalar[31] = scalar[31] & 0x3f | 0x40;
    let public = x25519(scalar);
    let info = [&unhex("302a300506032b656e032100")[..], &public].concat();
    let text = format!(
        "[Interface]\nPrivateKey = {}\n\n[Peer]\nPublicKey = {}\nAllowedIPs = 10.7.0.0/24\nEndpoint = vpn.acme.example:51820\n",
        base64(&scalar),
        base64(&x25519(seed(39))),
    );
    let told = [
        ("key_id", base64(&public)),
        ("public_key", spki(&info)),
        ("endpoint", "vpn.acme.example:51820".to_owned()),
    ];
    let told = told.each_ref().map(|(field, value)| (*field, value.as_str()));
    vec![Case::known(text, &told)]
}
