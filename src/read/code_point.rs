//! Characters that are written as hexadecimal numbers in escapes.

/// Puts a character out; how many bytes its escape takes up, 0 if it is broken.
pub(super) fn point(code: Option<u32>, used: usize, out: &mut Vec<u8>) -> usize {
    let Some(code) = code else { return 0 };
    let sign = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    out.extend_from_slice(sign.encode_utf8(&mut [0; 4]).as_bytes());
    used
}

/// `uXXXX`, or two of them that make up one character.
pub(super) fn unit(rest: &[u8], out: &mut Vec<u8>) -> usize {
    let first = hex(rest, 1, 4);
    let (Some(high @ 0xd800..0xdc00), Some(b"\\u")) = (first, rest.get(5..7)) else {
        return point(first, 5, out);
    };
    let Some(low @ 0xdc00..0xe000) = hex(rest, 7, 4) else { return point(first, 5, out) };
    point(Some(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)), 11, out)
}

/// The number that hexadecimal digits make up.
pub(super) fn hex(rest: &[u8], from: usize, length: usize) -> Option<u32> {
    rest.get(from..from + length)?
        .iter()
        .try_fold(0_u32, |value, &byte| Some(value << 4 | char::from(byte).to_digit(16)?))
}
