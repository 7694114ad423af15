//! Ids of credentials: keyed, of the normalised value alone.
//!
//! While a scan runs every credential has an id under a key of that run, so that its findings are known as one
//! whatever rule and wrapping told them. When it ends, [`Fingerprinter::settled`] gives the id for the report.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Mutex, PoisonError};

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::detect::TeamKey;
use crate::detect::canonical::{Canonical, canonical};
use crate::model::{Basis, Claim, FindingId, KeyId, Kind, RuleId, Secret, SecretId};
use crate::rules::Rule;

/// Bits of issuer-made randomness from which on an id may be compared between runs and machines:
/// nobody can try that many values against it.
pub const UNGUESSABLE: u32 = 80;

/// The key of ids that anybody may compare. Not a secret: it only keeps these digests apart from others.
const PUBLIC: &[u8] = b"keytrail/public/v1";

/// Makes ids, and knows for the time of a scan what they stand for.
pub struct Fingerprinter {
    run: Zeroizing<[u8; 32]>,
    team: Option<TeamKey>,
    known: Mutex<HashMap<SecretId, Known>>,
}

/// A credential that was seen in this run. Its values are wiped with it.
#[derive(Debug)]
pub struct Known {
    /// The rule that saw it first.
    pub rule: RuleId,
    /// What sort of credential that rule finds.
    pub kind: Kind,
    /// It as rules saw it: its first writings in the order of their bytes.
    values: Vec<Secret>,
    /// Whose it is, as far as that told.
    pub claims: Vec<Claim>,
    /// The bits of its issuer's randomness: the most that any rule vouches for.
    pub bits: u32,
    normal: Secret,
}

/// How many writings of one credential are kept: the containers of a key, the cases of its digits.
const WRITINGS: usize = 8;

impl Known {
    /// It as a rule saw it: of several writings always the same.
    pub fn value(&self) -> &[u8] {
        self.values.first().map_or(self.normal.expose(), Secret::expose)
    }

    /// What of it can stand elsewhere: its writings; of a connection string the secret part alone.
    pub fn writings(&self) -> Vec<&[u8]> {
        let hex = |value: &[u8]| value.iter().all(|b| b.is_ascii_hexdigit() || *b == b'-');
        if self.kind == Kind::ConnectionString || hex(self.value()) {
            return vec![self.normal.expose()];
        }
        self.values.iter().map(Secret::expose).collect()
    }

    /// Adds a writing. Which are kept does not depend on the order in which they come.
    fn add(&mut self, value: &[u8]) {
        let at = self.values.partition_point(|known| known.expose() < value);
        if self.values.get(at).is_none_or(|known| known.expose() != value) && at < WRITINGS {
            self.values.insert(at, Secret::new(value.to_vec()));
            self.values.truncate(WRITINGS);
        }
    }
}

impl Fingerprinter {
    /// A fingerprinter with a key of its own for this run, and the team's if there is one.
    pub fn new(team: Option<TeamKey>) -> Result<Self, getrandom::Error> {
        let mut run = Zeroizing::new([0; 32]);
        getrandom::fill(run.as_mut())?;
        Ok(Self { run, team, known: Mutex::default() })
    }

    /// The id, within this run, of the credential `value` that `rule` found.
    pub fn secret(&self, value: &[u8], rule: &Rule, claims: &[Claim]) -> SecretId {
        let Canonical { bytes, bits } = canonical(value, rule, claims);
        let id = SecretId::from_bytes(keyed(&self.run[..], &bytes));
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        match known.entry(id) {
            Entry::Occupied(mut seen) => {
                let seen = seen.get_mut();
                seen.bits = seen.bits.max(bits);
                seen.add(value);
                // The rule that knows an issuer says more than a field's name; of equals the same whoever came
                // first.
                let rank = |claims: &[Claim], rule: &RuleId| (claims.is_empty(), rule.clone());
                if rank(claims, &rule.id) < rank(&seen.claims, &seen.rule) {
                    seen.rule = rule.id.clone();
                    seen.kind = rule.kind;
                    seen.claims = claims.to_vec();
                }
            }
            Entry::Vacant(space) => {
                space.insert(Known {
                    rule: rule.id.clone(),
                    kind: rule.kind,
                    values: vec![Secret::new(value.to_vec())],
                    claims: claims.to_vec(),
                    bits,
                    normal: Secret::new(bytes.to_vec()),
                });
            }
        }
        id
    }

    /// The id for reports of the credential that `id` names in this run, and where that may be compared.
    pub fn settled(&self, id: SecretId) -> (SecretId, Basis) {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(known) = known.get(&id) else { return (id, Basis::Run) };
        let normal = known.normal.expose();
        match &self.team {
            Some(team) => (SecretId::from_bytes(keyed(team.expose(), normal)), Basis::Team),
            None if known.bits >= UNGUESSABLE => {
                (SecretId::from_bytes(keyed(PUBLIC, normal)), Basis::Anywhere)
            }
            None => (id, Basis::Run),
        }
    }

    /// The id of the team's key, if there is one.
    pub fn key_id(&self) -> Option<KeyId> {
        self.team.as_ref().map(TeamKey::id)
    }

    /// Tells `of` about the credential that `id` names in this run, if it was seen.
    pub fn known<T>(&self, id: SecretId, of: impl FnOnce(&Known) -> T) -> Option<T> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&id).map(of)
    }
}

/// The id of one sighting: the credential, the rule and the logical place, without line numbers.
pub fn finding(secret: SecretId, rule: &RuleId, place: &str) -> FindingId {
    let text = format!("keytrail/finding/v1\0{secret}\0{rule}\0{place}");
    FindingId::from_bytes(first_half(&Sha256::digest(text).into()))
}

/// Microsoft's correlating id of an unguessable value: [Cross-company correlating
/// id](https://github.com/microsoft/security-utilities), 20 characters of base64.
pub fn c3id(value: &[u8]) -> String {
    use std::fmt::Write;
    let mut text = Zeroizing::new(String::from("CrossMicrosoftCorrelatingId:"));
    for byte in Sha256::digest(value) {
        _ = write!(text, "{byte:02X}");
    }
    base64_simd::STANDARD.encode_to_string(&Sha256::digest(text.as_bytes())[..15])
}

fn keyed(key: &[u8], value: &[u8]) -> [u8; 16] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length of key is allowed");
    mac.update(b"keytrail/secret/v1\0");
    mac.update(value);
    first_half(&mac.finalize().into_bytes().into())
}

fn first_half(digest: &[u8; 32]) -> [u8; 16] {
    let (half, _) = digest.split_at(16);
    half.try_into().expect("half of 32 is 16")
}

#[cfg(test)]
mod tests {
    use super::c3id;

    #[test]
    fn the_correlating_id_is_the_published_one() {
        assert_eq!(c3id(b"test"), "rPHgxCVAOw6CZsT9xXEw");
    }
}
