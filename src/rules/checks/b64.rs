//! Base64 as issuers write it: either alphabet, with padding or without.

/// The bytes behind `text`; none where it holds anything but base64.
pub(crate) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let body = unpadded(text);
    if !body.iter().all(|byte| is_char(*byte)) {
        return None;
    }
    let plain: Vec<u8> = body.iter().map(|byte| standard_char(*byte)).collect();
    base64_simd::forgiving_decode_to_vec(&plain).ok()
}

/// `bytes` in the standard alphabet, padded.
pub(crate) fn standard(bytes: &[u8]) -> Vec<u8> {
    base64_simd::STANDARD.encode_type(bytes)
}

/// `bytes` in the URL-safe alphabet, without padding.
pub(crate) fn url(bytes: &[u8]) -> Vec<u8> {
    base64_simd::URL_SAFE_NO_PAD.encode_type(bytes)
}

/// `text` without the one or two `=` at its end.
pub(crate) fn unpadded(text: &[u8]) -> &[u8] {
    let pads = text.iter().rev().take(2).take_while(|byte| **byte == b'=').count();
    &text[..text.len() - pads]
}

/// Whether `byte` is a character of either alphabet.
pub(crate) const fn is_char(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

const fn standard_char(byte: u8) -> u8 {
    match byte {
        b'-' => b'+',
        b'_' => b'/',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_alphabets_with_and_without_padding() {
        for text in ["+/8=", "-_8=", "+/8", "-_8"] {
            assert_eq!(decode(text.as_bytes()), Some(vec![0xfb, 0xff]), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_not_base64() {
        for text in ["a", "ab c", "a=bc", "ab===", "\u{e4}bcd"] {
            assert_eq!(decode(text.as_bytes()), None, "{text}");
        }
    }
}
