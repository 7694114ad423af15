//! Credentials that hold a MongoDB object id, which begins with the time of its making.

use std::ops::Range;

use crate::model::{Claim, Field};
use crate::rules::checks::{Check, Sample, Sighting, Verdict, time};
use crate::rules::dice::Dice;

/// Postman keys.
pub(super) const POSTMAN: Check = Check {
    name: "postman-key",
    about: "the id in a Postman key tells a time since 2009",
    bits: 0,
    around: false,
    judge,
    seal,
};

/// Harness tokens.
pub(super) const HARNESS: Check = Check {
    name: "harness-token",
    about: "the id in a Harness token tells a time since 2009",
    bits: 0,
    around: false,
    judge,
    seal,
};

/// The first seconds of 2009, when object ids came up, and of 2100.
const TIMES: Range<i64> = 1_230_768_000..4_102_444_800;

fn judge(sighting: &Sighting<'_>) -> Verdict {
    let Some(place) = id(sighting.value) else {
        return Verdict::foreign("holds no object id");
    };
    let seconds = str::from_utf8(&sighting.value[place][..8]).ok();
    let seconds = seconds.and_then(|hex| i64::from_str_radix(hex, 16).ok());
    match seconds.filter(|time| TIMES.contains(time)).and_then(time::rfc3339) {
        Some(time) => {
            Verdict::parsed("the id tells a time").with([Claim::new(Field::IssuedAt, time)])
        }
        None => Verdict::broken("the id tells no time between 2009 and 2100"),
    }
}

/// The first part between hyphens or full stops that is 24 hexadecimal digits.
fn id(text: &[u8]) -> Option<Range<usize>> {
    let mut start = 0;
    text.split(|byte| matches!(byte, b'-' | b'.')).find_map(|part| {
        let place = start..start + part.len();
        start += part.len() + 1;
        (part.len() == 24 && part.iter().all(u8::is_ascii_hexdigit)).then_some(place)
    })
}

fn seal(sample: &mut Sample, dice: &mut Dice) {
    let Some(place) = id(&sample.token) else { return };
    let seconds = 1_420_070_400 + dice.below(315_000_000);
    sample.token[place][..8].copy_from_slice(format!("{seconds:08x}").as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::checks::State;
    use crate::rules::checks::trial::{claim, judge, seals, survives};

    const HEX: &[u8] = b"0123456789abcdef";
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    #[test]
    fn the_vector_tells_its_time() {
        let key = ["PMAK-", "67748580", &"a".repeat(16), "-", &"b".repeat(34)].concat();
        let verdict = judge(&POSTMAN, &key);
        assert_eq!(verdict.state, State::Parsed);
        assert_eq!(claim(&verdict, Field::IssuedAt), Some("2025-01-01T00:00:00Z"));
        assert_eq!(judge(&POSTMAN, key.replace("67748580", "07748580")).state, State::Broken);
        assert_eq!(judge(&POSTMAN, "PMAK-x").state, State::Foreign);
        survives(&POSTMAN, key.as_bytes());
    }

    #[test]
    fn samples_can_be_sealed() {
        seals(&POSTMAN, |dice| {
            [b"PMAK".to_vec(), dice.text(HEX, 24), dice.text(HEX, 34)].join(&b'-')
        });
        seals(&HARNESS, |dice| {
            let account = dice.text(LETTERS, 22);
            [b"pat".to_vec(), account, dice.text(HEX, 24), dice.text(LETTERS, 20)].join(&b'.')
        });
    }
}
