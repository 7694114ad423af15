//! Trusted-publishing tokens of the Rust crate registry: one character made of all the others.

use crate::rules::checks::base::BASE62_LETTERS_FIRST;
use crate::rules::checks::checksum::{Checksum, Frame};
use crate::rules::checks::{Check, Sample, Sighting, Verdict};
use crate::rules::dice::Dice;

/// The check.
pub(super) const CHECK: Check = Check {
    name: "crates-trusted",
    about: "XOR of the body, one base62 character at the end",
    bits: 6,
    around: false,
    judge,
    seal,
};

const FRAME: Frame = Frame { mark: b"cio_tp_", body: 31, gap: b"", sum: 1 };
const SUM: Checksum =
    Checksum { holds: "checksum holds (XOR, 6 bits)", find: |text| FRAME.body_alone(text), write };

fn judge(sighting: &Sighting<'_>) -> Verdict {
    SUM.judge(sighting.value)
}

fn write(body: &[u8]) -> Vec<u8> {
    let xor = body.iter().fold(0, |xor, byte| xor ^ byte);
    BASE62_LETTERS_FIRST.write(u64::from(xor), 1)
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
    fn the_vector_holds_until_it_is_changed() {
        let token = ["cio_tp_", "AHYNBvZmBYVVWZpOdhV06KDHB0jmYTI", "e"].concat();
        assert_eq!(judge(&CHECK, &token).state, State::Proven);
        survives(&CHECK, token.as_bytes());
        for at in 7..token.len() {
            assert_eq!(judge(&CHECK, changed(token.as_bytes(), at)).state, State::Broken, "{at}");
        }
    }

    #[test]
    fn samples_can_be_sealed() {
        let letters = BASE62_LETTERS_FIRST.chars();
        seals(&CHECK, |dice| [b"cio_tp_", dice.text(letters, 32).as_slice()].concat());
    }
}
