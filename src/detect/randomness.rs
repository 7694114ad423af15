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

/// The three bytes of `word` that ordinary text holds most seldom; all of a shorter word.
pub fn rarest_three(word: &[u8]) -> &[u8] {
    let cost = |three: &&[u8]| {
        let pair =
            |n: usize| u32::from(COSTS[class(three[n]).min(61) * 64 + class(three[n + 1]).min(61)]);
        pair(0) + pair(1)
    };
    word.windows(3).max_by_key(cost).unwrap_or(word)
}

/// Fewest characters of a part that is judged alone.
const LONG: usize = 12;

/// The surprise of a text as a whole; pairs with a joint don't count.
fn excess(text: &[u8]) -> f32 {
    let (mut total, mut pairs, mut sorts) = (0_u32, 0_u32, 0_u8);
    let mut first = JOINT;
    for &byte in text {
        let second = class(byte);
        sorts |= SORTS[usize::from(byte)];
        if first < JOINT && second < JOINT {
            total += u32::from(COSTS[first * 64 + second]);
            pairs += 1;
        }
        first = second;
    }
    total as f32 / 16.0 / pairs.max(1) as f32 - alphabet_bits(sorts)
}

/// From this class on characters are joints, or stand in no word.
const JOINT: usize = 62;

const fn class(byte: u8) -> usize {
    CLASSES[byte as usize] as usize
}

const CLASSES: [u8; 256] = {
    let mut classes = [63; 256];
    let mut byte = 0;
    while byte < 128 {
        classes[byte as usize] = match byte {
            b'a'..=b'z' => byte - b'a',
            b'A'..=b'Z' => byte - b'A' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'_' | b'-' | b'+' | b'/' | b'.' => JOINT as u8,
            _ => 63,
        };
        byte += 1;
    }
    classes
};

const DIGIT: u8 = 1;
const LOWER: u8 = 2;
const UPPER: u8 = 4;
/// Neither a hexadecimal digit nor a joint.
const NOT_HEX: u8 = 8;

/// What each byte tells of the alphabet.
const SORTS: [u8; 256] = {
    let mut sorts = [NOT_HEX; 256];
    let mut byte = 0;
    while byte < 128 {
        let of = match byte {
            b'0'..=b'9' => DIGIT,
            b'a'..=b'z' => LOWER,
            b'A'..=b'Z' => UPPER,
            _ => 0,
        };
        let is_hex = byte.is_ascii_hexdigit() || class(byte) == JOINT;
        sorts[byte as usize] = of | if is_hex { 0 } else { NOT_HEX };
        byte += 1;
    }
    sorts
};

/// The bits a character of the smallest usual alphabet that has characters of these sorts; joints don't
/// count.
fn alphabet_bits(sorts: u8) -> f32 {
    /// log2 of 22, 26, 36, 52 and 62.
    const SIZES: [f32; 5] = [4.459_432, 4.700_44, 5.169_925, 5.700_44, 5.954_196];
    let [mixed_hex, one_case, with_digits, both_cases, all] = SIZES;
    let cases = (sorts & LOWER != 0, sorts & UPPER != 0);
    match (sorts & NOT_HEX == 0, sorts & DIGIT != 0, cases) {
        (true, _, (true, true)) => mixed_hex,
        (true, ..) => 4.0,
        (_, true, (true, true)) => all,
        (_, true, (false, false)) => 10_f32.log2(),
        (_, true, _) => with_digits,
        (_, false, (true, true)) => both_cases,
        (_, false, (false, false)) => 1.0,
        (_, false, _) => one_case,
    }
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
