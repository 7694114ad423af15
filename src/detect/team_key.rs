//! The key of a team: ids that are made with it compare wherever it is used, and nowhere else.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::model::{KeyId, Secret};

/// 32 random bytes. As text: `keytrail-key-1:` and 43 characters of base64url.
#[derive(Debug)]
pub struct TeamKey(Secret);

const LEAD: &str = "keytrail-key-1:";
const LENGTH: usize = 32;

impl TeamKey {
    /// A new key.
    pub fn new() -> Result<Self, getrandom::Error> {
        let mut bytes = vec![0; LENGTH];
        getrandom::fill(&mut bytes)?;
        Ok(Self(Secret::new(bytes)))
    }

    /// Reads a key as [`Self::text`] writes it, white space around it allowed. Anything else is refused, so
    /// that nobody takes a guessable password for a key.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.trim().strip_prefix(LEAD)?;
        let bytes = base64_simd::URL_SAFE_NO_PAD.decode_to_vec(digits).ok()?;
        let key = Secret::new(bytes);
        (key.expose().len() == LENGTH).then_some(Self(key))
    }

    /// The key as text.
    pub fn text(&self) -> Zeroizing<String> {
        let digits = Zeroizing::new(base64_simd::URL_SAFE_NO_PAD.encode_to_string(self.0.expose()));
        Zeroizing::new(format!("{LEAD}{}", *digits))
    }

    /// Its name, which gives nothing of it away.
    pub fn id(&self) -> KeyId {
        let mac = Hmac::<Sha256>::new_from_slice(self.0.expose());
        let mut mac = mac.expect("any length of key is allowed");
        mac.update(b"keytrail/key-id/v1");
        let digest: [u8; 32] = mac.finalize().into_bytes().into();
        let (half, _) = digest.split_at(16);
        KeyId::from_bytes(half.try_into().expect("half of 32 is 16"))
    }

    pub(super) fn expose(&self) -> &[u8] {
        self.0.expose()
    }
}

#[cfg(test)]
mod tests {
    use super::TeamKey;

    #[test]
    fn keys_are_read_as_they_are_written_and_words_are_refused() {
        let key = TeamKey::new().expect("randomness");
        let text = key.text();
        let again = TeamKey::parse(&format!(" {}\n", *text)).expect("a key");
        assert_eq!(again.id(), key.id());
        assert_ne!(TeamKey::new().expect("randomness").id(), key.id());
        for wrong in ["", "password", "keytrail-key-1:", "keytrail-key-1:c2hvcnQ", &text[..40]] {
            assert!(TeamKey::parse(wrong).is_none(), "{wrong}");
        }
        assert!(!format!("{key:?}").contains(&text[20..30]));
    }
}
