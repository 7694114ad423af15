//! Of all that was seen in a text, what stands: no part for its whole, no two for one place.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use crate::detect::detector::Sighted;
use crate::model::{Confidence, Layer, RuleId};

/// Of sightings that overlap keeps the most certain; of equals the one that needed the least unwrapping,
/// then the longest, then the one whose rule demands most. No part stands for its whole.
pub fn settle(mut found: Vec<Sighted<'_>>) -> Vec<Sighted<'_>> {
    drop_parts(&mut found);
    found.sort_by(|a, b| rank(b).cmp(&rank(a)).then(a.of.rule.id.cmp(&b.of.rule.id)));
    let mut taken = BTreeMap::new();
    found.retain(|Sighted { range, .. }| {
        let before = taken.range(..range.end.max(range.start + 1)).next_back();
        let free = before.is_none_or(|(_, &end)| end <= range.start);
        if free {
            taken.insert(range.start, range.end.max(range.start + 1));
        }
        free
    });
    found.sort_by_key(|sighted| sighted.range.start);
    found
}

/// Confidence, then little unwrapping, then length of value and of mark, then what the rule demands.
type Rank = (Confidence, Reverse<usize>, usize, usize, u32);

fn rank(sighted: &Sighted<'_>) -> Rank {
    let shallow = Reverse(sighted.of.layers.len());
    let length = sighted.range.len();
    (sighted.of.confidence, shallow, length, sighted.of.mark, sighted.of.rule.shape.min)
}

/// Leaves out what another sighting that is as certain shows to be a part of its value, cut off by an escape
/// or a border of what was unwrapped, or the same value with its escapes.
fn drop_parts(found: &mut Vec<Sighted<'_>>) {
    let key = |s: &Sighted<'_>| (s.range.start, Reverse(s.range.end), s.of.secret.expose().len());
    found.sort_by_key(key);
    let mut open: Vec<Part> = Vec::new();
    found.retain(|sighted| {
        open.retain(|seen| seen.range.end > sighted.range.start);
        let seen = Part::of(sighted);
        let part = open.iter().any(|other| seen.is_part_of(other) || seen.is_escaped(other));
        if !part && !open.contains(&seen) {
            open.push(seen);
        }
        !part
    });
}

/// What tells whether one sighting is a part of another.
#[derive(PartialEq)]
struct Part {
    rule: RuleId,
    range: Range<usize>,
    length: usize,
    confidence: Confidence,
    /// Only escapes were undone that are never a part of a value.
    written_out: bool,
}

impl Part {
    fn of(sighted: &Sighted<'_>) -> Self {
        let escapes = [Layer::Escapes, Layer::Entities, Layer::QuotedPrintable];
        Self {
            rule: sighted.of.rule.id.clone(),
            range: sighted.range.clone(),
            length: sighted.of.secret.expose().len(),
            confidence: sighted.of.confidence,
            written_out: sighted.of.layers.iter().all(|layer| escapes.contains(layer)),
        }
    }

    /// Both are of one rule, or begin alike.
    fn is_part_of(&self, other: &Self) -> bool {
        (self.rule == other.rule || self.range.start == other.range.start)
            && other.range.end >= self.range.end
            && other.range != self.range
            && other.length > self.length
            && other.confidence >= self.confidence
    }

    fn is_escaped(&self, other: &Self) -> bool {
        self.rule == other.rule
            && self.range == other.range
            && self.length > other.length
            && other.confidence >= self.confidence
            && self.written_out
            && other.written_out
    }
}
