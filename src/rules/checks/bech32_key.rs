//! Keys in bech32 (BIP-173): age identities and Nostr secret keys.

use curve25519_dalek::MontgomeryPoint;

use crate::model::{Claim, Field};
use crate::rules::checks::{Check, Sample, Sighting, Verdict, key};
use crate::rules::dice::Dice;

/// Verifies the code at the end.
pub(super) const CHECK: Check = Check {
    name: "bech32-key",
    about: "the bech32 code over the whole key holds; the public half of an age or Nostr key is worked out",
    bits: 30,
    around: false,
    judge,
    seal,
};

const DIGITS: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
/// Characters of the code.
const CODE: usize = 6;

fn judge(sighting: &Sighting<'_>) -> Verdict {
    let lower = sighting.value.to_ascii_lowercase();
    if lower.starts_with(b"age-secret-key-pq-") {
        return Verdict::silent("a post-quantum age identity");
    }
    match split(&lower) {
        Some((name, ref values)) if code(name, values.iter().copied()) == 1 => {
            Verdict::proven("checksum holds (bech32, 30 bits)").with(public(name, values))
        }
        Some(_) => Verdict::broken("checksum does not hold: made up, redacted or damaged"),
        None => Verdict::foreign("not bech32"),
    }
}

/// The human-readable part and the values of the rest.
fn split(lower: &[u8]) -> Option<(&[u8], Vec<u8>)> {
    let one = lower.iter().rposition(|b| *b == b'1')?;
    let value = |b: &u8| DIGITS.iter().position(|d| d == b).map(|n| n as u8);
    let values = lower[one + 1..].iter().map(value).collect::<Option<Vec<_>>>()?;
    (values.len() > CODE).then_some((&lower[..one], values))
}

/// The public half: an age identity's recipient, which files that it opens were encrypted to, or the
/// account of a Nostr key.
fn public(name: &[u8], values: &[u8]) -> Option<Claim> {
    let scalar: [u8; 32] = bytes(&values[..values.len().saturating_sub(CODE)]).try_into().ok()?;
    let (field, name, public) = match name {
        b"age-secret-key-" => {
            let point = MontgomeryPoint::mul_base_clamped(scalar).to_bytes();
            (Field::KeyId, "age", point.to_vec())
        }
        // The first of the two coordinates, behind the octet that says how the point is written.
        b"nsec" => {
            (Field::Principal, "npub", key::derive(key::K256, &scalar)?.get(1..33)?.to_vec())
        }
        _ => return None,
    };
    let digits = sealed(name.as_bytes(), &mut fives(&public));
    Some(Claim::new(field, format!("{name}1{}", String::from_utf8_lossy(&digits))))
}

/// Whole bytes of groups of five bits.
fn bytes(values: &[u8]) -> Vec<u8> {
    let bit = |at: usize| values[at / 5] >> (4 - at % 5) & 1;
    let byte = |n: usize| (0..8).fold(0, |byte, next| byte << 1 | bit(n * 8 + next));
    (0..values.len() * 5 / 8).map(byte).collect()
}

/// Groups of five bits, the last filled up with zeros.
fn fives(bytes: &[u8]) -> Vec<u8> {
    let bit = |at: usize| bytes.get(at / 8).map_or(0, |byte| byte >> (7 - at % 8) & 1);
    let five = |n: usize| (0..5).fold(0, |five, next| five << 1 | bit(n * 5 + next));
    (0..(bytes.len() * 8).div_ceil(5)).map(five).collect()
}

/// The digits of `values` and of their code.
fn sealed(name: &[u8], values: &mut Vec<u8>) -> Vec<u8> {
    let wanted = code(name, values.iter().copied().chain([0; CODE])) ^ 1;
    values.extend((0..CODE).map(|n| (wanted >> (5 * (CODE - 1 - n)) & 31) as u8));
    values.iter().map(|value| DIGITS[usize::from(*value)]).collect()
}

/// The BIP-173 checksum polynomial over the name and the values.
fn code(name: &[u8], values: impl IntoIterator<Item = u8>) -> u32 {
    const TAPS: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    let high = name.iter().map(|b| b >> 5);
    let low = name.iter().map(|b| b & 31);
    high.chain([0]).chain(low).chain(values).fold(1, |code, value| {
        let next = (code & 0x1ff_ffff) << 5 ^ u32::from(value);
        let taps = TAPS.iter().enumerate().filter(|(n, _)| code >> (25 + n) & 1 == 1);
        taps.fold(next, |next, (_, tap)| next ^ tap)
    })
}

fn seal(sample: &mut Sample, _: &mut Dice) {
    let lower = sample.token.to_ascii_lowercase();
    let Some((name, mut values)) = split(&lower) else { return };
    values.truncate(values.len() - CODE);
    let digits = sealed(name, &mut values);
    let upper = sample.token.first().is_some_and(u8::is_ascii_uppercase);
    let digits = if upper { digits.to_ascii_uppercase() } else { digits };
    sample.token.splice(name.len() + 1.., digits);
}

#[cfg(test)]
mod tests {
    use super::{CHECK, bytes, fives};
    use crate::model::Field;
    use crate::rules::checks::State;
    use crate::rules::checks::trial::{claim, judge, seals, survives};

    #[test]
    fn the_vector_holds_and_a_change_breaks_it() {
        let key =
            ["AGE-SECRET-KEY-", "1775DAFHX6AW0QWPA7FUV7NVP6Q2MZQRXMSFSV40QLWPVGY82P4RSG5ENEC"]
                .concat();
        let verdict = judge(&CHECK, &key);
        assert_eq!(verdict.state, State::Proven);
        let recipient = "age15s6xdfknah5xjujve84yan7e0hgmahfn4efmrpj67r4hnwnp49as2qdpla";
        assert_eq!(claim(&verdict, Field::KeyId), Some(recipient));
        assert_eq!(judge(&CHECK, key.replace("775D", "775E")).state, State::Broken);
        survives(&CHECK, key.as_bytes());
    }

    #[test]
    fn regroups_bits() {
        assert_eq!(fives(&[0xff, 0x01]), [31, 28, 0, 16]);
        assert_eq!(bytes(&[31, 28, 0, 16]), [0xff, 0x01]);
        assert!(bytes(&[31]).is_empty());
    }

    #[test]
    fn sealed_samples_hold() {
        seals(&CHECK, |dice| {
            [b"AGE-SECRET-KEY-1", &dice.text(b"QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58)[..]].concat()
        });
        seals(&CHECK, |dice| {
            [b"nsec1", &dice.text(b"qpzry9x8gf2tvdw0s3jn54khce6mua7l", 58)[..]].concat()
        });
    }
}
