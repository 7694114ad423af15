//! NuGet's keys, version 4: a key id and a secret, each in a base32 of its own.

use crate::model::{Claim, Field};
use crate::rules::checks::base::BASE32_LOWER;
use crate::rules::checks::{Check, Sample, Sighting, Verdict, run};
use crate::rules::dice::Dice;

/// The check.
pub(super) const CHECK: Check = Check {
    name: "nuget-v4",
    about: "key id and secret decode to their exact lengths; the key id is readable",
    bits: 0,
    around: false,
    judge,
    seal,
};

const ID: usize = 20;
const CHARS: usize = 46;
const RANDOM: usize = 10;
const SECRET: usize = 16;

fn judge(sighting: &Sighting<'_>) -> Verdict {
    let key = sighting.value.to_ascii_lowercase();
    match key.split_at_checked(ID) {
        Some((id, secret)) if key.len() == CHARS && key.starts_with(b"oy2") => parsed(id, secret),
        _ => Verdict::foreign("not a NuGet key of version 4"),
    }
}

fn parsed(id: &[u8], secret: &[u8]) -> Verdict {
    if !is_id(id) || BASE32_LOWER.decode(secret).is_none() {
        return Verdict::broken("does not decode: made up, redacted or damaged");
    }
    let claim = Claim::new(Field::KeyId, String::from_utf8_lossy(id));
    Verdict::parsed("key id and secret decode to their lengths").with([claim])
}

/// `v4` and random bytes, none of them zero.
fn is_id(id: &[u8]) -> bool {
    let random = BASE32_LOWER.decode(id).and_then(|id| id.strip_prefix(b"v4").map(<[u8]>::to_vec));
    random.is_some_and(|random| !random.contains(&0))
}

fn seal(sample: &mut Sample, dice: &mut Dice) {
    let place = run::longest(&sample.token, |byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7'));
    if place.len() != CHARS {
        return;
    }
    let random: Vec<u8> = (0..RANDOM).map(|_| 1 + dice.below(255) as u8).collect();
    let id = BASE32_LOWER.encode(&[b"v4", random.as_slice()].concat());
    let secret = BASE32_LOWER.encode(&dice.bytes(SECRET));
    sample.token.splice(place, [id, secret].concat());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::checks::State;
    use crate::rules::checks::trial::{claim, judge, seals, survives};

    fn key(tail: &str) -> String {
        ["oy2iqrilbaxm", "jxzp3tgq", &"k".repeat(25), tail].concat()
    }

    #[test]
    fn the_sample_names_its_key() {
        for key in [key("4"), key("a").to_uppercase()] {
            let verdict = judge(&CHECK, &key);
            assert_eq!(verdict.state, State::Parsed);
            assert_eq!(claim(&verdict, Field::KeyId), Some("oy2iqrilbaxmjxzp3tgq"));
            survives(&CHECK, key.as_bytes());
        }
    }

    #[test]
    fn bits_that_no_encoder_writes_break_it() {
        assert_eq!(judge(&CHECK, key("b")).state, State::Broken);
        assert_eq!(judge(&CHECK, key("4").replace("3tgq", "3tgr")).state, State::Broken);
        assert_eq!(judge(&CHECK, key("4").replace("oy2i", "oy2q")).state, State::Broken);
        assert_eq!(judge(&CHECK, key("44")).state, State::Foreign);
    }

    #[test]
    fn samples_can_be_sealed() {
        let letters = b"abcdefghijklmnopqrstuvwxyz234567";
        let sealed = seals(&CHECK, |dice| [b"oy2", dice.text(letters, 43).as_slice()].concat());
        assert!(sealed.starts_with(b"oy2"));
    }
}
