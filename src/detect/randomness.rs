//! How random a text is: Shannon's entropy, and how badly a model of ordinary text predicts it.

/// What each character costs after another, in sixteenths of a bit; made by `benches/train-randomness.py`.
const COSTS: &[u8; 64 * 64] = include_bytes!("randomness.bin");

/// Shannon entropy of `text` in bits a byte; 0 for nothing.
pub fn entropy(text: &[u8]) -> f32 {
    let mut counts = [0_u32; 256];
    text.iter().for_each(|&b| counts[usize::from(b)] += 1);
    let share = |&count: &u32| f64::from(count) / text.len() as f64;
    let shares = counts.iter().filter(|&&count| count > 0).map(share);
    shares.map(|p| -p * p.log2()).sum::<f64>() as f32
}

/// How many bits a character `text` costs more under a model of ordinary words than an issuer's uniform
/// choice from its alphabet would: above 0 it is more likely random, below 0 more likely words. Shannon's
/// measure sees only how often each character occurs; this one sees their order. Where joints part the
/// text, its most random long part counts, if that is more random than the whole.
pub fn surprise(text: &[u8]) -> f32 {
    let parts = text.split(|b| class(*b) >= JOINT).filter(|part| part.len() >= LONG);
    parts.map(excess).fold(excess(text), f32::max)
}

/// Fewest characters of a part that is judged alone.
const LONG: usize = 12;

/// The surprise of a text as a whole; pairs with a joint don't count.
fn excess(text: &[u8]) -> f32 {
    let (mut total, mut pairs) = (0_u32, 0_u32);
    for pair in text.windows(2) {
        let (first, second) = (class(pair[0]), class(pair[1]));
        if first < JOINT && second < JOINT {
            total += u32::from(COSTS[first * 64 + second]);
            pairs += 1;
        }
    }
    total as f32 / 16.0 / pairs.max(1) as f32 - alphabet(text).log2()
}

/// From this class on characters are joints, or stand in no word.
const JOINT: usize = 62;

const fn class(byte: u8) -> usize {
    match byte {
        b'a'..=b'z' => (byte - b'a') as usize,
        b'A'..=b'Z' => (byte - b'A') as usize + 26,
        b'0'..=b'9' => (byte - b'0') as usize + 52,
        b'_' | b'-' | b'+' | b'/' | b'.' => JOINT,
        _ => 63,
    }
}

/// The size of the smallest usual alphabet that `text` is written in; joints don't count.
fn alphabet(text: &[u8]) -> f32 {
    let has = |set: fn(&u8) -> bool| text.iter().any(set);
    let digits = has(u8::is_ascii_digit);
    let (lower, upper) = (has(u8::is_ascii_lowercase), has(u8::is_ascii_uppercase));
    if text.iter().all(|b| b.is_ascii_hexdigit() || class(*b) == JOINT) {
        return if lower && upper { 22.0 } else { 16.0 };
    }
    let sizes = [(digits, 10.0), (lower, 26.0), (upper, 26.0)];
    sizes.iter().filter(|(there, _)| *there).map(|(_, size)| size).sum::<f32>().max(2.0)
}

#[cfg(test)]
mod tests {
    use super::{entropy, surprise};
    use crate::rules::dice::Dice;

    #[test]
    fn entropy_is_what_shannon_says() {
        assert_eq!(entropy(b""), 0.0);
        assert_eq!(entropy(b"aaaa"), 0.0);
        assert_eq!(entropy(b"abcd"), 2.0);
    }

    #[test]
    fn random_bodies_surprise_and_words_do_not() {
        let mut dice = Dice::seeded(1);
        let alphabets: [&[u8]; 3] = [
            b"0123456789abcdef",
            b"0123456789abcdefghijklmnopqrstuvwxyz",
            b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
        ];
        for round in 0..20_000 {
            let body = dice.text(alphabets[round % 3], 32);
            let text = String::from_utf8_lossy(&body).into_owned();
            assert!(surprise(&body) > 0.0, "{text}: {}", surprise(&body));
        }
        for words in [
            "getApplicationContextFactoryBean",
            "this_is_my_secret_access_key_value",
            "SomeLongClassNameForTestingThings",
            "INTERNATIONALIZATION_SETTINGS_PATH",
        ] {
            assert!(surprise(words.as_bytes()) < 0.0, "{words}: {}", surprise(words.as_bytes()));
        }
    }
}
