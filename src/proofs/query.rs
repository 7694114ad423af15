//! An address with its query, as it stands in a text.

use std::ops::Range;

use memchr::memmem;

/// How far an address is looked for on both sides.
const FAR: usize = 4 << 10;
/// Most parameters that are read.
const MOST: usize = 64;

/// Host, path and query of an address.
pub(super) struct Address {
    /// Host and port.
    pub(super) host: String,
    /// The path, escaped as it stands.
    pub(super) path: String,
    /// The parameters, unescaped.
    pub(super) query: Vec<(String, String)>,
}

impl Address {
    /// The address around `range`.
    pub(super) fn around(text: &[u8], range: &Range<usize>) -> Option<Self> {
        let left = text.get(range.start.saturating_sub(FAR)..range.start)?;
        let right = text.get(range.end..text.len().min(range.end.saturating_add(FAR)))?;
        let left = unescaped(&left[memmem::rfind(left, b"://").map(|at| at + 3)?..]);
        let whole = left.iter().all(|byte| is_part(*byte));
        let right = unescaped(&[text.get(range.clone())?, right].concat());
        Self::read(&[left, right].concat()).filter(|_| whole)
    }

    /// Reads what follows a scheme.
    fn read(text: &[u8]) -> Option<Self> {
        let end = text.iter().position(|byte| !is_part(*byte)).unwrap_or(text.len());
        let text = str::from_utf8(&text[..end]).ok()?;
        let (place, query) = text.split_once('?')?;
        let slash = place.find('/').unwrap_or(place.len());
        let (host, path) = place.split_at(slash);
        let pairs: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty()).collect();
        let read = |pair: &&str| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((plain(name)?, plain(value)?))
        };
        let query = pairs.iter().map(read).collect::<Option<Vec<_>>>()?;
        let fits = !host.is_empty() && query.len() <= MOST;
        let path = if path.is_empty() { "/" } else { path };
        fits.then(|| Self { host: host.to_ascii_lowercase(), path: path.to_owned(), query })
    }

    /// The value of a parameter.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// The value of a parameter, or nothing.
    pub(super) fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }
}

const fn is_part(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'' | b'<' | b'>' | b'`' | b'\\')
}

/// Ampersands and slashes as JSON and HTML write them are put back.
fn unescaped(text: &[u8]) -> Vec<u8> {
    let forms: [(&[u8], u8); 4] =
        [(b"\\u0026", b'&'), (b"&amp;", b'&'), (b"\\/", b'/'), (b"\\u003d", b'=')];
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, behind)) = rest.split_first() {
        let form = forms.iter().find_map(|(form, byte)| Some((*byte, rest.strip_prefix(*form)?)));
        let (byte, next) = form.unwrap_or((*first, behind));
        plain.push(byte);
        rest = next;
    }
    plain
}

/// `text` with its percent escapes undone.
pub(super) fn plain(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let digit = |at: usize| char::from(*behind.get(at)?).to_digit(16);
        let escaped = (*first == b'%').then(|| Some((digit(0)? << 4 | digit(1)?) as u8));
        match escaped {
            Some(byte) => {
                bytes.push(byte?);
                rest = behind.get(2..)?;
            }
            None => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

/// `text` with all but letters, digits and `-._~` escaped.
pub(super) fn escaped(text: &str) -> String {
    let escape = |byte: u8| match byte {
        b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(escape).collect()
}
