//! The ways in which text is written inside other text.

use zeroize::Zeroizing;

/// Bytes that are wiped.
pub(super) type Bytes = Zeroizing<Vec<u8>>;

const LOWER: &[u8; 16] = b"0123456789abcdef";
const UPPER: &[u8; 16] = b"0123456789ABCDEF";

fn by_byte(value: &[u8], write: impl Fn(u8, &mut Vec<u8>)) -> Bytes {
    let mut text = Zeroizing::new(Vec::with_capacity(value.len() * 6));
    value.iter().for_each(|&byte| write(byte, &mut text));
    text
}

/// As strings of JSON are written: what must be escaped, and of the rest what `also` names, as `\u00…` with
/// `digits`.
fn json(value: &[u8], also: &[u8], slash: bool, digits: &[u8; 16]) -> Bytes {
    by_byte(value, |byte, text| match byte {
        b'"' | b'\\' if !also.contains(&byte) => text.extend([b'\\', byte]),
        b'/' if slash => text.extend(b"\\/"),
        b'\n' => text.extend(b"\\n"),
        b'\r' => text.extend(b"\\r"),
        b'\t' => text.extend(b"\\t"),
        _ if byte < 32 || also.contains(&byte) => {
            text.extend(b"\\u00");
            text.extend([digits[usize::from(byte >> 4)], digits[usize::from(byte & 15)]]);
        }
        _ => text.push(byte),
    })
}

/// Every way in which encoders of JSON are known to write `value`.
pub(super) fn in_json(value: &[u8]) -> Vec<Bytes> {
    let sets: [&[u8]; 4] = [b"", b"<>&", b"<>&'", b"<>&'=+\"/`"];
    let mut all = Vec::new();
    for also in sets {
        for digits in [LOWER, UPPER] {
            all.push(json(value, also, false, digits));
            all.push(json(value, also, true, digits));
        }
    }
    // Most values hold nothing that is escaped.
    all.sort_unstable_by(|a, b| a[..].cmp(&b[..]));
    all.dedup_by(|a, b| a[..] == b[..]);
    all
}

/// As text in an address: all but letters, digits and what `free` names as `%41`.
fn percent(value: &[u8], free: &[u8], plus: bool, digits: &[u8; 16]) -> Bytes {
    by_byte(value, |byte, text| match byte {
        b' ' if plus => text.push(b'+'),
        _ if byte.is_ascii_alphanumeric() || free.contains(&byte) => text.push(byte),
        _ => text.extend([b'%', digits[usize::from(byte >> 4)], digits[usize::from(byte & 15)]]),
    })
}

/// Every way in which addresses and forms write `value`.
pub(super) fn in_address(value: &[u8]) -> Vec<Bytes> {
    let mut all = Vec::new();
    for free in [&b"-_.~"[..], b"-_.~!*'()", b"-_.~!$&'()*+,;="] {
        for digits in [LOWER, UPPER] {
            all.push(percent(value, free, false, digits));
            all.push(percent(value, free, true, digits));
        }
    }
    all
}

/// Every way in which XML and HTML write `value`.
pub(super) fn in_markup(value: &[u8]) -> Vec<Bytes> {
    let named = |byte: u8| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'"' => Some("&quot;"),
        _ => None,
    };
    let write = |quote: &'static str, all: bool, hex: bool| {
        by_byte(value, move |byte, text| match (byte, named(byte)) {
            (_, Some(name)) if !all => text.extend(name.as_bytes()),
            (b'\'', _) if !all => text.extend(quote.as_bytes()),
            _ if all && !byte.is_ascii_alphanumeric() && hex => {
                text.extend(format!("&#x{byte:X};").bytes());
            }
            _ if all && !byte.is_ascii_alphanumeric() => text.extend(format!("&#{byte};").bytes()),
            _ => text.push(byte),
        })
    };
    vec![
        write("'", false, false),
        write("&#39;", false, false),
        write("&#x27;", false, false),
        write("&apos;", false, false),
        write("", true, false),
        write("", true, true),
    ]
}

/// As the shell has it between quotes, or with backslashes.
pub(super) fn in_shell(value: &[u8]) -> Vec<Bytes> {
    let single = by_byte(value, |byte, text| match byte {
        b'\'' => text.extend(b"'\\''"),
        _ => text.push(byte),
    });
    let slashed = |special: &'static [u8]| {
        by_byte(value, move |byte, text| {
            if special.contains(&byte) {
                text.push(b'\\');
            }
            text.push(byte);
        })
    };
    vec![single, slashed(b"\"$`\\"), slashed(b"\"$`\\!#&'()*;<>?[]{}|~ ")]
}

/// As quoted-printable has it.
pub(super) fn in_mail(value: &[u8]) -> Bytes {
    by_byte(value, |byte, text| {
        if byte == b'=' || !(32..127).contains(&byte) {
            text.extend([b'=', UPPER[usize::from(byte >> 4)], UPPER[usize::from(byte & 15)]]);
        } else {
            text.push(byte);
        }
    })
}

/// In hexadecimal, with `lead` before each byte.
pub(super) fn hex(value: &[u8], lead: &[u8]) -> [Bytes; 2] {
    [LOWER, UPPER].map(|digits| {
        by_byte(value, |byte, text| {
            text.extend(lead);
            text.extend([digits[usize::from(byte >> 4)], digits[usize::from(byte & 15)]]);
        })
    })
}

/// In two bytes a character, the lower or the higher first.
pub(super) fn wide(value: &[u8], lower_first: bool) -> Bytes {
    by_byte(value, |byte, text| text.extend(if lower_first { [byte, 0] } else { [0, byte] }))
}

/// A text in base64 that goes on before and behind.
pub(super) struct Inside {
    /// The signs that do not depend on the neighbours.
    pub(super) signs: Bytes,
    /// What is to be seen in the sign before, and in the one behind.
    pub(super) edges: [Edge; 2],
}

/// Bits of a sign of base64: those of the mask have this value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Edge {
    /// Which bits; none if no sign is needed.
    pub(super) mask: u8,
    /// What they are.
    pub(super) bits: u8,
}

impl Edge {
    /// Whether `sign` fits.
    pub(super) fn fits(self, sign: Option<u8>) -> bool {
        self.mask == 0 || sign.and_then(value_of).is_some_and(|bits| bits & self.mask == self.bits)
    }
}

/// The six bits of a sign of base64, standard or of addresses.
const fn value_of(sign: u8) -> Option<u8> {
    match sign {
        b'A'..=b'Z' => Some(sign - b'A'),
        b'a'..=b'z' => Some(sign - b'a' + 26),
        b'0'..=b'9' => Some(sign - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

/// In base64, standard or of addresses, at each of the three alignments.
pub(super) fn base64(value: &[u8]) -> Vec<Inside> {
    let mut all = Vec::new();
    let (Some(&first), Some(&last)) = (value.first(), value.last()) else { return all };
    for before in 0..3_usize {
        let mut padded = Zeroizing::new(vec![0; before]);
        padded.extend_from_slice(value);
        // The first signs hold bits of the neighbour before, the last those of the one behind.
        let start = (before * 8).div_ceil(6);
        let end = padded.len() * 8 / 6;
        if end <= start {
            continue;
        }
        let lower = start * 6 - before * 8;
        let lower = if before == 0 { 0 } else { lower as u32 };
        let higher = (padded.len() * 8 % 6) as u32;
        let before =
            Edge { mask: (1 << lower) - 1, bits: ((u32::from(first) << lower) >> 8) as u8 };
        let mask = ((1_u8 << higher) - 1) << (6 - higher);
        let behind = Edge { mask, bits: (last << (6 - higher)) & mask };
        let edges = [before, behind];
        let text = Zeroizing::new(base64_simd::STANDARD_NO_PAD.encode_to_string(&*padded));
        let standard = Zeroizing::new(text.as_bytes()[start..end].to_vec());
        if standard.iter().any(|sign| b"+/".contains(sign)) {
            let sign = |sign: &u8| match sign {
                b'+' => b'-',
                b'/' => b'_',
                sign => *sign,
            };
            let address = Zeroizing::new(standard.iter().map(sign).collect());
            all.push(Inside { signs: address, edges });
        }
        all.push(Inside { signs: standard, edges });
    }
    all
}
