//! Runs: stretches of text that are long enough, and of such characters, that a token can lie in them.
//!
//! Every credential that an issuer makes holds at least [`SHORTEST`] bytes in a row of letters, digits and
//! a few signs; most text does not. Finding these stretches costs one vector classification a block and
//! no literal at all, so everything behind it looks at a small part of the input.

use std::ops::Range;

use crate::model::{SEPARATORS, is_token_byte};

/// Fewest bytes of a run.
pub const SHORTEST: usize = 20;

/// A stretch of token bytes, and how many of which sort it holds.
#[derive(Clone, Debug)]
pub struct Run<'m> {
    /// Where it stands.
    pub range: Range<usize>,
    /// What it is made of.
    pub tally: Tally,
    /// Of which sort the bytes of the blocks are in which it stands.
    blocks: &'m [Masks],
}

impl Run<'_> {
    /// Whether random text is likely to lie here: letters and digits in a row that is longer than words of
    /// names are, letters of both cases among digits or with few signs, or values behind names. Of tokens
    /// of 20 characters some three in a thousand look otherwise, of longer ones hardly any.
    pub fn is_likely(&self, text: &[u8]) -> bool {
        let Tally { separators, .. } = self.tally;
        separators > 0 || self.tally.is_of_all_sorts() || self.holds_long_word(text)
    }

    /// Whether letters and digits stand in a row that is longer than words of names are.
    pub fn holds_long_word(&self, text: &[u8]) -> bool {
        let Range { start, end } = self.range;
        let words =
            |n: usize| u128::from(self.blocks[n].word() & within(start / 64 + n, start, end));
        match self.blocks.len() {
            1 => holds_long_row(words(0)),
            2 => holds_long_row(words(1) << 64 | words(0)),
            _ => holds_long_word(&text[self.range.clone()]),
        }
    }

    /// Calls `visit` with each place in the run at which a word begins: a letter or digit behind another
    /// sign.
    #[inline]
    pub fn each_word(&self, mut visit: impl FnMut(usize)) {
        let Range { start, end } = self.range;
        let mut word = 0;
        let mut block = |at: usize, words: u64| {
            let mut begins = words & !(words << 1 | word);
            word = words >> 63;
            while begins != 0 {
                visit(at + begins.trailing_zeros() as usize);
                begins &= begins - 1;
            }
        };
        let first = start / 64;
        for (n, masks) in self.blocks.iter().enumerate() {
            let within = within(first + n, start, end);
            block((first + n) * 64, masks.word() & within);
        }
    }
}

/// Which signs that can begin an escape a text holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signs(u8);

impl Signs {
    /// Every one of them.
    pub const ALL: Self = Self(u8::MAX);

    /// Finds them in `text`.
    pub fn of(text: &[u8]) -> Self {
        Self(text.iter().fold(0, |signs, &byte| signs | Self::bit(byte)))
    }

    /// Whether `sign` is among them.
    pub const fn hold(self, sign: u8) -> bool {
        self.0 & Self::bit(sign) != 0
    }

    /// Those that both hold.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those that either holds.
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn bit(sign: u8) -> u8 {
        match sign {
            b'%' => 1,
            b'\\' => 2,
            b'&' => 4,
            b'=' => 8,
            _ => 0,
        }
    }
}

/// How many characters of which sort a text holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// All of them.
    pub length: usize,
    /// `0-9`.
    pub digits: usize,
    /// `A-Z`.
    pub upper: usize,
    /// `a-z`.
    pub lower: usize,
    /// Signs that separate names from values, and begin escapes: `%\=&#;`.
    pub separators: usize,
    /// Which of them there are.
    pub signs: Signs,
}

impl Tally {
    /// Counts `text`.
    pub fn of(text: &[u8]) -> Self {
        let mut tally = Self { length: text.len(), signs: Signs::of(text), ..Self::default() };
        for byte in text {
            tally.digits += usize::from(byte.is_ascii_digit());
            tally.upper += usize::from(byte.is_ascii_uppercase());
            tally.lower += usize::from(byte.is_ascii_lowercase());
            tally.separators += usize::from(SEPARATORS.contains(byte));
        }
        tally
    }

    /// How many signs join words to names: `_`, `-`, `.` and the like.
    pub const fn joints(&self) -> usize {
        self.length - self.digits - self.upper - self.lower - self.separators
    }

    /// Whether there are letters of both cases, and digits or few signs.
    pub const fn is_of_all_sorts(&self) -> bool {
        let few_joints = self.joints() * 8 <= self.length;
        self.upper > 0 && self.lower > 0 && (self.digits > 0 || few_joints)
    }

    /// Whether there are digits, letters of both cases, or long words: what random text hardly ever lacks,
    /// and most names do.
    pub const fn is_mixed(&self) -> bool {
        let (upper, lower) = (self.upper > 0, self.lower > 0);
        self.digits > 0
            || (upper && lower)
            || ((upper || lower) && self.joints() * 8 <= self.length)
    }
}

/// So many letters and digits in a row are hardly ever a word of a name, and every UUID ends in them.
pub const LONG_WORD: usize = 12;

/// Whether letters and digits stand in a row in `text` that is longer than words of names are.
pub fn holds_long_word(text: &[u8]) -> bool {
    let mut length = 0;
    text.iter().any(|byte| {
        length = if byte.is_ascii_alphanumeric() { length + 1 } else { 0 };
        length == LONG_WORD
    })
}

/// Whether [`LONG_WORD`] bits in a row are set.
const fn holds_long_row(bits: u128) -> bool {
    let two = bits & bits >> 1;
    let four = two & two >> 2;
    let eight = four & four >> 4;
    eight & eight >> (LONG_WORD - 8) != 0
}

/// Calls `visit` with every maximal run in `text`, in order.
pub fn each_run(text: &[u8], visit: impl FnMut(Run<'_>)) {
    #[cfg(target_arch = "x86_64")]
    if has_vectors() {
        #[expect(unsafe_code, reason = "the instructions that it uses were just detected")]
        unsafe {
            avx2::each_run(text, visit);
        }
        return;
    }
    follow(text, visit, tokens, Masks::of);
}

/// Whether the machine has AVX2 and the bit counting that came with it.
#[cfg(target_arch = "x86_64")]
fn has_vectors() -> bool {
    is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("lzcnt")
        && is_x86_feature_detected!("popcnt")
}

/// Follows the runs over block after block: `tokens` tells which bytes of a block are token bytes, and of
/// the blocks in which a run stands `sorts` tells of which sort they are.
#[inline(always)]
fn follow(
    text: &[u8],
    mut visit: impl FnMut(Run<'_>),
    tokens: impl Fn(&[u8; 64]) -> u64,
    sorts: impl Fn(&[u8; 64]) -> Masks,
) {
    let (blocks, rest) = text.as_chunks::<64>();
    let mut tail = [0; 64];
    tail[..rest.len()].copy_from_slice(rest);
    let mut known = (usize::MAX, Masks::default());
    let mut masks = Vec::new();
    let mut finder = Finder::default();
    // No run reaches beyond the last block, which holds no token byte.
    for (n, block) in blocks.iter().chain([&tail, &[0; 64]]).enumerate() {
        finder.block(n * 64, tokens(block));
        for range in finder.take() {
            let (first, last) = (range.start / 64, (range.end - 1) / 64);
            masks.clear();
            for n in first..=last {
                if known.0 != n {
                    known = (n, sorts(blocks.get(n).unwrap_or(&tail)));
                }
                masks.push(known.1);
            }
            let mut tally = tally(&masks, &range);
            if tally.separators > 0 {
                tally.signs = Signs::of(&text[range.clone()]);
            }
            visit(Run { range, tally, blocks: &masks });
        }
    }
}

/// Which bytes of a block are of which sort, a bit a byte.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Masks {
    digit: u64,
    upper: u64,
    lower: u64,
    separator: u64,
}

impl Masks {
    /// Letters and digits.
    const fn word(&self) -> u64 {
        self.digit | self.upper | self.lower
    }

    fn of(block: &[u8; 64]) -> Self {
        Self {
            digit: mask(block, |b| b.is_ascii_digit()),
            upper: mask(block, |b| b.is_ascii_uppercase()),
            lower: mask(block, |b| b.is_ascii_lowercase()),
            separator: mask(block, |b| SEPARATORS.contains(&b)),
        }
    }
}

/// The token bytes of a block, found without vectors.
fn tokens(block: &[u8; 64]) -> u64 {
    mask(block, is_token_byte)
}

fn mask(block: &[u8; 64], is: impl Fn(u8) -> bool) -> u64 {
    block.iter().rev().fold(0, |mask, &b| mask << 1 | u64::from(is(b)))
}

/// Counts a stretch of the blocks whose masks are given.
#[inline(always)]
fn tally(blocks: &[Masks], range: &Range<usize>) -> Tally {
    let mut tally = Tally { length: range.len(), ..Tally::default() };
    let first = range.start / 64;
    for (n, masks) in blocks.iter().enumerate() {
        let within = within(first + n, range.start, range.end);
        let count = |sort: u64| (sort & within).count_ones() as usize;
        tally.digits += count(masks.digit);
        tally.upper += count(masks.upper);
        tally.lower += count(masks.lower);
        tally.separators += count(masks.separator);
    }
    tally
}

/// The bits of block `n` that lie in `start..end`, which reaches into it.
#[inline(always)]
const fn within(n: usize, start: usize, end: usize) -> u64 {
    let from = if n == start / 64 { u64::MAX << (start % 64) } else { u64::MAX };
    let to = if n == (end - 1) / 64 { u64::MAX >> (63 - (end - 1) % 64) } else { u64::MAX };
    from & to
}

/// Runs that can end in one block: none is shorter than [`SHORTEST`], and the first may begin before it.
const MOST: usize = 64 / SHORTEST + 1;

/// Follows runs over blocks of 64 bytes, each given as a mask of its token bytes.
#[derive(Default)]
struct Finder {
    /// Where the run that reaches into the current block began, once it is long enough.
    open: Option<usize>,
    /// The last block's mask.
    before: u64,
    /// Runs that ended in the current block.
    ended: [Range<usize>; MOST],
    /// How many.
    count: usize,
}

impl Finder {
    /// The runs that ended in the last block.
    #[inline(always)]
    fn take(&mut self) -> impl Iterator<Item = Range<usize>> {
        let count = std::mem::take(&mut self.count);
        self.ended[..count].iter().cloned()
    }

    #[inline(always)]
    fn end(&mut self, run: Range<usize>) {
        self.ended[self.count] = run;
        self.count += 1;
    }

    #[inline(always)]
    fn block(&mut self, at: usize, mask: u64) {
        let before = std::mem::replace(&mut self.before, mask);
        if let Some(start) = self.open {
            if mask == u64::MAX {
                return;
            }
            let length = mask.trailing_ones();
            self.end(start..at + length as usize);
            self.open = None;
            let ends = ends(before, mask) & (u64::MAX << length);
            self.fresh(at, mask, ends);
        } else if holds_full_byte(mask) || before.leading_ones() >= 8 {
            self.fresh(at, mask, ends(before, mask));
        }
    }

    #[inline(always)]
    fn fresh(&mut self, at: usize, mask: u64, mut ends: u64) {
        while ends != 0 {
            let first = ends.trailing_zeros();
            let start = at + first as usize + 1 - SHORTEST;
            let behind = !(mask >> first);
            let length = behind.trailing_zeros();
            if first + length >= 64 {
                self.open = Some(start);
                return;
            }
            self.end(start..at + (first + length) as usize);
            ends &= u64::MAX << (first + length);
        }
    }
}

/// Whether eight token bytes stand in an aligned eighth of a block: every run covers one such eighth, in
/// this block or at the end of the one before.
#[inline(always)]
const fn holds_full_byte(mask: u64) -> bool {
    const ONES: u64 = u64::MAX / 255;
    let gaps = !mask;
    gaps.wrapping_sub(ONES) & !gaps & (ONES << 7) != 0
}

/// Places that end [`SHORTEST`] token bytes in a row, by doubling.
#[inline(always)]
const fn ends(before: u64, mask: u64) -> u64 {
    let one = (mask as u128) << 19 | (before >> 45) as u128;
    let two = one & one >> 1;
    let four = two & two >> 2;
    let eight = four & four >> 4;
    let sixteen = eight & eight >> 8;
    (sixteen & sixteen >> 4) as u64
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    //! Two 32-byte halves, each classified by look-ups of both nibbles of each byte: where the two entries
    //! have a bit in common, the byte is of the sort that the bit stands for.

    use std::arch::x86_64::{
        __m256i, _mm256_and_si256, _mm256_cmpeq_epi8, _mm256_movemask_epi8, _mm256_set1_epi8,
        _mm256_setr_epi64x, _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_srli_epi16,
    };

    use super::{Masks, Run, SEPARATORS, follow, is_token_byte};

    /// For each low nibble, a bit for each row (high nibble) in which it is a token byte.
    const TOKEN_LOW: [u8; 16] = {
        let mut rows = [0; 16];
        let mut b = 0;
        while b < 128 {
            if is_token_byte(b as u8) {
                rows[b & 15] |= 1 << (b >> 4);
            }
            b += 1;
        }
        rows
    };

    /// For each high nibble, its row's bit; none above ASCII.
    const TOKEN_HIGH: [u8; 16] = [1, 2, 4, 8, 16, 32, 64, 128, 0, 0, 0, 0, 0, 0, 0, 0];

    const DIGIT: u8 = 1;
    /// Two rows of letters a case.
    const UPPER: [u8; 2] = [2, 4];
    const LOWER: [u8; 2] = [8, 16];
    /// The rows of separators: `%&#`, `=;`, `\`.
    const SEPARATOR: [u8; 3] = [32, 64, 128];

    const SORT_LOW: [u8; 16] = {
        let mut sorts = [0; 16];
        let mut b = 0;
        while b < 128 {
            sorts[b & 15] |= sort(b as u8);
            b += 1;
        }
        sorts
    };

    const SORT_HIGH: [u8; 16] = {
        let mut sorts = [0; 16];
        let mut b = 0;
        while b < 128 {
            sorts[b >> 4] |= sort(b as u8);
            b += 1;
        }
        sorts
    };

    /// The bit of a byte's sort in its row; 0 if it is of none.
    const fn sort(byte: u8) -> u8 {
        match byte {
            b'0'..=b'9' => DIGIT,
            b'A'..=b'O' => UPPER[0],
            b'P'..=b'Z' => UPPER[1],
            b'a'..=b'o' => LOWER[0],
            b'p'..=b'z' => LOWER[1],
            b'%' | b'&' | b'#' => SEPARATOR[0],
            b'=' | b';' => SEPARATOR[1],
            b'\\' => SEPARATOR[2],
            _ => 0,
        }
    }

    const _: () = assert!(SEPARATORS.len() == 6, "each separator needs its row's bit in `sort`");

    /// As [`super::each_run`].
    #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
    pub(super) fn each_run(text: &[u8], visit: impl FnMut(Run<'_>)) {
        follow(text, visit, |block| tokens(block), |block| sorts(block));
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    fn tokens(block: &[u8; 64]) -> u64 {
        let [low, high] = halves(block);
        let half = |bytes| any(common(bytes, &TOKEN_LOW, &TOKEN_HIGH), 255);
        join(half(low), half(high))
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    fn sorts(block: &[u8; 64]) -> Masks {
        let [low, high] = halves(block).map(|bytes| common(bytes, &SORT_LOW, &SORT_HIGH));
        let of = |bits| join(any(low, bits), any(high, bits));
        Masks {
            digit: of(DIGIT),
            upper: of(UPPER[0] | UPPER[1]),
            lower: of(LOWER[0] | LOWER[1]),
            separator: of(SEPARATOR[0] | SEPARATOR[1] | SEPARATOR[2]),
        }
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    fn halves(block: &[u8; 64]) -> [__m256i; 2] {
        let (words, _) = block.as_chunks::<8>();
        let word = |n: usize| i64::from_le_bytes(words[n]);
        let half = |n| _mm256_setr_epi64x(word(n), word(n + 1), word(n + 2), word(n + 3));
        [half(0), half(4)]
    }

    const fn join(low: u32, high: u32) -> u64 {
        low as u64 | (high as u64) << 32
    }

    /// What the entries of both nibbles of each byte have in common.
    #[target_feature(enable = "avx2")]
    #[inline]
    fn common(bytes: __m256i, lows: &[u8; 16], highs: &[u8; 16]) -> __m256i {
        let nibble = _mm256_set1_epi8(15);
        let low = _mm256_and_si256(bytes, nibble);
        let high = _mm256_and_si256(_mm256_srli_epi16::<4>(bytes), nibble);
        _mm256_and_si256(
            _mm256_shuffle_epi8(table(lows), low),
            _mm256_shuffle_epi8(table(highs), high),
        )
    }

    /// Which bytes have one of `bits`.
    #[target_feature(enable = "avx2")]
    #[inline]
    fn any(bytes: __m256i, bits: u8) -> u32 {
        let there = _mm256_and_si256(bytes, _mm256_set1_epi8(bits as i8));
        !(_mm256_movemask_epi8(_mm256_cmpeq_epi8(there, _mm256_setzero_si256())) as u32)
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
    use std::ops::Range;

    use super::{Masks, Run, SHORTEST, Tally, each_run, follow, is_token_byte, tokens};
    use crate::rules::dice::Dice;

    /// A run, what it is made of, where its words begin, and whether one is long.
    type Seen = (Range<usize>, Tally, Vec<usize>, bool);

    fn seen(text: &[u8], run: &Run<'_>) -> Seen {
        let mut words = Vec::new();
        run.each_word(|at| words.push(at));
        (run.range.clone(), run.tally, words, run.holds_long_word(text))
    }

    fn plain(text: &[u8]) -> Vec<Seen> {
        let mut runs = Vec::new();
        let mut start = 0;
        for end in 0..=text.len() {
            if end == text.len() || !is_token_byte(text[end]) {
                if end - start >= SHORTEST {
                    let is_word = |at: &usize| text[*at].is_ascii_alphanumeric();
                    let begins = |at: &usize| is_word(at) && (*at == start || !is_word(&(at - 1)));
                    let words = (start..end).filter(begins).collect();
                    let run = &text[start..end];
                    let long = run.windows(12).any(|row| row.iter().all(u8::is_ascii_alphanumeric));
                    runs.push((start..end, Tally::of(run), words, long));
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
            let length = dice.below(if round % 50 == 0 { 20_000 } else { 400 });
            let gap = 1 + dice.below(80);
            let text: Vec<u8> = (0..length)
                .map(|_| match dice.below(gap) {
                    0 => *dice.pick(b" \n\0\xff\""),
                    _ => *dice.pick(b"abzAZ019_-%=\\"),
                })
                .collect();
            let mut found = Vec::new();
            each_run(&text, |run| found.push(seen(&text, &run)));
            assert_eq!(found, plain(&text), "round {round}");
        }
    }

    #[test]
    fn every_byte_is_classified_alike_with_and_without_vectors() {
        let mut dice = Dice::seeded(8);
        for byte in 0..=255 {
            let mut text = dice.text(b"abcdefghijklmnopqrstuvwxyz012345", 300);
            (0..text.len()).step_by(37).for_each(|at| text[at] = byte);
            let (mut one, mut other) = (Vec::new(), Vec::new());
            each_run(&text, |run| one.push(seen(&text, &run)));
            follow(&text, |run| other.push(seen(&text, &run)), tokens, Masks::of);
            assert_eq!(one, other, "byte {byte}");
        }
    }
}
