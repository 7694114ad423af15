//! Values that are or hold a UUID: version 4 is made at random, the others are not.

use std::ops::Range;

use crate::rules::checks::{Check, Sample, Sighting, Verdict};
use crate::rules::dice::Dice;

/// The check.
pub(super) const CHECK: Check = Check {
    name: "uuid-v4",
    about: "version and variant of the UUID are those of a random one",
    bits: 6,
    around: false,
    judge,
    seal,
};

const CHARS: usize = 36;
const HYPHENS: [usize; 4] = [8, 13, 18, 23];
const VERSION: usize = 14;
const VARIANT: usize = 19;

fn judge(sighting: &Sighting<'_>) -> Verdict {
    let Some(uuid) = uuid(sighting.value) else {
        return Verdict::foreign("holds no UUID");
    };
    let uuid = &sighting.value[uuid];
    if uuid[VERSION] == b'4' && b"89abAB".contains(&uuid[VARIANT]) {
        Verdict::parsed("UUID of version 4")
    } else {
        Verdict::silent("UUID of another version")
    }
}

/// Where the first UUID stands in `text`.
pub(super) fn uuid(text: &[u8]) -> Option<Range<usize>> {
    let start = text.windows(CHARS).position(is_uuid)?;
    Some(start..start + CHARS)
}

fn is_uuid(text: &[u8]) -> bool {
    let fits = |(at, byte): (usize, &u8)| {
        if HYPHENS.contains(&at) { *byte == b'-' } else { byte.is_ascii_hexdigit() }
    };
    text.iter().enumerate().all(fits)
}

fn seal(sample: &mut Sample, dice: &mut Dice) {
    let starts =
        (0..sample.token.len()).filter(|at| sample.token.get(*at..at + CHARS).is_some_and(is_uuid));
    for start in starts.collect::<Vec<_>>() {
        sample.token[start + VERSION] = b'4';
        sample.token[start + VARIANT] = *dice.pick(b"89");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::checks::State;
    use crate::rules::checks::trial::{judge, seals, survives};

    const RANDOM: &str = "919108f7-52d1-4320-9bac-f847db4148a8";

    #[test]
    fn a_random_one_parses() {
        for value in [RANDOM.to_owned(), RANDOM.to_uppercase(), format!("key-{RANDOM}:x")] {
            assert_eq!(judge(&CHECK, &value).state, State::Parsed, "{value}");
            survives(&CHECK, value.as_bytes());
        }
    }

    #[test]
    fn others_say_nothing() {
        let timed = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f";
        let foreign = "919108f7-52d1-4320-dbac-f847db4148a8";
        for value in [timed, foreign] {
            assert_eq!(judge(&CHECK, value).state, State::Silent, "{value}");
        }
        assert_eq!(judge(&CHECK, &RANDOM[1..]).state, State::Foreign);
    }

    #[test]
    fn samples_can_be_sealed() {
        seals(&CHECK, |dice| {
            let groups = [8, 4, 4, 4, 12].map(|length| dice.text(b"0123456789abcdef", length));
            [b"waka_", groups.join(&b'-').as_slice()].concat()
        });
    }
}
