//! In which zone a holder is.

use crate::model::{Exposure, HolderKind, Scope, SightedHolder, Sighting, Zone};

/// The zone of `holder` in the place of `sighting`; without a holder the zone of the place itself.
pub fn zone(sighting: &Sighting, holder: Option<&SightedHolder>) -> Zone {
    let is = |kind| sighting.holders.iter().any(|holder| holder.kind == kind);
    // What an image carries, or an artifact of CI, goes wherever that goes.
    if is(HolderKind::Image) {
        return Zone::Image;
    }
    match holder.map(|holder| holder.kind) {
        Some(HolderKind::Memory) => Zone::Transcript,
        Some(HolderKind::Ci) => Zone::Ci,
        Some(HolderKind::Process) => Zone::Runtime,
        _ if is(HolderKind::Ci) => Zone::Ci,
        Some(HolderKind::Application) if !is_tracked(sighting) => Zone::Runtime,
        Some(_) if is_tracked(sighting) => Zone::Repository,
        Some(HolderKind::Shell | HolderKind::Store) => Zone::Developer,
        Some(HolderKind::Environment | HolderKind::McpServer | HolderKind::Agent) => {
            let project = holder.is_some_and(|holder| holder.scope == Some(Scope::Project));
            if project && !is_untracked(sighting) { Zone::Repository } else { Zone::Developer }
        }
        _ => place(sighting),
    }
}

/// The zone of a place that no tool is known to read.
fn place(sighting: &Sighting) -> Zone {
    if sighting.path.starts_with("process/") {
        Zone::Runtime
    } else if is_tracked(sighting) {
        Zone::Repository
    } else if is_untracked(sighting) || sighting.path == "-" {
        Zone::Developer
    } else if sighting.path.contains("!/") {
        Zone::Image
    } else {
        Zone::Repository
    }
}

fn is_tracked(sighting: &Sighting) -> bool {
    sighting.history.is_some() || sighting.exposure.contains(&Exposure::Tracked)
}

fn is_untracked(sighting: &Sighting) -> bool {
    let open = [Exposure::Untracked, Exposure::Ignored];
    sighting.exposure.iter().any(|fact| open.contains(fact))
}
