//! Findings of two reports, sorted by credential and holder, so that what only one of them has stands out.

use std::io;

use super::change::{Change, Credential, MOST_HOLDERS, News, Rotated};
use super::rotation::{Places, Rotations};
use super::spot::{Spot, is_past};
use crate::merge::carried;
use crate::merge::entry;
use crate::merge::facts::Facts;
use crate::merge::head::{Head, Input, Trouble};
use crate::merge::sorter::{Record, Sorter};
use crate::merge::take::{self, Basket};
use crate::model::{Basis, SecretId, Sighting};

/// The bytes of an id.
const ID: usize = 16;

/// The findings of both reports.
pub(super) struct Gathered {
    holders: Sorter,
    places: Places,
    facts: Facts,
    keyed: bool,
    sourced: bool,
    new: bool,
    /// Findings of each report whose ids are not compared.
    pub(super) apart: [u64; 2],
    /// Those of them whose ids are good for a run only.
    pub(super) runs: u64,
}

impl Basket for Gathered {
    fn finding(&mut self, sighting: Sighting) -> io::Result<()> {
        let compares = match sighting.comparable {
            Basis::Anywhere => true,
            Basis::Team => self.keyed,
            Basis::Run => false,
        };
        if !compares {
            self.apart[usize::from(self.new)] += 1;
            self.runs += u64::from(sighting.comparable == Basis::Run);
            return Ok(());
        }
        let credential = Credential {
            secret_id: sighting.secret_id,
            rule: sighting.rule.clone(),
            redacted: sighting.redacted.clone(),
            severity: sighting.severity,
        };
        let body = serde_json::to_vec(&credential)?;
        let past = is_past(&sighting);
        for spot in Spot::all(&sighting, self.sourced) {
            let text = serde_json::to_string(&spot)?;
            let mut key = sighting.secret_id.as_bytes().to_vec();
            entry::text(&text, &mut key);
            key.push(Seen::flag(self.new, past));
            self.holders.push(&key, &body)?;
            if !past {
                self.places.push((&spot, &text), &sighting, self.new)?;
            }
        }
        Ok(())
    }

    fn trail(&mut self, _: carried::Told, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn facts(&mut self) -> &mut Facts {
        &mut self.facts
    }
}

/// Which reports tell of a holder, now or in a history.
#[derive(Clone, Copy, Default)]
struct Seen(u8);

impl Seen {
    const OLD: u8 = 1;
    const OLD_PAST: u8 = 2;
    const NEW: u8 = 4;
    const NEW_PAST: u8 = 8;

    const fn flag(new: bool, past: bool) -> u8 {
        match (new, past) {
            (false, false) => Self::OLD,
            (false, true) => Self::OLD_PAST,
            (true, false) => Self::NEW,
            (true, true) => Self::NEW_PAST,
        }
    }

    const fn any(self, flags: u8) -> bool {
        self.0 & flags != 0
    }
}

impl Gathered {
    /// Nothing yet. `keyed`: both reports have the key; `sourced`: both name the sources of their findings.
    pub(super) fn new(keyed: bool, sourced: bool) -> io::Result<Self> {
        Ok(Self {
            holders: Sorter::new()?,
            places: Places::new()?,
            facts: Facts::default(),
            keyed,
            sourced,
            new: false,
            apart: [0; 2],
            runs: 0,
        })
    }

    /// Takes a report; the old one first.
    pub(super) fn take(
        &mut self,
        input: &Input,
        head: &Head,
        new: bool,
    ) -> io::Result<Option<Trouble>> {
        self.new = new;
        take::take(input, head, self)
    }

    /// Hands each change to `tell`.
    pub(super) fn changes(self, tell: &mut dyn FnMut(&Change) -> io::Result<()>) -> io::Result<()> {
        let sorted = self.holders.finish()?;
        let rotations = self.places.rotations()?;
        let mut rotations = Rotations::of(&rotations)?;
        let mut walk = sorted.walk()?;
        let mut current: Option<One> = None;
        while let Some(record) = walk.next()? {
            let Some((id, holder, flag)) = parts(record) else { continue };
            if current.as_ref().is_none_or(|one| one.id != id) {
                end(current.take(), &mut rotations, tell)?;
                current = Some(One::of(id));
            }
            let Some(one) = &mut current else { continue };
            if one.holder != holder {
                one.settle();
                one.holder.extend(holder);
            }
            one.seen.0 |= flag;
            // What the new report says of the credential is preferred.
            if one.credential.is_none() || flag >= Seen::NEW {
                one.credential =
                    serde_json::from_slice(record.body()).ok().or(one.credential.take());
            }
        }
        end(current, &mut rotations, tell)
    }
}

fn parts(record: &Record) -> Option<(SecretId, &[u8], u8)> {
    let (id, rest) = record.key().split_first_chunk::<ID>()?;
    let (flag, holder) = rest.split_last()?;
    Some((SecretId::from_bytes(*id), holder.strip_suffix(&[0, 0])?, *flag))
}

/// One credential.
struct One {
    id: SecretId,
    credential: Option<Credential>,
    // The holder that is being read, as JSON, in which no zero stands; and who tells of it.
    holder: Vec<u8>,
    seen: Seen,
    all: Seen,
    came: List,
    went: List,
    stays: List,
}

/// The first of many, and how many more.
#[derive(Default)]
struct List {
    first: Vec<Spot>,
    more: u64,
}

impl List {
    fn push(&mut self, json: &[u8]) {
        match serde_json::from_slice(json) {
            Ok(spot) if self.first.len() < MOST_HOLDERS => self.first.push(spot),
            _ => self.more += 1,
        }
    }
}

impl One {
    fn of(id: SecretId) -> Self {
        Self {
            id,
            credential: None,
            holder: Vec::new(),
            seen: Seen::default(),
            all: Seen::default(),
            came: List::default(),
            went: List::default(),
            stays: List::default(),
        }
    }

    /// Sorts the holder that was read to the others.
    fn settle(&mut self) {
        let seen = std::mem::take(&mut self.seen);
        let holder = std::mem::take(&mut self.holder);
        self.all.0 |= seen.0;
        if seen.any(Seen::NEW | Seen::NEW_PAST) && !seen.any(Seen::OLD | Seen::OLD_PAST) {
            self.came.push(&holder);
        }
        if seen.any(Seen::OLD) && !seen.any(Seen::NEW)
            || seen.any(Seen::OLD_PAST) && !seen.any(Seen::NEW | Seen::NEW_PAST)
        {
            self.went.push(&holder);
        }
        if seen.any(Seen::NEW) {
            self.stays.push(&holder);
        }
    }
}

fn end(
    one: Option<One>,
    rotations: &mut Rotations<'_>,
    tell: &mut dyn FnMut(&Change) -> io::Result<()>,
) -> io::Result<()> {
    let Some(mut one) = one else { return Ok(()) };
    one.settle();
    let rotated = rotations.of_credential(one.id)?;
    let Some(credential) = one.credential else { return Ok(()) };
    let mut say = |change: News, list: List, rotated: Vec<Rotated>| {
        let List { first: holders, more } = list;
        if holders.is_empty() && more == 0 {
            return Ok(());
        }
        tell(&Change { change, credential: credential.clone(), holders, more, rotated })
    };
    if !one.all.any(Seen::OLD | Seen::OLD_PAST) {
        return say(News::NewCredential, one.came, Vec::new());
    }
    if !one.all.any(Seen::NEW | Seen::NEW_PAST) {
        return say(News::GoneCredential, one.went, Vec::new());
    }
    say(News::NewHolders, one.came, Vec::new())?;
    say(News::GoneHolders, one.went, Vec::new())?;
    if rotated.is_empty() { Ok(()) } else { say(News::LeftBehind, one.stays, rotated) }
}
