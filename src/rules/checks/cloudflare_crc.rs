//! Cloudflare's prefixed credentials: a CRC-32 of the body in hexadecimal.

use crate::rules::checks::checksum::{Checksum, Frame, Layout};
use crate::rules::checks::crc::crc32;
use crate::rules::checks::{Check, Sample, Sighting, Verdict};
use crate::rules::dice::Dice;

/// The check.
pub(super) const CHECK: Check = Check {
    name: "cloudflare-crc",
    about: "CRC-32 of the body, in hexadecimal at the end",
    bits: 32,
    around: false,
    judge,
    seal,
};

const SUM: Checksum = Checksum {
    holds: "checksum holds (CRC-32, 32 bits)",
    find,
    write: |body| format!("{:08x}", crc32(body)).into_bytes(),
};
const MARKS: [&[u8]; 3] = [b"cfut_", b"cfat_", b"cfk_"];

fn judge(sighting: &Sighting<'_>) -> Verdict {
    SUM.judge(sighting.value)
}

fn find(text: &[u8]) -> Option<Layout> {
    MARKS.into_iter().find_map(|mark| Frame { mark, body: 40, gap: b"", sum: 8 }.body_alone(text))
}

fn seal(sample: &mut Sample, _: &mut Dice) {
    SUM.seal(&mut sample.token);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::checks::State;
    use crate::rules::checks::base::BASE62;
    use crate::rules::checks::trial::{changed, judge, seals, survives};

    #[test]
    fn the_vector_holds_until_it_is_changed() {
        let token = ["cfut_", "o2rkToHrSri5ysZnxQbU", "j3qs2T5IKFU21KLIYmCi", "8d0ffae8"].concat();
        assert_eq!(judge(&CHECK, &token).state, State::Proven);
        survives(&CHECK, token.as_bytes());
        for at in 5..token.len() {
            assert_eq!(judge(&CHECK, changed(token.as_bytes(), at)).state, State::Broken, "{at}");
        }
    }

    #[test]
    fn samples_can_be_sealed() {
        for mark in MARKS {
            seals(&CHECK, |dice| [mark, &dice.text(BASE62.chars(), 48)].concat());
        }
    }
}
