//! CRC-32 of prefix and body in six base62 digits: Deno Deploy and Apify.

use crate::rules::checks::base::{BASE62, BASE62_LOWER_FIRST};
use crate::rules::checks::checksum::{Checksum, Frame, Layout};
use crate::rules::checks::crc::crc32;
use crate::rules::checks::{Check, Sample, Sighting, Verdict};
use crate::rules::dice::Dice;

/// The check.
pub(super) const CHECK: Check = Check {
    name: "crc32-base62-prefixed",
    about: "CRC-32 of prefix and body, in base62 at the end (Deno Deploy, Apify)",
    bits: 32,
    around: false,
    judge,
    seal,
};

const SUM: Checksum = Checksum { holds: "checksum holds (CRC-32, 32 bits)", find, write };
const APIFY: &[u8] = b"apify_api_";
const MARKS: [&[u8]; 3] = [APIFY, b"ddp_", b"ddo_"];

fn judge(sighting: &Sighting<'_>) -> Verdict {
    SUM.judge(sighting.value)
}

fn find(text: &[u8]) -> Option<Layout> {
    MARKS.into_iter().find_map(|mark| Frame { mark, body: 30, gap: b"", sum: 6 }.whole(text))
}

fn write(covered: &[u8]) -> Vec<u8> {
    let digits = if covered.starts_with(APIFY) { BASE62_LOWER_FIRST } else { BASE62 };
    digits.write(u64::from(crc32(covered)), 6)
}

fn seal(sample: &mut Sample, _: &mut Dice) {
    SUM.seal(&mut sample.token);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::checks::State;
    use crate::rules::checks::trial::{changed, judge, seals, survives};

    #[test]
    fn the_vectors_hold_until_they_are_changed() {
        let parts = [
            ["ddp_", "f8tlj9XQauZslf6RP10OvHUyFmhdxm", "02JCdc"],
            ["apify_api_", "P6cfGNQ7qavq10SnOowLj2rL2MtgRr", "3P32PW"],
        ];
        for parts in parts {
            let token = parts.concat();
            assert_eq!(judge(&CHECK, &token).state, State::Proven);
            survives(&CHECK, token.as_bytes());
            for at in parts[0].len()..token.len() {
                assert_eq!(judge(&CHECK, changed(token.as_bytes(), at)).state, State::Broken);
            }
        }
    }

    #[test]
    fn samples_can_be_sealed() {
        for mark in MARKS {
            seals(&CHECK, |dice| [mark, &dice.text(BASE62.chars(), 36)].concat());
        }
    }
}
