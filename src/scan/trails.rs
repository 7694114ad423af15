//! The findings of a scan to trails.

use std::collections::BTreeMap;

use crate::detect::Fingerprinter;
use crate::detect::fingerprint::{UNGUESSABLE, c3id};
use crate::model::{
    Basis, Finding, History, Holder, KeyNote, Kind, SecretId, SightedHolder, SightedPast,
    SightedStay, Sighting, Stay, Trail,
};
use crate::report::{Report, RuleInfo};
use crate::scan::Plan;
use crate::standards::{self, Counter};
use crate::trail::{self, Facts, Owners};

/// Joins the findings of `report` into its trails.
pub(super) fn tell(report: &mut Report, ids: &Fingerprinter, plan: &Plan) {
    let mut groups: BTreeMap<SecretId, Vec<Sighting>> = BTreeMap::new();
    let mut counter = Counter::default();
    for finding in &mut report.findings {
        let Some(rule) = report.rules.get(&finding.rule) else { continue };
        let sighting = sighting(finding, rule);
        let met =
            standards::of_finding(&sighting, trail::zone(&sighting, sighting.holders.first()));
        counter.finding(met);
        finding.frameworks = met.iter().map(|entry| entry.text()).collect();
        groups.entry(finding.secret_id).or_default().push(sighting);
    }
    let facts = |sighting: &Sighting| {
        let rule = report.rules.get(&sighting.rule);
        Facts {
            name: rule.map_or("", |rule| &rule.name),
            life: rule.map(|rule| rule.life).unwrap_or_default(),
            now: &plan.now,
        }
    };
    let mut trails: Vec<Trail> =
        groups.values().filter_map(|group| trail::join(group, facts)).collect();
    report.owners = Owners::link(&mut trails);
    trails.sort_by(trail::order);
    for trail in &mut trails {
        let met = standards::of_trail(trail);
        counter.trail(met);
        trail.frameworks = met.texts();
    }
    report.frameworks = counter.counts();
    report.verdicts = plan.policies.judge(trails.iter());
    report.key = note(ids, &trails);
    report.trails = trails;
}

/// Tells the correlating ids of the credentials that nobody can guess; `names` has the id of each in this run.
pub(super) fn correlate(
    report: &mut Report,
    ids: &Fingerprinter,
    names: &BTreeMap<SecretId, SecretId>,
) {
    for trail in &mut report.trails {
        let of = |known: &crate::detect::Known| {
            let token = known.bits >= UNGUESSABLE
                && !matches!(
                    known.kind,
                    Kind::Password | Kind::ConnectionString | Kind::PrivateKey
                );
            token.then(|| c3id(known.value()))
        };
        trail.c3id = names.get(&trail.secret_id).and_then(|id| ids.known(*id, of)).flatten();
    }
}

/// A finding as trails take it.
fn sighting(finding: &Finding, rule: &RuleInfo) -> Sighting {
    Sighting {
        rule: finding.rule.clone(),
        provider: rule.provider.clone(),
        kind: rule.kind,
        path: finding.place.origin.text(),
        line: finding.place.span.line,
        offset: finding.place.span.offset,
        confidence: finding.confidence,
        severity: finding.severity,
        reasons: finding.reasons.clone(),
        secret_id: finding.secret_id,
        comparable: finding.comparable,
        finding_id: finding.id,
        redacted: finding.redacted.clone(),
        principal: finding.principal.clone(),
        key: finding.key.clone(),
        holders: finding.holders.iter().map(holder).collect(),
        exposure: finding.exposure.clone(),
        history: finding.history.as_ref().map(past),
        source: String::new(),
    }
}

fn holder(holder: &Holder) -> SightedHolder {
    SightedHolder {
        kind: holder.kind,
        tool: holder.tool.clone().into_owned(),
        tool_name: holder.tool_name.clone().into_owned(),
        name: holder.name.clone(),
        scope: holder.scope,
        role: holder.role,
        disabled: holder.disabled,
        refers: holder.refers.clone(),
    }
}

fn past(history: &History) -> SightedPast {
    let stay = |stay: &Stay| SightedStay {
        path: stay.path.clone(),
        brought: stay.brought.clone(),
        removed: stay.removed.clone(),
    };
    SightedPast {
        in_head: history.in_head,
        refs_total: history.refs_total,
        places: history.places.iter().map(stay).collect(),
    }
}

/// What the report says of its ids.
fn note(ids: &Fingerprinter, trails: &[Trail]) -> KeyNote {
    let id = ids.key_id();
    let guessable = trails.iter().filter(|trail| trail.comparable == Basis::Run).count();
    let note = match (id, guessable) {
        (Some(id), _) => format!("ids compare wherever the key {id} is used, and nowhere else"),
        (None, 0) => {
            "no key: all ids compare anywhere, since no credential here can be guessed".to_owned()
        }
        (None, n) => format!(
            "no key: the ids of {n} guessable credentials hold for this report only; `keytrail key new` makes a key with which they compare"
        ),
    };
    KeyNote { id, note }
}
