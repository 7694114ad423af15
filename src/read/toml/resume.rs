//! Which lines show that a list or table before them was never closed.

/// Whether a byte may stand in a name without quotes.
pub(super) fn is_bare(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// Whether `rest` begins with `name =`.
pub(super) fn is_entry(rest: &[u8]) -> bool {
    names(rest).is_some_and(|behind| behind.first() == Some(&b'='))
}

/// Whether `rest` begins with a line that is the head of a table, and no row of a list of lists.
pub(super) fn is_head(rest: &[u8]) -> bool {
    let Some(inner) = rest.strip_prefix(b"[") else { return false };
    let many = inner.first() == Some(&b'[');
    let inner = inner.strip_prefix(b"[").unwrap_or(inner);
    let is_letter = |b: &u8| b.is_ascii_alphabetic() || *b == b'_';
    let value = [&b"true]"[..], b"false]", b"inf]", b"nan]"];
    if !inner.first().is_some_and(is_letter) || value.iter().any(|v| inner.starts_with(v)) {
        return false;
    }
    let close: &[u8] = if many { b"]]" } else { b"]" };
    let Some(behind) = names(inner).and_then(|behind| behind.strip_prefix(close)) else {
        return false;
    };
    matches!(blanks(behind).first(), None | Some(b'#' | b'\r' | b'\n'))
}

/// What follows names with dots between them and blanks around them; none if there is no name.
fn names(mut rest: &[u8]) -> Option<&[u8]> {
    loop {
        rest = blanks(name(blanks(rest))?);
        let Some(behind) = rest.strip_prefix(b".") else { return Some(rest) };
        rest = behind;
    }
}

fn name(rest: &[u8]) -> Option<&[u8]> {
    let length = match rest.first()? {
        quote @ (b'"' | b'\'') => {
            let end = rest.iter().skip(1).position(|b| b == quote || *b == b'\n')? + 1;
            if rest.get(end) == Some(&b'\n') {
                return None;
            }
            end + 1
        }
        _ => rest.iter().position(|&b| !is_bare(b)).unwrap_or(rest.len()),
    };
    if length == 0 { None } else { rest.get(length..) }
}

fn blanks(rest: &[u8]) -> &[u8] {
    let length = rest.iter().position(|b| !matches!(b, b' ' | b'\t')).unwrap_or(rest.len());
    rest.get(length..).unwrap_or_default()
}
