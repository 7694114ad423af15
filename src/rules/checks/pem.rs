//! Text armour around keys (RFC 7468) in whatever wrapping it comes: escapes, quotes, indentation, one line.

/// The inside of an armour.
pub(crate) struct Pem {
    /// `RSA PRIVATE KEY` and the like.
    pub(crate) label: String,
    /// Whether a header says that a passphrase locks it.
    pub(crate) encrypted: bool,
    /// The bytes, as far as they are base64.
    pub(crate) bytes: Vec<u8>,
    /// Whether the closing line is there.
    pub(crate) closed: bool,
}

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";

/// Reads the first armour in `text`.
pub(crate) fn read(text: &[u8]) -> Option<Pem> {
    let begin = memchr::memmem::find(text, BEGIN)? + BEGIN.len();
    let label_end = begin + memchr::memmem::find(&text[begin..], b"-----")?;
    let label = std::str::from_utf8(&text[begin..label_end]).ok()?.to_owned();
    let body = &text[label_end + 5..];
    let end = memchr::memmem::find(body, END);
    let body = unescape(&body[..end.unwrap_or(body.len())]);
    let encrypted = memchr::memmem::find(&body, b"ENCRYPTED").is_some();
    let lines = body.split(|b| *b == b'\n').filter(|line| !line.contains(&b':'));
    let base64: Vec<u8> = lines.flatten().copied().filter(is_base64).collect();
    let whole = &base64[..base64.len() - usize::from(base64.len() % 4 == 1)];
    let bytes = super::b64::decode(whole)?;
    Some(Pem { label, encrypted, bytes, closed: end.is_some() })
}

fn is_base64(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

/// Undoes `\n`, `\\n`, `\r`, `\/`, and what joins string literals.
pub(crate) fn unescape(text: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    let mut bytes = text.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            plain.push(byte);
            continue;
        }
        while bytes.next_if_eq(&b'\\').is_some() {}
        match bytes.next_if(|b| matches!(b, b'n' | b'r' | b't')) {
            Some(b'n' | b'r') => plain.push(b'\n'),
            _ => plain.push(b' '),
        }
    }
    // `"…" + "…"` over several lines.
    let joined = String::from_utf8_lossy(&plain).replace("\" +", "\"").replace("+ \"", "\"");
    joined.into_bytes()
}
