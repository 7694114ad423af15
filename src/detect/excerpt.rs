//! What may be shown of a line around a credential: names and words, no values, since what is no finding
//! may still be somebody's secret.

use crate::detect::randomness;

/// Words before a credential that say how it is sent.
const SCHEMES: [&[u8]; 3] = [b"bearer", b"basic", b"token"];

/// Fewest characters of a word that is a secret rather than a number or a version.
const SHORTEST: usize = 6;

/// Fewest characters that can be told to be random.
const JUDGED: usize = 20;

/// `text` with an ellipsis for each value behind `=` or `:` and for whatever else could be one.
pub fn names(text: &[u8]) -> String {
    // UTF-16 of English is ASCII with a zero beside each letter.
    let text: Vec<u8> = text.iter().copied().filter(|byte| *byte != 0).collect();
    let pieces: Vec<&[u8]> = text.chunk_by(|a, b| separates(*a) == separates(*b)).collect();
    let mut shown = String::new();
    let (mut is_value, mut glued) = (false, false);
    for (n, piece) in pieces.iter().enumerate() {
        if separates(piece[0]) {
            is_value = follows(piece).unwrap_or(is_value);
            glued = is_value && !piece.iter().any(u8::is_ascii_whitespace);
        } else {
            let names =
                !glued && is_identifier(piece) && pieces.get(n + 1).is_some_and(|s| leads(s));
            let scheme = SCHEMES.iter().any(|scheme| piece.eq_ignore_ascii_case(scheme));
            if !names && !scheme && (is_value || tells(piece)) {
                shown.push('…');
                continue;
            }
        }
        shown.push_str(&String::from_utf8_lossy(piece));
    }
    shown
}

fn separates(byte: u8) -> bool {
    byte.is_ascii_whitespace() || b"\"'`=:,;|(){}[]<>&?\\".contains(&byte)
}

/// Whether a value stands behind these separators; none if they leave open what was before them.
fn follows(separators: &[u8]) -> Option<bool> {
    let telling = |b: &&u8| !b.is_ascii_whitespace() && !b"\"'`\\".contains(b);
    separators.iter().rfind(telling).map(|sign| matches!(sign, b'=' | b':'))
}

/// Whether these separators part a name from its value.
fn leads(separators: &[u8]) -> bool {
    let quiet = |b: &&u8| b.is_ascii_whitespace() || b"\"'`\\".contains(b);
    separators.iter().find(|b| !quiet(b)).is_some_and(|sign| matches!(sign, b'=' | b':'))
}

fn is_identifier(piece: &[u8]) -> bool {
    let part = |b: &u8| b.is_ascii_alphanumeric() || b"_-.$".contains(b);
    !piece[0].is_ascii_digit() && piece.iter().all(part) && !looks_random(piece)
}

fn looks_random(piece: &[u8]) -> bool {
    piece.len() >= JUDGED && randomness::surprise(piece) > 0.0
}

/// Whether a word, whatever stands before it, may be a secret.
fn tells(piece: &[u8]) -> bool {
    let digits = piece.iter().any(u8::is_ascii_digit);
    (piece.len() >= SHORTEST && digits) || piece.contains(&b'@') || looks_random(piece)
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn names_are_shown_and_values_are_not() {
        for (text, shown) in [
            ("export AUTH0_TOKEN='", "export AUTH0_TOKEN='"),
            ("  \"name\": \"some user\", \"token\": \"", "  \"name\": \"… …\", \"token\": \""),
            ("password=hunter2 PASS=\"Pa$$w0rd!2024\" T=", "password=… PASS=\"…\" T="),
            ("mysql://root:S3cr3t!@db:3306 key ", "mysql:…:…:… … "),
            ("PIN 4111111111111111 for ", "PIN … for "),
            ("Authorization: Bearer ", "Authorization: Bearer "),
            ("return connect(user, ", "return connect(user, "),
        ] {
            assert_eq!(names(text.as_bytes()), shown, "{text}");
        }
        assert_eq!(names(b"y\0=\0S\x003\0c\0r\0e\0t\x009\0"), "y=…");
    }
}
