//! Texts of a database as UTF-8.

/// How a database writes its texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
}

impl Encoding {
    /// That of a number in the head; a database that has no table yet may say 0.
    pub(super) fn numbered(number: u32) -> Option<Self> {
        match number {
            0 | 1 => Some(Self::Utf8),
            2 => Some(Self::Utf16Le),
            3 => Some(Self::Utf16Be),
            _ => None,
        }
    }

    /// The most bytes that a text of `length` bytes in UTF-8 has as it is stored.
    pub(super) fn most_bytes(self, length: usize) -> u64 {
        length as u64 * if self == Self::Utf8 { 1 } else { 2 }
    }

    /// Turns `text` into UTF-8. What claims to be UTF-8 stays as it is; halves of UTF-16 pairs become
    /// U+FFFD, half a unit at the end is dropped.
    pub(super) fn decode(self, text: &mut Vec<u8>) {
        let unit = match self {
            Self::Utf8 => return,
            Self::Utf16Le => u16::from_le_bytes,
            Self::Utf16Be => u16::from_be_bytes,
        };
        let (units, _) = text.as_chunks::<2>();
        let mut decoded = Vec::with_capacity(text.len());
        for letter in char::decode_utf16(units.iter().map(|&pair| unit(pair))) {
            let letter = letter.unwrap_or(char::REPLACEMENT_CHARACTER);
            decoded.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
        }
        *text = decoded;
    }
}
