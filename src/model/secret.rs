//! Raw bytes of a credential, kept as briefly and as quietly as possible.

use std::fmt;

use zeroize::Zeroizing;

/// The credential itself. Wiped when dropped; prints nothing; cannot be copied or serialised.
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Takes the bytes over.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The raw bytes, for digests and for a person who asked to see them.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
