//! Orders credentials: what is open to strangers first, makers before what they make, then by rank.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::model::{Confidence, Field, Kind, Lifetime, SecretId, Severity, Trail};
use crate::report::Record;
use crate::runbook::shape::{Card, Group, Runbook, Section, State, Summary};
use crate::runbook::{Hints, card, steps};

/// How many places are named that were not read.
const MOST_UNREAD: usize = 5;

/// A credential with what decides its place.
pub(super) struct Placed<'r> {
    pub trail: &'r Trail,
    pub state: State,
    /// Somebody else is known to use it.
    pub used: bool,
    /// What others it can make; empty if none.
    pub mints: &'static str,
    /// What others it opens; empty if it is no store.
    pub opens: &'static str,
    /// It comes earlier than its own rank says, for what it can make.
    pub raised: bool,
    score: u32,
}

/// The number of a credential, and of others that it has to do with.
pub(super) struct Near {
    pub number: usize,
    /// Those that say the same key id.
    pub twins: Vec<usize>,
    /// The stores that come later.
    pub stores: Vec<usize>,
}

/// The runbook for `record`.
pub(super) fn runbook(record: &Record, hints: &Hints) -> Runbook {
    let mut all: Vec<_> = record.trails.iter().map(|trail| placed(trail, record, hints)).collect();
    raise(&mut all);
    raise_stores(&mut all);
    let owners = owners(record);
    let parts = State::ALL.into_iter().map(|state| {
        let of_state = all.iter().filter(|placed| placed.state == state);
        (state, groups(of_state, &owners))
    });
    let parts: Vec<_> = parts.filter(|(_, groups)| !groups.is_empty()).collect();
    let placed = || parts.iter().flat_map(|(_, groups)| groups).flat_map(|(_, all)| all);
    let (numbers, stores) = (numbers(placed()), stores(placed()));
    let mut sections = Vec::new();
    for (state, groups) in parts {
        let made = groups.into_iter().map(|(principal, members)| Group {
            principal: principal.map(str::to_owned),
            cards: members
                .iter()
                .map(|one| numbered(one, (&numbers, &stores), record, hints))
                .collect(),
        });
        let groups = made.collect();
        sections.push(Section { state, title: state.title(), text: state.text(), groups });
    }
    Runbook {
        schema: "keytrail/runbook/v1",
        source: record.source.clone(),
        complete: record.coverage.complete,
        unread: record.coverage.issues.iter().take(MOST_UNREAD).cloned().collect(),
        summary: summary(&all, &sections),
        sections,
    }
}

/// The numbers of credentials in their order, with the key id that each says.
type Numbers<'r> = BTreeMap<SecretId, (usize, Option<(&'r str, &'r str)>)>;

fn numbers<'a, 'r: 'a>(all: impl Iterator<Item = &'a &'a Placed<'r>>) -> Numbers<'r> {
    let key_id = |trail: &'r Trail| {
        let claim = trail.principal.iter().find(|claim| claim.field == Field::KeyId)?;
        Some((trail.provider.as_str(), claim.value.as_str()))
    };
    all.enumerate().map(|(n, one)| (one.trail.secret_id, (n + 1, key_id(one.trail)))).collect()
}

/// The numbers of the stores that are still open.
fn stores<'a, 'r: 'a>(all: impl Iterator<Item = &'a &'a Placed<'r>>) -> Vec<usize> {
    let open = |one: &Placed<'_>| !one.opens.is_empty() && one.state <= State::Doubtful;
    all.enumerate().filter(|(_, one)| open(one)).map(|(n, _)| n + 1).collect()
}

fn numbered(
    placed: &Placed<'_>,
    (numbers, stores): (&Numbers<'_>, &[usize]),
    record: &Record,
    hints: &Hints,
) -> Card {
    let (number, key_id) = numbers.get(&placed.trail.secret_id).copied().unwrap_or_default();
    let same = |(n, id): &&(usize, Option<_>)| *n != number && id.is_some() && *id == key_id;
    let twins: Vec<_> = numbers.values().filter(same).map(|(number, _)| *number).collect();
    let later: Vec<_> = stores.iter().copied().filter(|store| *store > number).collect();
    card::card(placed, &Near { number, twins, stores: later }, record, hints)
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
    let (mints, opens) = (steps::mints(trail), steps::opens(trail));
    Placed { trail, state, used, mints, opens, raised: false, score: trail.rank.score }
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

/// Lifts stores to the rank of the most urgent key that they may hold: an open store gives a new one away. What
/// signs in as a person or a machine opens stores, so it is not counted.
fn raise_stores(all: &mut [Placed<'_>]) {
    for state in State::ALL {
        let held = all.iter().filter(|placed| placed.state == state && placed.is_plain());
        let Some(most) = held.map(|placed| placed.score).max() else { continue };
        let stores = all.iter_mut().filter(|placed| placed.state == state);
        for store in stores.filter(|placed| !placed.opens.is_empty()) {
            store.score = store.score.max(most);
        }
    }
}

impl Placed<'_> {
    /// Whether it neither opens others nor is what a person or a machine signs in with.
    fn is_plain(&self) -> bool {
        let identity = [Kind::PrivateKey, Kind::ServiceAccountKey, Kind::OauthToken];
        self.opens.is_empty() && self.mints.is_empty() && !identity.contains(&self.trail.kind)
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

/// Sorts the most urgent first, of equals identities before stores and those before others; then by ids.
fn urgency(placed: &Placed<'_>) -> (Reverse<u32>, u8, Reverse<Severity>, SecretId) {
    let Placed { trail, mints, opens, score, .. } = placed;
    let rung = match (opens.is_empty(), mints.is_empty(), placed.is_plain()) {
        (false, ..) => 2,
        (true, false, _) => 0,
        (true, true, false) => 1,
        (true, true, true) => 3,
    };
    (Reverse(*score), rung, Reverse(trail.severity), trail.secret_id)
}
