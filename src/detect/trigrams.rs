//! Trigrams: a set of three-byte texts, asked many times and mostly in vain.

/// Three-byte texts. May hold a text that was never added; never lacks one that was.
pub struct Trigrams {
    /// One bit a hash.
    bitmap: Box<[u64; 512]>,
}

/// How many places are tried at a time: as many as have three bytes in eight.
pub const STRIDE: usize = 6;

impl Trigrams {
    /// The set of `hashes`.
    pub fn new(hashes: impl Iterator<Item = u16>) -> Self {
        let mut bitmap = Box::new([0; 512]);
        hashes.for_each(|hash| bitmap[usize::from(hash >> 6)] |= 1 << (hash & 63));
        Self { bitmap }
    }

    /// 1 if the low three bytes of `word` are in the set, else 0.
    #[inline]
    pub const fn hold(&self, word: u64) -> u64 {
        let hash = hash(word);
        self.bitmap[(hash >> 6) as usize] >> (hash & 63) & 1
    }

    /// Of the first [`STRIDE`] places in `word`, those at which one of the set stands, a bit a place.
    #[inline]
    pub fn held(&self, word: u64) -> u64 {
        (0..STRIDE).fold(0, |hits, n| hits | self.hold(word >> (8 * n)) << n)
    }

    /// Whether one of the set stands in `text`.
    pub fn any_in(&self, text: &[u8]) -> bool {
        (0..text.len()).step_by(STRIDE).any(|at| self.held(eight(&text[at..])) != 0)
    }
}

/// The first eight bytes, the lowest first; zeros where there are fewer.
#[inline]
pub fn eight(text: &[u8]) -> u64 {
    match text.first_chunk() {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => text.iter().rev().fold(0, |word, &b| word << 8 | u64::from(b)),
    }
}

/// 15 bits of the low three bytes.
#[inline]
pub const fn hash(word: u64) -> u16 {
    (((word as u32) << 8).wrapping_mul(0x9e37_79b1) >> 17) as u16
}
