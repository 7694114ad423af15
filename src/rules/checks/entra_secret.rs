//! Client secrets of Entra applications: `8Q~` and the head of a Marvin32 sum at the end.

use memchr::memmem;

use crate::model::{Claim, Field};
use crate::rules::checks::marvin::marvin32;
use crate::rules::checks::{Check, Sample, Sighting, Verdict, identity};
use crate::rules::dice::Dice;

/// The check.
pub(super) const CHECK: Check = Check {
    name: "entra-secret",
    about: "three characters of a Marvin32 checksum at the end of an Entra client secret",
    bits: 14,
    around: false,
    judge,
    seal,
};

const SEED: u64 = u64::from_be_bytes(*b"AadPwd00");
const DIGITS: &[u8; 66] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890.-_~";
const BODY: usize = 37;

fn judge(sighting: &Sighting<'_>) -> Verdict {
    let secret = sighting.value;
    match (secret.len(), secret.get(3..6)) {
        (37, Some(b"7Q~")) => Verdict::silent("older form, without checksum").with(hint(secret)),
        (40, Some(b"8Q~")) if secret[BODY..] == sum(&secret[..BODY]) => {
            Verdict::proven("checksum holds (Marvin32, 3 characters)").with(hint(secret))
        }
        (40, Some(b"8Q~")) => Verdict::broken("checksum fails (Marvin32, 3 characters)"),
        _ => Verdict::foreign("Entra's mark does not stand at its place"),
    }
}

/// The head of the secret, which the directory shows beside the credential's name.
fn hint(secret: &[u8]) -> Option<Claim> {
    let hint = identity::text(&secret[..3])?;
    Some(Claim::new(Field::KeyId, format!("hint {hint}")))
}

/// The first three of the six characters that write the sum.
fn sum(body: &[u8]) -> [u8; 3] {
    let sum = u64::from(marvin32(SEED, body));
    [5, 4, 3].map(|power| DIGITS[(sum / 66_u64.pow(power) % 66) as usize])
}

fn seal(sample: &mut Sample, _: &mut Dice) {
    let Some(mark) = memmem::find(&sample.token, b"8Q~") else { return };
    let Some(start) = mark.checked_sub(3) else { return };
    let Some(secret) = sample.token.get_mut(start..start + BODY + 3) else { return };
    let sum = sum(&secret[..BODY]);
    secret[BODY..].copy_from_slice(&sum);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::checks::State;
    use crate::rules::checks::trial::{changed, claim, judge, seals, survives};

    fn vector() -> String {
        ["Xao", "8Q~", "NzwkEFoPCW8cu0EXWDSlbPEN.ba0cRQ", "bvw"].concat()
    }

    #[test]
    fn the_vector_holds() {
        let verdict = judge(&CHECK, vector());
        assert_eq!(verdict.state, State::Proven);
        assert_eq!(claim(&verdict, Field::KeyId), Some("hint Xao"));
        assert_eq!(judge(&CHECK, changed(vector().as_bytes(), 8)).state, State::Broken);
        survives(&CHECK, vector().as_bytes());
    }

    #[test]
    fn samples_can_be_sealed() {
        let sealed = seals(&CHECK, |dice| {
            let (head, tail) = (dice.text(DIGITS, 3), dice.text(DIGITS, 34));
            [head.as_slice(), b"8Q~", &tail].concat()
        });
        assert_eq!(sealed.len(), 40);
    }

    #[test]
    fn the_older_form_says_nothing() {
        let older = ["abc", "7Q~", &"k".repeat(31)].concat();
        assert_eq!(judge(&CHECK, older).state, State::Silent);
        assert_eq!(judge(&CHECK, "k".repeat(40)).state, State::Foreign);
    }
}
