//! What frameworks call a finding or a trail: entries of OWASP, CSA, NIST, CWE and ATT&CK, given from data.

mod book;
mod counter;
mod facts;
mod ids;
mod paths;
mod tags;
#[cfg(test)]
mod tests;
mod written;

use crate::model::{Confidence, Sighting, Trail, Zone};

pub use book::{Entry, Framework, all};
pub use counter::{Counter, count};
pub use ids::{EntryId, Ids};
pub use tags::sarif_tags;
pub use written::Status;

use book::book;
use facts::Facts;

/// The entries of a finding that lies in `zone`. A finding of low confidence has none: it is made up or damaged.
pub fn of_finding(sighting: &Sighting, zone: Zone) -> Ids {
    if sighting.confidence < Confidence::Medium {
        return Ids::default();
    }
    let book = book();
    let place = Facts::of_place(sighting, zone);
    if sighting.holders.is_empty() {
        return book.of_place(place);
    }
    let each = sighting.holders.iter().map(|holder| book.of_place(place.held(holder)));
    each.fold(Ids::default(), Ids::with)
}

/// The entries of a trail: those of each of its holders, and those of the trail as a whole. A trail of low
/// confidence has none.
pub fn of_trail(trail: &Trail) -> Ids {
    if trail.confidence < Confidence::Medium {
        return Ids::default();
    }
    let book = book();
    let each = trail.holders.iter().map(|holder| book.of_place(Facts::of_holder(trail, holder)));
    each.fold(book.of_trail(Facts::of_trail(trail)), Ids::with)
}
