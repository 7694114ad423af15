//! The public half of a known private key, whatever container holds it.

use sha2::{Digest, Sha256};

use crate::model::{Field, Kind};
use crate::proofs::known::Known;
use crate::rules::checks::der::{self, BITS, INTEGER, OBJECT, SEQUENCE, element};
use crate::rules::checks::key::{self, K256, Key, P256, P384, P521};
use crate::rules::checks::{b64, pem};

/// A public key.
pub(super) struct Half {
    /// Its SubjectPublicKeyInfo.
    pub(super) info: Vec<u8>,
    /// Its numbers.
    pub(super) numbers: Numbers,
}

/// What a public key is made of.
pub(super) enum Numbers {
    /// Modulus and exponent, without zeros in front.
    Rsa { n: Vec<u8>, e: Vec<u8> },
    /// A point, uncompressed, and its curve.
    Point { curve: &'static [u8], point: Vec<u8> },
    /// A point of Ed25519.
    Edwards(Vec<u8>),
    /// A point of X25519.
    Montgomery(Vec<u8>),
}

/// Longer moduli are not worked with, in bytes.
const LONGEST: usize = 2048;

impl Half {
    /// The public half of `known`; none where it is no private key, or locked beyond reading.
    pub(super) fn of(known: &Known<'_>) -> Option<Self> {
        let keeps = matches!(known.kind, Kind::PrivateKey | Kind::ServiceAccountKey);
        if !keeps || !known.is_readable() {
            return None;
        }
        let value = known.value;
        let armoured = || from_armour(value);
        let wrapped = || from_armour(&b64::decode(b64::unpadded(value))?);
        let bare = || from_key(Key::from_der(&b64::decode(b64::unpadded(value))?)?);
        let putty = || key::ssh_info(&putty_blob(value)?);
        let info = armoured()
            .or_else(wrapped)
            .or_else(bare)
            .or_else(putty)
            .or_else(|| member(known))
            .or_else(|| wireguard(known))?;
        Self::read(info)
    }

    /// Reads a SubjectPublicKeyInfo.
    pub(super) fn read(info: Vec<u8>) -> Option<Self> {
        let numbers = numbers(&info)?;
        Some(Self { info, numbers })
    }

    /// Its blob as SSH writes it; none for keys that SSH has not.
    pub(super) fn ssh_blob(&self) -> Option<Vec<u8>> {
        let parts: Vec<Vec<u8>> = match &self.numbers {
            Numbers::Rsa { n, e } => vec![b"ssh-rsa".to_vec(), signed(e), signed(n)],
            Numbers::Edwards(point) => vec![b"ssh-ed25519".to_vec(), point.clone()],
            Numbers::Point { curve, point } => {
                let name = match *curve {
                    P256 => "nistp256",
                    P384 => "nistp384",
                    P521 => "nistp521",
                    _ => return None,
                };
                vec![format!("ecdsa-sha2-{name}").into(), name.into(), point.clone()]
            }
            Numbers::Montgomery(_) => return None,
        };
        Some(parts.iter().flat_map(|part| string(part)).collect())
    }

    /// Its thumbprint as a JSON Web Key (RFC 7638).
    pub(super) fn thumbprint(&self) -> String {
        let url = |bytes: &[u8]| String::from_utf8_lossy(&b64::url(bytes)).into_owned();
        let members = match &self.numbers {
            Numbers::Rsa { n, e } => {
                format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, url(e), url(n))
            }
            Numbers::Point { curve, point } => {
                let (x, y) = halves(point);
                let (curve, x, y) = (curve_name(curve), url(x), url(y));
                format!(r#"{{"crv":"{curve}","kty":"EC","x":"{x}","y":"{y}"}}"#)
            }
            Numbers::Edwards(x) => format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, url(x)),
            Numbers::Montgomery(x) => format!(r#"{{"crv":"X25519","kty":"OKP","x":"{}"}}"#, url(x)),
        };
        url(&Sha256::digest(members))
    }

    /// The bytes that stand in every writing of it: the modulus, or the point's first coordinate.
    pub(super) fn core(&self) -> &[u8] {
        match &self.numbers {
            Numbers::Rsa { n, .. } => n,
            Numbers::Point { point, .. } => halves(point).0,
            Numbers::Edwards(point) | Numbers::Montgomery(point) => point,
        }
    }
}

/// The two coordinates of an uncompressed point.
fn halves(point: &[u8]) -> (&[u8], &[u8]) {
    let both = point.get(1..).unwrap_or_default();
    both.split_at(both.len() / 2)
}

fn curve_name(curve: &[u8]) -> &'static str {
    match curve {
        P256 => "P-256",
        P384 => "P-384",
        P521 => "P-521",
        _ => "secp256k1",
    }
}

/// A text as SSH writes it, behind its length.
fn string(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u32).to_be_bytes()[..], bytes].concat()
}

/// A positive number with the zero byte that its sign asks for.
fn signed(number: &[u8]) -> Vec<u8> {
    let zero: &[u8] = if number.first().is_some_and(|byte| *byte >= 128) { &[0] } else { &[] };
    [zero, number].concat()
}

fn from_key(key: Key) -> Option<Vec<u8>> {
    match key {
        Key::Consistent(info) | Key::Readable(info) => info,
        Key::Encrypted | Key::Inconsistent | Key::Hardware => None,
    }
}

fn from_armour(text: &[u8]) -> Option<Vec<u8>> {
    let pem = pem::read(text)?;
    if pem.label.starts_with("OPENSSH") {
        // The public blob stands in front, in the clear, even where a passphrase locks the rest.
        let (key, _) = Key::from_openssh(&pem.bytes)?;
        let trusted = matches!(key, Key::Consistent(_) | Key::Encrypted);
        return key::ssh_info(openssh_blob(&pem.bytes)?).filter(|_| trusted);
    }
    from_key(Key::from_der(&pem.bytes)?)
}

fn openssh_blob(bytes: &[u8]) -> Option<&[u8]> {
    let rest = bytes.strip_prefix(b"openssh-key-v1\0")?;
    let (_, rest) = key::text(rest)?;
    let (_, rest) = key::text(rest)?;
    let (_, rest) = key::text(rest)?;
    Some(key::text(rest.get(4..)?)?.0)
}

/// The public blob of a PuTTY key file.
fn putty_blob(text: &[u8]) -> Option<Vec<u8>> {
    let plain = pem::unescape(text.starts_with(b"PuTTY-User-Key-File-").then_some(text)?);
    let mut lines = plain.split(|byte| matches!(byte, b'\n' | b'\r')).map(<[u8]>::trim_ascii);
    let count = lines.find_map(|line| line.strip_prefix(b"Public-Lines:"))?.trim_ascii();
    let count: usize = str::from_utf8(count).ok()?.parse().ok()?;
    let lines: Vec<&[u8]> = lines.filter(|line| !line.is_empty()).take(count).collect();
    b64::decode(&lines.concat())
}

/// The public half of a JSON Web Key's private member, on whichever curve gives the digest that its claims
/// state.
fn member(known: &Known<'_>) -> Option<Vec<u8>> {
    let private = b64::decode(known.value).filter(|bytes| (31..=66).contains(&bytes.len()))?;
    let stated: Vec<&str> = known.told(Field::PublicKey).collect();
    let is_stated = |info: &Vec<u8>| stated.contains(&key::public_claim(info).value.as_str());
    let edwards = from_key(key::ed25519(&private, None)).filter(is_stated);
    let on = |curve| {
        let scalar = key::fitted(&private, curve);
        from_key(key::ec(curve, &scalar, None)).filter(is_stated)
    };
    edwards.or_else(|| [P256, P384, P521, K256].into_iter().find_map(on))
}

/// A WireGuard key's public half, which its claims state.
fn wireguard(known: &Known<'_>) -> Option<Vec<u8>> {
    let point = known.told(Field::KeyId).find_map(|text| b64::decode(text.as_bytes()))?;
    (known.rule.starts_with("wireguard") && point.len() == 32).then(|| key::x25519_info(&point))
}

fn numbers(info: &[u8]) -> Option<Numbers> {
    const EDWARDS: &[u8] = &[0x2b, 0x65, 0x70];
    const MONTGOMERY: &[u8] = &[0x2b, 0x65, 0x6e];
    let whole = element(info).filter(|part| part.tag == SEQUENCE)?;
    let algorithm = element(whole.content).filter(|part| part.tag == SEQUENCE)?;
    let name = element(algorithm.content).filter(|part| part.tag == OBJECT)?;
    let bits = element(algorithm.rest).filter(|part| part.tag == BITS)?.content.get(1..)?;
    match name.content {
        EDWARDS => Some(Numbers::Edwards(bits.to_vec())).filter(|_| bits.len() == 32),
        MONTGOMERY => Some(Numbers::Montgomery(bits.to_vec())).filter(|_| bits.len() == 32),
        _ => match element(name.rest).filter(|part| part.tag == OBJECT) {
            Some(curve) => {
                let known = [P256, P384, P521, K256];
                let curve = known.into_iter().find(|known| *known == curve.content)?;
                let whole = bits.first() == Some(&4) && bits.len() > 64;
                whole.then(|| Numbers::Point { curve, point: bits.to_vec() })
            }
            None => rsa(bits),
        },
    }
}

fn rsa(bits: &[u8]) -> Option<Numbers> {
    let pair = element(bits).filter(|part| part.tag == SEQUENCE)?;
    let [n, e] = der::row(pair.content, INTEGER).try_into().ok()?;
    let plain = |number: &[u8]| -> Vec<u8> {
        number.iter().copied().skip_while(|byte| *byte == 0).collect()
    };
    let (n, e) = (plain(n), plain(e));
    let fits = (64..=LONGEST).contains(&n.len()) && (1..=8).contains(&e.len());
    fits.then_some(Numbers::Rsa { n, e })
}
