//! Confluent's secrets: a CRC-32 of the body, lowest byte first, in base64.

use crate::rules::checks::checksum::{Checksum, Frame};
use crate::rules::checks::crc::crc32;
use crate::rules::checks::{Check, Sample, Sighting, Verdict, b64};
use crate::rules::dice::Dice;

/// The check.
pub(super) const CHECK: Check = Check {
    name: "confluent-crc",
    about: "CRC-32 of the body, in base64 at the end, lowest byte first",
    bits: 32,
    around: false,
    judge,
    seal,
};

const FRAME: Frame = Frame { mark: b"cflt", body: 54, gap: b"", sum: 6 };
const SUM: Checksum = Checksum {
    holds: "checksum holds (CRC-32, 32 bits)",
    find: |text| FRAME.body_alone(text),
    write: |body| b64::unpadded(&b64::standard(&crc32(body).to_le_bytes())).to_vec(),
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
    use crate::rules::checks::trial::{changed, judge, seals, survives};

    const BODY: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    #[test]
    fn the_vector_holds_until_it_is_changed() {
        let body = ["1LMxLCcBKgGTK/yZ3AAJTZHeUkP", "yqHJRTMGqkCUX7yWTCwTE8QEoJK"].concat();
        let token = ["cflt", &body, "QSvkFA"].concat();
        assert_eq!(judge(&CHECK, &token).state, State::Proven);
        survives(&CHECK, token.as_bytes());
        for at in 4..token.len() {
            assert_eq!(judge(&CHECK, changed(token.as_bytes(), at)).state, State::Broken, "{at}");
        }
    }

    #[test]
    fn samples_can_be_sealed() {
        seals(&CHECK, |dice| [b"cflt", dice.text(BODY, 60).as_slice()].concat());
    }
}
