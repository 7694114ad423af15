//! Access tokens of Bitwarden Secrets Manager: an id, a secret and a key of sixteen bytes.

use crate::model::{Claim, Field};
use crate::rules::checks::uuid_v4::uuid;
use crate::rules::checks::{Check, Sample, Sighting, Verdict, b64};
use crate::rules::dice::Dice;

/// The check.
pub(super) const CHECK: Check = Check {
    name: "bitwarden-sm",
    about: "the id is a UUID and the key decodes to 16 bytes; the id is readable",
    bits: 0,
    around: false,
    judge,
    seal,
};

const KEY: usize = 16;
/// Sixteen bytes in base64, padded.
const CHARS: usize = 24;

fn judge(sighting: &Sighting<'_>) -> Verdict {
    let Some((id, key)) = sighting.value.strip_prefix(b"0.").and_then(parts) else {
        return Verdict::foreign("not a Bitwarden access token");
    };
    if !b64::decode(key).is_some_and(|bytes| bytes.len() == KEY && b64::standard(&bytes) == key) {
        return Verdict::broken("key does not decode to 16 bytes: made up, redacted or damaged");
    }
    Verdict::parsed("id is a UUID, key decodes to 16 bytes").with([Claim::new(Field::KeyId, id)])
}

/// The id before the first dot and the key behind the colon.
fn parts(rest: &[u8]) -> Option<(String, &[u8])> {
    let id = uuid(rest).filter(|id| id.start == 0)?;
    let secret = rest[id.end..].strip_prefix(b".")?;
    let colon = memchr::memchr(b':', secret)?;
    Some((String::from_utf8_lossy(&rest[id]).to_lowercase(), &secret[colon + 1..]))
}

fn seal(sample: &mut Sample, dice: &mut Dice) {
    let Some(colon) = memchr::memrchr(b':', &sample.token) else { return };
    let Some(key) = sample.token.get_mut(colon + 1..colon + 1 + CHARS) else { return };
    key.copy_from_slice(&b64::standard(&dice.bytes(KEY)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::checks::State;
    use crate::rules::checks::base::BASE62;
    use crate::rules::checks::trial::{claim, judge, seals, survives};

    const ID: &str = "ec2c1d46-6a4b-4751-a310-af9601317f2d";

    fn token(key: &str) -> String {
        ["0.", ID, ".", &"k".repeat(30), ":", key].concat()
    }

    #[test]
    fn names_its_key() {
        let token = token("AAECAwQFBgcICQoLDA0ODw==");
        let verdict = judge(&CHECK, &token);
        assert_eq!(verdict.state, State::Parsed);
        assert_eq!(claim(&verdict, Field::KeyId), Some(ID));
        survives(&CHECK, token.as_bytes());
    }

    #[test]
    fn another_key_breaks_it() {
        for key in ["AAECAwQFBgcICQoLDA0OD1==", "AAECAwQFBgcICQoLDA0ODxA=", "AAEC", ""] {
            assert_eq!(judge(&CHECK, token(key)).state, State::Broken, "{key}");
        }
        assert_eq!(judge(&CHECK, "0.nothing.k:AAEC").state, State::Foreign);
    }

    #[test]
    fn samples_can_be_sealed() {
        seals(&CHECK, |dice| {
            let (secret, key) = (dice.text(BASE62.chars(), 30), dice.text(BASE62.chars(), 22));
            [b"0.", ID.as_bytes(), b".", &secret, b":", &key, b"=="].concat()
        });
    }
}
