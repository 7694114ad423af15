//! The matcher: a rule's format, compiled the first time that it is needed, tried near an anchor only.

use std::ops::Range;
use std::sync::OnceLock;

use regex_automata::meta::{self, Regex};
use regex_automata::util::captures::Captures;
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input};

use crate::detect::anchors::Anchor;
use crate::detect::decode::escaped_at;
use crate::detect::judge::{begins_fresh, behind_colour};
use crate::detect::words::Word;
use crate::model::{Claim, Field};
use crate::rules::Rule;
use crate::rules::rule::Pair;

/// A word counts more than any literal: it says whose an ambiguous value is.
const NAMED: usize = 256;

/// How far before a word a format that names it may begin, in bytes.
const NAME: usize = 16;

/// A rule and the formats that it needs, uncompiled until asked for.
pub struct Matcher {
    format: OnceLock<Option<Regex>>,
    pairs: Vec<OnceLock<Option<Regex>>>,
}

/// A stretch of text that has a rule's format. Borrowed from the text by offsets; not judged yet.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Index of the rule in the catalogue.
    pub rule: usize,
    /// The whole match.
    pub whole: Range<usize>,
    /// The credential in it.
    pub value: Range<usize>,
    /// What the format itself tells of the owner.
    pub claims: Vec<(Field, Range<usize>)>,
    /// How much the literal or word that led to it says.
    pub mark: usize,
}

impl Candidate {
    /// How many bytes of the match stand before the credential, or behind it, whichever are more.
    pub const fn beside(&self) -> usize {
        let (before, behind) =
            (self.value.start - self.whole.start, self.whole.end - self.value.end);
        if before > behind { before } else { behind }
    }
}

impl Matcher {
    /// A matcher for `rule`.
    pub fn new(rule: &Rule) -> Self {
        let pairs = rule.pairs.iter().map(|_| OnceLock::new()).collect();
        Self { format: OnceLock::new(), pairs }
    }

    /// The match of `rule` that holds the literal at `anchor`.
    pub fn at_anchor(&self, rule: &Rule, text: &[u8], anchor: Anchor) -> Option<Candidate> {
        let regex = self.format.get_or_init(|| compile(&rule.format)).as_ref()?;
        let max = rule.shape.max as usize;
        let end = (anchor.at + max).min(text.len());
        if rule.shape.anchored {
            let input = Input::new(text).range(anchor.at..end).anchored(Anchored::Yes);
            return candidate(regex, anchor.rule, anchor.length, &input);
        }
        let mut start = (anchor.at + anchor.length).saturating_sub(max);
        loop {
            let input = Input::new(text).range(start..end);
            let found = candidate(regex, anchor.rule, anchor.length, &input)?;
            if found.whole.start > anchor.at {
                return None;
            }
            start = match behind_colour(text, found.whole.start) {
                Some(behind) => behind,
                None if found.whole.end > anchor.at => return Some(found),
                None => found.whole.end.max(start + 1),
            };
        }
    }

    /// The first match of `rule` behind `word` and near enough to it, that touches `run`.
    pub fn near_word(
        &self,
        rule: &Rule,
        text: &[u8],
        word: &Word,
        run: &Range<usize>,
    ) -> Option<Candidate> {
        let regex = self.format.get_or_init(|| compile(&rule.format)).as_ref()?;
        let context = rule.context.as_ref()?;
        let latest = word.range.end + usize::from(context.within);
        let max = rule.shape.max as usize;
        let end = (latest + max).min(run.end + max).min(text.len());
        let mut start = word.range.start.saturating_sub(NAME);
        while start < end {
            let input = Input::new(text).range(start..end);
            let found = candidate(regex, word.rule, NAMED + word.range.len(), &input)?;
            let gap = text.get(word.range.end..found.value.start);
            let lines = gap.map_or(0, |gap| memchr::memchr_iter(b'\n', gap).count());
            let most = usize::from(context.lines);
            let far = lines > most && !(lines <= FILLED && gap.is_some_and(fills));
            if found.value.start > latest || far || gap.is_some_and(names_another) {
                return None;
            }
            if found.value.start >= word.range.end && found.value.end > run.start {
                let stands_alone =
                    begins_fresh(text, found.whole.start) && !continues(rule, text, &found.whole);
                if stands_alone {
                    return Some(found);
                }
            }
            start = found.whole.start + 1;
        }
        None
    }

    /// What stands beside a credential and belongs to it: the nearest match of each of its pairs.
    pub fn pairs(&self, rule: &Rule, text: &[u8], whole: &Range<usize>) -> Vec<Claim> {
        let nearest = |(pair, lock): (&Pair, &OnceLock<Option<Regex>>)| {
            let regex = lock.get_or_init(|| compile(&pair.format)).as_ref()?;
            let within = usize::from(pair.within);
            let around = whole.start.saturating_sub(within)..(whole.end + within).min(text.len());
            let mut captures = regex.create_captures();
            let mut best: Option<(usize, Range<usize>)> = None;
            let mut input = Input::new(text).range(around);
            loop {
                regex.search_captures(&input, &mut captures);
                let Some(found) = captures.get_match() else { break };
                let value = captures.get_group_by_name("value").unwrap_or(found.span());
                let away = whole.start.abs_diff(value.start);
                if best.as_ref().is_none_or(|(least, _)| away < *least) {
                    best = Some((away, value.range()));
                }
                input.set_start(found.end().max(input.start() + 1));
                if input.is_done() {
                    break;
                }
            }
            let value = String::from_utf8_lossy(&text[best?.1]).into_owned();
            Some(Claim::new(pair.field, value))
        };
        rule.pairs.iter().zip(&self.pairs).filter_map(nearest).collect()
    }
}

/// Over so many line ends a name may reach its value where nothing but [`FILLERS`] stands between them.
const FILLED: usize = 3;

/// Words that stand between a name and its value where these are entries of their own: Kubernetes'
/// `name:` and `value:`, a Terraform variable's `default`, YAML's folded text.
const FILLERS: [&[u8]; 7] =
    [b"value", b"default", b"secretValue", b"type", b"string", b"sensitive", b"true"];

/// Whether nothing but punctuation and fillers stands between a name and its value.
fn fills(gap: &[u8]) -> bool {
    words(gap).all(|word| FILLERS.iter().any(|filler| filler.eq_ignore_ascii_case(word)))
}

/// Words that say of a value that it is not the credential itself.
const OTHERS: [&[u8]; 20] = [
    b"id",
    b"ids",
    b"uuid",
    b"hash",
    b"sha",
    b"sha1",
    b"sha256",
    b"sha512",
    b"md5",
    b"digest",
    b"checksum",
    b"fingerprint",
    b"etag",
    b"url",
    b"uri",
    b"name",
    b"commit",
    b"version",
    b"revision",
    b"path",
];

/// Whether the name goes on behind the word that was found, or a nearer name follows, and says that the
/// value is something else: an id, a hash, an address.
fn names_another(gap: &[u8]) -> bool {
    let glued = gap.iter().position(|b| !is_of_name(*b)).unwrap_or(gap.len());
    let other = |word: &[u8]| OTHERS.iter().any(|other| other.eq_ignore_ascii_case(word));
    words(&gap[..glued]).any(other) || words(gap).last().is_some_and(other)
}

const fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

fn words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|b| !b.is_ascii_alphanumeric()).filter(|word| !word.is_empty())
}

/// Whether a match could go on: the next byte, perhaps escaped, is one that a match can end with, or a
/// letter or digit.
pub fn continues(rule: &Rule, text: &[u8], whole: &Range<usize>) -> bool {
    let goes_on = |b: u8| b.is_ascii_alphanumeric() || rule.shape.continues_with(b);
    text.get(whole.end).is_some_and(|&b| goes_on(b))
        || escaped_at(text, whole.end).is_some_and(goes_on)
}

/// The most memory that one compiled format may take, in bytes.
const LARGEST: usize = 32 << 20;

fn compile(format: &str) -> Option<Regex> {
    let bytes = syntax::Config::new().utf8(false).unicode(false);
    meta::Builder::new()
        .syntax(bytes)
        .configure(meta::Config::new().utf8_empty(false).nfa_size_limit(Some(LARGEST)))
        .build(format)
        .ok()
}

fn candidate(regex: &Regex, rule: usize, mark: usize, input: &Input<'_>) -> Option<Candidate> {
    if regex.captures_len() == 1 {
        let whole = regex.search(input)?.range();
        return Some(Candidate { rule, value: whole.clone(), whole, claims: Vec::new(), mark });
    }
    let mut captures = regex.create_captures();
    regex.search_captures(input, &mut captures);
    let whole = captures.get_match()?.range();
    let value = group(&captures, "secret").unwrap_or_else(|| whole.clone());
    let named = |field: &Field| Some((*field, group(&captures, field.name())?));
    let claims = Field::ALL.iter().filter_map(named).collect();
    Some(Candidate { rule, whole, value, claims, mark })
}

fn group(captures: &Captures, name: &str) -> Option<Range<usize>> {
    captures.get_group_by_name(name).map(|span| span.range())
}

#[cfg(test)]
mod tests {
    use super::compile;
    use crate::rules::Catalogue;

    #[test]
    fn every_format_compiles() {
        for rule in Catalogue::embedded().rules() {
            assert!(compile(&rule.format).is_some(), "{}", rule.id);
            let pairs = rule.pairs.iter().all(|pair| compile(&pair.format).is_some());
            assert!(pairs, "{}: pairs", rule.id);
        }
    }
}
