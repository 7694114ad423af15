//! What a holder is to the one who replaces its credential: a place to write to, or one to clean.

use serde::Deserialize;

use crate::model::{HolderKind, Plain, Trail, TrailHolder, TrailKind, Zone};
use crate::runbook::data::DATA;

/// What is to be done with a holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Part {
    /// The new one is written there.
    Place,
    /// It takes the value from elsewhere: it is started again.
    Restart,
    /// It is an image, of which something may run: it is built again without the value, then cleaned.
    Build,
    /// It only keeps what passed by: it is cleaned.
    Residue,
}

/// Whether something works, or may work, with `trail`'s credential from where it lies.
pub(super) fn is_used(trail: &Trail) -> bool {
    trail.holders.iter().any(|holder| part(holder) != Part::Residue) || job(trail).is_some()
}

/// What a job of CI left behind of `trail`'s credential: then the CI system may hold it as a secret.
pub(super) fn job(trail: &Trail) -> Option<&TrailHolder> {
    let left = |holder: &&TrailHolder| holder.zone == Zone::Ci && part(holder) == Part::Residue;
    trail.holders.iter().find(left)
}

/// What is to be done with `holder`.
pub(super) fn part(holder: &TrailHolder) -> Part {
    let told = DATA.tools.iter().filter(|tool| tool.when.meets(holder)).find_map(|tool| tool.part);
    told.filter(|_| !holder.past).unwrap_or_else(|| usual(holder))
}

fn usual(holder: &TrailHolder) -> Part {
    let is = |kind| holder.kind == TrailKind::Tool(kind);
    let commit = holder.past || holder.kind == TrailKind::Plain(Plain::Commit);
    let kept = holder.zone == Zone::Transcript || is(HolderKind::Memory) || is_log(holder);
    if commit {
        Part::Residue
    } else if holder.zone == Zone::Image || is(HolderKind::Image) {
        Part::Build
    } else if kept {
        Part::Residue
    } else if is(HolderKind::Process) || holder.by_reference {
        Part::Restart
    } else {
        Part::Place
    }
}

/// Whether it is a log, a history of commands or another record of what was done.
pub(super) fn is_log(holder: &TrailHolder) -> bool {
    let path = holder.path.to_ascii_lowercase();
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let records = matches!(holder.tool.as_str(), "har" | "junit");
    let typed = holder.kind == TrailKind::Tool(HolderKind::Shell) && name.contains("hist");
    let logged = [".log", ".txt", ".zip"].iter().any(|end| name.ends_with(end))
        || path.contains("/logs/")
        || path.contains("!/")
        || path.contains("_diag/")
        || name == "log";
    let job = holder.zone == Zone::Ci && logged;
    records || typed || job || name.ends_with(".log")
}
