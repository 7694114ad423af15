//! How open the places of findings lie, and what that does to how bad they are.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::model::{Exposure, Finding, HolderKind, Origin, Reason, ReasonKind, Severity};
use crate::source::Standings;

/// Adds to each finding in a file how open that lies, and raises or lowers how bad it is.
pub(super) fn expose(findings: &mut [Finding], roots: Vec<PathBuf>) {
    let standings = Standings::below(roots);
    let mut known: BTreeMap<PathBuf, Vec<Exposure>> = BTreeMap::new();
    for finding in findings {
        if let Origin::File(path) = finding.place.origin.outermost() {
            let facts = known.entry(path.to_path_buf()).or_insert_with(|| standings.of(path));
            finding.exposure.extend(facts.iter());
            finding.exposure.sort();
        }
        weigh(finding);
    }
}

fn weigh(finding: &mut Finding) {
    let is_held = finding.holders.first().is_some_and(|holder| {
        !matches!(holder.kind, HolderKind::Application | HolderKind::Ci | HolderKind::Image)
    });
    let open = [Exposure::WorldReadable, Exposure::Synced];
    let raised = finding.exposure.iter().find(|fact| is_held && open.contains(fact));
    let lowered = finding.exposure.iter().find(|fact| **fact == Exposure::Disabled);
    let step = |by: isize| {
        let at = Severity::ALL.iter().position(|level| *level == finding.severity).unwrap_or(0);
        let to = at.saturating_add_signed(by).min(Severity::ALL.len() - 1);
        Severity::ALL[to]
    };
    let (severity, fact, how) = match (raised, lowered) {
        (Some(fact), None) => (step(1), fact, "worse"),
        (None, Some(fact)) => (step(-1), fact, "less bad"),
        _ => return,
    };
    if severity != finding.severity {
        let text = format!("{how} than usual: {}", fact.text());
        finding.severity = severity;
        finding.reasons.push(Reason::new(ReasonKind::Exposure, text));
    }
}
