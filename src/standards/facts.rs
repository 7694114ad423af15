//! What the mapping asks of findings and trails, as bits.

use crate::model::{
    Exposure, HolderKind, Kind, Lifetime, Reuse, SightedHolder, Sighting, Trail, TrailHolder,
    TrailKind, Zone,
};
use crate::standards::paths;

/// A set of facts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Facts(u64);

const HOLDER: usize = Kind::ALL.len();
const ZONE: usize = HOLDER + HolderKind::ALL.len();
const REUSE: usize = ZONE + Zone::ALL.len();
const LIFETIME: usize = REUSE + Reuse::ALL.len();
const EXPOSURE: usize = LIFETIME + LIFETIMES.len();
const PLAIN: usize = EXPOSURE + Exposure::ALL.len();
const _: () = assert!(PLAIN + WORDS.len() <= u64::BITS as usize, "facts are bits of one number");

/// The states of a lifetime.
const LIFETIMES: [&str; 4] = ["expired", "expires", "endless", "unknown"];

/// The facts that are no values of anything.
const WORDS: [&str; 9] = [
    "env-file",
    "config-file",
    "log-file",
    "vcs-data",
    "memory-dump",
    "process-environment",
    "process-arguments",
    "history-only",
    "by-reference",
];

impl Facts {
    /// The facts with these names; the name that is none.
    pub fn named(names: &[String]) -> Result<Self, &str> {
        let bit = |name| position(name).map(|at| 1 << at).ok_or(name);
        names.iter().try_fold(Self(0), |all, name| Ok(Self(all.0 | bit(name.as_str())?)))
    }

    /// The facts of the place of a finding, without its holders.
    pub fn of_place(sighting: &Sighting, zone: Zone) -> Self {
        let past = sighting.history.as_ref().is_some_and(|history| !history.in_head);
        let place = Self::at(sighting.kind, zone, &sighting.path);
        let open = sighting
            .exposure
            .iter()
            .fold(place, |facts, fact| facts.set(EXPOSURE + *fact as usize));
        if past { open.word("history-only") } else { open }
    }

    /// These, and those of a holder there.
    pub fn held(self, holder: &SightedHolder) -> Self {
        let facts = self.set(HOLDER + holder.kind as usize);
        if holder.refers.is_some() { facts.word("by-reference") } else { facts }
    }

    /// The facts of one holder of a trail.
    pub fn of_holder(trail: &Trail, holder: &TrailHolder) -> Self {
        let mut facts = Self::at(trail.kind, holder.zone, &holder.path);
        if let TrailKind::Tool(kind) = holder.kind {
            facts = facts.set(HOLDER + kind as usize);
        }
        if holder.past {
            facts = facts.word("history-only");
        }
        if holder.by_reference { facts.word("by-reference") } else { facts }
    }

    /// The facts of a trail as a whole.
    pub fn of_trail(trail: &Trail) -> Self {
        let state = match trail.lifetime {
            Lifetime::Expired(_) => 0,
            Lifetime::Expires(_) => 1,
            Lifetime::Endless => 2,
            Lifetime::Unknown => 3,
        };
        let facts = Self(0).set(trail.kind as usize).set(LIFETIME + state);
        let facts =
            trail.reuse.iter().fold(facts, |facts, class| facts.set(REUSE + *class as usize));
        trail.holders.iter().fold(facts, |facts, holder| {
            let facts = facts.set(ZONE + holder.zone as usize);
            match holder.kind {
                TrailKind::Tool(kind) => facts.set(HOLDER + kind as usize),
                TrailKind::Plain(_) => facts,
            }
        })
    }

    /// Whether it is the empty set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether all of `asked` are in it.
    pub const fn has(self, asked: Self) -> bool {
        self.0 & asked.0 == asked.0
    }

    /// Whether one of `asked` is in it.
    pub const fn meets(self, asked: Self) -> bool {
        self.0 & asked.0 != 0
    }

    fn at(kind: Kind, zone: Zone, path: &str) -> Self {
        let facts = Self(0).set(kind as usize).set(ZONE + zone as usize);
        paths::roles(path).fold(facts, Self::word)
    }

    const fn set(self, at: usize) -> Self {
        Self(self.0 | 1 << at)
    }

    fn word(self, word: &str) -> Self {
        WORDS.iter().position(|known| *known == word).map_or(self, |at| self.set(PLAIN + at))
    }
}

/// The bit of a fact: `kind:password`, `zone:ci`, `log-file`.
fn position(name: &str) -> Option<usize> {
    let Some((group, value)) = name.split_once(':') else {
        return WORDS.iter().position(|word| *word == name).map(|at| PLAIN + at);
    };
    match group {
        "kind" => Kind::ALL.iter().position(|kind| kind.name() == value),
        "holder" => {
            HolderKind::ALL.iter().position(|kind| kind.name() == value).map(|at| HOLDER + at)
        }
        "zone" => Zone::ALL.iter().position(|zone| zone.name() == value).map(|at| ZONE + at),
        "reuse" => Reuse::ALL.iter().position(|class| class.name() == value).map(|at| REUSE + at),
        "lifetime" => LIFETIMES.iter().position(|state| *state == value).map(|at| LIFETIME + at),
        "exposure" => {
            Exposure::ALL.iter().position(|fact| fact.name() == value).map(|at| EXPOSURE + at)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_the_bit_of_its_name() {
        let zone = Zone::ALL.iter().map(|z| (format!("zone:{}", z.name()), ZONE + *z as usize));
        let kind = Kind::ALL.iter().map(|k| (format!("kind:{}", k.name()), *k as usize));
        let holder =
            HolderKind::ALL.iter().map(|h| (format!("holder:{}", h.name()), HOLDER + *h as usize));
        let reuse = Reuse::ALL.iter().map(|r| (format!("reuse:{}", r.name()), REUSE + *r as usize));
        let open = Exposure::ALL
            .iter()
            .map(|e| (format!("exposure:{}", e.name()), EXPOSURE + *e as usize));
        for (name, at) in zone.chain(kind).chain(holder).chain(reuse).chain(open) {
            assert_eq!(position(&name), Some(at), "{name}");
        }
    }

    #[test]
    fn what_is_no_fact_is_named() {
        let names = ["log-file", "zone:moon"].map(str::to_owned);
        assert_eq!(Facts::named(&names), Err("zone:moon"));
    }
}
