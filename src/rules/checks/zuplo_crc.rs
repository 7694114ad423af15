//! Zuplo's consumer keys: a CRC-32 of the body in hexadecimal, behind an underscore.

use crate::rules::checks::checksum::{Checksum, Frame};
use crate::rules::checks::crc::crc32;
use crate::rules::checks::{Check, Sample, Sighting, Verdict};
use crate::rules::dice::Dice;

/// The check.
pub(super) const CHECK: Check = Check {
    name: "zuplo-crc",
    about: "CRC-32 of the body, in hexadecimal behind the last underscore",
    bits: 32,
    around: false,
    judge,
    seal,
};

const FRAME: Frame = Frame { mark: b"zpka_", body: 32, gap: b"_", sum: 8 };
const SUM: Checksum = Checksum {
    holds: "checksum holds (CRC-32, 32 bits)",
    find: |text| FRAME.body_alone(text),
    write: |body| format!("{:08x}", crc32(body)).into_bytes(),
};

fn judge(sighting: &Sighting<'_>) -> Verdict {
    SUM.judge(sighting.value)
}

fn seal(sample: &mut Sample, _: &mut Dice) {
    SUM.seal(&mut sample.token);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::checks::State;
    use crate::rules::checks::base::BASE36;
    use crate::rules::checks::trial::{changed, judge, seals, survives};

    #[test]
    fn the_vector_holds_until_it_is_changed() {
        let token = ["zpka_", "1d70f573dc9d17d2a35050792d74caf3", "_", "1333e6ee"].concat();
        assert_eq!(judge(&CHECK, &token).state, State::Proven);
        survives(&CHECK, token.as_bytes());
        for at in (5..37).chain(38..46) {
            assert_eq!(judge(&CHECK, changed(token.as_bytes(), at)).state, State::Broken, "{at}");
        }
    }

    #[test]
    fn samples_can_be_sealed() {
        seals(&CHECK, |dice| {
            let (body, sum) = (dice.text(BASE36.chars(), 32), dice.text(b"0123456789abcdef", 8));
            [b"zpka_", body.as_slice(), b"_", &sum].concat()
        });
    }
}
