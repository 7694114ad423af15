//! A filter for many needles: blocks of four bytes, looked at a stride apart.
//!
//! Of each needle a window of `width` bytes is chosen. Every block in that window is entered, so whichever
//! of them a stride of `width - 3` bytes falls on is met. All other blocks of a text are never looked at.
//! Short needles, which would make the stride of all others short, have a filter of their own; where they are
//! few, one that compares many bytes in one step.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use aho_corasick::Span;
use aho_corasick::packed::{self, Searcher};

/// How many bytes a block has.
const BLOCK: usize = 4;
/// The widest window: wider ones save little and cost entries.
const WIDEST: usize = 20;
/// The stride of needles that are not short.
const STRIDE: usize = WIDEST - BLOCK + 1;
/// So many of them are compared in one step, …
const STEP: usize = 64;
/// … and in more steps than that it does not pay.
const STEPS: usize = 2;
/// So much of a text goes through all filters before the next: it stays in the processor's nearest memory.
const PIECE: usize = 64 << 10;

/// Where in which needle a block stands.
#[derive(Clone, Copy)]
pub(super) struct Spot {
    /// The needle.
    pub(super) needle: u32,
    /// How many bytes of it stand before the block.
    pub(super) offset: u32,
}

/// A needle: its number, it, and whether line ends may stand in it.
type Needle<'n> = (u32, (&'n [u8], bool));

/// The filter.
#[derive(Default)]
pub(super) struct Blocks {
    few: Vec<Few>,
    sieves: Vec<Sieve>,
}

impl Blocks {
    /// A filter for `needles`, none shorter than eight bytes; with each, whether line ends may stand in it.
    pub(super) fn of<'n>(needles: impl Iterator<Item = (&'n [u8], bool)> + Clone) -> Self {
        let counts = counts(needles.clone());
        let (short, long): (Vec<_>, Vec<_>) =
            (0_u32..).zip(needles).partition(|(_, (bytes, _))| bytes.len() < WIDEST);
        let few = Few::of(&short, &counts).unwrap_or_default();
        let short = if few.is_empty() { short } else { Vec::new() };
        let sieves = [short, long].into_iter().filter(|needles| !needles.is_empty());
        Self { few, sieves: sieves.map(|needles| Sieve::of(&needles, &counts)).collect() }
    }

    /// Tells every place in `text` at which a needle may stand: the spot, and where in the text its block is.
    pub(super) fn each(&self, text: &[u8], met: &mut dyn FnMut(Spot, usize)) {
        let mut next = [0; 2];
        for start in (0..text.len()).step_by(PIECE) {
            let end = text.len().min(start + PIECE);
            self.few.iter().for_each(|few| few.each(text, start..end, met));
            for (sieve, next) in self.sieves.iter().zip(&mut next) {
                *next = sieve.each(text, *next, end, met);
            }
        }
    }
}

/// A filter for few needles, in one step.
struct Few {
    /// Looks for one block of each: what it knows is not wiped, and no more than that of a secret.
    searcher: Searcher,
    /// Of each of its patterns, the needles that it is in.
    spots: Vec<Vec<Spot>>,
}

impl Few {
    /// None if there are too many, or where this processor does not do it.
    fn of(needles: &[Needle<'_>], counts: &Counts) -> Option<Vec<Self>> {
        let mut windows_of: BTreeMap<&[u8], Vec<Spot>> = BTreeMap::new();
        for &(needle, (bytes, wrapped)) in needles {
            for start in windows(bytes, BLOCK, wrapped, counts) {
                let spots = windows_of.entry(&bytes[start..start + BLOCK]).or_default();
                spots.push(Spot { needle, offset: start as u32 });
            }
        }
        let windows: Vec<_> = windows_of.into_iter().collect();
        let steps = windows.chunks(STEP).map(|step| {
            let mut builder = packed::Config::new().builder();
            builder.extend(step.iter().map(|(window, _)| window));
            let spots = step.iter().map(|(_, spots)| spots.clone()).collect();
            Some(Self { searcher: builder.build()?, spots })
        });
        if steps.len() > STEPS { None } else { steps.collect() }
    }

    /// Tells what begins in `range` of `text`.
    fn each(&self, text: &[u8], range: Range<usize>, met: &mut dyn FnMut(Spot, usize)) {
        let mut at = range.start;
        let end = text.len().min(range.end + BLOCK - 1);
        while let Some(found) = self.searcher.find_in(text, Span { start: at, end }) {
            for spot in &self.spots[found.pattern().as_usize()] {
                met(*spot, found.start());
            }
            at = found.start() + 1;
        }
    }
}

/// A filter for needles of about one length.
struct Sieve {
    stride: usize,
    shift: u32,
    /// By the highest bits of a block's hash: the marks of all blocks that have them.
    marks: Vec<u64>,
    ranges: HashMap<u32, (u32, u32), Mixer>,
    spots: Vec<Spot>,
}

impl Sieve {
    fn of(needles: &[Needle<'_>], counts: &Counts) -> Self {
        let width = needles.iter().map(|(_, (bytes, _))| bytes.len()).min().unwrap_or(WIDEST);
        let width = width.min(WIDEST);
        let stride = width - BLOCK + 1;
        let mut entries: Vec<(u32, Spot)> = Vec::new();
        for &(needle, (bytes, wrapped)) in needles {
            for start in windows(bytes, width, wrapped, counts) {
                for at in start..start + stride {
                    let spot = Spot { needle, offset: at as u32 };
                    entries.push((block(bytes, at), spot));
                }
            }
        }
        entries.sort_unstable_by_key(|(block, spot)| (*block, spot.needle, spot.offset));
        // Four entries a word: more words leave the processor's nearest memory, fewer let too much through.
        let words = (entries.len() / 4).next_power_of_two().clamp(1 << 9, 1 << 19);
        let shift = 64 - words.trailing_zeros();
        let mut marks = vec![0_u64; words];
        let mut ranges: HashMap<u32, (u32, u32), Mixer> = HashMap::default();
        for (n, (block, _)) in (0_u32..).zip(&entries) {
            let hash = hash(*block);
            marks[(hash >> shift) as usize] |= mark(hash);
            ranges.entry(*block).and_modify(|range| range.1 = n + 1).or_insert((n, n + 1));
        }
        let spots = entries.into_iter().map(|(_, spot)| spot).collect();
        Self { stride, shift, marks, ranges, spots }
    }

    /// Looks at the blocks from `at` on that begin before `end`. Gives where the next one begins.
    fn each(&self, text: &[u8], at: usize, end: usize, met: &mut dyn FnMut(Spot, usize)) -> usize {
        // With a stride that the compiler knows it is twice as fast.
        match self.stride {
            STRIDE => self.each_at(STRIDE, text, at, end, met),
            stride => self.each_at(stride, text, at, end, met),
        }
    }

    #[inline(always)]
    fn each_at(
        &self,
        stride: usize,
        text: &[u8],
        mut at: usize,
        end: usize,
        met: &mut dyn FnMut(Spot, usize),
    ) -> usize {
        // Eight at a time: the processor waits for none of them, and nearly never for what is to be done then.
        while at < end
            && let Some(piece) = text.get(at..at + 7 * stride + BLOCK)
        {
            let mut any = false;
            for n in 0..8 {
                any |= self.may_be(block(piece, n * stride));
            }
            if any {
                (0..8).for_each(|n| self.meet(text, at + n * stride, met));
            }
            at += 8 * stride;
        }
        while at < end && at + BLOCK <= text.len() {
            self.meet(text, at, met);
            at += stride;
        }
        at
    }

    #[inline(always)]
    fn may_be(&self, block: u32) -> bool {
        let hash = hash(block);
        let mark = mark(hash);
        self.marks[(hash >> self.shift) as usize & (self.marks.len() - 1)] & mark == mark
    }

    fn meet(&self, text: &[u8], at: usize, met: &mut dyn FnMut(Spot, usize)) {
        let block = block(text, at);
        if self.may_be(block)
            && let Some(&(from, to)) = self.ranges.get(&block)
        {
            for spot in &self.spots[from as usize..to as usize] {
                met(*spot, at);
            }
        }
    }
}

type Counts = HashMap<u32, u32, Mixer>;

/// How often each block stands in `needles`.
fn counts<'n>(needles: impl Iterator<Item = (&'n [u8], bool)>) -> Counts {
    let mut counts = Counts::default();
    for (bytes, _) in needles {
        for at in bytes.windows(BLOCK) {
            *counts.entry(block(at, 0)).or_default() += 1;
        }
    }
    counts
}

/// Where the windows of a needle begin: the one whose blocks are in fewest needles, and least like words; of long
/// needles in which a line end may stand two that lie so near one another that no two line ends can be in them.
fn windows(needle: &[u8], width: usize, wrapped: bool, counts: &Counts) -> Vec<usize> {
    let common = |at: &[u8]| {
        let count = counts.get(&block(at, 0)).copied().unwrap_or(1);
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
    if !wrapped || needle.len() < 2 * width {
        return vec![rarest(0, needle.len() - width)];
    }
    let span = needle.len().min(2 * width + 8);
    let (first, last) = (needle.len() - span, needle.len() - width);
    let half = first + span / 2;
    vec![rarest(first, half - width), rarest(half, last)]
}

fn block(bytes: &[u8], at: usize) -> u32 {
    bytes[at..].first_chunk().map_or(0, |block| u32::from_le_bytes(*block))
}

/// The bits of a word that stand for a block with this hash: two, so that few others have them by chance.
const fn mark(hash: u64) -> u64 {
    1 << (hash >> 32 & 63) | 1 << (hash >> 38 & 63)
}

const fn hash(block: u32) -> u64 {
    (block as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
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
