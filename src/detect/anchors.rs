//! Anchors: the literals of which each marked credential holds one, looked for where such a credential can
//! lie and nowhere else.

use std::collections::BTreeMap;

use memchr::memmem::Finder;

use crate::detect::runs::{Run, SHORTEST};
use crate::model::is_token_byte;
use crate::rules::{Rule, checks};

/// All literals of a catalogue, each kind of them searchable in its own way.
pub struct Anchors {
    /// Those that begin a word.
    fronts: Table,
    /// Those that begin before a run: how many bytes, and how long that run is at least.
    leads: Vec<(usize, usize, Table)>,
    /// Those that may stand anywhere in a run.
    inner: Table,
    /// Fewest bytes of a run that holds one of them.
    inner_run: usize,
    /// Those that no run holds whole: sought everywhere, by what several of them begin with.
    outer: Vec<(Finder<'static>, Vec<Literal>)>,
}

/// A literal that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Anchor {
    /// Where it begins.
    pub at: usize,
    /// Index of the rule in the catalogue.
    pub rule: usize,
    /// Its length.
    pub length: usize,
}

/// Where a literal can stand.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Seat {
    Front,
    /// So many bytes of it stand before the run.
    Lead(usize),
    Inner,
    Outer,
}

/// From this length on a credential that its arithmetic proves is seen in the middle of a word, too.
const GLUED: u32 = 32;

impl Seat {
    fn of(literal: &[u8], rule: &Rule) -> Self {
        let check = rule.check.as_deref().and_then(checks::find);
        let glued = check.is_some_and(|check| check.bits > 0) && rule.shape.row >= GLUED;
        match literal.iter().rposition(|&b| !is_token_byte(b)) {
            Some(last) if rule.shape.row as usize >= SHORTEST => Self::Lead(last + 1),
            Some(_) => Self::Outer,
            None if rule.shape.anchored && !glued && literal[0].is_ascii_alphanumeric() => {
                Self::Front
            }
            None => Self::Inner,
        }
    }
}

impl Anchors {
    /// Collects the literals of `rules`.
    pub fn new(rules: &[Rule]) -> Self {
        let mut seated: BTreeMap<Seat, Vec<Literal>> = BTreeMap::new();
        let mut rows: BTreeMap<Seat, usize> = BTreeMap::new();
        for (n, rule) in rules.iter().enumerate() {
            for text in rule.literals.iter().map(|text| text.as_bytes()) {
                let seat = Seat::of(text, rule);
                seated.entry(seat).or_default().push(Literal::new(n, text));
                let row = rows.entry(seat).or_insert(usize::MAX);
                *row = (*row).min(rule.shape.row as usize).max(SHORTEST);
            }
        }
        let row = |seat| rows.get(&seat).copied().unwrap_or(usize::MAX);
        let mut take = |seat| seated.remove(&seat).unwrap_or_default();
        Self {
            fronts: Table::new(take(Seat::Front)),
            inner: Table::new(take(Seat::Inner)),
            inner_run: row(Seat::Inner),
            outer: by_head(take(Seat::Outer)),
            leads: seated
                .into_iter()
                .filter_map(|(seat, literals)| match seat {
                    Seat::Lead(length) => Some((length, row(seat), Table::new(literals))),
                    _ => None,
                })
                .collect(),
        }
    }

    /// Adds every literal in `text` that no run holds whole.
    pub fn outside(&self, text: &[u8], found: &mut Vec<Anchor>) {
        for (finder, literals) in &self.outer {
            for at in finder.find_iter(text) {
                let here = literals.iter().filter(|l| text[at..].starts_with(&l.text));
                found.extend(here.map(|l| l.at(at)));
            }
        }
    }

    /// Adds every literal that begins in `run` or right before it, in no order; some perhaps twice.
    pub fn within(&self, text: &[u8], run: &Run<'_>, found: &mut Vec<Anchor>) {
        for (length, shortest, table) in &self.leads {
            if let Some(at) = run.range.start.checked_sub(*length)
                && run.range.len() >= *shortest
            {
                table.probe(text, at, found);
            }
        }
        run.each_word(text, |at| self.fronts.probe(text, at, found));
        if run.tally.separators > 0 {
            self.behind_escapes(text, run, found);
        }
        if let Some(at) = behind_colour(text, run) {
            self.fronts.probe(text, at, found);
        }
        if run.range.len() >= self.inner_run {
            self.inner.sweep(text, run.range.clone(), found);
        }
    }

    /// A letter may end an escape, and a token begin behind it.
    #[cold]
    fn behind_escapes(&self, text: &[u8], run: &Run<'_>, found: &mut Vec<Anchor>) {
        for at in run.range.clone() {
            let lengths: &[usize] = match text[at] {
                b'\\' => &[2, 4, 6],
                b'%' | b'=' => &[3],
                _ => continue,
            };
            lengths.iter().for_each(|length| self.fronts.probe(text, at + length, found));
        }
    }
}

/// Literals by what several of them begin with.
fn by_head(literals: Vec<Literal>) -> Vec<(Finder<'static>, Vec<Literal>)> {
    let mut all: Vec<(Finder<'static>, Vec<Literal>)> = Vec::new();
    for literal in literals {
        let head = if literal.text.starts_with(ARMOUR) { ARMOUR } else { &literal.text };
        match all.iter_mut().find(|(finder, _)| finder.needle() == head) {
            Some((_, literals)) => literals.push(literal),
            None => all.push((Finder::new(head).into_owned(), vec![literal])),
        }
    }
    all
}

/// Where a token can begin in a run that begins within a terminal's colour sequence: `[1;32m`.
fn behind_colour(text: &[u8], run: &Run<'_>) -> Option<usize> {
    let start = run.range.start;
    if start == 0 || text[start - 1] != b'[' {
        return None;
    }
    let sequence = &text[run.range.clone()];
    let length = sequence.iter().take_while(|b| b.is_ascii_digit() || **b == b';').count();
    (sequence.get(length) == Some(&b'm')).then_some(start + length + 1)
}

/// What headers of armour begin with.
const ARMOUR: &[u8] = b"-----BEGIN ";

struct Literal {
    hash: u16,
    text: Vec<u8>,
    /// Index of the rule in the catalogue.
    rule: usize,
}

impl Literal {
    fn new(rule: usize, text: &[u8]) -> Self {
        Self { hash: hash(eight(text)), text: text.to_vec(), rule }
    }

    const fn at(&self, at: usize) -> Anchor {
        Anchor { at, rule: self.rule, length: self.text.len() }
    }
}

/// Literals, searchable by their first three bytes.
struct Table {
    /// One bit a hash of three bytes: whether a literal may begin so.
    bitmap: Box<[u64; 512]>,
    /// Sorted by hash.
    literals: Vec<Literal>,
}

/// How many places are tried at a time: as many as have three bytes in eight.
const STRIDE: usize = 6;

impl Table {
    fn new(mut literals: Vec<Literal>) -> Self {
        let mut bitmap = Box::new([0; 512]);
        literals.sort_by_key(|literal| literal.hash);
        for Literal { hash, .. } in &literals {
            bitmap[usize::from(hash >> 6)] |= 1 << (hash & 63);
        }
        Self { bitmap, literals }
    }

    /// Adds the literals at `at`.
    #[inline]
    fn probe(&self, text: &[u8], at: usize, found: &mut Vec<Anchor>) {
        let Some(rest) = text.get(at..) else { return };
        let word = eight(rest);
        if self.may_begin(word) == 1 {
            self.look(text, at, word, found);
        }
    }

    /// Adds the literals that begin in `range`.
    fn sweep(&self, text: &[u8], range: std::ops::Range<usize>, found: &mut Vec<Anchor>) {
        for at in range.step_by(STRIDE) {
            let word = eight(&text[at..]);
            let hits = (0..STRIDE).fold(0, |hits, n| hits | self.may_begin(word >> (8 * n)) << n);
            if hits != 0 {
                let begins = (0..STRIDE).filter(|n| hits >> n & 1 == 1);
                begins.for_each(|n| self.look(text, at + n, word >> (8 * n), found));
            }
        }
    }

    /// 1 if a literal may begin with the low three bytes of `word`, else 0.
    #[inline]
    const fn may_begin(&self, word: u64) -> u64 {
        let hash = hash(word);
        self.bitmap[(hash >> 6) as usize] >> (hash & 63) & 1
    }

    #[cold]
    fn look(&self, text: &[u8], at: usize, word: u64, found: &mut Vec<Anchor>) {
        let hash = hash(word);
        let Some(rest) = text.get(at..) else { return };
        let first = self.literals.partition_point(|l| l.hash < hash);
        let same = self.literals[first..].iter().take_while(|l| l.hash == hash);
        found.extend(same.filter(|l| rest.starts_with(&l.text)).map(|l| l.at(at)));
    }
}

/// The first eight bytes, the lowest first; zeros where there are fewer.
#[inline]
fn eight(text: &[u8]) -> u64 {
    match text.first_chunk() {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => text.iter().rev().fold(0, |word, &b| word << 8 | u64::from(b)),
    }
}

/// 15 bits of the low three bytes.
#[inline]
const fn hash(word: u64) -> u16 {
    (((word as u32) << 8).wrapping_mul(0x9e37_79b1) >> 17) as u16
}
