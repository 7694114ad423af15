//! Made-up credentials and texts for the tests of proofs.

use num_bigint_dig::{BigUint, ModInverse};

use crate::model::{Claim, Kind};
use crate::proofs::{Found, Known, witnesses};
use crate::rules::checks::der::{self, BITS, INTEGER, OBJECT, OCTETS, SEQUENCE};
use crate::rules::checks::{Sighting, b64, find};
use crate::rules::dice::Dice;

/// A known credential without claims.
pub(super) fn known<'a>(rule: &'a str, kind: Kind, value: &'a [u8]) -> Known<'a> {
    Known { rule, kind, value, claims: &[] }
}

/// What `check` reads of whose `value` is.
pub(super) fn claims(check: &str, value: &[u8]) -> Vec<Claim> {
    (find(check).expect("a check").judge)(&Sighting::alone(value)).claims
}

/// Everything that the witnesses of `all` find confirmed in `text`.
pub(super) fn found(all: &[Known<'_>], text: impl AsRef<[u8]>) -> Vec<Found> {
    let text = text.as_ref();
    let witnesses = witnesses(all);
    let met = witnesses.iter().flat_map(|witness| {
        assert!(witness.needle.len() >= 8, "{}", witness.text);
        let places = memchr::memmem::find_iter(text, &witness.needle[..]);
        places.filter_map(|at| witness.confirm(text, &(at..at + witness.needle.len())))
    });
    let mut met: Vec<Found> = met.collect();
    met.dedup();
    met
}

/// The texts of what is found.
pub(super) fn said(all: &[Known<'_>], text: impl AsRef<[u8]>) -> Vec<&'static str> {
    let mut texts: Vec<_> = found(all, text).into_iter().map(|found| found.text).collect();
    texts.sort_unstable();
    texts.dedup();
    texts
}

/// `bytes` in armour.
pub(super) fn armour(label: &str, bytes: &[u8], end: &str) -> String {
    let base64 = b64::standard(bytes);
    let lines: Vec<_> = base64.chunks(64).map(String::from_utf8_lossy).collect();
    format!("-----BEGIN {label}-----{end}{}{end}-----END {label}-----{end}", lines.join(end))
}

/// The Ed25519 key of a seed, in PKCS#8.
pub(super) fn edwards(seed: &[u8]) -> Vec<u8> {
    let name = der::write(SEQUENCE, &der::write(OBJECT, &[0x2b, 0x65, 0x70]));
    let inner = der::write(OCTETS, &der::write(OCTETS, seed));
    der::write(SEQUENCE, &[der::write(INTEGER, &[0]), name, inner].concat())
}

/// A key on a curve, in SEC1.
pub(super) fn sec1(curve: &[u8], scalar: &[u8]) -> Vec<u8> {
    let named = der::write(0xa0, &der::write(OBJECT, curve));
    let parts = [der::write(INTEGER, &[1]), der::write(OCTETS, scalar), named];
    der::write(SEQUENCE, &parts.concat())
}

/// A certificate's outline around a public key.
pub(super) fn certificate(info: &[u8], dice: &mut Dice) -> Vec<u8> {
    let serial = der::write_number(&dice.bytes(16));
    let names = der::write(SEQUENCE, &dice.bytes(90));
    let inner = der::write(SEQUENCE, &[serial, names, info.to_vec()].concat());
    let signature = der::write(BITS, &dice.bytes(257));
    der::write(SEQUENCE, &[inner, signature].concat())
}

/// A real RSA key.
pub(super) struct Rsa {
    pub(super) n: BigUint,
    pub(super) d: BigUint,
    /// PKCS#1.
    pub(super) der: Vec<u8>,
}

/// An RSA key of 1,024 bits.
pub(super) fn rsa(dice: &mut Dice) -> Rsa {
    let one = BigUint::from(1_u8);
    let e = BigUint::from(65_537_u32);
    loop {
        let (p, q) = (prime(dice), prime(dice));
        let order = (&p - &one) * (&q - &one);
        let Some(d) = e.clone().mod_inverse(&order).and_then(|d| d.to_biguint()) else { continue };
        let (dp, dq) = (&d % (&p - &one), &d % (&q - &one));
        let inverse = q.clone().mod_inverse(&p).and_then(|c| c.to_biguint());
        let Some(inverse) = inverse else { continue };
        let n = &p * &q;
        let numbers = [BigUint::from(0_u8), n.clone(), e, d.clone(), p, q, dp, dq, inverse];
        let written = numbers.map(|number| der::write_number(&number.to_bytes_be()));
        return Rsa { n, d, der: der::write(SEQUENCE, &written.concat()) };
    }
}

fn prime(dice: &mut Dice) -> BigUint {
    let two = BigUint::from(2_u8);
    loop {
        let mut bytes = dice.bytes(64);
        bytes[0] |= 0xc0;
        bytes[63] |= 1;
        let number = BigUint::from_bytes_be(&bytes);
        if two.modpow(&(&number - 1_u8), &number) == BigUint::from(1_u8) {
            return number;
        }
    }
}
