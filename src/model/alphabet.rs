//! The alphabet of tokens: the bytes that a token can be written in, also when it is escaped.

/// Signs that occur inside tokens and inside their escaped forms.
const SIGNS: &[u8] = b"_-+/.~%\\=&#;";

/// The signs of them that separate names from values, and begin escapes.
pub const SEPARATORS: &[u8] = b"%\\=&#;";

/// Whether `byte` can stand in a token.
pub const fn is_token_byte(byte: u8) -> bool {
    TABLE[byte as usize]
}

const TABLE: [bool; 256] = {
    let mut table = [false; 256];
    let mut b = 0;
    while b < 128 {
        table[b] = (b as u8).is_ascii_alphanumeric();
        b += 1;
    }
    let mut i = 0;
    while i < SIGNS.len() {
        table[SIGNS[i] as usize] = true;
        i += 1;
    }
    table
};
