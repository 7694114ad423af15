//! Orders credentials: what is open to strangers first, makers before what they make, then by rank.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::model::{Confidence, Field, Kind, Lifetime, SecretId, Severity, Trail};
use crate::report::Record;
use crate::runbook::shape::{Card, Group, Runbook, Section, State, Summary};
use crate::runbook::{Hints, card, steps};

/// A credential with what decides its place.
pub(super) struct Placed<'r> {
    pub trail: &'r Trail,
    pub state: State,
    /// Somebody else is known to use it.
    pub used: bool,
    /// What others it can make; empty if none.
    pub mints: &'static str,
    /// It comes earlier than its own rank says, for what it can make.
    pub raised: bool,
    score: u32,
}

/// The runbook for `record`.
pub(super) fn runbook(record: &Record, hints: &Hints) -> Runbook {
    let mut all: Vec<_> = record.trails.iter().map(|trail| placed(trail, record, hints)).collect();
    raise(&mut all);
    let owners = owners(record);
    let mut number = 0;
    let mut sections = Vec::new();
    for state in State::ALL {
        let of_state = all.iter().filter(|placed| placed.state == state);
        let mut made = Vec::new();
        for (principal, members) in groups(of_state, &owners) {
            let cards = members.into_iter().map(|placed| {
                number += 1;
                card::card(placed, number, record, hints)
            });
            let cards = cards.collect();
            made.push(Group { principal: principal.map(str::to_owned), cards });
        }
        if !made.is_empty() {
            sections.push(Section {
                state,
                title: state.title(),
                text: state.text(),
                groups: made,
            });
        }
    }
    Runbook {
        schema: "keytrail/runbook/v1",
        source: record.source.clone(),
        complete: record.coverage.complete,
        summary: summary(&all, &sections),
        sections,
    }
}

fn summary(all: &[Placed<'_>], sections: &[Section]) -> Summary {
    let urgent = sections.iter().find(|section| section.state <= State::Doubtful);
    let first = urgent.and_then(|section| section.groups.first()?.cards.first());
    Summary {
        credentials: all.len(),
        holders: all.iter().map(|placed| placed.trail.holders.len()).sum(),
        first: first.map(|card: &Card| format!("{} {}", card.name, card.redacted)),
    }
}

fn placed<'r>(trail: &'r Trail, record: &Record, hints: &Hints) -> Placed<'r> {
    let used = hints.used.contains(&trail.secret_id);
    let open = trail.holders.iter().any(|holder| hints.is_public(record, holder));
    let state = match (&trail.lifetime, trail.severity, trail.confidence) {
        (Lifetime::Expired(_), _, _) => State::Expired,
        _ if used => State::AtOnce,
        (_, Severity::Info, _) => State::Public,
        (_, _, Confidence::Low) => State::Doubtful,
        _ if open => State::AtOnce,
        _ => State::Live,
    };
    let mints = match steps::mints(trail) {
        "" if matches!(trail.kind, Kind::ServiceAccountKey | Kind::CiToken) => {
            "It acts for a machine and may be able to make others."
        }
        mints => mints,
    };
    Placed { trail, state, used, mints, raised: false, score: trail.rank.score }
}

/// Lifts what can make others to the rank of the most urgent of those: an old maker makes new ones.
fn raise(all: &mut [Placed<'_>]) {
    let mut made: BTreeMap<(State, String), BTreeMap<Option<String>, u32>> = BTreeMap::new();
    for placed in all.iter().filter(|placed| placed.mints.is_empty()) {
        let tenants = made.entry((placed.state, placed.trail.provider.clone())).or_default();
        let most = tenants.entry(tenant(placed.trail)).or_default();
        *most = placed.score.max(*most);
    }
    for placed in all.iter_mut().filter(|placed| !placed.mints.is_empty()) {
        let Some(tenants) = made.get(&(placed.state, placed.trail.provider.clone())) else {
            continue;
        };
        let most = match tenant(placed.trail) {
            None => tenants.values().max(),
            known => tenants.get(&known).max(tenants.get(&None)),
        };
        if let Some(&most) = most.filter(|most| **most >= placed.score) {
            placed.raised = true;
            placed.score = most;
        }
    }
}

fn tenant(trail: &Trail) -> Option<String> {
    let claim = trail.principal.iter().find(|claim| claim.field == Field::Tenant)?;
    Some(claim.value.clone())
}

fn owners(record: &Record) -> BTreeMap<SecretId, &str> {
    let pairs = record
        .principals
        .iter()
        .flat_map(|owner| owner.trails.iter().map(|id| (*id, owner.name.as_str())));
    pairs.collect()
}

type Members<'a, 'r> = Vec<&'a Placed<'r>>;

fn groups<'a, 'r, 'o>(
    of_state: impl Iterator<Item = &'a Placed<'r>>,
    owners: &BTreeMap<SecretId, &'o str>,
) -> Vec<(Option<&'o str>, Members<'a, 'r>)> {
    let mut named: BTreeMap<&str, Members<'a, 'r>> = BTreeMap::new();
    let mut groups: Vec<(Option<&str>, Members<'a, 'r>)> = Vec::new();
    for placed in of_state {
        match owners.get(&placed.trail.secret_id) {
            Some(name) => named.entry(name).or_default().push(placed),
            None => groups.push((None, vec![placed])),
        }
    }
    groups.extend(named.into_iter().map(|(name, members)| (Some(name), members)));
    for (name, members) in &mut groups {
        members.sort_by_key(|placed| urgency(placed));
        if members.len() == 1 {
            *name = None;
        }
    }
    groups.sort_by_key(|(_, members)| members.first().map(|placed| urgency(placed)));
    groups
}

/// Sorts the most urgent first; equal ones by their ids.
fn urgency(placed: &Placed<'_>) -> (Reverse<u32>, bool, Reverse<Severity>, SecretId) {
    let Placed { trail, mints, score, .. } = placed;
    (Reverse(*score), mints.is_empty(), Reverse(trail.severity), trail.secret_id)
}
