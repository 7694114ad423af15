//! Context words: names such as `dd_api_key` that tell what an unmarked value is.

use std::ops::Range;

use aho_corasick::AhoCorasick;

use crate::rules::Rule;

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

    /// Calls `visit` with every word that stands close enough before the end of `run`, or in it.
    pub fn each_near(&self, text: &[u8], run: &Range<usize>, mut visit: impl FnMut(Word)) {
        let Some(automaton) = &self.automaton else { return };
        let end = run.end.min(run.start + self.farthest);
        let folded = Folded::new(text, run.start.saturating_sub(self.farthest)..end);
        for found in automaton.find_overlapping_iter(&folded.text) {
            let range = folded.range(found.start()..found.end());
            for &rule in &self.rules[found.pattern().as_usize()] {
                visit(Word { range: range.clone(), rule });
            }
        }
    }
}

/// Text in lower case without separators, and where each of its bytes came from.
struct Folded {
    text: Vec<u8>,
    from: Vec<usize>,
}

impl Folded {
    fn new(text: &[u8], range: Range<usize>) -> Self {
        let (mut folded, mut from) = (Vec::new(), Vec::new());
        let letters = text[range.clone()].iter().zip(range);
        for (byte, at) in letters.filter(|(b, _)| !matches!(b, b'_' | b'-' | b'.' | b' ')) {
            folded.push(byte.to_ascii_lowercase());
            from.push(at);
        }
        Self { text: folded, from }
    }

    fn range(&self, folded: Range<usize>) -> Range<usize> {
        self.from[folded.start]..self.from[folded.end - 1] + 1
    }
}

/// Whether `run` may hold a value that only a word beside it identifies: random enough, cheaply told.
pub fn may_hold_unmarked(run: &[u8]) -> bool {
    let (mut length, mut digits, mut upper, mut lower) = (0_usize, 0_usize, 0_usize, 0_usize);
    for &byte in run {
        match byte {
            b'0'..=b'9' => digits += 1,
            b'A'..=b'Z' => upper += 1,
            b'a'..=b'z' => lower += 1,
            b'-' | b'_' | b'+' | b'/' | b'.' | b'~' => {}
            _ => {
                if is_mixed(length, digits, upper, lower) {
                    return true;
                }
                (length, digits, upper, lower) = (0, 0, 0, 0);
                continue;
            }
        }
        length += 1;
    }
    is_mixed(length, digits, upper, lower)
}

const fn is_mixed(length: usize, digits: usize, upper: usize, lower: usize) -> bool {
    length >= super::runs::SHORTEST && (digits >= 2 || (upper * 4 >= length && lower * 4 >= length))
}
