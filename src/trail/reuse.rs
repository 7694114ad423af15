//! How a credential is spread.

use std::collections::BTreeSet;

use crate::model::{Reuse, TrailHolder, TrailKind, Zone};

/// The zones of `holders`, in the order of reports.
pub(super) fn zones(holders: &[TrailHolder]) -> Vec<Zone> {
    let zones: BTreeSet<_> = holders.iter().map(|holder| holder.zone).collect();
    zones.into_iter().collect()
}

/// The classes of reuse that `holders` make; none if they are in one place.
pub(super) fn reuse(holders: &[TrailHolder]) -> Vec<Reuse> {
    let places: BTreeSet<_> = holders.iter().map(|h| (&h.source, &h.path, &h.key)).collect();
    let tools: BTreeSet<_> =
        holders.iter().filter(|h| !h.tool.is_empty()).map(|h| &h.tool).collect();
    let several = |tool: &&String| {
        let of = holders.iter().filter(|h| h.tool == **tool);
        let places: BTreeSet<_> = of.map(|h| (&h.source, &h.path, &h.key, &h.name)).collect();
        places.len() > 1
    };
    let same_tool = tools.iter().any(several);
    let mut all = Vec::new();
    if places.len() > 1 && (is_copied(holders) || (tools.len() < 2 && !same_tool)) {
        all.push(Reuse::Copied);
    }
    if same_tool {
        all.push(Reuse::SameTool);
    }
    if tools.len() > 1 {
        all.push(Reuse::CrossTool);
    }
    if zones(holders).len() > 1 {
        all.push(Reuse::CrossZone);
    }
    all
}

/// Whether two places are copies: files of one name with the same key, or a file and its own past.
fn is_copied(holders: &[TrailHolder]) -> bool {
    let mut names = BTreeSet::new();
    let plain = holders.iter().filter(|h| matches!(h.kind, TrailKind::Plain(_)));
    let places: BTreeSet<_> = plain.map(|h| (&h.source, h.path.as_str(), &h.key)).collect();
    places.into_iter().any(|(_, path, key)| {
        let name = path.rsplit('/').next().unwrap_or(path);
        !names.insert((name, key))
    })
}
