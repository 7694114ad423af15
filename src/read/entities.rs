//! Entities of XML and HTML, undone.

use zeroize::Zeroizing;

/// The longest entity that is known, from `&` to `;`.
const LONGEST: usize = 12;

/// `text` with its entities undone; what is no known entity stays as it is.
pub(super) fn undo(text: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut plain = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'&', rest) {
        plain.extend_from_slice(&rest[..at]);
        let from = &rest[at..];
        let known = entity(from);
        let (length, sign) = known.unwrap_or((1, '&'));
        plain.extend_from_slice(sign.encode_utf8(&mut [0; 4]).as_bytes());
        rest = &from[length..];
    }
    plain.extend_from_slice(rest);
    plain
}

/// The entity that `text` starts with: its length and what it stands for.
fn entity(text: &[u8]) -> Option<(usize, char)> {
    let end = memchr::memchr(b';', &text[..text.len().min(LONGEST)])?;
    let sign = match text.get(1..end)? {
        b"amp" => '&',
        b"lt" => '<',
        b"gt" => '>',
        b"quot" => '"',
        b"apos" => '\'',
        b"nbsp" => '\u{A0}',
        [b'#', b'x' | b'X', digits @ ..] => number(digits, 16)?,
        [b'#', digits @ ..] => number(digits, 10)?,
        _ => return None,
    };
    Some((end + 1, sign))
}

fn number(digits: &[u8], radix: u32) -> Option<char> {
    let digits = std::str::from_utf8(digits).ok().filter(|d| !d.starts_with('+'))?;
    char::from_u32(u32::from_str_radix(digits, radix).ok()?)
}

#[cfg(test)]
mod tests {
    use super::undo;

    #[test]
    fn known_entities_are_undone_and_others_kept() {
        let undone = |text: &str| String::from_utf8(undo(text.as_bytes()).to_vec()).expect("text");
        assert_eq!(undone("a&amp;b&#x41;&#66;&quot;"), "a&bAB\"");
        assert_eq!(undone("&own; & &#+1; &#x110000; &"), "&own; & &#+1; &#x110000; &");
    }
}
