//! Which words without quotes are no texts in YAML.

/// Whether `word` is a number, a boolean, a date or nothing.
pub(super) fn is_plain(word: &str) -> bool {
    matches!(
        word,
        "" | "~"
            | "null"
            | "Null"
            | "NULL"
            | "true"
            | "True"
            | "TRUE"
            | "false"
            | "False"
            | "FALSE"
            | "yes"
            | "Yes"
            | "YES"
            | "no"
            | "No"
            | "NO"
            | "on"
            | "On"
            | "ON"
            | "off"
            | "Off"
            | "OFF"
    ) || is_number(word)
        || is_date(word.as_bytes())
}

fn is_number(word: &str) -> bool {
    let bare = word.strip_prefix(['+', '-']).unwrap_or(word);
    if matches!(bare, ".inf" | ".Inf" | ".INF") || matches!(word, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let of = |digits: &str, radix| {
        !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix) || c == '_')
    };
    let based = [("0x", 16), ("0o", 8), ("0b", 2)];
    if let Some((digits, radix)) =
        based.iter().find_map(|&(mark, radix)| Some((bare.strip_prefix(mark)?, radix)))
    {
        return of(digits, radix);
    }
    let begins = bare.strip_prefix('.').unwrap_or(bare).starts_with(|c: char| c.is_ascii_digit());
    begins && (of(bare, 10) || bare.parse::<f64>().is_ok_and(f64::is_finite))
}

/// `2001-12-14`, with or without a time.
fn is_date(word: &[u8]) -> bool {
    let Some((day, time)) = word.split_at_checked(10) else { return false };
    let shape = |(n, b): (usize, &u8)| match n {
        4 | 7 => *b == b'-',
        _ => b.is_ascii_digit(),
    };
    let of_time = |b: &u8| b.is_ascii_digit() || b":.+-Zz \t".contains(b);
    let parts = matches!(time.first(), None | Some(b'T' | b't' | b' ' | b'\t'));
    day.iter().enumerate().all(shape) && parts && time.iter().skip(1).all(of_time)
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn words_that_are_no_texts_are_told_from_those_that_are() {
        let plain = "~ null true False off 0 -1 +12 1_000 0x1F 0o17 1.5 .5 1e5 -1.5E-3 .inf -.Inf .nan \
            123456789012345678901234567890 2001-12-14 2001-12-14T21:59:43.10-05:00";
        plain.split(' ').for_each(|word| assert!(is_plain(word), "{word}"));
        assert!(is_plain("") && is_plain("2001-12-14 21:59:43 Z"));
        let text = "nil inf nan 8f3e12ab 1e 1e999 0x 0xg 1.2.3 127.0.0.1 - + . _1 12ab 2001-12 1e5x truely";
        text.split(' ').for_each(|word| assert!(!is_plain(word), "{word}"));
    }
}
