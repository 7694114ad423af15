//! WireGuard private keys: clamped scalars of Curve25519, named by their public half.

use curve25519_dalek::montgomery::MontgomeryPoint;

use crate::model::{Claim, Field};
use crate::rules::checks::{Check, Sample, Sighting, Verdict, b64, key};
use crate::rules::dice::Dice;

/// Looks for the clamped bits, for the public half and for words of WireGuard nearby.
pub(super) const CHECK: Check = Check {
    name: "wireguard-key",
    about: "five bits are set as `wg genkey` sets them; its public key is worked out",
    bits: 5,
    around: true,
    judge,
    seal,
};

/// Words of which a WireGuard configuration, or the name of a variable with its key, holds one.
const WORDS: [&[u8]; 6] =
    [b"wireguard", b"[interface]", b"[peer]", b"allowedips", b"presharedkey", b"allowed_ips"];

fn judge(sighting: &Sighting<'_>) -> Verdict {
    let Some(bytes) = b64::decode(sighting.value) else { return Verdict::foreign("not base64") };
    let Ok(scalar) = <[u8; 32]>::try_from(bytes) else { return Verdict::foreign("not 32 bytes") };
    let point = MontgomeryPoint::mul_base_clamped(scalar).to_bytes();
    let public = String::from_utf8_lossy(&b64::standard(&point)).into_owned();
    let stands_beside = memchr::memmem::find(sighting.around, public.as_bytes()).is_some();
    let claims = [key::public_claim(&key::x25519_info(&point)), Claim::new(Field::KeyId, public)];
    match (stands_beside, is_clamped(&scalar), speaks_of_wireguard(sighting.around)) {
        (true, ..) => Verdict::proven("its public key stands beside it").with(claims),
        (_, true, true) => Verdict::parsed("clamped as generated keys are").with(claims),
        (_, true, false) => Verdict::silent("clamped, but nothing beside it speaks of WireGuard"),
        (_, false, _) => Verdict::silent("not clamped, as every generated key is"),
    }
}

/// Whether the bits are set that every generated key has set (RFC 7748, section 5).
const fn is_clamped(scalar: &[u8; 32]) -> bool {
    scalar[0] & 7 == 0 && scalar[31] >> 6 == 1
}

fn speaks_of_wireguard(around: &[u8]) -> bool {
    let lower = around.to_ascii_lowercase();
    WORDS.iter().any(|word| memchr::memmem::find(&lower, word).is_some())
}

fn seal(sample: &mut Sample, dice: &mut Dice) {
    let mut scalar = dice.bytes(32);
    scalar[0] &= 0xf8;
    scalar[31] = scalar[31] & 0x3f | 0x40;
    sample.token = b64::standard(&scalar);
    sample.beside = b"[Interface]".to_vec();
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::model::Field;
    use crate::rules::checks::trial::{claim, judge, seals, survives};
    use crate::rules::checks::{Sighting, State, Verdict, b64};

    /// The private key of RFC 7748, section 6.1, and its public half, in hexadecimal.
    const ALICE: [&str; 2] =
        ["77076d0a7318a57d3c16c17251b26645", "df4c2f87ebc0992ab177fba51db92c2a"];
    const ALICE_PUBLIC: &str = "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a";

    fn bytes(hex: &str) -> Vec<u8> {
        let pairs = hex.as_bytes().chunks(2).map(|pair| String::from_utf8_lossy(pair));
        pairs.map(|pair| u8::from_str_radix(&pair, 16).expect("hexadecimal")).collect()
    }

    fn clamped() -> Vec<u8> {
        let mut scalar = bytes(&ALICE.concat());
        scalar[0] &= 0xf8;
        scalar[31] = scalar[31] & 0x3f | 0x40;
        scalar
    }

    fn beside(scalar: &[u8], text: &str) -> Verdict {
        let value = b64::standard(scalar);
        let around = [text.as_bytes(), b"\nPrivateKey = ", &value].concat();
        (CHECK.judge)(&Sighting { whole: &value, value: &value, around: &around })
    }

    #[test]
    fn the_published_public_key_is_worked_out() {
        let public = String::from_utf8(b64::standard(&bytes(ALICE_PUBLIC))).expect("base64");
        let verdict = beside(&clamped(), "[Interface]");
        assert_eq!(verdict.state, State::Parsed);
        assert_eq!(claim(&verdict, Field::KeyId), Some(public.as_str()));
        assert!(claim(&verdict, Field::PublicKey).is_some());
        // As published it is not clamped yet; its public key is the same.
        let published = bytes(&ALICE.concat());
        assert_eq!(beside(&published, &public).state, State::Proven);
        assert_eq!(beside(&published, "[Interface]").state, State::Silent);
    }

    #[test]
    fn without_word_or_clamp_there_is_nothing_to_say() {
        assert_eq!(beside(&clamped(), "WIREGUARD_PRIVATE_KEY=").state, State::Parsed);
        assert_eq!(beside(&clamped(), "a = 1").state, State::Silent);
        for (at, bit) in [(0, 1), (0, 2), (0, 4), (31, 0x80), (31, 0x40)] {
            let mut scalar = clamped();
            scalar[at] ^= bit;
            assert_eq!(beside(&scalar, "[Interface]").state, State::Silent, "{at} {bit}");
        }
        assert_eq!(beside(&clamped()[1..], "[Interface]").state, State::Foreign);
    }

    #[test]
    fn hostile_values_do_not_panic() {
        survives(&CHECK, &b64::standard(&clamped()));
        assert_eq!(judge(&CHECK, "").state, State::Foreign);
    }

    #[test]
    fn sealed_samples_hold() {
        seals(&CHECK, |_| Vec::new());
    }
}
