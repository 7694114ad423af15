//! The detector: a chunk of bytes in, every credential in it out.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::detect::Clues;
use crate::detect::anchors::{Anchor, Anchors, may_be_armoured};
use crate::detect::decode::{self, Decoded};
use crate::detect::fingerprint::Fingerprinter;
use crate::detect::judge::{Judgement, begins_fresh, judge};
use crate::detect::matcher::{Candidate, Matcher};
use crate::detect::randomness;
use crate::detect::rows::Rows;
use crate::detect::runs::{Run, Signs, Tally, each_run, holds_long_word};
use crate::detect::settle::settle;
use crate::detect::traces::Traces;
use crate::detect::words::{Folded, Words, asked_surprise, shortest_value};
use crate::model::{Claim, Confidence, Layer, Reason, ReasonKind, Secret, SecretId};
use crate::rules::checks::{self, AROUND, Check};
use crate::rules::{Catalogue, Rule};

/// How text is to be unwrapped.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How many wrappings are undone, one inside the other; 0 leaves all as they are.
    pub depth: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { depth: 3 }
    }
}

/// Finds the credentials of a catalogue. Shared between threads; compiles what it needs at first use.
pub struct Detector<'c> {
    catalogue: &'c Catalogue,
    options: Options,
    matchers: Vec<Matcher>,
    checks: Vec<Option<&'static Check>>,
    anchors: Anchors,
    words: OnceLock<Words>,
    /// Fewest bytes of a value that only a word beside it identifies.
    shortest_value: usize,
    /// What such values are made of.
    rows: Rows,
    /// Values to look for as well.
    traces: Option<Traces<'c>>,
    /// Whether it looks for those alone.
    only_traces: bool,
    /// What says something of known credentials.
    clues: Option<Clues>,
}

/// A credential that was seen somewhere. A copy of it shares all but the place.
#[derive(Clone, Debug)]
pub struct Sighted<'c> {
    /// Where in the text: the credential, or the stretch of the wrapping that holds it.
    pub range: Range<usize>,
    /// What was seen.
    pub of: Arc<Seen<'c>>,
}

/// What was seen of a credential.
#[derive(Debug)]
pub struct Seen<'c> {
    /// Its rule.
    pub rule: &'c Rule,
    /// What was undone to see it, outermost first.
    pub layers: Vec<Layer>,
    /// How sure.
    pub confidence: Confidence,
    /// Why, strongest first.
    pub reasons: Vec<Reason>,
    /// Whose.
    pub claims: Vec<Claim>,
    /// The credential, unwrapped.
    pub secret: Secret,
    /// How much the literal or word that led to it says.
    pub(super) mark: usize,
    /// How many bytes of the match stand before the credential, or behind it, whichever are more.
    pub(super) beside: usize,
    /// Its id, once it was asked for; a run has one maker of ids.
    id: OnceLock<SecretId>,
}

impl<'c> Seen<'c> {
    /// A credential that its surroundings alone tell, as one of `rule`: why, and what was undone to see it.
    pub fn told(
        rule: &'c Rule,
        secret: Secret,
        confidence: Confidence,
        (reasons, layers): (Vec<Reason>, Vec<Layer>),
    ) -> Self {
        Self {
            rule,
            layers,
            confidence,
            reasons,
            claims: Vec::new(),
            secret,
            mark: 0,
            beside: 0,
            id: OnceLock::new(),
        }
    }

    /// The id of the credential.
    pub fn secret_id(&self, ids: &Fingerprinter) -> SecretId {
        let make = || ids.secret(self.secret.expose(), self.rule, &self.claims);
        *self.id.get_or_init(make)
    }
}

/// What was seen in a text.
#[derive(Debug, Default)]
pub struct Sightings<'c> {
    /// The credentials, in the order of their places; no two overlap.
    pub all: Vec<Sighted<'c>>,
    /// Wrapped text was left unread: there was too much of it, or it ended before its end.
    pub cut_short: bool,
}

/// What was seen in a text before it is settled what stands for what.
#[derive(Clone, Debug, Default)]
pub struct Raw<'c> {
    /// Every sighting, those that others outdo included, in the order of their places.
    pub all: Vec<Sighted<'c>>,
    /// Where something from farther away could yet make, or change, a credential.
    pub spots: Vec<Spot>,
    /// Wrapped text was left unread.
    pub cut_short: bool,
    /// How long the text is, in bytes.
    pub length: usize,
    /// How many bytes of it were looked at.
    pub looked: usize,
    /// How far before the place of a sighting or spot what decides on it may begin, and how far behind it
    /// may end, at most.
    pub(super) widest: usize,
    /// The text holds a zero byte, and so perhaps text in two bytes a character.
    pub holds_zero: bool,
}

/// A place from which it must be looked far to tell whether a credential is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// What was seen there.
    pub range: Range<usize>,
    /// How far to look, in bytes to both sides.
    pub reach: usize,
}

/// Text on its way down: what it is worth in the source, and what may still be unwrapped.
struct Course<'f, 'c> {
    layers: Vec<Layer>,
    /// How many more wrappings may be undone.
    depth: usize,
    /// Which signs begin escapes that are still to be undone.
    open: Signs,
    found: &'f mut Vec<Sighted<'c>>,
    spots: &'f mut Vec<Spot>,
    /// How many more bytes may be unwrapped.
    left: &'f mut usize,
    /// Whether wrapped text was left unread.
    cut_short: &'f mut bool,
    /// Room to look for words in.
    folded: Folded,
}

/// After so many literals of a rule that led to nothing, those are passed over behind which the next one
/// stands too near for a credential between them: else a text made of literals would take for ever.
const FAILURES: usize = 64;

/// At least so many bytes may be unwrapped from a chunk, …
const LEAST_BUDGET: usize = 64 << 20;
/// … and this many times its own size.
const BUDGET_FACTOR: usize = 8;

impl<'c> Detector<'c> {
    /// A detector for the rules of `catalogue`.
    pub fn new(catalogue: &'c Catalogue, options: Options) -> Self {
        let rules = catalogue.rules();
        let check = |rule: &Rule| rule.check.as_deref().and_then(checks::find);
        Self {
            catalogue,
            options,
            matchers: rules.iter().map(Matcher::new).collect(),
            checks: rules.iter().map(check).collect(),
            anchors: Anchors::new(rules),
            words: OnceLock::new(),
            shortest_value: shortest_value(rules),
            rows: Rows::new(rules),
            traces: None,
            only_traces: false,
            clues: None,
        }
    }

    /// Looks by its rules from now on, and for known values as well.
    pub fn trace(&mut self, traces: Option<Traces<'c>>) {
        self.traces = traces;
        self.only_traces = false;
    }

    /// Looks for known values alone from now on.
    pub fn trace_only(&mut self, traces: Option<Traces<'c>>) {
        self.traces = traces;
        self.only_traces = true;
    }

    /// Has `clues` looked for from now on; gives back those that were looked for until now.
    pub fn follow(&mut self, clues: Option<Clues>) -> Option<Clues> {
        std::mem::replace(&mut self.clues, clues)
    }

    /// What says something of known credentials.
    pub const fn clues(&self) -> Option<&Clues> {
        self.clues.as_ref()
    }

    /// Whether it looks for known values alone.
    pub const fn only_traces(&self) -> bool {
        self.only_traces
    }

    /// Every credential in `text`. Any bytes are allowed.
    pub fn detect(&self, text: &[u8]) -> Sightings<'c> {
        let Raw { all, cut_short, .. } = self.look(text);
        Sightings { all: settle(all), cut_short }
    }

    /// Everything in `text` that could be a credential, unsettled.
    pub fn look(&self, text: &[u8]) -> Raw<'c> {
        let (mut found, mut spots, mut cut_short) = (Vec::new(), Vec::new(), false);
        let mut left = LEAST_BUDGET.max(text.len().saturating_mul(BUDGET_FACTOR));
        let depth = self.options.depth;
        let mut course = Course {
            layers: Vec::new(),
            depth,
            open: Signs::ALL,
            found: &mut found,
            spots: &mut spots,
            left: &mut left,
            cut_short: &mut cut_short,
            folded: Folded::default(),
        };
        self.inspect(text, &mut course);
        let holds_zero = memchr::memchr(0, text).is_some();
        let length = text.len();
        Raw { all: found, spots, cut_short, length, looked: length, widest: 0, holds_zero }
            .ordered(self)
    }

    /// How far from a credential of `rule` other text may lie and still decide on it, in bytes.
    pub(super) fn reach(&self, rule: &Rule) -> usize {
        let named = rule.context.as_ref().map_or(0, |context| usize::from(context.within) + NAMES);
        let paired = rule.pairs.iter().map(|pair| usize::from(pair.within)).max().unwrap_or(0);
        let check = rule.check.as_deref().and_then(checks::find);
        let around = if check.is_some_and(|check| check.around) { AROUND } else { 0 };
        named.max(paired).max(around).max(BORDER)
    }

    fn inspect(&self, text: &[u8], course: &mut Course<'_, 'c>) {
        if let Some(traces) = &self.traces {
            traces.look(text, &course.layers, course.found);
        }
        if self.only_traces {
            return self.unpack_traces(text, course);
        }
        let mut anchors = Vec::new();
        self.anchors.outside(text, &mut anchors);
        let unwraps = course.depth > 0;
        let mut done = [0; decode::ALL.len()];
        let mut armoured = false;
        each_run(text, |run| {
            let mixed = run.tally.is_mixed();
            let likely = mixed && run.is_likely(text);
            if likely {
                armoured = armoured || may_be_armoured(&run, text);
                self.anchors.within(text, &run, &mut anchors);
                self.unmarked(text, &run, course);
            } else if mixed {
                self.anchors.at_start(text, &run, &mut anchors);
            }
            if unwraps && (likely || run.tally.separators > 0) {
                self.unwrap(text, &run, &mut done, course);
            }
        });
        if armoured {
            self.anchors.armour(text, &mut anchors);
        }
        anchors.sort_unstable();
        anchors.dedup();
        self.marked(text, &anchors, course);
        if unwraps && memchr::memchr(0, text).is_some() {
            decode::each_utf16(text, |decoded| self.descend(&decoded, course));
        }
    }

    /// Looks for known values in what is compressed in `text`, of which they have no form.
    fn unpack_traces(&self, text: &[u8], course: &mut Course<'_, 'c>) {
        if course.depth == 0 || memchr::memmem::find(text, b"H4sI").is_none() {
            return;
        }
        let mut done = [0; decode::ALL.len()];
        each_run(text, |run| {
            if run.tally.is_mixed() && run.is_likely(text) {
                self.unwrap(text, &run, &mut done, course);
            }
        });
    }

    /// Matches the rules of literals that were found; `anchors` are sorted, those of a rule together.
    fn marked(&self, text: &[u8], anchors: &[Anchor], course: &mut Course<'_, 'c>) {
        let rules = self.catalogue.rules();
        for anchors in anchors.chunk_by(|a, b| a.rule == b.rule) {
            let rule = &rules[anchors[0].rule];
            let matcher = &self.matchers[anchors[0].rule];
            let proves = self.checks[anchors[0].rule].is_some_and(|check| check.bits > 0);
            let (mut reached, mut failed) = (0, 0);
            for (n, &anchor) in anchors.iter().enumerate() {
                let next = anchors.get(n + 1).map_or(usize::MAX, |next| next.at);
                let crowded = failed >= FAILURES && next - anchor.at < rule.shape.min as usize;
                let stale = rule.shape.anchored && !proves && !begins_fresh(text, anchor.at);
                if anchor.at < reached || crowded || stale {
                    continue;
                }
                if rule.shape.max > NEAR && rule.shape.row < rule.shape.min {
                    let reach = rule.shape.max as usize + self.reach(rule);
                    course.spot(anchor.at..anchor.at + anchor.length, reach);
                }
                let found = matcher.at_anchor(rule, text, anchor);
                match found.filter(|candidate| self.try_candidate(text, candidate, course)) {
                    Some(candidate) => reached = candidate.whole.end,
                    None => failed += 1,
                }
            }
        }
    }

    /// Matches the rules of words that stand near a value without a mark.
    fn unmarked(&self, text: &[u8], run: &Run<'_>, course: &mut Course<'_, 'c>) {
        if run.tally.length < self.shortest_value {
            return;
        }
        if run.tally.separators == 0 {
            if let Some(asked) = asked_surprise(&run.tally, || run.holds_long_word(text)) {
                self.named(text, &run.range, asked, course);
            }
            return;
        }
        for piece in pieces(text, &run.range, self.shortest_value) {
            let value = &text[piece.clone()];
            if let Some(asked) = asked_surprise(&Tally::of(value), || holds_long_word(value)) {
                self.named(text, &piece, asked, course);
            }
        }
    }

    /// Matches the rules of the words near `piece`, if that is as random as asked.
    fn named(&self, text: &[u8], piece: &Range<usize>, asked: f32, course: &mut Course<'_, 'c>) {
        let value = &text[piece.clone()];
        if !self.rows.any_in(value) || randomness::surprise(value) <= asked {
            return;
        }
        let rules = self.catalogue.rules();
        let words = self.words.get_or_init(|| Words::new(rules));
        let mut reached = Vec::new();
        let mut folded = std::mem::take(&mut course.folded);
        words.each_near(text, piece, &mut folded, |word| {
            let matcher = &self.matchers[word.rule];
            let found = matcher.near_word(&rules[word.rule], text, &word, piece);
            let Some(candidate) = found else { return };
            let key = (candidate.rule, candidate.value.clone());
            if !reached.contains(&key) {
                reached.push(key);
                self.try_candidate(text, &candidate, course);
            }
        });
        course.folded = folded;
    }

    fn try_candidate(
        &self,
        text: &[u8],
        candidate: &Candidate,
        course: &mut Course<'_, 'c>,
    ) -> bool {
        let rule = &self.catalogue.rules()[candidate.rule];
        let check = self.checks[candidate.rule];
        let Some(judged) = judge(rule, check, text, candidate) else {
            if check.is_some_and(|check| check.around) {
                course.spot(candidate.whole.clone(), AROUND);
            }
            return false;
        };
        let Judgement { confidence, mut reasons, mut claims } = judged;
        let named = candidate.claims.iter().map(|(field, range)| {
            Claim::new(*field, String::from_utf8_lossy(&text[range.clone()]))
        });
        claims.extend(named);
        claims.extend(self.matchers[candidate.rule].pairs(rule, text, &candidate.whole));
        claims.sort();
        claims.dedup();
        if !course.layers.is_empty() {
            let names: Vec<_> = course.layers.iter().map(|layer| layer.name()).collect();
            let text = format!("wrapped in {}", names.join(", then "));
            reasons.push(Reason::new(ReasonKind::Wrapping, text));
            reasons.sort_by_key(|reason| reason.kind);
        }
        let of = Arc::new(Seen {
            rule,
            layers: course.layers.clone(),
            confidence,
            reasons,
            claims,
            secret: Secret::new(text[candidate.value.clone()].to_vec()),
            mark: candidate.mark,
            beside: candidate.beside(),
            id: OnceLock::new(),
        });
        course.found.push(Sighted { range: candidate.value.clone(), of });
        true
    }

    /// Undoes the wrappings that `run` may be in, each stretch once.
    fn unwrap(
        &self,
        text: &[u8],
        run: &Run<'_>,
        done: &mut [usize; decode::ALL.len()],
        course: &mut Course<'_, 'c>,
    ) {
        let tally = Tally { signs: run.tally.signs.and(course.open), ..run.tally };
        for (decoder, done) in decode::ALL.iter().zip(done) {
            let mut fresh = run.range.start.max(*done)..run.range.end;
            while !fresh.is_empty() && (decoder.may)(&tally) {
                for decoded in (decoder.decode)(text, &fresh) {
                    *done = (*done).max(decoded.end);
                    self.descend(&decoded, course);
                }
                if *done <= fresh.start {
                    break;
                }
                fresh.start = *done;
            }
        }
    }

    /// Inspects unwrapped text and brings what is found back to the source's offsets. What is too much for
    /// the budget is left alone.
    fn descend(&self, decoded: &Decoded, course: &mut Course<'_, 'c>) {
        *course.cut_short |= decoded.cut;
        let Some(left) = course.left.checked_sub(decoded.text.len()) else {
            *course.cut_short = true;
            return;
        };
        *course.left = left;
        let (mut found, mut spots) = (Vec::new(), Vec::new());
        let mut layers = course.layers.clone();
        layers.extend(&decoded.layers);
        let depth = course.depth - 1;
        let mut inner = Course {
            layers,
            depth,
            open: decoded.open,
            found: &mut found,
            spots: &mut spots,
            left: course.left,
            cut_short: course.cut_short,
            folded: Folded::default(),
        };
        self.inspect(&decoded.text, &mut inner);
        for mut sighted in found {
            sighted.range = decoded.map.back(&sighted.range);
            course.found.push(sighted);
        }
        for Spot { range, reach } in spots {
            course.spot(decoded.map.back(&range), reach.saturating_mul(WRITTEN_OUT));
        }
    }
}

impl Course<'_, '_> {
    fn spot(&mut self, range: Range<usize>, reach: usize) {
        self.spots.push(Spot { range, reach });
    }
}

/// From this length on a credential that is more than one run of token bytes is not seen from its end to
/// its start.
const NEAR: u32 = 256;

/// How much farther than its reach the words of a context rule may begin: the length of a long one.
const NAMES: usize = 64;

/// How far every credential's borders are looked at: escapes and colours.
pub(super) const BORDER: usize = 16;

/// How many bytes one byte takes when it is written out: `\u0041`.
pub(super) const WRITTEN_OUT: usize = 6;

/// The parts of a run that are long enough, between the signs that separate names from values.
fn pieces(text: &[u8], run: &Range<usize>, shortest: usize) -> impl Iterator<Item = Range<usize>> {
    let separates = |b: &u8| matches!(b, b'=' | b'&' | b';' | b'#' | b'%' | b'\\');
    let mut at = run.start;
    text[run.clone()].split(separates).filter_map(move |piece| {
        let range = at..at + piece.len();
        at = range.end + 1;
        (piece.len() >= shortest).then_some(range)
    })
}
