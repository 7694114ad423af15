//! In which zone a holder is.

use crate::model::{Exposure, HolderKind, SightedHolder, Sighting, Zone};

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
            Zone::Developer
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
    } else {
        Zone::Developer
    }
}

fn is_tracked(sighting: &Sighting) -> bool {
    sighting.history.is_some() || sighting.exposure.contains(&Exposure::Tracked)
}
