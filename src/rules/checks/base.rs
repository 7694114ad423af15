//! Text as digits: positional numbers in base 62, 58 and 36, and base32 after RFC 4648.

/// Digits of a positional number, lowest first.
pub(super) struct Digits(&'static [u8]);

/// `0-9 A-Z a-z`.
pub(super) const BASE62: Digits =
    Digits(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
/// `0-9 a-z A-Z`.
pub(super) const BASE62_LOWER_FIRST: Digits =
    Digits(b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
/// `A-Z a-z 0-9`.
pub(super) const BASE62_LETTERS_FIRST: Digits =
    Digits(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
/// Bitcoin's: without `0`, `I`, `O` and `l`.
pub(super) const BASE58: Digits =
    Digits(b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz");
/// The XRP Ledger's: the same characters in another order.
pub(super) const BASE58_RIPPLE: Digits =
    Digits(b"rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz");
/// `0-9 a-z`.
pub(super) const BASE36: Digits = Digits(b"0123456789abcdefghijklmnopqrstuvwxyz");

impl Digits {
    /// Longer texts are not decoded, since that takes time quadratic in their length.
    const MOST: usize = 256;

    /// Every digit, lowest first.
    pub(super) const fn chars(&self) -> &'static [u8] {
        self.0
    }

    /// What `digit` counts.
    pub(super) fn value(&self, digit: u8) -> Option<usize> {
        self.0.iter().position(|known| *known == digit)
    }

    /// `number` in exactly `width` digits, highest first; digits that don't fit are dropped.
    pub(super) fn write(&self, number: u64, width: usize) -> Vec<u8> {
        let base = self.0.len() as u64;
        let mut rest = number;
        let mut text = vec![self.0[0]; width];
        for digit in text.iter_mut().rev() {
            *digit = self.0[(rest % base) as usize];
            rest /= base;
        }
        text
    }

    /// The number that `text` writes; none where it is empty, too large or holds another character.
    pub(super) fn read(&self, text: &[u8]) -> Option<u64> {
        let add = |sum: u64, digit: &u8| {
            sum.checked_mul(self.0.len() as u64)?.checked_add(self.value(*digit)? as u64)
        };
        if text.is_empty() { None } else { text.iter().try_fold(0, add) }
    }

    /// The bytes whose number `text` writes, one zero byte for each zero digit in front; none where
    /// it is longer than 256 digits or holds another character.
    pub(super) fn decode(&self, text: &[u8]) -> Option<Vec<u8>> {
        if text.len() > Self::MOST {
            return None;
        }
        let values = text.iter().map(|digit| Some(self.value(*digit)? as u8));
        Some(convert(&values.collect::<Option<Vec<u8>>>()?, self.0.len() as u32, 256))
    }

    /// The inverse of `decode`.
    pub(super) fn encode(&self, bytes: &[u8]) -> Vec<u8> {
        let values = convert(bytes, 256, self.0.len() as u32);
        values.into_iter().map(|value| self.0[usize::from(value)]).collect()
    }
}

fn convert(values: &[u8], from: u32, to: u32) -> Vec<u8> {
    let zeros = values.iter().take_while(|value| **value == 0).count();
    let mut reversed: Vec<u8> = Vec::new();
    for value in &values[zeros..] {
        let mut carry = u32::from(*value);
        for digit in &mut reversed {
            carry += u32::from(*digit) * from;
            *digit = (carry % to) as u8;
            carry /= to;
        }
        while carry > 0 {
            reversed.push((carry % to) as u8);
            carry /= to;
        }
    }
    let mut converted = vec![0; zeros];
    converted.extend(reversed.into_iter().rev());
    converted
}

/// Five bits a character, without padding characters.
pub(super) struct Base32(&'static [u8; 32]);

/// `A-Z 2-7`.
pub(super) const BASE32: Base32 = Base32(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
/// `a-z 2-7`.
pub(super) const BASE32_LOWER: Base32 = Base32(b"abcdefghijklmnopqrstuvwxyz234567");

impl Base32 {
    /// The bytes behind `text`; none where it holds another character, or ends with bits that no
    /// encoder writes.
    pub(super) fn decode(&self, text: &[u8]) -> Option<Vec<u8>> {
        let (mut bytes, mut bits, mut count) = (Vec::with_capacity(text.len() * 5 / 8), 0_u32, 0);
        for char in text {
            let value = self.0.iter().position(|known| known == char)?;
            bits = bits << 5 | value as u32;
            count += 5;
            if count >= 8 {
                count -= 8;
                bytes.push((bits >> count) as u8);
                bits &= (1 << count) - 1;
            }
        }
        (count < 5 && bits == 0).then_some(bytes)
    }

    /// The inverse of `decode`.
    pub(super) fn encode(&self, bytes: &[u8]) -> Vec<u8> {
        let bit = |at: usize| bytes.get(at / 8).map_or(0, |byte| byte >> (7 - at % 8) & 1);
        let group = |at: usize| (0..5).fold(0, |value, next| value << 1 | bit(at * 5 + next));
        (0..(bytes.len() * 8).div_ceil(5)).map(|at| self.0[usize::from(group(at))]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::dice::Dice;

    #[test]
    fn writes_numbers_most_significant_first() {
        assert_eq!(BASE62.write(687_227_832, 6), b"0kVXLs");
        assert_eq!(BASE62_LOWER_FIRST.write(3_502_717_524, 6), b"3P32PW");
        assert_eq!(BASE36.write(2_136_534_273, 7), b"0zc1ce9");
        assert_eq!(BASE58.write(2_300_469_366, 6), b"4WHWPw");
        assert_eq!(BASE62_LETTERS_FIRST.chars()[30], b'e');
    }

    #[test]
    fn reads_what_it_writes_and_nothing_else() {
        assert_eq!(BASE36.read(b"2n9c"), Some(123_456));
        for text in ["", "2N9c", "zzzzzzzzzzzzzzzzz", "\u{e4}"] {
            assert_eq!(BASE36.read(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn decodes_base58() {
        assert_eq!(BASE58.decode(b"2NEpo7TZRRrLZSi2U"), Some(b"Hello World!".to_vec()));
        assert_eq!(BASE58.decode(b"11233QC4"), Some(vec![0, 0, 0x28, 0x7f, 0xb4, 0xcd]));
        assert_eq!(BASE58.decode(b"2NEpo7TZ0"), None);
        assert_eq!(BASE58.decode(&[b'z'; 257]), None);
    }

    #[test]
    fn decodes_base32() {
        let published = ["", "MY", "MZXQ", "MZXW6", "MZXW6YQ", "MZXW6YTB", "MZXW6YTBOI"];
        for (length, text) in published.iter().enumerate() {
            assert_eq!(BASE32.decode(text.as_bytes()), Some(b"foobar"[..length].to_vec()));
        }
        for text in ["M", "MZX", "MZXW6Y", "MZ", "mzxw6", "MZXW6=", "MZXW1"] {
            assert_eq!(BASE32.decode(text.as_bytes()), None, "{text}");
        }
        assert_eq!(BASE32_LOWER.decode(b"mzxw6"), Some(b"foo".to_vec()));
    }

    #[test]
    fn encodes_what_it_decodes() {
        let mut dice = Dice::seeded(3);
        for length in 0..80 {
            let mut bytes = dice.bytes(length);
            bytes.iter_mut().take(length % 3).for_each(|byte| *byte = 0);
            let both = [BASE58.encode(&bytes), BASE32.encode(&bytes)];
            assert_eq!(BASE58.decode(&both[0]), Some(bytes.clone()));
            assert_eq!(BASE32.decode(&both[1]), Some(bytes));
        }
    }

    #[test]
    fn survives_any_bytes() {
        let mut dice = Dice::seeded(4);
        for length in (0..300).cycle().take(3000) {
            let noise = dice.bytes(length);
            BASE58.decode(&noise);
            BASE62.read(&noise);
            BASE32.decode(&noise);
        }
    }
}
