//! The judge: is this match a credential, how sure, and why? The cheapest question first.

use crate::detect::matcher::{Candidate, continues};
use crate::detect::{placeholder, randomness};
use crate::model::{Claim, Confidence, Reason, ReasonKind};
use crate::rules::Rule;
use crate::rules::checks::{AROUND, Check, Sighting, State, Verdict};

/// What the judge says of a match that it believes, or doubts and shows on request.
pub struct Judgement {
    /// How sure.
    pub confidence: Confidence,
    /// Why, strongest first.
    pub reasons: Vec<Reason>,
    /// What the credential itself tells of its owner.
    pub claims: Vec<Claim>,
}

/// Judges a match; none if it is not of the rule's type at all.
pub fn judge(
    rule: &Rule,
    check: Option<&Check>,
    text: &[u8],
    candidate: &Candidate,
) -> Option<Judgement> {
    let whole = &candidate.whole;
    let alone = begins_fresh(text, whole.start) && !continues(rule, text, whole);
    if !alone && check.is_none_or(|check| check.bits == 0) {
        return None;
    }
    let value = &text[candidate.value.clone()];
    let around = whole.start.saturating_sub(AROUND)..(whole.end + AROUND).min(text.len());
    let sighting = Sighting { whole: &text[whole.clone()], value, around: &text[around] };
    let verdict = check.map(|check| (check.judge)(&sighting));
    let state = verdict.as_ref().map_or(State::Silent, |verdict| verdict.state);
    if state == State::Foreign || (!alone && state != State::Proven) {
        return None;
    }
    let mut reasons = Vec::new();
    let mut confidence = weigh(state, rule, &mut reasons, verdict.as_ref());
    let body = body(rule, value);
    if state != State::Proven {
        for doubt in doubts(rule, state, value, body) {
            confidence = Confidence::Low;
            reasons.push(doubt);
        }
    }
    if confidence > Confidence::Low && state != State::Proven {
        reasons.push(random(body));
    }
    reasons.push(fit(rule));
    reasons.sort_by_key(|reason| reason.kind);
    let claims = verdict.map(|verdict| verdict.claims).unwrap_or_default();
    Some(Judgement { confidence, reasons, claims })
}

fn weigh(
    state: State,
    rule: &Rule,
    reasons: &mut Vec<Reason>,
    verdict: Option<&Verdict>,
) -> Confidence {
    let Some(verdict) = verdict else { return rule.confidence };
    let (confidence, kind) = match state {
        State::Proven => (Confidence::Certain, ReasonKind::Proof),
        State::Parsed => (rule.confidence.max(Confidence::High), ReasonKind::Structure),
        State::Silent | State::Foreign => (rule.confidence, ReasonKind::Structure),
        State::Broken => (Confidence::Low, ReasonKind::Broken),
    };
    if !verdict.note.is_empty() {
        reasons.push(Reason::new(kind, verdict.note.clone()));
    }
    confidence
}

/// Below this surprise a body reads like words.
const WORDY: f32 = -0.5;

/// What speaks against a value that no arithmetic proves.
fn doubts(rule: &Rule, state: State, value: &[u8], body: &[u8]) -> Vec<Reason> {
    let mut doubts = Vec::new();
    if let Some(why) = placeholder::reason(body) {
        doubts.push(Reason::new(ReasonKind::Placeholder, format!("looks made up: {why}")));
    }
    let entropy = randomness::entropy(value);
    if entropy < rule.entropy {
        let text = format!("not random enough: {entropy:.1} bits a character");
        doubts.push(Reason::new(ReasonKind::Randomness, text));
    } else if rule.entropy > 0.0 && state == State::Silent && randomness::surprise(body) < WORDY {
        doubts.push(Reason::new(ReasonKind::Randomness, "reads like words, not like chance"));
    }
    doubts
}

fn random(body: &[u8]) -> Reason {
    let bits = randomness::entropy(body);
    Reason::new(ReasonKind::Randomness, format!("random body, {bits:.1} bits a character"))
}

fn fit(rule: &Rule) -> Reason {
    match &rule.context {
        Some(_) => Reason::new(ReasonKind::Context, "the name beside it says what it is"),
        None => Reason::new(ReasonKind::Format, "prefix, alphabet and length fit"),
    }
}

/// The part of a value behind its public mark.
fn body<'v>(rule: &Rule, value: &'v [u8]) -> &'v [u8] {
    let marks = rule.literals.iter().filter(|mark| value.starts_with(mark.as_bytes()));
    let mark = marks.map(|mark| mark.len()).max().unwrap_or(0);
    if mark < value.len() { &value[mark..] } else { value }
}

/// Whether a token can begin at `start`: no letter or digit stands before it, unless that letter ends an
/// escape sequence.
pub fn begins_fresh(text: &[u8], start: usize) -> bool {
    let before = &text[start.saturating_sub(16)..start];
    let Some(last) = before.last() else { return true };
    (!last.is_ascii_alphanumeric() && !in_colour(before)) || ends_escape(before)
}

/// Where the text goes on, if `at` lies within a terminal's colour sequence.
pub fn behind_colour(text: &[u8], at: usize) -> Option<usize> {
    let rest = &text[at..];
    let length = rest.iter().take_while(|b| b.is_ascii_digit() || **b == b';').count();
    let within = rest.get(length) == Some(&b'm') && in_colour(&text[at.saturating_sub(16)..at]);
    within.then_some(at + length + 1)
}

/// How a terminal's colour sequence begins, raw or escaped.
const COLOUR: [&[u8]; 5] = [b"\x1b[", b"\\x1b[", b"\\033[", b"\\e[", b"\\u001b["];

/// Whether a colour sequence has begun and not ended.
fn in_colour(before: &[u8]) -> bool {
    let digits = before.iter().rev().take_while(|b| b.is_ascii_digit() || **b == b';').count();
    COLOUR.iter().any(|begin| before[..before.len() - digits].ends_with(begin))
}

fn ends_escape(before: &[u8]) -> bool {
    let hex = |digits: &[u8]| digits.iter().all(u8::is_ascii_hexdigit);
    let last = |count: usize| &before[before.len().saturating_sub(count)..];
    match (last(6), last(4), last(3), last(2)) {
        ([b'\\', b'u', digits @ ..], ..) if hex(digits) => true,
        (_, [b'\\', b'x', digits @ ..], ..) if hex(digits) => true,
        (.., [b'%' | b'=', digits @ ..], _) if hex(digits) => true,
        (.., [b'\\', letter]) if b"nrtbfvae0".contains(letter) => true,
        _ => ends_colour(before),
    }
}

/// Whether a terminal's colour sequence ends here: `ESC [ 1;32 m`.
fn ends_colour(before: &[u8]) -> bool {
    before.strip_suffix(b"m").is_some_and(in_colour)
}

#[cfg(test)]
mod tests {
    use super::begins_fresh;

    #[test]
    fn a_token_begins_after_a_border_or_an_escape() {
        for fresh in ["", " ", "\"", "=", "_", "\\n", "%3D", "=3D", "\\u003d", "\\x3d", "\x1b[32m"]
        {
            assert!(begins_fresh(format!("{fresh}ghp").as_bytes(), fresh.len()), "{fresh:?}");
        }
        for stale in ["a", "9", "xn", "3D", "32m", "\x1b[", "\x1b[1;"] {
            assert!(!begins_fresh(format!("{stale}ghp").as_bytes(), stale.len()), "{stale:?}");
        }
    }
}
