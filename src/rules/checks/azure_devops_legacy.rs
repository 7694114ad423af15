//! Azure DevOps tokens without a mark: a CRC-32 whose bytes are scattered over 32 bytes of base32.

use crate::model::{Claim, Field};
use crate::rules::checks::base::BASE32_LOWER;
use crate::rules::checks::crc::crc32;
use crate::rules::checks::{Check, Sample, Sighting, Verdict, run};
use crate::rules::dice::Dice;

/// The check.
pub(super) const CHECK: Check = Check {
    name: "azure-devops-legacy",
    about: "CRC-32 scattered over the bytes; tells a user's token from an application's",
    bits: 31,
    around: false,
    judge,
    seal,
};

/// What the CRC is combined with says who holds the token.
const KINDS: [(u32, &str); 2] =
    [(0xe0b9_692d, "user access token"), (0x1019_f92e, "application access token")];
/// Where the bytes of the checksum stand, highest first.
const PLACES: [usize; 4] = [2, 7, 8, 22];
const BYTES: usize = 32;
const CHARS: usize = 52;

fn judge(sighting: &Sighting<'_>) -> Verdict {
    let Some(kind) = kind(sighting.value) else {
        return Verdict::foreign("checksum of Azure DevOps does not hold");
    };
    Verdict::proven("checksum holds (CRC-32, 31 bits)").with([Claim::new(Field::Scope, kind)])
}

fn kind(value: &[u8]) -> Option<&'static str> {
    let token = BASE32_LOWER.decode(value).filter(|token| token.len() == BYTES)?;
    let sum = u32::from_be_bytes(PLACES.map(|at| token[at]));
    let mask = sum ^ crc32(&rest(&token));
    KINDS.iter().find(|(known, _)| *known == mask).map(|(_, kind)| *kind)
}

/// The bytes that are no checksum.
fn rest(token: &[u8]) -> Vec<u8> {
    let pairs = token.iter().enumerate().filter(|(at, _)| !PLACES.contains(at));
    pairs.map(|(_, byte)| *byte).collect()
}

fn seal(sample: &mut Sample, dice: &mut Dice) {
    let place = run::longest(&sample.token, |byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7'));
    if place.len() != CHARS {
        return;
    }
    let mut token = dice.bytes(BYTES);
    let sum = crc32(&rest(&token)) ^ dice.pick(&KINDS).0;
    for (at, byte) in PLACES.into_iter().zip(sum.to_be_bytes()) {
        token[at] = byte;
    }
    sample.token.splice(place, BASE32_LOWER.encode(&token));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::checks::State;
    use crate::rules::checks::trial::{claim, judge, seals, survives};

    fn vector() -> String {
        ["lnx7dbvzmvuhb2qfifc7ytyfzd", "tcvc26kso3snz3vscivgho4ryq"].concat()
    }

    #[test]
    fn the_vector_is_a_users() {
        let verdict = judge(&CHECK, vector());
        assert_eq!(verdict.state, State::Proven);
        assert_eq!(claim(&verdict, Field::Scope), Some("user access token"));
        survives(&CHECK, vector().as_bytes());
    }

    #[test]
    fn a_change_makes_it_anything() {
        for at in 0..CHARS {
            let mut token = vector().into_bytes();
            token[at] = if token[at] == b'a' { b'q' } else { b'a' };
            assert_eq!(judge(&CHECK, token).state, State::Foreign, "{at}");
        }
    }

    #[test]
    fn samples_can_be_sealed() {
        let letters = b"abcdefghijklmnopqrstuvwxyz234567";
        let sealed = seals(&CHECK, |dice| dice.text(letters, CHARS));
        assert_eq!(sealed.len(), CHARS);
    }
}
