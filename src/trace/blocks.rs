//! A filter for many needles: blocks of four bytes, looked at a stride apart.
//!
//! Of each needle a window of `width` bytes is chosen. Every block in that window is entered, so whichever
//! of them a stride of `width - 3` bytes falls on is met. All other blocks of a text are never looked at.

use std::collections::HashMap;

/// How many bytes a block has.
const BLOCK: usize = 4;
/// The widest window: wider ones save little and cost entries.
const WIDEST: usize = 20;

/// Where in which needle a block stands.
#[derive(Clone, Copy)]
pub(super) struct Spot {
    /// The needle.
    pub(super) needle: u32,
    /// How many bytes of it stand before the block.
    pub(super) offset: u32,
}

/// The filter.
#[derive(Default)]
pub(super) struct Blocks {
    stride: usize,
    shift: u32,
    bits: Vec<u64>,
    ranges: HashMap<u32, (u32, u32), Mixer>,
    spots: Vec<Spot>,
}

impl Blocks {
    /// A filter for `needles`, none shorter than eight bytes.
    pub(super) fn of<'n>(needles: impl Iterator<Item = &'n [u8]> + Clone) -> Self {
        let Some(width) = needles.clone().map(<[u8]>::len).min() else { return Self::default() };
        let width = width.min(WIDEST);
        let stride = width - BLOCK + 1;
        let counts = counts(needles.clone());
        let mut entries: Vec<(u32, Spot)> = Vec::new();
        for (needle, bytes) in (0_u32..).zip(needles) {
            for start in windows(bytes, width, &counts) {
                for at in start..start + stride {
                    let spot = Spot { needle, offset: at as u32 };
                    entries.push((block(&bytes[at..]), spot));
                }
            }
        }
        entries.sort_unstable_by_key(|(block, spot)| (*block, spot.needle, spot.offset));
        let size = (entries.len() * 64).next_power_of_two().clamp(1 << 15, 1 << 25);
        let shift = 32 - size.trailing_zeros();
        let mut bits = vec![0_u64; size / 64];
        let mut ranges: HashMap<u32, (u32, u32), Mixer> = HashMap::default();
        for (n, (block, _)) in (0_u32..).zip(&entries) {
            let place = hash(*block) >> shift;
            bits[(place / 64) as usize] |= 1 << (place % 64);
            ranges.entry(*block).and_modify(|range| range.1 = n + 1).or_insert((n, n + 1));
        }
        let spots = entries.into_iter().map(|(_, spot)| spot).collect();
        Self { stride, shift, bits, ranges, spots }
    }

    /// Tells every place in `text` at which a needle may stand: the spot, and where in the text its block is.
    pub(super) fn each(&self, text: &[u8], met: &mut dyn FnMut(Spot, usize)) {
        if self.stride == 0 {
            return;
        }
        let mut at = self.stride - 1;
        while let Some(bytes) = text.get(at..at + BLOCK) {
            let block = block(bytes);
            let place = hash(block) >> self.shift;
            if self.bits[(place / 64) as usize] >> (place % 64) & 1 == 1
                && let Some(&(from, to)) = self.ranges.get(&block)
            {
                for spot in &self.spots[from as usize..to as usize] {
                    met(*spot, at);
                }
            }
            at += self.stride;
        }
    }
}

/// How often each block stands in `needles`.
fn counts<'n>(needles: impl Iterator<Item = &'n [u8]>) -> HashMap<u32, u32, Mixer> {
    let mut counts: HashMap<u32, u32, Mixer> = HashMap::default();
    for bytes in needles {
        for at in bytes.windows(BLOCK) {
            *counts.entry(block(at)).or_default() += 1;
        }
    }
    counts
}

/// Where the windows of a needle begin: the one whose blocks are in fewest needles, and least like words; of long
/// needles, in which a line end may stand, two that lie so near one another that no two line ends can be in them.
fn windows(needle: &[u8], width: usize, counts: &HashMap<u32, u32, Mixer>) -> Vec<usize> {
    let common = |at: &[u8]| {
        let count = counts.get(&block(at)).copied().unwrap_or(1);
        let word = at.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_whitespace() || *b == 0);
        u64::from(count) + if word { 4 } else { 0 }
    };
    // Before each block, the sum of all before it.
    let mut sums = vec![0_u64];
    for at in needle.windows(BLOCK) {
        sums.push(sums[sums.len() - 1] + common(at));
    }
    let stride = width - BLOCK + 1;
    let rarest = |first: usize, last: usize| {
        (first..=last).min_by_key(|&start| sums[start + stride] - sums[start]).unwrap_or(first)
    };
    if needle.len() < 2 * width {
        return vec![rarest(0, needle.len() - width)];
    }
    let span = needle.len().min(2 * width + 8);
    let (first, last) = (needle.len() - span, needle.len() - width);
    let half = first + span / 2;
    vec![rarest(first, half - width), rarest(half, last)]
}

fn block(bytes: &[u8]) -> u32 {
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

const fn hash(block: u32) -> u32 {
    block.wrapping_mul(0x9e37_79b1)
}

/// Blocks are mixed already.
type Mixer = std::hash::BuildHasherDefault<Mixed>;

/// A hasher of one number.
#[derive(Default)]
pub(super) struct Mixed(u64);

impl std::hash::Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u32(u32::from(byte)));
    }

    fn write_u32(&mut self, number: u32) {
        self.0 = (self.0 ^ u64::from(number)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}
