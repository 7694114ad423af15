//! JFrog's API keys: base58 of exactly 54 bytes.

use memchr::memmem;

use crate::rules::checks::base::BASE58;
use crate::rules::checks::{Check, Sample, Sighting, Verdict};
use crate::rules::dice::Dice;

/// The check.
pub(super) const CHECK: Check = Check {
    name: "jfrog-api-key",
    about: "decodes from base58 to exactly 54 bytes",
    bits: 0,
    around: false,
    judge,
    seal,
};

const MARK: &[u8] = b"AKCp";
const BYTES: usize = 54;
/// With the mark in front, so many digits make 54 bytes.
const CHARS: usize = 73;

fn judge(sighting: &Sighting<'_>) -> Verdict {
    if !sighting.value.starts_with(MARK) {
        return Verdict::foreign("not a JFrog API key");
    }
    match BASE58.decode(sighting.value) {
        Some(bytes) if bytes.len() == BYTES => Verdict::parsed("decodes to 54 bytes (base58)"),
        _ => Verdict::broken("does not decode to 54 bytes: made up, redacted or damaged"),
    }
}

fn seal(sample: &mut Sample, dice: &mut Dice) {
    let Some(start) = memmem::find(&sample.token, MARK) else { return };
    let run = sample.token[start..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let body = dice.text(BASE58.chars(), CHARS - MARK.len());
    sample.token.splice(start + MARK.len()..start + run, body);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::checks::State;
    use crate::rules::checks::base::BASE62;
    use crate::rules::checks::trial::{judge, seals, survives};

    #[test]
    fn the_length_is_exact() {
        let key = |length: usize| ["AKC", "p", &"k".repeat(length)].concat();
        assert_eq!(judge(&CHECK, key(69)).state, State::Parsed);
        survives(&CHECK, key(69).as_bytes());
        for other in [key(68), key(71), key(300), key(68) + "0"] {
            assert_eq!(judge(&CHECK, other).state, State::Broken);
        }
        assert_eq!(judge(&CHECK, "AKIA").state, State::Foreign);
    }

    #[test]
    fn samples_can_be_sealed() {
        let sealed = seals(&CHECK, |dice| [MARK, &dice.text(BASE62.chars(), 69)].concat());
        assert_eq!(sealed.len(), CHARS);
    }
}
