//! Base58Check: wallet import format and extended private keys.

use sha2::{Digest, Sha256};

use crate::rules::checks::base::BASE58;
use crate::rules::checks::{Check, Sample, Sighting, Verdict};
use crate::rules::dice::Dice;

/// Verifies the first four bytes of the double SHA-256 at the end.
pub(super) const CHECK: Check = Check {
    name: "base58check",
    about: "the double SHA-256 over the key holds",
    bits: 32,
    judge,
    seal,
};

fn judge(sighting: &Sighting<'_>) -> Verdict {
    let Some(bytes) = BASE58.decode(sighting.value).filter(|bytes| bytes.len() > 32) else {
        return Verdict::foreign("not base58");
    };
    let (body, sum) = bytes.split_at(bytes.len() - 4);
    match sum == &digest(body)[..4] {
        true => Verdict::proven("checksum holds (Base58Check, 32 bits)"),
        false => Verdict::broken("checksum does not hold: made up, redacted or damaged"),
    }
}

fn digest(body: &[u8]) -> [u8; 32] {
    Sha256::digest(Sha256::digest(body)).into()
}

fn seal(sample: &mut Sample, dice: &mut Dice) {
    let extended = sample.token.starts_with(b"xprv");
    let mut bytes = match extended {
        true => [&[0x04, 0x88, 0xad, 0xe4], &dice.bytes(74)[..]].concat(),
        false => [&[0x80], &dice.bytes(32)[..], &[1]].concat(),
    };
    let sum = digest(&bytes);
    bytes.extend_from_slice(&sum[..4]);
    sample.token = BASE58.encode(&bytes);
}

#[cfg(test)]
mod tests {
    use super::CHECK;
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
    fn sealed_samples_hold() {
        seals(&CHECK, |_| b"K".to_vec());
        seals(&CHECK, |_| b"xprv".to_vec());
    }
}
