//! Base58Check: wallet import format, extended private keys and the XRP Ledger's seeds.

use sha2::{Digest, Sha256};

use crate::model::{Claim, Field};
use crate::rules::checks::base::{BASE58, BASE58_RIPPLE};
use crate::rules::checks::{Check, Sample, Sighting, Verdict};
use crate::rules::dice::Dice;

/// Verifies the first four bytes of the double SHA-256 at the end.
pub(super) const CHECK: Check = Check {
    name: "base58check",
    about: "the double SHA-256 over the key holds",
    bits: 32,
    around: false,
    judge,
    seal,
};

/// Verifies the same of a seed in the XRP Ledger's alphabet.
pub(super) const RIPPLE: Check = Check {
    name: "ripple-seed",
    about: "the double SHA-256 over the seed holds",
    bits: 32,
    around: false,
    judge: judge_seed,
    seal: seal_seed,
};

/// What comes before the 16 bytes of a seed: for secp256k1, for Ed25519.
const SEEDS: [&[u8]; 2] = [&[0x21], &[0x01, 0xe1, 0x4b]];
const SEED: usize = 16;

fn judge(sighting: &Sighting<'_>) -> Verdict {
    let Some(bytes) = BASE58.decode(sighting.value).filter(|bytes| bytes.len() > 32) else {
        return Verdict::foreign("not base58");
    };
    match holds(&bytes) {
        true => Verdict::proven("checksum holds (Base58Check, 32 bits)").with(branch(&bytes)),
        false => Verdict::broken("checksum does not hold: made up, redacted or damaged"),
    }
}

/// Which branch of a tree of keys an extended one opens: depth and parent stand in clear (BIP-32).
fn branch(bytes: &[u8]) -> Vec<Claim> {
    let (Some(&[depth, ref parent @ .., _, _, _, _]), 82) = (bytes.get(4..13), bytes.len()) else {
        return Vec::new();
    };
    let scope = if depth == 0 { "master".to_owned() } else { format!("depth {depth}") };
    let parent: String = parent.iter().map(|byte| format!("{byte:02x}")).collect();
    let parent = (depth > 0).then(|| Claim::new(Field::KeyId, format!("child of {parent}")));
    [Claim::new(Field::Scope, scope)].into_iter().chain(parent).collect()
}

/// The words beside a seed say too little to call what fails a damaged one.
fn judge_seed(sighting: &Sighting<'_>) -> Verdict {
    let is_seed = |bytes: &Vec<u8>| {
        let of = |lead: &&[u8]| bytes.starts_with(lead) && bytes.len() == lead.len() + SEED + 4;
        SEEDS.iter().any(of) && holds(bytes)
    };
    match BASE58_RIPPLE.decode(sighting.value).filter(is_seed) {
        Some(_) => Verdict::proven("checksum holds (Base58Check, 32 bits)"),
        None => Verdict::foreign("not a family seed"),
    }
}

/// Whether `bytes`, at least four, end with the code of those before.
fn holds(bytes: &[u8]) -> bool {
    let (body, sum) = bytes.split_at(bytes.len() - 4);
    sum == &digest(body)[..4]
}

fn digest(body: &[u8]) -> [u8; 32] {
    Sha256::digest(Sha256::digest(body)).into()
}

fn seal(sample: &mut Sample, dice: &mut Dice) {
    let extended = sample.token.starts_with(b"xprv");
    let body = match extended {
        true => [&[0x04, 0x88, 0xad, 0xe4], &dice.bytes(74)[..]].concat(),
        false => [&[0x80], &dice.bytes(32)[..], &[1]].concat(),
    };
    sample.token = BASE58.encode(&closed(body));
}

fn seal_seed(sample: &mut Sample, dice: &mut Dice) {
    let lead = SEEDS[usize::from(sample.token.starts_with(b"sEd"))];
    sample.token = BASE58_RIPPLE.encode(&closed([lead, &dice.bytes(SEED)].concat()));
}

/// `body` and its code.
fn closed(mut body: Vec<u8>) -> Vec<u8> {
    let sum = digest(&body);
    body.extend_from_slice(&sum[..4]);
    body
}

#[cfg(test)]
mod tests {
    use super::{CHECK, RIPPLE};
    use crate::rules::checks::State;
    use crate::rules::checks::trial::{judge, seals, survives};

    #[test]
    fn the_vector_holds_and_a_change_breaks_it() {
        let key = ["L5LXHyhyttThnTbmyi8N9XYBPw", "zvS7Q8dTea2JhDDNx7rK7RRipd"].concat();
        assert_eq!(judge(&CHECK, &key).state, State::Proven);
        assert_eq!(judge(&CHECK, key.replace("zvS", "zvT")).state, State::Broken);
        survives(&CHECK, key.as_bytes());
    }

    #[test]
    fn published_seeds_hold_and_a_change_makes_them_something_else() {
        let seed = ["snoPBrXtMeMyMHUV", "TgbuqAfg1SUTb"].concat();
        assert_eq!(judge(&RIPPLE, &seed).state, State::Proven);
        assert_eq!(judge(&RIPPLE, seed.replace("eMy", "eMz")).state, State::Foreign);
        assert_eq!(judge(&RIPPLE, &seed[..28]).state, State::Foreign);
        let edwards = ["sEdTM1uX8pu2do5X", "vTnutH6HsouMaM2"].concat();
        assert_eq!(judge(&RIPPLE, &edwards).state, State::Proven);
        assert_eq!(judge(&RIPPLE, edwards.replace("8pu", "8pv")).state, State::Foreign);
        survives(&RIPPLE, seed.as_bytes());
        survives(&RIPPLE, edwards.as_bytes());
    }

    #[test]
    fn sealed_samples_hold() {
        assert_eq!(seals(&RIPPLE, |_| b"s".to_vec()).len(), 29);
        assert_eq!(seals(&RIPPLE, |_| b"sEd".to_vec()).len(), 31);
        seals(&CHECK, |_| b"K".to_vec());
        seals(&CHECK, |_| b"xprv".to_vec());
    }
}
