//! The 512 bytes that stand before every member of a tar.

/// The bytes of a block.
pub(super) const BLOCK: usize = 512;

/// A tar's header, found to be whole.
pub(super) struct Header {
    /// What sort of member follows.
    pub kind: u8,
    /// The member's name, if no longer one was told before.
    pub name: Vec<u8>,
    /// Its bytes.
    pub size: u64,
    /// Whether further blocks tell where holes are.
    pub more_holes: bool,
}

impl Header {
    /// Reads a header; none if it is not one.
    pub(super) fn read(block: &[u8; BLOCK]) -> Option<Self> {
        if !is_header(block) {
            return None;
        }
        let mut name = text(&block[..100]).to_vec();
        let prefix = text(&block[345..500]);
        if &block[257..263] == b"ustar\0" && !prefix.is_empty() {
            name = [prefix, b"/", &name].concat();
        }
        let kind = block[156];
        Some(Self { kind, name, size: number(&block[124..136])?, more_holes: block[482] != 0 })
    }
}

/// Whether a block's checksum is that of a header.
pub(in super::super) fn is_header(block: &[u8]) -> bool {
    let Some(block) = block.get(..BLOCK) else { return false };
    let Some(expected) = number(&block[148..156]) else { return false };
    let summed = |byte: fn(u8) -> i64| -> i64 {
        let blank = byte(b' ') * 8;
        block[..148].iter().chain(&block[156..]).map(|&b| byte(b)).sum::<i64>() + blank
    };
    let expected = i64::try_from(expected).unwrap_or(-1);
    // Some old writers summed signed bytes.
    expected == summed(i64::from) || expected == summed(|b| i64::from(b.cast_signed()))
}

/// Up to the first zero.
fn text(field: &[u8]) -> &[u8] {
    &field[..field.iter().position(|&b| b == 0).unwrap_or(field.len())]
}

/// An octal number, or a binary one that is marked as such.
fn number(field: &[u8]) -> Option<u64> {
    let (&first, rest) = field.split_first()?;
    if first == 0x80 {
        let (high, low) = rest.split_at_checked(rest.len().checked_sub(8)?)?;
        let low = u64::from_be_bytes(low.try_into().ok()?);
        return (high.iter().all(|&b| b == 0) && low < 1 << 62).then_some(low);
    }
    let digits = field.iter().skip_while(|&&b| b == b' ').take_while(|&&b| b != b' ' && b != 0);
    let mut number = 0_u64;
    for &digit in digits {
        if !matches!(digit, b'0'..=b'7') {
            return None;
        }
        number = number.checked_mul(8)?.checked_add(u64::from(digit - b'0'))?;
    }
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_are_octal_or_marked_binary() {
        assert_eq!(number(b"0000644\0"), Some(0o644));
        assert_eq!(number(b"   17 \0"), Some(0o17));
        assert_eq!(number(b"\x80\0\0\0\0\0\0\x02\0\0\0\0"), Some(2 << 32));
        assert_eq!(number(b"\x80\0\0\xff\xff\xff\xff\xff\xff\xff\xff\xff"), None);
        assert_eq!(number(b"77777777777777777777777777"), None);
        assert_eq!(number(b"12a"), None);
    }
}
