//! Anchors: the literals of which each marked credential holds one, looked for inside runs only.

use std::ops::Range;

use memchr::memmem::Finder;

use crate::rules::Rule;

/// How many bytes before a run a literal may begin.
const LEAD: usize = 24;

/// Literals with armour stand on a line of their own, before the body: they are sought everywhere.
const ARMOUR: &[u8] = b"-----BEGIN ";

/// All literals of a catalogue, searchable by their first three bytes.
pub struct Anchors {
    /// One bit a hash of three bytes: whether a literal may begin so.
    bitmap: Box<[u64; 512]>,
    /// Literals sorted by the hash of their first three bytes.
    literals: Vec<Literal>,
    armour: Finder<'static>,
    armoured: Vec<Literal>,
}

struct Literal {
    hash: u16,
    text: Vec<u8>,
    /// Index of the rule in the catalogue.
    rule: usize,
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
            let hash = hash(text);
            let literal = Literal { hash, text: text.to_vec(), rule };
            if text.starts_with(ARMOUR) {
                armoured.push(literal);
                continue;
            }
            bitmap[usize::from(hash >> 6)] |= 1 << (hash & 63);
            literals.push(literal);
        }
        literals.sort_by(|a, b| (a.hash, a.rule, &a.text).cmp(&(b.hash, b.rule, &b.text)));
        Self { bitmap, literals, armour: Finder::new(ARMOUR), armoured }
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
        let start = run.start.saturating_sub(LEAD).max(from);
        let Some(part) = text.get(start..run.end) else { return from.max(run.end) };
        for (n, three) in part.windows(3).enumerate() {
            let hash = hash(three);
            if self.bitmap[usize::from(hash >> 6)] >> (hash & 63) & 1 == 1 {
                self.look(text, start + n, hash, &mut visit);
            }
        }
        run.end.saturating_sub(2).max(start)
    }

    #[cold]
    fn look(&self, text: &[u8], at: usize, hash: u16, visit: &mut impl FnMut(Anchor)) {
        let first = self.literals.partition_point(|l| l.hash < hash);
        let same = self.literals[first..].iter().take_while(|l| l.hash == hash);
        let here = same.filter(|l| text[at..].starts_with(&l.text));
        here.for_each(|l| visit(Anchor { at, length: l.text.len(), rule: l.rule }));
    }
}

fn literals_of(rules: &[Rule]) -> impl Iterator<Item = (usize, &[u8])> {
    let of = |(n, rule)| {
        let rule: &Rule = rule;
        rule.literals.iter().map(move |l| (n, l.as_bytes()))
    };
    rules.iter().enumerate().flat_map(of)
}

/// 15 bits of the first three bytes, which must be there.
#[inline]
fn hash(bytes: &[u8]) -> u16 {
    let three = u32::from(bytes[0]) | u32::from(bytes[1]) << 8 | u32::from(bytes[2]) << 16;
    (three.wrapping_mul(0x9e37_79b1) >> 17) as u16
}
