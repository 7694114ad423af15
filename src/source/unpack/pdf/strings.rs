//! Strings of PDF, as text.

use super::lexer::is_blank;

/// The bytes that a literal string stands for.
pub(super) fn literal(raw: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte == b'\\' {
            let (sign, length) = escape(rest);
            bytes.extend(sign);
            rest = rest.get(length..).unwrap_or_default();
        } else {
            bytes.push(byte);
        }
    }
    bytes
}

/// What the bytes behind a backslash stand for, and how many they are.
fn escape(rest: &[u8]) -> (Option<u8>, usize) {
    let sign = match rest.first() {
        None => return (None, 0),
        Some(b'n') => b'\n',
        Some(b'r') => b'\r',
        Some(b't') => b'\t',
        Some(b'b') => 0x08,
        Some(b'f') => 0x0c,
        // A line that goes on is one line.
        Some(b'\r') => return (None, 1 + usize::from(rest.get(1) == Some(&b'\n'))),
        Some(b'\n') => return (None, 1),
        Some(b'0'..=b'7') => {
            let digits = rest.iter().take(3).take_while(|byte| matches!(byte, b'0'..=b'7'));
            let value =
                digits.clone().fold(0_u16, |value, digit| value * 8 + u16::from(digit - b'0'));
            return (Some((value & 0xff) as u8), digits.count());
        }
        Some(&other) => other,
    };
    (Some(sign), 1)
}

/// The bytes that a hex string stands for.
pub(super) fn hex(raw: &[u8]) -> Vec<u8> {
    let digits = raw.iter().filter(|byte| !is_blank(**byte));
    let mut digits = digits.filter_map(|&byte| char::from(byte).to_digit(16).map(|d| d as u8));
    let mut bytes = Vec::with_capacity(raw.len() / 2);
    while let Some(high) = digits.next() {
        bytes.push(high << 4 | digits.next().unwrap_or(0));
    }
    bytes
}

/// The text of a string that is not shown by a font: UTF-16 or UTF-8 if its mark says so, else UTF-8 if it
/// is that, else Latin.
pub(super) fn text(bytes: Vec<u8>) -> Vec<u8> {
    match bytes.get(..3) {
        Some([0xfe, 0xff, _]) => utf16(&bytes[2..], u16::from_be_bytes),
        Some([0xff, 0xfe, _]) => utf16(&bytes[2..], u16::from_le_bytes),
        Some([0xef, 0xbb, 0xbf]) => bytes[3..].to_vec(),
        _ if str::from_utf8(&bytes).is_ok() => bytes,
        _ => bytes.iter().map(|&byte| char::from(byte)).collect::<String>().into_bytes(),
    }
}

/// Whether bytes, as they come out of a hex string, are a text rather than a number.
pub(super) fn is_text(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xfe\xff")
        || bytes.iter().all(|byte| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~'))
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Vec<u8> {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let signs = char::decode_utf16(units).map(|sign| sign.unwrap_or(char::REPLACEMENT_CHARACTER));
    signs.collect::<String>().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::{hex, is_text, literal, text};

    #[test]
    fn strings_are_undone() {
        assert_eq!(literal(b"a\\(b\\)\\\\\\101\\53x\\\r\nz\\"), b"a(b)\\A+xz");
        assert_eq!(hex(b"41 4\n2 5"), b"ABP");
        assert_eq!(text(b"\xfe\xff\0k\0e\0y\0".to_vec()), b"key");
        assert_eq!(text(b"\xff\xfek\0\x3d\xd8".to_vec()), "k\u{fffd}".as_bytes());
        assert_eq!(text(b"caf\xe9".to_vec()), "café".as_bytes());
        assert!(is_text(b"key") && !is_text(b"k\0"));
    }
}
