//! Runs: stretches of text that are long enough, and of such characters, that a token can lie in them.
//!
//! Every credential that an issuer makes holds at least [`SHORTEST`] bytes in a row of letters, digits and
//! a few signs; most text does not. Finding these stretches costs one vector classification a block and
//! no literal at all, so everything behind it looks at a small part of the input.

use std::ops::Range;

/// Fewest bytes of a run.
pub const SHORTEST: usize = 16;

/// Signs that occur inside tokens and inside their escaped forms.
const SIGNS: &[u8] = b"_-+/.~%\\=&#;";

/// Whether `byte` can be part of a run.
pub const fn is_token_byte(byte: u8) -> bool {
    TABLE[byte as usize]
}

const TABLE: [bool; 256] = {
    let mut table = [false; 256];
    let mut b = 0;
    while b < 128 {
        table[b] = (b as u8).is_ascii_alphanumeric();
        b += 1;
    }
    let mut i = 0;
    while i < SIGNS.len() {
        table[SIGNS[i] as usize] = true;
        i += 1;
    }
    table
};

/// What sorts of characters a run holds, told in one pass over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Traits(u16);

impl Traits {
    const DIGIT: u16 = 1;
    const UPPER: u16 = 2;
    const LOWER: u16 = 4;
    /// Begins a percent escape.
    pub const PERCENT: u16 = 8;
    /// Begins a backslash escape.
    pub const BACKSLASH: u16 = 16;
    /// Begins a character entity.
    pub const AMPERSAND: u16 = 32;
    /// Begins a quoted-printable escape.
    pub const EQUALS: u16 = 64;
    /// Another sign that separates names from values.
    const SEPARATOR: u16 = 128;
    /// A sign that joins words to names.
    const JOINT: u16 = 256;

    const OF: [u16; 256] = {
        let mut traits = [0; 256];
        let mut b = 0;
        while b < 128 {
            traits[b] = match b as u8 {
                b'0'..=b'9' => Self::DIGIT,
                b'A'..=b'Z' => Self::UPPER,
                b'a'..=b'z' => Self::LOWER,
                b'%' => Self::PERCENT,
                b'\\' => Self::BACKSLASH,
                b'&' => Self::AMPERSAND,
                b'=' => Self::EQUALS,
                b';' | b'#' => Self::SEPARATOR,
                b'_' | b'-' | b'.' | b'/' => Self::JOINT,
                _ => 0,
            };
            b += 1;
        }
        traits
    };

    /// The traits of `run`.
    pub fn of(run: &[u8]) -> Self {
        Self(run.iter().fold(0, |all, &b| all | Self::OF[usize::from(b)]))
    }

    /// Whether a character of this sort is there.
    pub const fn has(self, sort: u16) -> bool {
        self.0 & sort != 0
    }

    /// Whether there are digits.
    pub const fn has_digits(self) -> bool {
        self.has(Self::DIGIT)
    }

    /// Whether there are digits, letters of both cases, or one long word: what random text hardly ever
    /// lacks, and most names do.
    pub const fn is_mixed(self) -> bool {
        let (upper, lower) = (self.has(Self::UPPER), self.has(Self::LOWER));
        self.has_digits() || (upper && lower) || ((upper || lower) && !self.has(Self::JOINT))
    }

    /// Whether there is a sign that separates names from values, or one text from another.
    pub const fn is_joined(self) -> bool {
        self.may_escape() || self.has(Self::SEPARATOR)
    }

    /// Whether an escape of any sort may begin.
    pub const fn may_escape(self) -> bool {
        self.has(Self::PERCENT | Self::BACKSLASH | Self::AMPERSAND | Self::EQUALS)
    }
}

/// How many blocks are classified at a time.
const BATCH: usize = 64;

/// Calls `visit` with every maximal run in `text`, in order.
pub fn each_run(text: &[u8], mut visit: impl FnMut(Range<usize>)) {
    let mut finder = Finder::default();
    let classifier = Classifier::detect();
    let mut masks = [0; BATCH];
    let (blocks, rest) = text.as_chunks::<64>();
    let mut at = 0;
    for batch in blocks.chunks(BATCH) {
        classifier.masks(batch, &mut masks);
        for &mask in &masks[..batch.len()] {
            finder.block(at, mask, &mut visit);
            at += 64;
        }
    }
    let mut last = [0; 64];
    last[..rest.len()].copy_from_slice(rest);
    finder.block(at, portable(&last), &mut visit);
    finder.block(at + 64, 0, &mut visit);
}

/// Follows runs over blocks of 64 bytes, each given as a mask of its token bytes.
#[derive(Default)]
struct Finder {
    /// Where the run that reaches into the current block began, once it is long enough.
    open: Option<usize>,
    /// The last block's mask.
    before: u64,
}

impl Finder {
    #[inline]
    fn block(&mut self, at: usize, mask: u64, visit: &mut impl FnMut(Range<usize>)) {
        let before = std::mem::replace(&mut self.before, mask);
        if let Some(start) = self.open {
            if mask == u64::MAX {
                return;
            }
            let length = mask.trailing_ones();
            visit(start..at + length as usize);
            self.open = None;
            let ends = ends(before, mask) & (u64::MAX << length);
            self.fresh(at, mask, ends, visit);
        } else if holds_full_byte(mask) || before.leading_ones() >= 8 {
            self.fresh(at, mask, ends(before, mask), visit);
        }
    }

    fn fresh(&mut self, at: usize, mask: u64, mut ends: u64, visit: &mut impl FnMut(Range<usize>)) {
        while ends != 0 {
            let first = ends.trailing_zeros();
            let start = at + first as usize + 1 - SHORTEST;
            let behind = !(mask >> first);
            let length = behind.trailing_zeros();
            if first + length >= 64 {
                self.open = Some(start);
                return;
            }
            visit(start..at + (first + length) as usize);
            ends &= u64::MAX << (first + length);
        }
    }
}

/// Whether eight token bytes stand in an aligned eighth of a block: every run covers one such eighth, in
/// this block or at the end of the one before.
#[inline]
const fn holds_full_byte(mask: u64) -> bool {
    const ONES: u64 = u64::MAX / 255;
    let gaps = !mask;
    gaps.wrapping_sub(ONES) & !gaps & (ONES << 7) != 0
}

/// Places that end [`SHORTEST`] token bytes in a row, by doubling.
#[inline]
const fn ends(before: u64, mask: u64) -> u64 {
    let one = (mask as u128) << 15 | (before >> 49) as u128;
    let two = one & one >> 1;
    let four = two & two >> 2;
    let eight = four & four >> 4;
    (eight & eight >> 8) as u64
}

/// Tells token bytes apart, by the widest instructions that the machine has.
#[derive(Clone, Copy)]
enum Classifier {
    #[cfg(target_arch = "x86_64")]
    Avx2,
    Portable,
}

impl Classifier {
    fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") {
            return Self::Avx2;
        }
        Self::Portable
    }

    /// Writes for each block the mask of its token bytes; `masks` is at least as long as `blocks`.
    fn masks(self, blocks: &[[u8; 64]], masks: &mut [u64]) {
        match self {
            #[cfg(target_arch = "x86_64")]
            #[expect(unsafe_code, reason = "AVX2 was detected when this variant was made")]
            Self::Avx2 => unsafe { avx2::masks(blocks, masks) },
            Self::Portable => {
                masks.iter_mut().zip(blocks).for_each(|(mask, block)| *mask = portable(block));
            }
        }
    }
}

fn portable(block: &[u8; 64]) -> u64 {
    block.iter().rev().fold(0, |mask, &b| mask << 1 | u64::from(is_token_byte(b)))
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    //! Two 32-byte halves, each classified by two 16-entry look-ups: one row of the ASCII table a bit.

    use std::arch::x86_64::{
        __m256i, _mm256_and_si256, _mm256_cmpeq_epi8, _mm256_movemask_epi8, _mm256_set1_epi8,
        _mm256_setr_epi64x, _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_srli_epi16,
    };

    use super::TABLE;

    /// For each low nibble, a bit for each row (high nibble) in which it is a token byte.
    const LOW: [u8; 16] = {
        let mut rows = [0; 16];
        let mut b = 0;
        while b < 128 {
            if TABLE[b] {
                rows[b & 15] |= 1 << (b >> 4);
            }
            b += 1;
        }
        rows
    };

    /// For each high nibble, its row's bit; none above ASCII.
    const HIGH: [u8; 16] = [1, 2, 4, 8, 16, 32, 64, 128, 0, 0, 0, 0, 0, 0, 0, 0];

    #[target_feature(enable = "avx2")]
    pub(super) fn masks(blocks: &[[u8; 64]], masks: &mut [u64]) {
        for (mask, block) in masks.iter_mut().zip(blocks) {
            let (words, _) = block.as_chunks::<8>();
            let word = |n: usize| i64::from_le_bytes(words[n]);
            let low = _mm256_setr_epi64x(word(0), word(1), word(2), word(3));
            let high = _mm256_setr_epi64x(word(4), word(5), word(6), word(7));
            *mask = u64::from(half(low)) | u64::from(half(high)) << 32;
        }
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    fn half(bytes: __m256i) -> u32 {
        let nibble = _mm256_set1_epi8(15);
        let low = _mm256_shuffle_epi8(table(&LOW), _mm256_and_si256(bytes, nibble));
        let row = _mm256_and_si256(_mm256_srli_epi16::<4>(bytes), nibble);
        let high = _mm256_shuffle_epi8(table(&HIGH), row);
        let none = _mm256_cmpeq_epi8(_mm256_and_si256(low, high), _mm256_setzero_si256());
        !(_mm256_movemask_epi8(none) as u32)
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    fn table(rows: &[u8; 16]) -> __m256i {
        let (words, _) = rows.as_chunks::<8>();
        let (a, b) = (i64::from_le_bytes(words[0]), i64::from_le_bytes(words[1]));
        _mm256_setr_epi64x(a, b, a, b)
    }
}

#[cfg(test)]
mod tests {
    use super::{Classifier, SHORTEST, TABLE, each_run, portable};
    use crate::rules::dice::Dice;

    fn plain(text: &[u8]) -> Vec<(usize, usize)> {
        let mut runs = Vec::new();
        let mut start = 0;
        for end in 0..=text.len() {
            if end == text.len() || !TABLE[text[end] as usize] {
                if end - start >= SHORTEST {
                    runs.push((start, end));
                }
                start = end + 1;
            }
        }
        runs
    }

    #[test]
    fn finds_what_a_byte_by_byte_search_finds() {
        let mut dice = Dice::seeded(7);
        for round in 0..4000 {
            let length = dice.below(400);
            let gap = 1 + dice.below(80);
            let text: Vec<u8> = (0..length)
                .map(|_| if dice.below(gap) == 0 { *dice.pick(b" \n\0\xff\"") } else { b'a' })
                .collect();
            let mut found = Vec::new();
            each_run(&text, |run| found.push((run.start, run.end)));
            assert_eq!(found, plain(&text), "round {round}: {text:?}");
        }
    }

    #[test]
    fn every_classifier_agrees_on_every_byte() {
        let all: Vec<u8> = (0..=255).collect();
        let mut masks = [0; 4];
        Classifier::detect().masks(all.as_chunks::<64>().0, &mut masks);
        for (mask, block) in masks.iter().zip(all.as_chunks::<64>().0) {
            assert_eq!(*mask, portable(block));
        }
    }
}
