//! Context words: names such as `dd_api_key` that tell what an unmarked value is.

use std::ops::Range;

use aho_corasick::AhoCorasick;

use crate::detect::randomness;
use crate::detect::runs::Tally;
use crate::rules::Rule;
use crate::rules::written::FARTHEST_WORD;

/// Every context word of a catalogue.
pub struct Words {
    automaton: Option<AhoCorasick>,
    /// For each pattern of the automaton, the rules that it speaks for.
    rules: Vec<Vec<usize>>,
    /// The farthest that any word may stand from its value, in bytes.
    farthest: usize,
}

/// A word that was found.
#[derive(Clone, Debug)]
pub struct Word {
    /// Where it stands.
    pub range: Range<usize>,
    /// Index of the rule in the catalogue.
    pub rule: usize,
}

impl Words {
    /// Collects the context words of `rules`.
    pub fn new(rules: &[Rule]) -> Self {
        let mut words: Vec<(String, Vec<usize>)> = Vec::new();
        let mut farthest = 0;
        for (n, rule) in rules.iter().enumerate() {
            let Some(context) = &rule.context else { continue };
            farthest = farthest.max(usize::from(context.within));
            for word in context.words.iter().map(|w| w.replace('_', "")) {
                match words.iter_mut().find(|(known, _)| *known == word) {
                    Some((_, rules)) => rules.push(n),
                    None => words.push((word, vec![n])),
                }
            }
        }
        let (patterns, rules): (Vec<_>, Vec<_>) = words.into_iter().unzip();
        let automaton = (!patterns.is_empty())
            .then(|| AhoCorasick::new(&patterns).expect("short words fit an automaton"));
        Self { automaton, rules, farthest }
    }

    /// Calls `visit` with every word that stands close enough before the end of `piece`, or in it.
    pub fn each_near(&self, text: &[u8], piece: &Range<usize>, mut visit: impl FnMut(Word)) {
        let Some(automaton) = &self.automaton else { return };
        let end = piece.end.min(piece.start + self.farthest);
        let mut folded = Folded { text: [0; ROOM], from: [0; ROOM], length: 0 };
        folded.fill(text, piece.start.saturating_sub(self.farthest + LONGEST)..end);
        for found in automaton.find_overlapping_iter(&folded.text[..folded.length]) {
            let range = folded.from[found.start()]..folded.from[found.end() - 1] + 1;
            for &rule in &self.rules[found.pattern().as_usize()] {
                visit(Word { range: range.clone(), rule });
            }
        }
    }
}

/// The most that a word takes in a text, separators included.
const LONGEST: usize = 64;

/// The most text that is folded at a time: a word at its farthest place, and as much of the value.
const ROOM: usize = 2 * FARTHEST_WORD as usize + LONGEST;

/// Text in lower case without separators, and where each of its bytes came from.
struct Folded {
    text: [u8; ROOM],
    from: [usize; ROOM],
    length: usize,
}

impl Folded {
    fn fill(&mut self, text: &[u8], range: Range<usize>) {
        let letters = text[range.clone()].iter().zip(range);
        for (byte, at) in letters.filter(|(b, _)| !matches!(b, b'_' | b'-' | b'.' | b' ')) {
            self.text[self.length] = byte.to_ascii_lowercase();
            self.from[self.length] = at;
            self.length += 1;
        }
    }
}

/// Fewest bytes of a value without a mark.
pub const SHORTEST_VALUE: usize = 20;

/// Up to this surprise a piece is made of words, whatever stands beside it. Not one in a thousand random
/// texts of 20 characters lies below.
const WORDY: f32 = 0.2;

/// Whether `piece` may be a value that only a word beside it identifies: with fewer joints than a name
/// has, with digits or letters as no word has them, and not made of words.
pub fn may_be_unmarked(piece: &[u8], tally: &Tally) -> bool {
    let Tally { length, digits, upper, lower, .. } = *tally;
    let joints = tally.joints();
    let one_case = upper == 0 || lower == 0;
    let mixed = upper * 6 >= length && lower * 6 >= length;
    joints * 4 <= length
        && (digits >= 2 || mixed || (one_case && (digits == 1 || joints == 0)))
        && randomness::surprise(piece) > WORDY
}
