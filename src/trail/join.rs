//! The findings of one credential to its trail.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeSet;

use crate::model::{Claim, Commit, Field, Life, Rank, SightedStay, Sighting, Trail};
use crate::trail::surest::surest;
use crate::trail::{holders, lifetime, rank, reuse};

/// What a trail is told that its findings do not say.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'f> {
    /// The name of the surest finding's rule.
    pub name: &'f str,
    /// How long such credentials live.
    pub life: Life,
    /// The time at which it is asked whether they live: RFC 3339 in UTC, whole seconds.
    pub now: &'f str,
}

/// The trail of `sightings`, all of one credential and at least one; `facts` tells of the surest. The order of
/// the sightings makes no difference.
pub fn join<'f>(sightings: &[Sighting], facts: impl Fn(&Sighting) -> Facts<'f>) -> Option<Trail> {
    let surest = sightings.iter().min_by(|a, b| surest(a, b))?;
    let Facts { name, life, now } = facts(surest);
    let claims = sightings.iter().flat_map(|sighting| sighting.principal.iter().cloned());
    let principal: Vec<_> = claims.collect::<BTreeSet<_>>().into_iter().collect();
    let holders = holders::holders(sightings, &surest.rule);
    let first = first(sightings);
    let mut trail = Trail {
        secret_id: surest.secret_id,
        comparable: surest.comparable,
        rule: surest.rule.clone(),
        name: name.to_owned(),
        provider: surest.provider.clone(),
        kind: surest.kind,
        redacted: surest.redacted.clone(),
        severity: surest.severity,
        confidence: surest.confidence,
        lifetime: lifetime::lifetime(&principal, lived(&principal, life), now),
        principal,
        zones: reuse::zones(&holders),
        reuse: reuse::reuse(&holders),
        holders,
        rank: Rank::default(),
        proofs: Vec::new(),
        siblings: Vec::new(),
        frameworks: Vec::new(),
        c3id: None,
        findings: sightings
            .iter()
            .map(|s| s.finding_id)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect(),
        first_seen: first.map(|commit| commit.date.clone()),
        brought_by: first.map(|commit| commit.author.clone()).filter(|who| !who.is_empty()),
        last_seen: last(sightings),
    };
    trail.rank = rank::rank(&trail, sightings, life);
    Some(trail)
}

/// How long a credential with `claims` lives if such ones live for `life`: temporary ones do not live on.
fn lived(claims: &[Claim], life: Life) -> Life {
    let temporary = |claim: &Claim| claim.field == Field::Scope && claim.value == "temporary";
    if life == Life::Endless && claims.iter().any(temporary) { Life::Short } else { life }
}

/// The order of trails in reports: the most urgent first.
pub fn order(a: &Trail, b: &Trail) -> Ordering {
    let by = |trail: &Trail| (Reverse(trail.rank.score), trail.rule.clone());
    by(a)
        .cmp(&by(b))
        .then_with(|| a.holders.first().cmp(&b.holders.first()))
        .then(a.secret_id.cmp(&b.secret_id))
}

fn stays(sightings: &[Sighting]) -> impl Iterator<Item = &SightedStay> {
    sightings.iter().filter_map(|sighting| sighting.history.as_ref()).flat_map(|past| &past.places)
}

/// The first commit that brought it; of equal times the first by what is written.
fn first(sightings: &[Sighting]) -> Option<&Commit> {
    let brought = stays(sightings).filter_map(|stay| stay.brought.as_ref());
    brought.min_by(|a, b| by_instant(&a.date, &b.date).then_with(|| a.author.cmp(&b.author)))
}

/// When it went away; none while a newest state, or a place outside of histories, holds it.
fn last(sightings: &[Sighting]) -> Option<String> {
    let gone = |sighting: &Sighting| {
        sighting.history.as_ref().is_some_and(|past| !past.in_head && past.refs_total == 0)
    };
    let gone = sightings.iter().all(gone);
    let removed = stays(sightings).filter_map(|stay| stay.removed.as_ref());
    removed.map(|commit| commit.date.clone()).filter(|_| gone).max_by(|a, b| by_instant(a, b))
}

/// Times with zones sort by their instants.
fn by_instant(a: &str, b: &str) -> Ordering {
    instant(a).cmp(&instant(b)).then_with(|| a.cmp(b))
}

/// Seconds since year 0 in UTC, of RFC 3339.
fn instant(text: &str) -> i64 {
    let number = |range: std::ops::Range<usize>| -> i64 {
        text.get(range).and_then(|part| part.parse().ok()).unwrap_or(0)
    };
    let (year, month, day) = (number(0..4), number(5..7), number(8..10));
    // Days of the civil calendar; March is the first month.
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days =
        365 * y + y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400) + (153 * m + 2) / 5 + day;
    let seconds = days * 86_400 + number(11..13) * 3600 + number(14..16) * 60 + number(17..19);
    let zone = text.get(19..).unwrap_or_default();
    let sign = match zone.as_bytes().first() {
        Some(b'+') => -1,
        Some(b'-') => 1,
        _ => 0,
    };
    let part = |range: std::ops::Range<usize>| -> i64 {
        zone.get(range).and_then(|part| part.parse().ok()).unwrap_or(0)
    };
    seconds + sign * (part(1..3) * 3600 + part(4..6) * 60)
}
