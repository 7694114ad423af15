//! Names of objects in Git's store.

use std::fmt;
use std::hash::{Hash, Hasher};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

/// The id of a Git object: 20 bytes (SHA-1) or 32 (SHA-256). Prints as hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectId {
    bytes: [u8; 32],
    length: u8,
}

impl ObjectId {
    /// Takes raw bytes; none if there are neither 20 nor 32.
    pub fn from_bytes(raw: &[u8]) -> Option<Self> {
        let mut bytes = [0; 32];
        matches!(raw.len(), 20 | 32).then(|| bytes[..raw.len()].copy_from_slice(raw))?;
        Some(Self { bytes, length: raw.len() as u8 })
    }

    /// Reads 40 or 64 hexadecimal digits.
    pub fn from_hex(text: &[u8]) -> Option<Self> {
        let mut bytes = [0; 32];
        let digit = |b: u8| char::from(b).to_digit(16).map(|digit| digit as u8);
        let (pairs, []) = text.as_chunks::<2>() else { return None };
        matches!(pairs.len(), 20 | 32).then_some(())?;
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Some(Self { bytes, length: pairs.len() as u8 })
    }

    /// The raw bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.length)]
    }

    /// Whether it is the id that stands for no object.
    pub fn is_null(&self) -> bool {
        self.bytes == [0; 32]
    }
}

impl Hash for ObjectId {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        hasher.write(self.as_bytes());
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_bytes().iter().try_for_each(|b| write!(f, "{b:02x}"))
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<'de> Deserialize<'de> for ObjectId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(from)?;
        Self::from_hex(text.as_bytes()).ok_or_else(|| D::Error::custom("not the id of an object"))
    }
}

impl Serialize for ObjectId {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::ObjectId;

    #[test]
    fn ids_are_read_as_they_are_printed() {
        for length in [20, 32] {
            let id = ObjectId::from_bytes(&vec![0xa7; length]).expect("a length of Git's");
            assert_eq!(ObjectId::from_hex(id.to_string().as_bytes()), Some(id));
            assert!(!id.is_null());
        }
        assert_eq!(ObjectId::from_bytes(&[0; 19]), None);
        assert_eq!(ObjectId::from_hex(&[b'g'; 40]), None);
        assert_eq!(ObjectId::from_hex(b"abc"), None);
    }
}
