//! Anchors: the literals of which each marked credential holds one, looked for inside runs only.

use std::ops::Range;

use memchr::memmem::Finder;

use crate::detect::runs::is_token_byte;
use crate::rules::Rule;

/// Literals with armour stand on a line of their own, before the body: they are sought everywhere.
const ARMOUR: &[u8] = b"-----BEGIN ";

/// All literals of a catalogue, searchable by their first three bytes.
pub struct Anchors {
    /// One bit a hash of three bytes: whether a literal may begin so.
    bitmap: Box<[u64; 512]>,
    /// Literals sorted by the hash of their first three bytes.
    literals: Vec<Literal>,
    /// How many bytes before a run a literal may begin: up to its last byte that no run holds.
    lead: usize,
    armour: Finder<'static>,
    armoured: Vec<Literal>,
}

struct Literal {
    hash: u16,
    text: Vec<u8>,
    /// Index of the rule in the catalogue.
    rule: usize,
}

impl Literal {
    fn lead(&self) -> usize {
        self.text.iter().rposition(|&b| !is_token_byte(b)).map_or(0, |last| last + 1)
    }
}

/// A literal that was found.
#[derive(Clone, Copy, Debug)]
pub struct Anchor {
    /// Where it begins.
    pub at: usize,
    /// Its length.
    pub length: usize,
    /// Index of the rule in the catalogue.
    pub rule: usize,
}

impl Anchors {
    /// Collects the literals of `rules`.
    pub fn new(rules: &[Rule]) -> Self {
        let mut bitmap = Box::new([0; 512]);
        let (mut literals, mut armoured) = (Vec::new(), Vec::new());
        for (rule, text) in literals_of(rules) {
            let hash = hash(eight(text));
            let literal = Literal { hash, text: text.to_vec(), rule };
            if text.starts_with(ARMOUR) {
                armoured.push(literal);
                continue;
            }
            bitmap[usize::from(hash >> 6)] |= 1 << (hash & 63);
            literals.push(literal);
        }
        let lead = literals.iter().map(Literal::lead).max().unwrap_or(0);
        literals.sort_by(|a, b| (a.hash, a.rule, &a.text).cmp(&(b.hash, b.rule, &b.text)));
        Self { bitmap, literals, lead, armour: Finder::new(ARMOUR), armoured }
    }

    /// Calls `visit` with every armour header in `text`.
    pub fn each_armour(&self, text: &[u8], mut visit: impl FnMut(Anchor)) {
        if self.armoured.is_empty() {
            return;
        }
        for at in self.armour.find_iter(text) {
            let here = self.armoured.iter().filter(|l| text[at..].starts_with(&l.text));
            here.for_each(|l| visit(Anchor { at, length: l.text.len(), rule: l.rule }));
        }
    }

    /// Calls `visit` with every literal that begins in `run` or shortly before it, but not before
    /// `from`; returns where the next call should begin.
    pub fn each_in(
        &self,
        text: &[u8],
        run: &Range<usize>,
        from: usize,
        mut visit: impl FnMut(Anchor),
    ) -> usize {
        let mut at = run.start.saturating_sub(self.lead).max(from);
        while at + 2 < run.end {
            let word = eight(&text[at..]);
            let hits = (0..STRIDE).fold(0, |hits, n| hits | self.may_begin(word >> (8 * n)) << n);
            if hits != 0 {
                let begins = (0..STRIDE).filter(|n| hits >> n & 1 == 1);
                begins.for_each(|n| self.look(text, at + n, word >> (8 * n), &mut visit));
            }
            at += STRIDE;
        }
        at.max(from)
    }

    /// 1 if a literal may begin with the low three bytes of `word`, else 0.
    #[inline]
    const fn may_begin(&self, word: u64) -> u64 {
        let hash = hash(word);
        self.bitmap[(hash >> 6) as usize] >> (hash & 63) & 1
    }

    #[cold]
    fn look(&self, text: &[u8], at: usize, word: u64, visit: &mut impl FnMut(Anchor)) {
        let hash = hash(word);
        let Some(rest) = text.get(at..) else { return };
        let first = self.literals.partition_point(|l| l.hash < hash);
        let same = self.literals[first..].iter().take_while(|l| l.hash == hash);
        let here = same.filter(|l| rest.starts_with(&l.text));
        here.for_each(|l| visit(Anchor { at, length: l.text.len(), rule: l.rule }));
    }
}

/// How many places are tried at a time: as many as have three bytes in eight.
const STRIDE: usize = 6;

/// The first eight bytes, the lowest first; zeros where there are fewer.
#[inline]
fn eight(text: &[u8]) -> u64 {
    match text.first_chunk() {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => text.iter().rev().fold(0, |word, &b| word << 8 | u64::from(b)),
    }
}

fn literals_of(rules: &[Rule]) -> impl Iterator<Item = (usize, &[u8])> {
    let of = |(n, rule)| {
        let rule: &Rule = rule;
        rule.literals.iter().map(move |l| (n, l.as_bytes()))
    };
    rules.iter().enumerate().flat_map(of)
}

/// 15 bits of the low three bytes.
#[inline]
const fn hash(word: u64) -> u16 {
    (((word as u32) << 8).wrapping_mul(0x9e37_79b1) >> 17) as u16
}
