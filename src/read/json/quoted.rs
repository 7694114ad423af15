//! The text that a JSON string stands for.

use memchr::memchr;
use zeroize::Zeroizing;

use crate::read::code_point::{hex, point, unit};
use crate::read::flaws::Flaws;

const BROKEN: &str = "an escape is broken";

/// `raw` as text; what is not UTF-8 becomes U+FFFD.
pub(super) fn lossy(raw: &[u8]) -> String {
    String::from_utf8_lossy(raw).into_owned()
}

/// A name without quotes, its escapes undone.
pub(super) fn name(raw: &[u8]) -> String {
    if memchr(b'\\', raw).is_none() {
        return lossy(raw);
    }
    undone(raw, true, 0, &mut Flaws::default())
}

/// What stands between the quotes of a string, its escapes undone; `at` is where that is in the text.
pub(super) fn undone(raw: &[u8], escapes: bool, at: usize, flaws: &mut Flaws) -> String {
    if !escapes {
        return text(raw, at, flaws);
    }
    let mut out = Zeroizing::new(Vec::with_capacity(raw.len() + 2));
    let mut from = 0;
    while let Some(rest) = raw.get(from..) {
        let Some(n) = memchr(b'\\', rest) else {
            out.extend_from_slice(rest);
            break;
        };
        out.extend_from_slice(rest.get(..n).unwrap_or_default());
        let used = escape(rest.get(n + 1..).unwrap_or_default(), &mut out);
        if used == 0 {
            flaws.add(at + from + n, BROKEN);
            out.push(b'\\');
        }
        from += n + 1 + used;
    }
    match String::from_utf8(std::mem::take(&mut *out)) {
        Ok(text) => text,
        Err(error) => text(&Zeroizing::new(error.into_bytes()), at, flaws),
    }
}

fn text(raw: &[u8], at: usize, flaws: &mut Flaws) -> String {
    match std::str::from_utf8(raw) {
        Ok(text) => text.to_owned(),
        Err(_) => {
            flaws.add(at, "a text is not UTF-8");
            lossy(raw)
        }
    }
}

/// Undoes one escape; `rest` is what follows its backslash. How many bytes of it belong to the escape; 0
/// if it is broken.
fn escape(rest: &[u8], out: &mut Vec<u8>) -> usize {
    let Some(&sign) = rest.first() else { return 0 };
    let plain = match sign {
        b'n' => b'\n',
        b't' => b'\t',
        b'r' => b'\r',
        b'b' => 8,
        b'f' => 12,
        b'v' => 11,
        b'a' => 7,
        b'0' if !rest.get(1).is_some_and(u8::is_ascii_digit) => 0,
        b'\n' => return 1,
        b'\r' => return if rest.get(1) == Some(&b'\n') { 2 } else { 1 },
        b'x' => return point(hex(rest, 1, 2), 3, out),
        b'U' => return point(hex(rest, 1, 8), 9, out),
        b'u' => return unit(rest, out),
        _ => sign,
    };
    out.push(plain);
    1
}
