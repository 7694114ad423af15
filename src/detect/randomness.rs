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
/// measure sees only how often each character occurs; this one sees their order.
pub fn surprise(text: &[u8]) -> f32 {
    if text.len() < 2 {
        return 0.0;
    }
    let pairs = text.windows(2);
    let cost = |pair: &[u8]| u32::from(COSTS[class(pair[0]) * 64 + class(pair[1])]);
    let total: u32 = pairs.map(cost).sum();
    total as f32 / 16.0 / (text.len() - 1) as f32 - alphabet(text).log2()
}

const fn class(byte: u8) -> usize {
    match byte {
        b'a'..=b'z' => (byte - b'a') as usize,
        b'A'..=b'Z' => (byte - b'A') as usize + 26,
        b'0'..=b'9' => (byte - b'0') as usize + 52,
        b'_' | b'-' | b'+' | b'/' | b'.' => 62,
        _ => 63,
    }
}

/// The size of the smallest usual alphabet that `text` is written in.
fn alphabet(text: &[u8]) -> f32 {
    let has = |set: fn(&u8) -> bool| text.iter().any(set);
    let digits = has(u8::is_ascii_digit);
    let (lower, upper) = (has(u8::is_ascii_lowercase), has(u8::is_ascii_uppercase));
    if text.iter().all(u8::is_ascii_hexdigit) && !(lower && upper) {
        return 16.0;
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
