//! Xata's keys: twenty random bytes and their CRC-32 in a base62 that takes five or six bits a digit.

use memchr::memmem;

use crate::model::{Claim, Field};
use crate::rules::checks::base::BASE62_LOWER_FIRST as BASE62;
use crate::rules::checks::checksum::BROKEN;
use crate::rules::checks::crc::crc32;
use crate::rules::checks::{Check, Sample, Sighting, Verdict};
use crate::rules::dice::Dice;

/// The check.
pub(super) const CHECK: Check = Check {
    name: "xata-key",
    about: "CRC-32 of the random bytes, inside the base62 of the body",
    bits: 32,
    around: false,
    judge,
    seal,
};

/// Marks, and whose keys have them.
const MARKS: [(&[u8], &str); 2] = [(b"xau_", "user"), (b"xao_", "organization")];
const RANDOM: usize = 20;
const BYTES: usize = RANDOM + 4;
/// The most digits that a key is known to have.
const MOST: usize = 36;

fn judge(sighting: &Sighting<'_>) -> Verdict {
    let of = |(mark, owner): &(&[u8], _)| Some((sighting.value.strip_prefix(*mark)?, *owner));
    let Some((body, owner)) = MARKS.iter().find_map(of) else {
        return Verdict::foreign("not a Xata key");
    };
    match decode(body) {
        Some(bytes) if bytes[RANDOM..] == crc32(&bytes[..RANDOM]).to_le_bytes() => {
            Verdict::proven("checksum holds (CRC-32, 32 bits)")
                .with([Claim::new(Field::Scope, owner)])
        }
        _ => Verdict::broken(BROKEN),
    }
}

/// Digits whose middle four bits are all set carry five bits, so that 62 are enough.
const fn is_short(value: u8) -> bool {
    value & 0x1e == 0x1e
}

/// The digits of `bytes`, from the last bit to the first.
fn encode(bytes: &[u8; BYTES]) -> Vec<u8> {
    let bit = |at: usize| bytes[BYTES - 1 - at / 8] >> (at % 8) & 1;
    let (mut text, mut at) = (Vec::new(), 0);
    while at < BYTES * 8 {
        let width = (BYTES * 8 - at).min(6);
        let value = (0..width).fold(0, |value, next| value | bit(at + next) << next);
        let is_short = is_short(value) && (value > 31 || at + width < BYTES * 8);
        text.push(BASE62.chars()[usize::from(if is_short { value & 31 } else { value })]);
        at += if is_short { 5 } else { width };
    }
    text
}

/// The bytes that `encode` writes as `text`.
fn decode(text: &[u8]) -> Option<[u8; BYTES]> {
    let (mut bytes, mut at) = ([0_u8; BYTES], 0);
    for digit in text {
        let value = BASE62.value(*digit)? as u8;
        for next in (0..6).filter(|next| value >> next & 1 == 1) {
            *bytes.iter_mut().rev().nth((at + next) / 8)? |= 1 << ((at + next) % 8);
        }
        at += if is_short(value) { 5 } else { 6 };
    }
    (encode(&bytes) == text).then_some(bytes)
}

fn seal(sample: &mut Sample, dice: &mut Dice) {
    let start =
        MARKS.iter().find_map(|(mark, _)| Some(memmem::find(&sample.token, mark)? + mark.len()));
    let Some(start) = start else { return };
    let body = sample.token[start..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    sample.token.splice(start..start + body, made_body(dice));
}

fn made_body(dice: &mut Dice) -> Vec<u8> {
    let mut bytes = [0; BYTES];
    loop {
        bytes[..RANDOM].copy_from_slice(&dice.bytes(RANDOM));
        let sum = crc32(&bytes[..RANDOM]);
        bytes[RANDOM..].copy_from_slice(&sum.to_le_bytes());
        let body = encode(&bytes);
        if body.len() <= MOST {
            return body;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::checks::State;
    use crate::rules::checks::trial::{changed, judge, seals, survives};

    #[test]
    fn the_vector_holds_until_it_is_changed() {
        let token = ["xau_", "tIDlvVY2v7didOiq", "cwLdsvpGXufypBKr8"].concat();
        assert_eq!(judge(&CHECK, &token).state, State::Proven);
        survives(&CHECK, token.as_bytes());
        for at in 4..token.len() {
            assert_eq!(judge(&CHECK, changed(token.as_bytes(), at)).state, State::Broken, "{at}");
        }
    }

    #[test]
    fn decodes_what_it_encodes() {
        let mut dice = Dice::seeded(9);
        for top in 0..=255 {
            let mut bytes = [0; BYTES];
            bytes.copy_from_slice(&dice.bytes(BYTES));
            bytes[0] = top;
            assert_eq!(decode(&encode(&bytes)), Some(bytes), "{top}");
        }
        for byte in [0, 30, 255] {
            assert_eq!(decode(&encode(&[byte; BYTES])), Some([byte; BYTES]), "{byte}");
        }
    }

    #[test]
    fn samples_can_be_sealed() {
        for (mark, _) in MARKS {
            let sealed = seals(&CHECK, |dice| [mark, &dice.text(BASE62.chars(), 33)].concat());
            assert!((36..=40).contains(&sealed.len()));
        }
    }
}
