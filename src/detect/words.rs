//! Context words: names such as `dd_api_key` that tell what an unmarked value is.

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::detect::randomness;
use crate::detect::runs::Tally;
use crate::rules::Rule;

/// Every context word of a catalogue.
pub struct Words {
    /// Words of rules that look close by.
    near: Group,
    /// Words of rules that look farther.
    far: Group,
}

/// Words that are looked for at a time.
struct Group {
    automaton: Option<AhoCorasick>,
    /// For each pattern of the automaton, the rules that it speaks for.
    rules: Vec<Vec<usize>>,
    /// The farthest that a word may stand from its value, in bytes.
    reach: usize,
    /// How long the values of its rules are, in bytes: from, to.
    lengths: Vec<(usize, usize)>,
}

/// A word that was found.
#[derive(Clone, Debug)]
pub struct Word {
    /// Where it stands.
    pub range: Range<usize>,
    /// Index of the rule in the catalogue.
    pub rule: usize,
}

/// How much may be glued to a value: the end of an escape or of a colour sequence.
const GLUED: usize = 8;

/// What counts as close by, in bytes.
const NEAR: u16 = 64;

/// The most that a word takes in a text, separators included.
const LONGEST: usize = 64;

impl Words {
    /// Collects the context words of `rules`.
    pub fn new(rules: &[Rule]) -> Self {
        let is_near = |rule: &Rule| rule.context.as_ref().is_some_and(|c| c.within <= NEAR);
        Self { near: Group::new(rules, is_near), far: Group::new(rules, |rule| !is_near(rule)) }
    }

    /// Calls `visit` with every word that stands close enough before the end of `piece`, or in it. Words
    /// from farther away are tried on pieces of their values' lengths only.
    pub fn each_near(
        &self,
        text: &[u8],
        piece: &Range<usize>,
        folded: &mut Folded,
        mut visit: impl FnMut(Word),
    ) {
        self.near.each(text, piece, folded, &mut visit);
        let fits = |&(from, to): &(usize, usize)| (from..=to + GLUED).contains(&piece.len());
        if self.far.lengths.iter().any(fits) {
            self.far.each(text, piece, folded, &mut visit);
        }
    }
}

impl Group {
    fn new(rules: &[Rule], belongs: impl Fn(&Rule) -> bool) -> Self {
        let mut words: Vec<(String, Vec<usize>)> = Vec::new();
        let (mut reach, mut lengths) = (0, Vec::new());
        for (n, rule) in rules.iter().enumerate().filter(|(_, rule)| belongs(rule)) {
            let Some(context) = &rule.context else { continue };
            reach = reach.max(usize::from(context.within));
            lengths.push((rule.shape.min as usize, rule.shape.max as usize));
            for word in context.words.iter().map(|w| w.replace('_', "")) {
                match words.iter_mut().find(|(known, _)| *known == word) {
                    Some((_, rules)) => rules.push(n),
                    None => words.push((word, vec![n])),
                }
            }
        }
        let (patterns, rules): (Vec<_>, Vec<_>) = words.into_iter().unzip();
        let build = || AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).build(&patterns);
        let automaton = (!patterns.is_empty())
            .then(|| build().expect("a few hundred short words fit an automaton"));
        Self { automaton, rules, reach, lengths }
    }

    fn each(
        &self,
        text: &[u8],
        piece: &Range<usize>,
        folded: &mut Folded,
        visit: &mut impl FnMut(Word),
    ) {
        let Some(automaton) = &self.automaton else { return };
        let end = piece.end.min(piece.start + self.reach);
        folded.fill(text, piece.start.saturating_sub(self.reach + LONGEST)..end);
        for found in automaton.find_overlapping_iter(&folded.text) {
            let range = folded.from[found.start()]..folded.from[found.end() - 1] + 1;
            for &rule in &self.rules[found.pattern().as_usize()] {
                visit(Word { range: range.clone(), rule });
            }
        }
    }
}

/// Text in lower case without separators, and where each of its bytes came from. Reused from call to call.
#[derive(Default)]
pub struct Folded {
    text: Vec<u8>,
    from: Vec<usize>,
}

impl Folded {
    fn fill(&mut self, text: &[u8], range: Range<usize>) {
        self.text.clear();
        self.from.clear();
        for (at, byte) in range.clone().zip(&text[range]) {
            if !matches!(byte, b'_' | b'-' | b'.' | b' ') {
                self.text.push(byte.to_ascii_lowercase());
                self.from.push(at);
            }
        }
    }
}

/// Fewest bytes of a value without a mark.
pub const SHORTEST_VALUE: usize = 20;

/// Up to this surprise a piece is made of words, whatever stands beside it. Not one in a thousand random
/// texts of 20 characters lies below.
const WORDY: f32 = 0.2;

/// How much more surprise the share of joints asks for where digits are few: names have many joints.
const JOINTED: f32 = 4.0;

/// Whether `piece` may be a value that only a word beside it identifies: with fewer joints than a name
/// has, with digits or letters as no word has them, and not made of words.
pub fn may_be_unmarked(piece: &[u8], tally: &Tally) -> bool {
    let Tally { length, digits, upper, lower, .. } = *tally;
    let joints = tally.joints();
    let one_case = upper == 0 || lower == 0;
    let mixed = upper * 6 >= length && lower * 6 >= length;
    let names = if digits * 4 < length { joints as f32 / length as f32 } else { 0.0 };
    let asked = WORDY + JOINTED * names;
    joints * 4 <= length
        && (digits >= 2 || mixed || (one_case && (digits == 1 || joints == 0)))
        && randomness::surprise(piece) > asked
}
