//! Context words: names such as `dd_api_key` that tell what an unmarked value is.

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::detect::randomness::rarest_three;
use crate::detect::runs::{SHORTEST, Tally};
use crate::detect::trigrams::{Trigrams, eight, hash};
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
    /// Three bytes of each word: mostly none of them is there, and the automaton not needed.
    signs: Trigrams,
    automaton: Option<AhoCorasick>,
    /// For each pattern of the automaton, the rules that it speaks for.
    rules: Vec<Vec<usize>>,
    /// The farthest that a word may stand from its value, in bytes.
    reach: usize,
    /// The most that a word takes in a text, separators included.
    longest: usize,
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

/// How many separators a word may hold.
const SEPARATORS: usize = 8;

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
            lengths.push((shortest(rule), rule.shape.max as usize));
            for word in context.words.iter().map(|w| w.replace('_', "")) {
                match words.iter_mut().find(|(known, _)| *known == word) {
                    Some((_, rules)) => rules.push(n),
                    None => words.push((word, vec![n])),
                }
            }
        }
        let (patterns, rules): (Vec<_>, Vec<_>) = words.into_iter().unzip();
        let longest = patterns.iter().map(String::len).max().unwrap_or(0) + SEPARATORS;
        let sign = |word: &String| hash(eight(rarest_three(word.as_bytes())));
        let signs = Trigrams::new(patterns.iter().map(sign));
        let build = || AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).build(&patterns);
        let automaton = (!patterns.is_empty())
            .then(|| build().expect("a few hundred short words fit an automaton"));
        Self { signs, automaton, rules, reach, longest, lengths }
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
        let window = piece.start.saturating_sub(self.reach + self.longest)..end;
        folded.fill(&text[window.clone()]);
        if !self.signs.any_in(&folded.text) || !automaton.is_match(&folded.text) {
            return;
        }
        let from: Vec<_> = window.filter(|&at| KEPT[usize::from(text[at])] == 1).collect();
        for found in automaton.find_overlapping_iter(&folded.text) {
            let range = from[found.start()]..from[found.end() - 1] + 1;
            for &rule in &self.rules[found.pattern().as_usize()] {
                visit(Word { range: range.clone(), rule });
            }
        }
    }
}

/// Text in lower case without separators. Reused from call to call.
#[derive(Default)]
pub struct Folded {
    text: Vec<u8>,
}

/// 1 for each byte but the signs that join the parts of a name.
const KEPT: [u8; 256] = {
    let mut kept = [1; 256];
    kept[b'_' as usize] = 0;
    kept[b'-' as usize] = 0;
    kept[b'.' as usize] = 0;
    kept[b' ' as usize] = 0;
    kept
};

impl Folded {
    /// Writes every byte, and goes on only behind one that is kept: without a branch.
    fn fill(&mut self, text: &[u8]) {
        self.text.resize(text.len(), 0);
        let mut end = 0;
        for &byte in text {
            self.text[end] = byte.to_ascii_lowercase();
            end += usize::from(KEPT[usize::from(byte)]);
        }
        self.text.truncate(end);
    }
}

/// Fewest bytes of a piece that leads to the value of a rule with context words.
fn shortest(rule: &Rule) -> usize {
    (rule.shape.row as usize).max(SHORTEST)
}

/// Fewest bytes of a value without a mark, by any of `rules`.
pub fn shortest_value(rules: &[Rule]) -> usize {
    rules.iter().filter(|rule| rule.context.is_some()).map(shortest).min().unwrap_or(usize::MAX)
}

/// Up to this surprise a piece is made of words, whatever stands beside it. Not one in a thousand random
/// texts of 20 characters lies below.
const WORDY: f32 = 0.2;

/// Of random text hardly ever more than every so manieth character is a joint; names have more.
const FEW_JOINTS: usize = 10;

/// UUIDs behind a short name have more, but not one in so many.
const MORE_JOINTS: usize = 6;

/// Names of letters of both cases have more joints than one in so many.
const SOME_JOINTS: usize = 5;

/// How much more surprise the share of joints asks for where it is that of a name.
const JOINTED: f32 = 4.0;

/// How much surprise is asked of a text so made up to be a value that only a word beside it identifies;
/// none if it cannot be one: it has the joints of a name, or no digits or letters as no word has them.
/// `holds_long_word` tells of its longest part.
pub fn asked_surprise(tally: &Tally, holds_long_word: impl FnOnce() -> bool) -> Option<f32> {
    let Tally { length, digits, upper, lower, .. } = *tally;
    let joints = tally.joints();
    let one_case = upper == 0 || lower == 0;
    let mixed = upper * 6 >= length && lower * 6 >= length;
    if !(digits >= 2 || mixed || (one_case && (digits == 1 || joints == 0))) {
        None
    } else if joints * FEW_JOINTS <= length || (joints * MORE_JOINTS <= length && holds_long_word())
    {
        Some(WORDY)
    } else if joints * SOME_JOINTS <= length && mixed {
        Some(WORDY + JOINTED * joints as f32 / length as f32)
    } else {
        None
    }
}
