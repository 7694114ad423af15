//! Bytes without sense, for trials.

/// A xorshift generator: the same seed gives the same bytes.
pub(super) struct Noise(u64);

impl Noise {
    /// A generator from a seed.
    pub(super) fn new(seed: u64) -> Self {
        Self(seed ^ 0x9e37_79b9_7f4a_7c15)
    }

    /// A number below `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }

    /// Up to `longest` bytes.
    pub(super) fn bytes(&mut self, longest: usize) -> Vec<u8> {
        let length = self.below(longest + 1);
        (0..length).map(|_| self.below(256) as u8).collect()
    }

    /// Up to `longest` bytes out of `alphabet`.
    pub(super) fn bytes_of(&mut self, alphabet: &[u8], longest: usize) -> Vec<u8> {
        let length = self.below(longest + 1);
        (0..length).map(|_| alphabet[self.below(alphabet.len())]).collect()
    }

    /// `bytes` with some of them changed, and perhaps cut short.
    pub(super) fn spoil(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut spoilt = bytes.to_vec();
        for _ in 0..=self.below(4) {
            let at = self.below(spoilt.len());
            spoilt[at] = self.below(256) as u8;
        }
        let cut = self.below(2) * self.below(spoilt.len());
        spoilt.truncate(spoilt.len() - cut);
        spoilt
    }
}
