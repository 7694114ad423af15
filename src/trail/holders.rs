//! Who is on a trail.

use std::collections::BTreeMap;

use crate::model::{Plain, RuleId, SightedHolder, SightedPast, Sighting, TrailHolder, TrailKind};
use crate::trail::surest::{surest, traced};
use crate::trail::zone;

/// What the findings at one holder tell.
struct Told<'s> {
    line: u64,
    findings: u64,
    /// The one that tells the form that the credential has here.
    form: &'s Sighting,
}

/// Every holder that `sightings` tell of, each once, in the order of zones; `rule` is the trail's.
pub(super) fn holders(sightings: &[Sighting], rule: &RuleId) -> Vec<TrailHolder> {
    let mut seen: BTreeMap<TrailHolder, Told<'_>> = BTreeMap::new();
    for sighting in sightings {
        for holder in of(sighting) {
            let bare = TrailHolder { line: 0, findings: 0, ..holder.clone() };
            let new = Told { line: holder.line, findings: 0, form: sighting };
            let told = seen.entry(bare).or_insert(new);
            told.line = told.line.min(holder.line);
            told.findings += 1;
            let by_form = traced(sighting).cmp(&traced(told.form));
            if by_form.then_with(|| surest(sighting, told.form)).is_lt() {
                told.form = sighting;
            }
        }
    }
    let counted = seen.into_iter().map(|(holder, told)| TrailHolder {
        line: told.line,
        findings: told.findings,
        rule: Some(&told.form.rule).filter(|own| *own != rule).cloned(),
        ..holder
    });
    let mut all: Vec<_> = counted.collect();
    all.sort();
    all
}

fn of(sighting: &Sighting) -> Vec<TrailHolder> {
    let past = sighting.history.as_ref().is_some_and(is_past);
    let plain = TrailHolder {
        zone: zone(sighting, None),
        kind: TrailKind::Plain(if past { Plain::Commit } else { Plain::File }),
        tool: String::new(),
        tool_name: String::new(),
        name: None,
        scope: None,
        role: None,
        source: sighting.source.clone(),
        path: sighting.path.clone(),
        key: sighting.key.clone(),
        line: sighting.line,
        rule: None,
        past,
        by_reference: false,
        findings: 0,
    };
    let told = |holder: &SightedHolder| TrailHolder {
        zone: zone(sighting, Some(holder)),
        kind: TrailKind::Tool(holder.kind),
        tool: holder.tool.clone(),
        tool_name: holder.tool_name.clone(),
        name: holder.name.clone(),
        scope: holder.scope,
        role: holder.role,
        by_reference: holder.refers.is_some(),
        ..plain.clone()
    };
    let mut all: Vec<_> = sighting.holders.iter().map(told).collect();
    all.extend(sighting.history.iter().flat_map(|history| earlier(history, &plain)));
    if sighting.holders.is_empty() {
        all.push(plain);
    }
    all
}

/// The other paths at which the same version stood.
fn earlier(history: &SightedPast, plain: &TrailHolder) -> Vec<TrailHolder> {
    let stays = history.places.iter().filter_map(|stay| {
        let path = stay.path.as_ref().filter(|path| !is_at(&plain.path, path))?;
        let past = stay.removed.is_some();
        Some(TrailHolder {
            kind: TrailKind::Plain(Plain::Commit),
            path: path.clone(),
            past,
            ..plain.clone()
        })
    });
    stays.collect()
}

/// Whether the path `full`, from a root on, is `below` its repository.
fn is_at(full: &str, below: &str) -> bool {
    full.strip_suffix(below).is_some_and(|root| root.is_empty() || root.ends_with('/'))
}

/// Whether no newest state holds it.
const fn is_past(history: &SightedPast) -> bool {
    !history.in_head && history.refs_total == 0
}
