//! Solana key pairs in base58: an Ed25519 seed and its public key behind it.

use ed25519_dalek::SigningKey;

use crate::model::{Claim, Field};
use crate::rules::checks::base::BASE58;
use crate::rules::checks::{Check, Sample, Sighting, Verdict};
use crate::rules::dice::Dice;

/// Verifies that the second half is the public key of the first.
pub(super) const CHECK: Check = Check {
    name: "solana-key",
    about: "the second half is the public key of the first, which is the account",
    bits: 255,
    around: false,
    judge,
    seal,
};

/// A signature has the same shape, and stands near the same words: what does not derive is none of ours.
fn judge(sighting: &Sighting<'_>) -> Verdict {
    match account(sighting.value) {
        Some(account) => {
            let account = String::from_utf8_lossy(&account).into_owned();
            Verdict::proven("key pair is consistent").with([Claim::new(Field::Principal, account)])
        }
        None => Verdict::foreign("not a key pair"),
    }
}

fn account(text: &[u8]) -> Option<Vec<u8>> {
    let pair: [u8; 64] = BASE58.decode(text)?.try_into().ok()?;
    let (seed, public) = pair.split_first_chunk()?;
    let derived = SigningKey::from_bytes(seed).verifying_key().to_bytes();
    (derived == public).then(|| BASE58.encode(public))
}

fn seal(sample: &mut Sample, dice: &mut Dice) {
    let mut seed = [0; 32];
    seed.copy_from_slice(&dice.bytes(32));
    // A first byte of zero would shorten the text.
    seed[0] |= 128;
    let public = SigningKey::from_bytes(&seed).verifying_key().to_bytes();
    sample.token = BASE58.encode(&[seed, public].concat());
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::model::Field;
    use crate::rules::checks::State;
    use crate::rules::checks::base::BASE58;
    use crate::rules::checks::trial::{claim, judge, seals, survives};

    /// The key pair of the seed 00 01 … 1f.
    fn pair() -> Vec<u8> {
        let public =
            ["03a107bff3ce10be1d70dd18e74bc099", "67e4d6309ba50d5f1ddc8664125531b8"].concat();
        let byte = |at| u8::from_str_radix(&public[at..at + 2], 16).expect("hex");
        (0..32).chain((0..64).step_by(2).map(byte)).collect()
    }

    #[test]
    fn the_pair_names_its_account() {
        let verdict = judge(&CHECK, BASE58.encode(&pair()));
        assert_eq!(verdict.state, State::Proven);
        let account = String::from_utf8(BASE58.encode(&pair()[32..])).expect("ASCII");
        assert_eq!(claim(&verdict, Field::Principal), Some(account.as_str()));
    }

    #[test]
    fn a_signature_is_something_else() {
        for at in 0..64 {
            let mut changed = pair();
            changed[at] ^= 4;
            assert_eq!(judge(&CHECK, BASE58.encode(&changed)).state, State::Foreign, "{at}");
        }
        for length in [32, 63] {
            let text = BASE58.encode(&pair()[..length]);
            assert_eq!(judge(&CHECK, text).state, State::Foreign);
        }
        survives(&CHECK, &BASE58.encode(&pair()));
    }

    #[test]
    fn sealed_samples_hold() {
        seals(&CHECK, |_| Vec::new());
    }
}
