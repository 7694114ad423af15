//! Names of rules, credentials and findings: open values, compared and printed, never guessed from.

use std::borrow::Cow;
use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

/// The stable slug of a rule, for example `github-pat-classic`: lower-case letters, digits, hyphens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct RuleId(Cow<'static, str>);

impl RuleId {
    /// A rule id known when the program was built.
    pub const fn from_static(id: &'static str) -> Self {
        Self(Cow::Borrowed(id))
    }

    /// Reads an id; refuses anything but `[a-z0-9]` words joined by single hyphens, at most 64 bytes.
    pub fn parse(text: &str) -> Option<Self> {
        let word = |w: &str| {
            !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        };
        (text.len() <= 64 && text.split('-').all(word)).then(|| Self(Cow::Owned(text.to_owned())))
    }

    /// The slug as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for RuleId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(from)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("not the id of a rule"))
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The value of a lower-case hexadecimal digit.
const fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    }
}

macro_rules! digest_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// Wraps the first 16 bytes of a digest.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// The bytes of the id.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }

            /// Reads an id as it is printed.
            pub fn parse(text: &str) -> Option<Self> {
                let digits = text.strip_prefix($prefix)?.as_bytes();
                let (pairs, []) = digits.as_chunks::<2>() else { return None };
                let mut bytes = [0; 16];
                (pairs.len() == bytes.len()).then_some(())?;
                for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
                    *byte = digit(*high)? << 4 | digit(*low)?;
                }
                Some(Self(bytes))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = Cow::<str>::deserialize(from)?;
                let wrong = || D::Error::custom(concat!("not an id that begins with ", $prefix));
                Self::parse(&text).ok_or_else(wrong)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str($prefix)?;
                self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }
    };
}

digest_id! {
    /// Keyed digest of the normalised credential alone: equal in two places means the same secret.
    /// Prints as `ks_` and 32 hexadecimal digits.
    SecretId, "ks_"
}

digest_id! {
    /// Digest of the credential, the rule and the logical place; it survives edits above the line.
    /// Prints as `kf_` and 32 hexadecimal digits.
    FindingId, "kf_"
}

digest_id! {
    /// Names a key of ids without giving it away: equal ids of keys mean that ids of credentials compare.
    /// Prints as `kk_` and 32 hexadecimal digits.
    KeyId, "kk_"
}
