//! Which values are worth looking for: those that stand nowhere by chance.

/// Shorter values stand in texts by chance.
const SHORTEST: usize = 8;
/// Longer values are looked for by parts of them.
const LONGEST: usize = 64 << 10;

/// Whether `value` can be looked for without meeting it where it is not meant. A `rare` one always; of others
/// those that mix letters with digits or signs, or are so long that no word is as long.
pub fn is_worth(value: &[u8], rare: bool) -> bool {
    if value.len() < SHORTEST || value.len() > LONGEST {
        return false;
    }
    let mut seen = [false; 256];
    value.iter().for_each(|&byte| seen[usize::from(byte)] = true);
    let distinct = seen.iter().filter(|seen| **seen).count();
    if distinct < 5 {
        return false;
    }
    if rare {
        return true;
    }
    let count = |class: fn(&u8) -> bool| value.iter().filter(|byte| class(byte)).count();
    let (digits, letters) = (count(u8::is_ascii_digit), count(u8::is_ascii_alphabetic));
    let (upper, lower) = (count(u8::is_ascii_uppercase), count(u8::is_ascii_lowercase));
    let signs = value.len() - digits - letters;
    if letters == 0 && signs < 3 {
        // Dates, numbers of telephones, versions.
        return value.len() >= 16;
    }
    // A word, a name, an identifier, a path; a word with a number behind it.
    let number = value.iter().rev().take_while(|b| b.is_ascii_digit() || **b == b'!').count();
    let words = digits == 0 || (digits <= 4 && number >= digits && signs <= 1);
    // Of words only the first letter is a capital, or all are.
    let turns = value.windows(2).filter(|w| w[0].is_ascii_lowercase() && w[1].is_ascii_uppercase());
    let mixed_case = upper > 1 && lower > 1 && turns.count() >= value.len().div_ceil(7);
    if words && !mixed_case {
        let odd = value.iter().filter(|b| b"!#$%^&*+=?@~".contains(b)).count();
        return odd >= 2 || value.len() >= 28;
    }
    // A word in which digits stand for letters, with or without a year behind it; a version.
    let stem = value.trim_ascii_end();
    let end = stem.iter().rposition(|b| b.is_ascii_alphabetic()).map_or(0, |at| at + 1);
    let like_letter = |b: &u8| b.is_ascii_alphabetic() || b"013457@$!-_.".contains(b);
    if value.len() < 14 && !mixed_case && stem[..end].iter().all(like_letter) {
        return false;
    }
    let dots = value.iter().filter(|b| **b == b'.').count();
    !(dots >= 2 && (value[0] == b'v' || value[0].is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::is_worth;

    #[test]
    fn words_names_and_numbers_are_not_looked_for() {
        for text in [
            "password",
            "production",
            "changeme",
            "localhost",
            "short",
            "aaaaaaaaaaaaaaaa",
            "12345678",
            "2024-01-02",
            "my-service-name",
            "ACME_API_KEY",
            "Administrator",
            "postgres",
            "password1",
            "Password2024!",
            "P@ssw0rd",
            "P4ssw0rd",
            "qwerty123456",
            "Winter2023!!",
            "tr0ub4dor",
            "v1.2.3-beta4",
            "admin123",
        ] {
            assert!(!is_worth(text.as_bytes(), false), "{text}");
        }
    }

    #[test]
    fn what_is_mixed_is() {
        for text in ["hunter2-x9!", "k3y7v9q2", "Zx9$kk2pQ", "correct-horse-battery-staple-again"] {
            assert!(is_worth(text.as_bytes(), false), "{text}");
        }
        assert!(is_worth(b"abcdefgh", true));
    }
}
