//! Texts that are base64 from their first byte to their last, round in round, as stealers leave them.

use zeroize::Zeroizing;

/// A text without its rounds of base64.
pub(super) struct Peeled {
    /// How many rounds were undone.
    pub(super) rounds: usize,
    /// What was inside.
    pub(super) text: Zeroizing<Vec<u8>>,
}

/// How many rounds are undone.
const MOST: usize = 5;

/// Shorter texts are names and words.
const SHORTEST: usize = 64;

/// Undoes base64 as long as all of the text is that; none if it is not.
pub(super) fn peel(text: &[u8]) -> Option<Peeled> {
    let mut peeled = Peeled { rounds: 0, text: round(text)? };
    peeled.rounds = 1;
    while peeled.rounds < MOST
        && let Some(inner) = round(&peeled.text)
    {
        peeled = Peeled { rounds: peeled.rounds + 1, text: inner };
    }
    Some(peeled)
}

fn round(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let is_sign = |b: &u8| b.is_ascii_alphanumeric() || b"+/-_=\r\n".contains(b);
    let text = text.trim_ascii();
    if text.len() < SHORTEST || !text.iter().all(is_sign) {
        return None;
    }
    let mut signs = Zeroizing::new(Vec::with_capacity(text.len()));
    signs.extend(text.iter().filter(|b| !b"=\r\n".contains(b)).map(|b| match b {
        b'-' => b'+',
        b'_' => b'/',
        other => *other,
    }));
    base64_simd::STANDARD_NO_PAD.decode_to_vec(&*signs).ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::peel;

    #[test]
    fn rounds_are_undone_to_the_text() {
        let plain =
            "{\"HOME\": \"/root\", \"NAME\": \"some value that is long enough to be told\"}";
        let mut text = plain.as_bytes().to_vec();
        for rounds in 1..=3 {
            text = base64_simd::STANDARD.encode_to_string(&text).into_bytes();
            text.push(b'\n');
            let peeled = peel(&text).expect("base64");
            assert_eq!((peeled.rounds, &peeled.text[..]), (rounds, plain.as_bytes()));
        }
        assert!(peel(plain.as_bytes()).is_none());
        assert!(peel(b"justaword").is_none());
    }
}
