//! Grafana's service account tokens: a CRC-32 in hexadecimal, lowest byte first.

use crate::rules::checks::checksum::{Checksum, Frame};
use crate::rules::checks::crc::crc32;
use crate::rules::checks::{Check, Sample, Sighting, Verdict};
use crate::rules::dice::Dice;

/// The check.
pub(super) const CHECK: Check = Check {
    name: "grafana-service-account",
    about: "CRC-32 of prefix and body, in hexadecimal at the end, lowest byte first",
    bits: 32,
    around: false,
    judge,
    seal,
};

const FRAME: Frame = Frame { mark: b"glsa_", body: 32, gap: b"_", sum: 8 };
const SUM: Checksum = Checksum {
    holds: "checksum holds (CRC-32, 32 bits)",
    find: |text| FRAME.whole(text),
    write: |covered| format!("{:08x}", crc32(covered).swap_bytes()).into_bytes(),
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
    use crate::rules::checks::base::BASE62;
    use crate::rules::checks::trial::{changed, judge, seals, survives};

    #[test]
    fn the_vector_holds_until_it_is_changed() {
        let token = ["glsa_", "9fkTd5AaK4pi0iD3QZ9XTfVuksDhEnET", "_", "87099778"].concat();
        assert_eq!(judge(&CHECK, &token).state, State::Proven);
        survives(&CHECK, token.as_bytes());
        for at in (5..37).chain(38..46) {
            assert_eq!(judge(&CHECK, changed(token.as_bytes(), at)).state, State::Broken, "{at}");
        }
    }

    #[test]
    fn samples_can_be_sealed() {
        seals(&CHECK, |dice| {
            let (body, sum) = (dice.text(BASE62.chars(), 32), dice.text(b"0123456789abcdef", 8));
            [b"glsa_", body.as_slice(), b"_", &sum].concat()
        });
    }
}
