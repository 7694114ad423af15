//! A private key: read from DER or OpenSSH's own form, proven by its own arithmetic, named by its public half.

use ed25519_dalek::SigningKey;
use num_bigint_dig::BigUint;
use p256::elliptic_curve::sec1::ToSec1Point;
use sha2::{Digest, Sha256};

use crate::model::{Claim, Field};
use crate::rules::checks::der::{self, BITS, INTEGER, OBJECT, OCTETS, SEQUENCE, element, row};

/// What was found inside.
pub(crate) enum Key {
    /// The parts fit together; the public half as SubjectPublicKeyInfo, where it was worked out.
    Consistent(Option<Vec<u8>>),
    /// Reads as a key, but holds nothing to check it against; its public half.
    Readable(Option<Vec<u8>>),
    /// Locked with a passphrase.
    Encrypted,
    /// Reads as a key whose parts do not fit together.
    Inconsistent,
    /// Useless without the hardware that made it.
    Hardware,
}

/// Numbers larger than this are not worked on, in bytes.
const LARGEST: usize = 2048;

const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
const DSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1];
const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
const X25519: &[u8] = &[0x2b, 0x65, 0x6e];
pub(crate) const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
pub(crate) const P384: &[u8] = &[0x2b, 0x81, 4, 0, 34];
pub(crate) const P521: &[u8] = &[0x2b, 0x81, 4, 0, 35];
pub(crate) const K256: &[u8] = &[0x2b, 0x81, 4, 0, 10];

impl Key {
    /// Reads PKCS#1, SEC1, DSA, PKCS#8 and encrypted PKCS#8.
    pub(crate) fn from_der(bytes: &[u8]) -> Option<Self> {
        let outer = element(bytes).filter(|e| e.tag == SEQUENCE)?;
        let first = element(outer.content)?;
        match (first.tag, element(first.rest)?) {
            (SEQUENCE, body) if body.tag == OCTETS => Some(Self::Encrypted),
            (INTEGER, algorithm) if algorithm.tag == SEQUENCE => pkcs8(&algorithm),
            (INTEGER, scalar) if scalar.tag == OCTETS => sec1(scalar.content, None, scalar.rest),
            (INTEGER, _) => {
                let numbers = row(outer.content, INTEGER);
                match numbers.len() {
                    9 => Some(rsa(&numbers)),
                    6 => Some(Self::Readable(Some(dsa_info(&numbers[1..5])))),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Reads `openssh-key-v1`.
    pub(crate) fn from_openssh(bytes: &[u8]) -> Option<(Self, Vec<Claim>)> {
        let rest = bytes.strip_prefix(b"openssh-key-v1\0")?;
        let (cipher, rest) = text(rest)?;
        let (_, rest) = text(rest)?;
        let (_, rest) = text(rest)?;
        let (_, rest) = rest.split_at_checked(4)?;
        let (public, rest) = text(rest)?;
        let mut claims = vec![ssh_claim(public)];
        if text(public)?.0.starts_with(b"sk-") {
            return Some((Self::Hardware, claims));
        }
        if cipher != b"none" {
            return Some((Self::Encrypted, claims));
        }
        let (private, _) = text(rest)?;
        let (checks, fields) = private.split_at_checked(8)?;
        if checks[..4] != checks[4..] {
            return Some((Self::Inconsistent, claims));
        }
        let (kind, mut fields) = text(fields)?;
        let mut parts = Vec::new();
        while let Some((part, rest)) = text(fields) {
            parts.push(part);
            fields = rest;
        }
        let comment = parts.last().map(|part| String::from_utf8_lossy(part).into_owned());
        claims.extend(comment.filter(|c| !c.is_empty()).map(|c| Claim::new(Field::Principal, c)));
        Some((openssh(kind, &parts), claims))
    }
}

/// The F1 name of a key pair: SHA-256 of its SubjectPublicKeyInfo.
pub(crate) fn public_claim(info: &[u8]) -> Claim {
    let digest: String = Sha256::digest(info).iter().map(|b| format!("{b:02x}")).collect();
    Claim::new(Field::PublicKey, format!("spki sha256 {digest}"))
}

/// The name that OpenSSH gives a key: SHA-256 of its public blob.
pub(crate) fn ssh_claim(blob: &[u8]) -> Claim {
    let fingerprint = base64_simd::STANDARD_NO_PAD.encode_to_string(Sha256::digest(blob));
    Claim::new(Field::KeyId, format!("SHA256:{fingerprint}"))
}

/// The SubjectPublicKeyInfo of a public blob as SSH writes it, of the usual kinds.
pub(crate) fn ssh_info(blob: &[u8]) -> Option<Vec<u8>> {
    let (kind, rest) = text(blob)?;
    let (first, rest) = text(rest)?;
    match kind {
        b"ssh-ed25519" => Some(spki(&der::write(OBJECT, ED25519), first)),
        b"ssh-rsa" => Some(rsa_info(text(rest)?.0, first)),
        b"ecdsa-sha2-nistp256" => Some(ec_info(P256, text(rest)?.0)),
        b"ecdsa-sha2-nistp384" => Some(ec_info(P384, text(rest)?.0)),
        b"ecdsa-sha2-nistp521" => Some(ec_info(P521, text(rest)?.0)),
        _ => None,
    }
}

/// The SubjectPublicKeyInfo of a point of X25519 (RFC 8410).
pub(crate) fn x25519_info(point: &[u8]) -> Vec<u8> {
    spki(&der::write(OBJECT, X25519), point)
}

/// A text as SSH writes it, behind its length, and the rest.
pub(crate) fn text(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(u32::from_be_bytes(*length) as usize)
}

fn openssh(kind: &[u8], parts: &[&[u8]]) -> Key {
    match (kind, parts) {
        (b"ssh-ed25519", [public, private, ..]) => ed25519(private, Some(public)),
        (b"ssh-rsa", [n, e, d, _, p, q, ..]) => rsa(&[&[], n, e, d, p, q]),
        (kind, [_, point, scalar, ..]) if kind.starts_with(b"ecdsa-sha2-") => {
            let curve = [P256, P384, P521].into_iter().find(|c| size(c) == (point.len() - 1) / 2);
            curve
                .map_or(Key::Readable(None), |curve| ec(curve, &fitted(scalar, curve), Some(point)))
        }
        _ => Key::Readable(None),
    }
}

/// The scalar without its sign byte, filled up to the curve's size.
pub(crate) fn fitted(scalar: &[u8], curve: &[u8]) -> Vec<u8> {
    let plain: Vec<u8> = scalar.iter().copied().skip_while(|b| *b == 0).collect();
    let mut full = vec![0; size(curve).saturating_sub(plain.len())];
    full.extend(plain);
    full
}

fn size(curve: &[u8]) -> usize {
    match curve {
        P384 => 48,
        P521 => 66,
        _ => 32,
    }
}

fn pkcs8(algorithm: &der::Element<'_>) -> Option<Key> {
    let name = element(algorithm.content).filter(|e| e.tag == OBJECT)?;
    let inner = element(algorithm.rest).filter(|e| e.tag == OCTETS)?;
    match name.content {
        RSA => Key::from_der(inner.content),
        EC => {
            let curve = element(name.rest).filter(|e| e.tag == OBJECT)?.content;
            let body = element(inner.content)?;
            let scalar = element(element(body.content)?.rest).filter(|e| e.tag == OCTETS)?;
            sec1(scalar.content, Some(curve), scalar.rest)
        }
        ED25519 => Some(ed25519(element(inner.content)?.content, None)),
        _ => Some(Key::Readable(None)),
    }
}

/// A SEC1 key: the curve may stand outside, in the optional element 0; the point in the optional element 1.
fn sec1(scalar: &[u8], curve: Option<&[u8]>, mut rest: &[u8]) -> Option<Key> {
    let (mut curve, mut point) = (curve, None);
    while let Some(part) = element(rest) {
        let inner = element(part.content)?;
        match (part.tag, inner.tag) {
            (0xa0, OBJECT) => curve = Some(inner.content),
            (0xa1, BITS) => point = inner.content.get(1..),
            _ => {}
        }
        rest = part.rest;
    }
    Some(curve.map_or(Key::Readable(None), |curve| ec(curve, &fitted(scalar, curve), point)))
}

/// A scalar as long as the curve asks, and its point in either form.
pub(crate) fn ec(curve: &[u8], scalar: &[u8], point: Option<&[u8]>) -> Key {
    let Some(derived) = derive(curve, scalar) else { return Key::Readable(None) };
    let info = Some(ec_info(curve, &derived));
    match point {
        None => Key::Readable(info),
        Some(point) if point == derived || is_compressed(point, &derived) => Key::Consistent(info),
        Some(_) => Key::Inconsistent,
    }
}

fn is_compressed(point: &[u8], full: &[u8]) -> bool {
    let half = full.len() / 2;
    let odd = full.last().is_some_and(|b| b & 1 == 1);
    point.len() == half + 1 && point[0] == 2 + u8::from(odd) && point[1..] == full[1..=half]
}

/// The uncompressed public point of a scalar.
pub(crate) fn derive(curve: &[u8], scalar: &[u8]) -> Option<Vec<u8>> {
    macro_rules! point {
        ($curve:ident) => {{
            let key = $curve::SecretKey::from_slice(scalar).ok()?;
            Some(key.public_key().as_affine().to_sec1_point(false).as_bytes().to_vec())
        }};
    }
    match curve {
        P256 => point!(p256),
        P384 => point!(p384),
        P521 => point!(p521),
        K256 => point!(k256),
        _ => None,
    }
}

/// A seed, which its public key may follow; with the public key that stands elsewhere.
pub(crate) fn ed25519(private: &[u8], public: Option<&[u8]>) -> Key {
    let Some(seed) = private.first_chunk::<32>() else { return Key::Inconsistent };
    let derived = SigningKey::from_bytes(seed).verifying_key().to_bytes();
    let info = Some(spki(&der::write(OBJECT, ED25519), &derived));
    let twice = private.get(32..).is_none_or(|rest| rest.is_empty() || rest == derived);
    match public {
        None => Key::Readable(info),
        Some(public) if public == derived && twice => Key::Consistent(info),
        Some(_) => Key::Inconsistent,
    }
}

/// `numbers` are version, n, e, d, p, q.
pub(crate) fn rsa(numbers: &[&[u8]]) -> Key {
    if numbers.iter().any(|number| number.len() > LARGEST) {
        return Key::Readable(None);
    }
    let [_, n, e, d, p, q, ..] = numbers else { return Key::Inconsistent };
    let [big_n, big_e, big_d, p, q] = [n, e, d, p, q].map(|bytes| BigUint::from_bytes_be(bytes));
    let one = BigUint::from(1_u8);
    if p <= one || q <= one || big_n != &p * &q {
        return Key::Inconsistent;
    }
    // d may be the inverse modulo the product or modulo the least common multiple: both divide so.
    let product = &big_e * &big_d;
    let fits = |prime: &BigUint| &product % (prime - &one) == &one % (prime - &one);
    if !fits(&p) || !fits(&q) {
        return Key::Inconsistent;
    }
    if let [_, _, _, _, _, _, dp, dq, coefficient] = numbers {
        let [dp, dq, coefficient] = [dp, dq, coefficient].map(|b| BigUint::from_bytes_be(b));
        let shortcuts = dp == &big_d % (&p - &one) && dq == &big_d % (&q - &one);
        if !shortcuts || (coefficient * &q) % &p != one {
            return Key::Inconsistent;
        }
    }
    Key::Consistent(Some(rsa_info(n, e)))
}

fn rsa_info(n: &[u8], e: &[u8]) -> Vec<u8> {
    let pair = [der::write_number(n), der::write_number(e)].concat();
    let algorithm = [der::write(OBJECT, RSA), vec![5, 0]].concat();
    spki(&algorithm, &der::write(SEQUENCE, &pair))
}

/// `numbers` are the three of the domain and the public one.
fn dsa_info(numbers: &[&[u8]]) -> Vec<u8> {
    let written: Vec<Vec<u8>> = numbers.iter().map(|n| der::write_number(n)).collect();
    let (public, domain) = written.split_last().expect("four numbers were given");
    let domain = der::write(SEQUENCE, &domain.concat());
    spki(&[der::write(OBJECT, DSA), domain].concat(), public)
}

fn ec_info(curve: &[u8], point: &[u8]) -> Vec<u8> {
    let algorithm = [der::write(OBJECT, EC), der::write(OBJECT, curve)].concat();
    spki(&algorithm, point)
}

fn spki(algorithm: &[u8], public: &[u8]) -> Vec<u8> {
    let bits = [&[0], public].concat();
    der::write(SEQUENCE, &[der::write(SEQUENCE, algorithm), der::write(BITS, &bits)].concat())
}

#[cfg(test)]
mod tests {
    use super::{P256, derive, ec, ed25519, public_claim, rsa_info, sec1, ssh_info};
    use crate::rules::checks::key::Key;

    #[test]
    fn the_worked_fingerprints_hold() {
        let seed: Vec<u8> = (0..32).collect();
        let Key::Readable(Some(info)) = ed25519(&seed, None) else { panic!("no public half") };
        assert_eq!(
            public_claim(&info).value,
            "spki sha256 a050837d85070582ccf7394b0988847cc312cb88259b894899f6f239cf1791a5"
        );
        let Key::Readable(Some(info)) = ec(P256, &seed, None) else { panic!("no public half") };
        assert_eq!(
            public_claim(&info).value,
            "spki sha256 a8f0cb0e6d98a8d9b3dad3ad6699408d20450373d8b54d8d6159acb7a3e9ea58"
        );
        let point = derive(P256, &seed).expect("a scalar");
        assert!(matches!(ec(P256, &seed, Some(&point)), Key::Consistent(_)));
        assert!(matches!(ec(P256, &seed, Some(&point[1..])), Key::Inconsistent));
        // PuTTY's tool writes the scalar as a number with its sign byte.
        let signed = sec1(&[&[0], &seed[..]].concat(), Some(P256), &[]);
        assert!(matches!(signed, Some(Key::Readable(Some(named))) if named == info));
    }

    #[test]
    fn a_blob_of_ssh_names_the_same_public_half() {
        let blob = |parts: &[&[u8]]| -> Vec<u8> {
            let string = |part: &&[u8]| [&(part.len() as u32).to_be_bytes()[..], part].concat();
            parts.iter().flat_map(string).collect()
        };
        let seed: Vec<u8> = (0..32).collect();
        let Key::Readable(info) = ed25519(&seed, None) else { panic!("no public half") };
        let seed = seed.try_into().expect("32 bytes");
        let public = ed25519_dalek::SigningKey::from_bytes(&seed).verifying_key().to_bytes();
        assert_eq!(ssh_info(&blob(&[b"ssh-ed25519", &public])), info);
        let Key::Readable(info) = ec(P256, &seed, None) else { panic!("no public half") };
        let point = derive(P256, &seed).expect("a scalar");
        assert_eq!(ssh_info(&blob(&[b"ecdsa-sha2-nistp256", b"nistp256", &point])), info);
        let rsa = ssh_info(&blob(&[b"ssh-rsa", &[1, 0, 1], &[0, 200, 1]]));
        assert_eq!(rsa, Some(rsa_info(&[200, 1], &[1, 0, 1])));
        assert_eq!(ssh_info(&blob(&[b"ssh-dss", &[1]])), None);
    }
}
