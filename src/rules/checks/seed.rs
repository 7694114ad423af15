//! Ed25519 seeds in base32 with a CRC-16: NATS nkeys and Stellar secret seeds.

use curve25519_dalek::MontgomeryPoint;
use ed25519_dalek::SigningKey;

use crate::model::{Claim, Field};
use crate::rules::checks::base::BASE32;
use crate::rules::checks::crc::crc16;
use crate::rules::checks::{Check, Sample, Sighting, Verdict};
use crate::rules::dice::Dice;

/// A NATS seed.
pub(super) const NKEY: Check = Check {
    name: "nkey-seed",
    about: "the CRC-16 of the seed holds; its public key is worked out",
    bits: 16,
    around: false,
    judge: |sighting| judge(sighting, 2),
    seal: |sample, dice| seal(sample, dice, 2),
};

/// A Stellar secret seed.
pub(super) const STELLAR: Check = Check {
    name: "stellar-seed",
    about: "the CRC-16 of the seed holds; its account is worked out",
    bits: 16,
    around: false,
    judge: |sighting| judge(sighting, 1),
    seal: |sample, dice| seal(sample, dice, 1),
};

/// The first byte of every secret seed, but for its low bits.
const SEED: u8 = 18 << 3;

/// The prefix of an nkey for encryption (X25519); all others sign (Ed25519).
const CURVE: u8 = 23 << 3;

/// `head` is how many bytes come before the 32 of the seed.
fn judge(sighting: &Sighting<'_>, head: usize) -> Verdict {
    let Some(bytes) = BASE32.decode(sighting.value).filter(|b| b.len() == head + 34) else {
        return Verdict::foreign("not a seed");
    };
    let (body, sum) = bytes.split_at(head + 32);
    if crc16(body).to_le_bytes() != sum {
        return Verdict::broken("checksum does not hold: made up, redacted or damaged");
    }
    let Some(seed) = body[head..].first_chunk::<32>() else { return Verdict::foreign("no seed") };
    // An nkey tells its public prefix in the 5 low bits of one byte and the 3 high bits of the next; a
    // Stellar account's is 6 << 3.
    let prefix = if head == 2 { (body[0] & 7) << 5 | body[1] >> 3 } else { 6 << 3 };
    let public = match prefix {
        CURVE => MontgomeryPoint::mul_base_clamped(*seed).to_bytes(),
        _ => SigningKey::from_bytes(seed).verifying_key().to_bytes(),
    };
    let mut account = [&[prefix], &public[..]].concat();
    account.extend(crc16(&account).to_le_bytes());
    let account = String::from_utf8_lossy(&BASE32.encode(&account)).into_owned();
    Verdict::proven("checksum holds (CRC-16)").with([Claim::new(Field::Principal, account)])
}

fn seal(sample: &mut Sample, dice: &mut Dice, head: usize) {
    let user = 20_u8 << 3;
    let lead = if head == 2 { vec![SEED | user >> 5, (user & 31) << 3] } else { vec![SEED] };
    let mut bytes = [lead, dice.bytes(32)].concat();
    bytes.extend(crc16(&bytes).to_le_bytes());
    sample.token = BASE32.encode(&bytes);
}

#[cfg(test)]
mod tests {
    use super::{NKEY, STELLAR};
    use crate::model::Field;
    use crate::rules::checks::State;
    use crate::rules::checks::trial::{claim, judge, seals, survives};

    #[test]
    fn the_vectors_hold() {
        let nats = ["SUABBEIUPF3YSW2QO7E7TWWCZNJYW", "MITI5R3LA7DMP2DXNSEM7MDK7D2IY"].concat();
        let verdict = judge(&NKEY, &nats);
        assert_eq!(verdict.state, State::Proven);
        let public = "UACDCEGWO7GHTZNBQBGIBPOXF26HSA6EEPJW2LKSKTERDAESKYRAP2ND";
        assert_eq!(claim(&verdict, Field::Principal), Some(public));
        let stellar = ["SAIJCFDZO6EVWUDXZH45VQWLKOFT", "CE2HMO2YHY3D6Q53MRDH3A2XZMHY"].concat();
        assert_eq!(judge(&STELLAR, &stellar).state, State::Proven);
        assert_eq!(judge(&STELLAR, stellar.replace("CFD", "CFE")).state, State::Broken);
        survives(&NKEY, nats.as_bytes());
        survives(&STELLAR, stellar.as_bytes());
    }

    #[test]
    fn sealed_samples_hold() {
        seals(&NKEY, |_| Vec::new());
        seals(&STELLAR, |_| Vec::new());
    }
}
