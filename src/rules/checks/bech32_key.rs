//! Keys in bech32 (BIP-173): age identities and Nostr secret keys.

use crate::rules::checks::{Check, Sample, Sighting, Verdict};
use crate::rules::dice::Dice;

/// Verifies the code at the end.
pub(super) const CHECK: Check = Check {
    name: "bech32-key",
    about: "the bech32 code over the whole key holds",
    bits: 30,
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
            Verdict::proven("checksum holds (bech32, 30 bits)")
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
    let wanted = code(name, values.iter().copied().chain([0; CODE])) ^ 1;
    let digits = (0..CODE).map(|n| DIGITS[(wanted >> (5 * (CODE - 1 - n)) & 31) as usize]);
    let upper = sample.token.first().is_some_and(u8::is_ascii_uppercase);
    let end: Vec<u8> = digits.map(|d| if upper { d.to_ascii_uppercase() } else { d }).collect();
    let body = sample.token.len() - CODE;
    sample.token.splice(body.., end);
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::rules::checks::State;
    use crate::rules::checks::trial::{judge, seals, survives};

    #[test]
    fn the_vector_holds_and_a_change_breaks_it() {
        let key =
            ["AGE-SECRET-KEY-", "1775DAFHX6AW0QWPA7FUV7NVP6Q2MZQRXMSFSV40QLWPVGY82P4RSG5ENEC"]
                .concat();
        assert_eq!(judge(&CHECK, &key).state, State::Proven);
        assert_eq!(judge(&CHECK, key.replace("775D", "775E")).state, State::Broken);
        survives(&CHECK, key.as_bytes());
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
