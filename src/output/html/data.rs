//! What the page's script is given: the trails without their findings, and what stands over them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Serialize, Serializer};

use crate::model::{
    Basis, Claim, FrameworkCount, HolderKind, KeyNote, Lifetime, Owner, Proof, Rank, Reuse, RuleId,
    Severity, Trail, TrailHolder, Verdict, Zone,
};
use crate::report::{Record, RuleInfo};
use crate::trail::owner;

/// How many trails a page carries, the most urgent first: more than that no one reads, nor a browser draws.
const MOST_TRAILS: usize = 5_000;
/// How many holders of a trail a page carries.
const MOST_HOLDERS: usize = 250;
/// How many credentials of an identity, or trails against a statement, a page carries.
const MOST_IDS: usize = 250;

/// All that the page shows.
#[derive(Serialize)]
pub(super) struct Page<'r> {
    source: &'r str,
    sources: usize,
    key: &'r KeyNote,
    complete: bool,
    totals: Totals,
    left_out: usize,
    trails: Vec<TrailView<'r>>,
    principals: Vec<OwnerView<'r>>,
    policies: Vec<VerdictView<'r>>,
    frameworks: &'r [FrameworkCount],
    rules: &'r BTreeMap<RuleId, RuleInfo>,
    words: Words,
    #[serde(skip_serializing_if = "Option::is_none")]
    runbook: Option<Vec<&'r str>>,
}

/// The data of a page about `record`.
pub(super) fn page<'r>(record: &'r Record, runbook: Option<&'r str>) -> Page<'r> {
    Page {
        source: &record.source,
        sources: record.sources.len(),
        key: &record.key,
        complete: record.coverage.complete,
        totals: Totals::of(&record.trails),
        left_out: record.trails.len().saturating_sub(MOST_TRAILS),
        trails: record.trails.iter().take(MOST_TRAILS).map(TrailView::of).collect(),
        principals: record.principals.iter().map(OwnerView::of).collect(),
        policies: record.policies.iter().map(VerdictView::of).collect(),
        frameworks: &record.frameworks,
        rules: &record.rules,
        words: Words,
        runbook: runbook.map(|text| text.lines().collect()),
    }
}

/// Counts over all trails, also those that the page leaves out.
#[derive(Default, Serialize)]
struct Totals {
    credentials: usize,
    findings: usize,
    holders: usize,
    zones: usize,
    cross_tool: usize,
    cross_zone: usize,
    expired: usize,
    run_only: usize,
    severity: BTreeMap<&'static str, usize>,
}

impl Totals {
    fn of(trails: &[Trail]) -> Self {
        let count = |is: &dyn Fn(&Trail) -> bool| trails.iter().filter(|trail| is(trail)).count();
        let zones: BTreeSet<Zone> = trails.iter().flat_map(|t| t.zones.iter().copied()).collect();
        let by_severity =
            Severity::ALL.map(|level| (level.name(), count(&|t| t.severity == level)));
        Self {
            credentials: trails.len(),
            findings: trails.iter().map(|trail| trail.findings.len()).sum(),
            holders: trails.iter().map(|trail| trail.holders.len()).sum(),
            zones: zones.len(),
            cross_tool: count(&|trail| trail.reuse.contains(&Reuse::CrossTool)),
            cross_zone: count(&|trail| trail.reuse.contains(&Reuse::CrossZone)),
            expired: count(&|trail| matches!(trail.lifetime, Lifetime::Expired(_))),
            run_only: count(&|trail| trail.comparable == Basis::Run),
            severity: BTreeMap::from(by_severity),
        }
    }
}

/// A trail with the number of its findings instead of their ids.
#[derive(Serialize)]
struct TrailView<'r> {
    id: String,
    comparable: Basis,
    rule: &'r RuleId,
    name: &'r str,
    provider: &'r str,
    kind: &'static str,
    redacted: &'r str,
    severity: Severity,
    confidence: &'static str,
    principal: &'r [Claim],
    lifetime: &'r Lifetime,
    holders: &'r [TrailHolder],
    held: usize,
    zones: &'r [Zone],
    reuse: &'r [Reuse],
    rank: &'r Rank,
    proofs: &'r [Proof],
    siblings: Vec<String>,
    frameworks: &'r [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    c3id: Option<&'r str>,
    found: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_seen: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_seen: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<String>,
}

impl<'r> TrailView<'r> {
    fn of(trail: &'r Trail) -> Self {
        let shown = trail.holders.len().min(MOST_HOLDERS);
        Self {
            id: trail.secret_id.to_string(),
            comparable: trail.comparable,
            rule: &trail.rule,
            name: &trail.name,
            provider: &trail.provider,
            kind: trail.kind.name(),
            redacted: &trail.redacted,
            severity: trail.severity,
            confidence: trail.confidence.name(),
            principal: &trail.principal,
            lifetime: &trail.lifetime,
            holders: trail.holders.get(..shown).unwrap_or_default(),
            held: trail.holders.len(),
            zones: &trail.zones,
            reuse: &trail.reuse,
            rank: &trail.rank,
            proofs: &trail.proofs,
            siblings: trail.siblings.iter().take(MOST_IDS).map(ToString::to_string).collect(),
            frameworks: &trail.frameworks,
            c3id: trail.c3id.as_deref(),
            found: trail.findings.len(),
            first_seen: trail.first_seen.as_deref(),
            last_seen: trail.last_seen.as_deref(),
            owner: owner(trail),
        }
    }
}

#[derive(Serialize)]
struct OwnerView<'r> {
    name: &'r str,
    holders: usize,
    count: usize,
    trails: Vec<String>,
}

impl<'r> OwnerView<'r> {
    fn of(owner: &'r Owner) -> Self {
        Self {
            name: &owner.name,
            holders: owner.holders,
            count: owner.trails.len(),
            trails: owner.trails.iter().take(MOST_IDS).map(ToString::to_string).collect(),
        }
    }
}

#[derive(Serialize)]
struct VerdictView<'r> {
    id: &'r str,
    statement: &'r str,
    holds: bool,
    count: usize,
    trails: Vec<String>,
}

impl<'r> VerdictView<'r> {
    fn of(verdict: &'r Verdict) -> Self {
        Self {
            id: &verdict.id,
            statement: &verdict.statement,
            holds: verdict.holds,
            count: verdict.trails.len(),
            trails: verdict.trails.iter().take(MOST_IDS).map(ToString::to_string).collect(),
        }
    }
}

/// The words for the names in the data, so that the script has none of its own.
struct Words;

impl Serialize for Words {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let plain = [("file", "file"), ("commit", "history")];
        let holders = HolderKind::ALL.iter().map(|kind| (kind.name(), kind.words()));
        let groups: [(&str, Vec<(&str, &str)>); 4] = [
            ("zone", Zone::ALL.iter().map(|zone| (zone.name(), zone.words())).collect()),
            ("reuse", Reuse::ALL.iter().map(|class| (class.name(), class.words())).collect()),
            ("basis", Basis::ALL.iter().map(|basis| (basis.name(), basis.words())).collect()),
            ("holder", holders.chain(plain).collect()),
        ];
        to.collect_map(groups)
    }
}
