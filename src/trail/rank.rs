//! How urgent a trail is, as a product whose parts are shown.

use std::collections::BTreeSet;

use crate::model::{
    Confidence, Exposure, Life, Lifetime, Rank, RankPart, Reuse, Severity, Sighting, Trail,
    TrailHolder, Zone,
};

/// The rank of `trail`, which `sightings` make.
pub(super) fn rank(trail: &Trail, sightings: &[Sighting], life: Life) -> Rank {
    let parts = [
        power(trail),
        place(&trail.holders, sightings),
        spread(trail),
        lives(trail, life),
        certainty(trail),
    ];
    let parts: Vec<_> = ["power", "place", "spread", "lifetime", "certainty"]
        .into_iter()
        .zip(parts)
        .map(|(name, (percent, text))| RankPart { name: name.to_owned(), percent, text })
        .collect();
    Rank { score: score(&parts), parts }
}

/// The product of the parts, from 0 to 1000.
fn score(parts: &[RankPart]) -> u32 {
    let product = parts.iter().fold(1000.0, |all, part| all * f64::from(part.percent) / 100.0);
    product.round() as u32
}

/// Says that the principal of `trail` has other credentials as well: that widens its spread.
pub fn shared(trail: &mut Trail) {
    if let Some(part) = trail.rank.parts.iter_mut().find(|part| part.name == "spread") {
        part.percent = (part.percent + 5).min(100);
        part.text.push_str("; its principal has other credentials");
    }
    trail.rank.score = score(&trail.rank.parts);
}

fn power(trail: &Trail) -> (u32, String) {
    let percent = match trail.severity {
        Severity::Critical => 100,
        Severity::High => 75,
        Severity::Medium => 45,
        Severity::Low => 20,
        Severity::Info => 5,
    };
    (percent, format!("{} severity", trail.severity.name()))
}

fn place(holders: &[TrailHolder], sightings: &[Sighting]) -> (u32, String) {
    let weight = |holder: &TrailHolder| match holder.zone {
        Zone::Repository if holder.past => 90,
        Zone::Repository => 95,
        Zone::Image => 90,
        Zone::Ci => 80,
        Zone::Transcript => 75,
        Zone::Runtime => 55,
        Zone::Developer => 45,
    };
    let worst = holders.iter().max_by_key(|holder| weight(holder));
    let Some(worst) = worst else { return (0, "nowhere".to_owned()) };
    let open = sightings.iter().flat_map(|sighting| &sighting.exposure);
    let open = open.filter(|fact| matches!(fact, Exposure::WorldReadable | Exposure::Synced)).min();
    let text = match worst.zone {
        Zone::Repository if worst.past => "in a repository's history",
        Zone::Repository => "in a repository",
        Zone::Image => "in an image or package",
        Zone::Ci => "in CI",
        Zone::Transcript => "in what an agent remembers",
        Zone::Runtime => "in a running process or deployment",
        Zone::Developer => "on a developer's machine",
    };
    match open {
        Some(fact) => ((weight(worst) + 15).min(100), format!("{text}; {}", fact.text())),
        None => (weight(worst), text.to_owned()),
    }
}

fn spread(trail: &Trail) -> (u32, String) {
    let has = |class| trail.reuse.contains(&class);
    let percent = if has(Reuse::CrossZone) {
        95
    } else if has(Reuse::CrossTool) {
        85
    } else if has(Reuse::SameTool) {
        70
    } else if has(Reuse::Copied) {
        60
    } else {
        50
    };
    let places: BTreeSet<_> = trail.holders.iter().map(|h| (&h.source, &h.path)).collect();
    let noun =
        |n: usize, one: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") };
    let holders = noun(trail.holders.len(), "holder");
    let places = noun(places.len(), "place");
    (percent, format!("{holders} in {places}, {}", noun(trail.zones.len(), "zone")))
}

fn lives(trail: &Trail, life: Life) -> (u32, String) {
    match (&trail.lifetime, life) {
        (Lifetime::Expired(at), _) => (5, format!("expired at {at}")),
        (Lifetime::Expires(at), _) => (80, format!("ends at {at}")),
        (Lifetime::Endless, _) => (100, "has no end".to_owned()),
        (Lifetime::Unknown, Life::Short) => (30, "lives for hours at most".to_owned()),
        (Lifetime::Unknown, _) => (90, "nothing tells when it ends".to_owned()),
    }
}

fn certainty(trail: &Trail) -> (u32, String) {
    let percent = match trail.confidence {
        Confidence::Certain => 100,
        Confidence::High => 90,
        Confidence::Medium => 60,
        Confidence::Low => 15,
    };
    let text = match trail.confidence {
        Confidence::Certain => "certain".to_owned(),
        other => format!("{} confidence", other.name()),
    };
    (percent, text)
}
