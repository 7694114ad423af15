//! Numbers of one to nine bytes.

/// The number at the start of `bytes`, and how many bytes it takes.
pub(super) fn varint(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut number = 0;
    for (n, &byte) in bytes.iter().enumerate() {
        if n == 8 {
            return Some((number << 8 | u64::from(byte), 9));
        }
        number = number << 7 | u64::from(byte & 0x7f);
        if byte < 0x80 {
            return Some((number, n + 1));
        }
    }
    None
}
