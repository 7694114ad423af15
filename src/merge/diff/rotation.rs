//! Places whose value was replaced between two reports.

use std::collections::BTreeMap;
use std::io;

use super::change::Rotated;
use super::spot::Spot;
use crate::merge::entry;
use crate::merge::facts::digest;
use crate::merge::sorter::{Record, Sorted, Sorter, Walk};
use crate::model::{SecretId, Sighting};

/// With more values in one place it cannot be said which replaced which.
const MOST_VALUES: usize = 100;

/// How many replaced places are told of one credential.
const MOST_ROTATED: usize = 100;

/// The bytes of an id, and of a place's digest.
const ID: usize = 16;

/// The values of each place in both reports.
pub(super) struct Places(Sorter);

impl Places {
    /// None yet.
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self(Sorter::new()?))
    }

    /// Takes a holder, with its JSON, that has the value of `sighting`.
    pub(super) fn push(
        &mut self,
        (spot, json): (&Spot, &str),
        sighting: &Sighting,
        new: bool,
    ) -> io::Result<()> {
        for place in spot.places(sighting.rule.as_str()) {
            let side = [u8::from(new)];
            let key = [&digest(&place)[..], &side, sighting.secret_id.as_bytes()].concat();
            self.0.push(&key, json.as_bytes())?;
        }
        Ok(())
    }

    /// The replaced values, each with the places where it was, sorted by value.
    pub(super) fn rotations(self) -> io::Result<Sorted> {
        let sorted = self.0.finish()?;
        let mut walk = sorted.walk()?;
        let (mut to, mut place) = (Sorter::new()?, Place::default());
        while let Some(record) = walk.next()? {
            let Some((digest, rest)) = record.key().split_first_chunk::<ID>() else { continue };
            if place.digest != *digest {
                std::mem::take(&mut place).end(&mut to)?;
                place.digest = *digest;
            }
            place.take(rest, record.body());
        }
        place.end(&mut to)?;
        to.finish()
    }
}

/// One place: the values that it had, with the holder as JSON, and those that it has.
#[derive(Default)]
struct Place {
    digest: [u8; ID],
    old: BTreeMap<SecretId, Vec<u8>>,
    new: BTreeMap<SecretId, Vec<u8>>,
}

impl Place {
    fn take(&mut self, side_and_id: &[u8], holder: &[u8]) {
        let Some((side, id)) = side_and_id.split_first() else { return };
        let Some(id) = id.first_chunk::<ID>() else { return };
        let values = if *side == 0 { &mut self.old } else { &mut self.new };
        if values.len() <= MOST_VALUES {
            values.entry(SecretId::from_bytes(*id)).or_insert_with(|| holder.to_vec());
        }
    }

    fn end(self, to: &mut Sorter) -> io::Result<()> {
        let Self { old, new, .. } = self;
        if old.len() > MOST_VALUES || new.len() > MOST_VALUES {
            return Ok(());
        }
        let Some(now) = new.keys().find(|id| !old.contains_key(id)) else { return Ok(()) };
        for (gone, holder) in old.iter().filter(|(id, _)| !new.contains_key(id)) {
            let mut key = gone.as_bytes().to_vec();
            entry::text(&String::from_utf8_lossy(holder), &mut key);
            to.push(&key, now.as_bytes())?;
        }
        Ok(())
    }
}

/// A walk through the replaced values, along with one through all credentials.
pub(super) struct Rotations<'s> {
    walk: Walk<'s>,
    next: Option<(SecretId, Rotated)>,
}

impl<'s> Rotations<'s> {
    /// From the start.
    pub(super) fn of(sorted: &'s Sorted) -> io::Result<Self> {
        let mut rotations = Self { walk: sorted.walk()?, next: None };
        rotations.advance()?;
        Ok(rotations)
    }

    /// Where `id` was replaced, each place once. Ids have to be asked for in their order.
    pub(super) fn of_credential(&mut self, id: SecretId) -> io::Result<Vec<Rotated>> {
        let mut all: Vec<Rotated> = Vec::new();
        while let Some((at, rotated)) = self.next.take_if(|(next, _)| *next <= id) {
            let known = all.last().is_some_and(|last| last.at == rotated.at);
            if at == id && !known && all.len() < MOST_ROTATED {
                all.push(rotated);
            }
            self.advance()?;
        }
        Ok(all)
    }

    fn advance(&mut self) -> io::Result<()> {
        while let Some(record) = self.walk.next()? {
            if let Some(next) = read(record) {
                self.next = Some(next);
                return Ok(());
            }
        }
        Ok(())
    }
}

fn read(record: &Record) -> Option<(SecretId, Rotated)> {
    let (id, holder) = record.key().split_first_chunk::<ID>()?;
    let at = serde_json::from_slice(holder.strip_suffix(&[0, 0])?).ok()?;
    let now = SecretId::from_bytes(record.body().try_into().ok()?);
    Some((SecretId::from_bytes(*id), Rotated { at, now }))
}
