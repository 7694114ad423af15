//! Ids of credentials: keyed, of the normalised value alone.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::model::{Claim, Field, FindingId, RuleId, SecretId};

/// Bits of issuer-made randomness from which on an id may be compared between runs and machines:
/// nobody can try that many values against it.
pub const UNGUESSABLE: u32 = 80;

/// The key of ids that anybody may compare. Not a secret: it only keeps these digests apart from others.
const PUBLIC: &[u8] = b"keytrail/public/v1";

/// Makes ids. What is guessable gets an id that holds for this run only.
pub struct Fingerprinter {
    run: Zeroizing<[u8; 32]>,
}

impl Fingerprinter {
    /// A fingerprinter with a key of its own for guessable values.
    pub fn new() -> Result<Self, getrandom::Error> {
        let mut run = Zeroizing::new([0; 32]);
        getrandom::fill(run.as_mut())?;
        Ok(Self { run })
    }

    /// The id of the credential `value`, of which `bits` are the issuer's randomness.
    pub fn secret(&self, value: &[u8], bits: u32, claims: &[Claim]) -> SecretId {
        let key = if bits >= UNGUESSABLE { PUBLIC } else { &self.run[..] };
        let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length of key is allowed");
        mac.update(b"keytrail/secret/v1\0");
        mac.update(&normalise(value, claims));
        SecretId::from_bytes(first_half(&mac.finalize().into_bytes().into()))
    }
}

/// The id of one sighting: the credential, the rule and the logical place, without line numbers.
pub fn finding(secret: SecretId, rule: &RuleId, place: &str) -> FindingId {
    let text = format!("keytrail/finding/v1\0{secret}\0{rule}\0{place}");
    FindingId::from_bytes(first_half(&Sha256::digest(text).into()))
}

fn first_half(digest: &[u8; 32]) -> [u8; 16] {
    let (half, _) = digest.split_at(16);
    half.try_into().expect("half of 32 is 16")
}

/// The bytes that are the same wherever the credential stands: a key pair's public half, hexadecimal and
/// UUIDs in lower case, everything else as it is.
fn normalise(value: &[u8], claims: &[Claim]) -> Zeroizing<Vec<u8>> {
    if let Some(public) = claims.iter().find(|claim| claim.field == Field::PublicKey) {
        return Zeroizing::new(public.value.clone().into_bytes());
    }
    let hex = value.iter().all(|b| b.is_ascii_hexdigit() || *b == b'-');
    Zeroizing::new(if hex { value.to_ascii_lowercase() } else { value.to_vec() })
}
