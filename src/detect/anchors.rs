//! Anchors: the literals of which each marked credential holds one, looked for where such a credential can
//! lie and nowhere else.

use std::collections::BTreeMap;
use std::ops::Range;

use memchr::memmem::Finder;

use crate::detect::runs::{LONG_WORD, Run, SHORTEST, Tally};
use crate::detect::trigrams::{STRIDE, Trigrams, eight, hash};
use crate::model::is_token_byte;
use crate::rules::{Rule, checks};

/// All literals of a catalogue, each kind of them searchable in its own way.
pub struct Anchors {
    /// Those that begin a word.
    fronts: Table,
    /// Those that begin before a run: how many bytes, and how long that run is at least.
    leads: Vec<(usize, usize, Table)>,
    /// The bytes that may stand between such a beginning and the run.
    before_run: [bool; 256],
    /// Those that may stand anywhere in a run.
    inner: Table,
    /// Fewest bytes of a run that holds one of them.
    inner_run: usize,
    /// Those that no run holds: sought everywhere.
    outer: Vec<(Finder<'static>, Literal)>,
    /// Headers of armour: sought everywhere in a text that holds what can be their body.
    armour: (Finder<'static>, Vec<Literal>),
}

/// A literal that was found. Sorts by rule, then by place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Anchor {
    /// Index of the rule in the catalogue.
    pub rule: usize,
    /// Where it begins.
    pub at: usize,
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
    Armour,
}

/// From this length on a credential that its arithmetic proves is seen in the middle of a word, too.
const GLUED: u32 = 32;

/// From this length on a row of token bytes hardly ever looks like a name, even without a long word.
const LONG: u32 = 40;

impl Seat {
    fn of(literal: &[u8], rule: &Rule) -> Self {
        let check = rule.check.as_deref().and_then(checks::find);
        let glued = check.is_some_and(|check| check.bits > 0) && rule.shape.row >= GLUED;
        let nameless = rule.shape.word as usize >= LONG_WORD || rule.shape.row >= LONG;
        match literal.iter().rposition(|&b| !is_token_byte(b)) {
            _ if literal.starts_with(ARMOUR) => Self::Armour,
            _ if (rule.shape.row as usize) < SHORTEST => Self::Outer,
            Some(last) => Self::Lead(last + 1),
            None if rule.shape.anchored && !glued && literal[0].is_ascii_alphanumeric() => {
                Self::Front
            }
            None if nameless => Self::Inner,
            // What may look like a name, and begins anywhere in it, is sought everywhere.
            None => Self::Outer,
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
                *row = (*row).min(rule.shape.row as usize);
            }
        }
        let row = |seat| rows.get(&seat).copied().unwrap_or(usize::MAX);
        let mut before_run = [false; 256];
        for (seat, literals) in &seated {
            let Seat::Lead(length) = seat else { continue };
            literals.iter().for_each(|l| before_run[usize::from(l.text[length - 1])] = true);
        }
        let mut take = |seat| seated.remove(&seat).unwrap_or_default();
        Self {
            fronts: Table::new(take(Seat::Front)),
            inner: Table::new(take(Seat::Inner)),
            inner_run: row(Seat::Inner),
            before_run,
            outer: take(Seat::Outer).into_iter().map(|l| (l.finder(), l)).collect(),
            armour: (Finder::new(ARMOUR), take(Seat::Armour)),
            leads: seated
                .into_iter()
                .filter_map(|(seat, literals)| match seat {
                    Seat::Lead(length) => Some((length, row(seat), Table::new(literals))),
                    _ => None,
                })
                .collect(),
        }
    }

    /// Adds every literal in `text` that no run holds.
    pub fn outside(&self, text: &[u8], found: &mut Vec<Anchor>) {
        for (finder, literal) in &self.outer {
            found.extend(finder.find_iter(text).map(|at| literal.at(at)));
        }
    }

    /// Adds every header of armour in `text`.
    pub fn armour(&self, text: &[u8], found: &mut Vec<Anchor>) {
        let (finder, literals) = &self.armour;
        for at in finder.find_iter(text) {
            let here = literals.iter().filter(|l| text[at..].starts_with(&l.text));
            found.extend(here.map(|l| l.at(at)));
        }
    }

    /// Adds every literal that begins in `run` or right before it, in no order; some perhaps twice.
    pub fn within(&self, text: &[u8], run: &Run<'_>, found: &mut Vec<Anchor>) {
        self.at_start(text, run, found);
        run.each_word(|at| self.fronts.probe(text, at, found));
        if run.tally.separators > 0 {
            self.behind_escapes(text, run, found);
        }
        if run.range.len() >= self.inner_run {
            self.inner.sweep(text, run.range.clone(), found);
        }
    }

    /// Adds the literals with which `run` begins, or that begin right before it.
    pub fn at_start(&self, text: &[u8], run: &Run<'_>, found: &mut Vec<Anchor>) {
        let start = run.range.start;
        if start > 0 && self.before_run[usize::from(text[start - 1])] {
            let fits = |lead: &&(usize, usize, Table)| lead.0 <= start && run.range.len() >= lead.1;
            for (length, _, table) in self.leads.iter().filter(fits) {
                table.probe(text, start - length, found);
            }
        }
        self.fronts.probe(text, start, found);
        if let Some(at) = behind_colour(text, run) {
            self.fronts.probe(text, at, found);
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

/// Fewest bytes of the longest line of a body in armour.
const LINE: usize = 32;

/// Whether `run` can be a line of a body in armour: base64, as long as such lines are.
pub fn may_be_armoured(run: &Run<'_>, text: &[u8]) -> bool {
    let Tally { length, digits, upper, lower, .. } = run.tally;
    length >= LINE && digits > 0 && upper > 0 && lower > 0 && run.holds_long_word(text)
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

    fn finder(&self) -> Finder<'static> {
        Finder::new(&self.text).into_owned()
    }

    const fn at(&self, at: usize) -> Anchor {
        Anchor { at, rule: self.rule, length: self.text.len() }
    }
}

/// Literals, searchable by their first three bytes.
struct Table {
    beginnings: Trigrams,
    /// Sorted by hash.
    literals: Vec<Literal>,
}

impl Table {
    fn new(mut literals: Vec<Literal>) -> Self {
        literals.sort_by_key(|literal| literal.hash);
        Self { beginnings: Trigrams::new(literals.iter().map(|literal| literal.hash)), literals }
    }

    /// Adds the literals at `at`.
    #[inline]
    fn probe(&self, text: &[u8], at: usize, found: &mut Vec<Anchor>) {
        let Some(rest) = text.get(at..) else { return };
        let word = eight(rest);
        if self.beginnings.hold(word) == 1 {
            self.look(text, at, word, found);
        }
    }

    /// Adds the literals that begin in `range`.
    fn sweep(&self, text: &[u8], range: Range<usize>, found: &mut Vec<Anchor>) {
        for at in range.step_by(STRIDE) {
            let word = eight(&text[at..]);
            let hits = self.beginnings.held(word);
            if hits != 0 {
                let begins = (0..STRIDE).filter(|n| hits >> n & 1 == 1);
                begins.for_each(|n| self.look(text, at + n, word >> (8 * n), found));
            }
        }
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
