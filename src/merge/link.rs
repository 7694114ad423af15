//! Trails of one principal, linked without holding them: by the name of the principal, then by number.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use crate::merge::facts::digest;
use crate::merge::join::{Join, Sink};
use crate::merge::sorter::{Record, Sorted, Sorter, Walk};
use crate::merge::store::{Kept, Store, Stored};
use crate::model::{Owner, Reuse, SecretId, Trail};

/// How many siblings a trail lists.
const MOST_SIBLINGS: usize = 100;

/// How many trails a principal lists, the most urgent ones.
const MOST_TRAILS: usize = 10_000;

/// How much of a principal's name is sorted by.
const NAME: usize = 64;

/// A name's beginning and digest.
const NAMED: usize = NAME + 16;

/// The bytes of an id.
const ID: usize = 16;

/// Takes trails as they are made.
pub(super) struct Links {
    store: Store,
    owners: Sorter,
}

/// All trails and principals, in the order in which they are written.
pub(super) struct Ranked {
    trails: Sorted,
    owners: Sorted,
}

impl Links {
    /// Without trails.
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self { store: Store::new()?, owners: Sorter::new()? })
    }

    /// Takes a trail.
    pub(super) fn push(&mut self, trail: &Trail, by: &dyn Join) -> io::Result<()> {
        let number = self.store.push(trail)?;
        let Some(name) = by.owner(trail) else { return Ok(()) };
        let mut key = named(&name).to_vec();
        key.extend(trail.secret_id.as_bytes());
        key.extend(number.to_be_bytes());
        self.owners.push(&key, &[])
    }

    /// Links and ranks them.
    pub(super) fn rank(self, by: &dyn Join) -> io::Result<Ranked> {
        let mut families = Families::of(&self.owners.finish()?)?;
        let Families { members, heads } = &mut families;
        let mut members = members.walk()?;
        let mut linked = next_link(&mut members)?;
        let mut trails = self.store.finish()?;
        let (mut ranked, mut owners, mut number) = (Sorter::new()?, Sorter::new()?, 0_u64);
        while let Some(Kept { mut score, id, mut json }) = Stored::next(&mut trails)? {
            if let Some((_, at)) = linked.filter(|(linked, _)| *linked == number) {
                linked = next_link(&mut members)?;
                let mut trail: Trail = serde_json::from_slice(&json)?;
                link(&mut trail, family(heads, at)?, by);
                told(&trail, number, by, &mut owners)?;
                (score, json) = (trail.rank.score, serde_json::to_vec(&trail)?);
            }
            ranked.push(
                &[&most_first(score)[..], id.as_bytes(), &number.to_be_bytes()].concat(),
                &json,
            )?;
            number += 1;
        }
        Ok(Ranked { trails: ranked.finish()?, owners: owners.finish()? })
    }
}

/// Scores so that the highest is sorted first.
fn most_first(score: u32) -> [u8; 4] {
    (u32::MAX - score).to_be_bytes()
}

fn named(name: &str) -> [u8; NAMED] {
    let mut key = [0; NAMED];
    let (start, end) = key.split_at_mut(NAME);
    start.iter_mut().zip(name.bytes()).for_each(|(to, from)| *to = from);
    end.copy_from_slice(&digest(name.as_bytes()));
    key
}

fn link(trail: &mut Trail, family: Vec<SecretId>, by: &dyn Join) {
    let own = trail.secret_id;
    trail.siblings = family.into_iter().filter(|id| *id != own).take(MOST_SIBLINGS).collect();
    if !trail.reuse.contains(&Reuse::SharedPrincipal) {
        trail.reuse.push(Reuse::SharedPrincipal);
        by.shared(trail);
    }
}

/// Notes for its principal that `trail` is its, and who holds it.
fn told(trail: &Trail, number: u64, by: &dyn Join, owners: &mut Sorter) -> io::Result<()> {
    let Some(name) = by.owner(trail) else { return Ok(()) };
    let key = named(&name);
    let place = most_first(trail.rank.score);
    let of = [&key[..], &[0], &place, trail.secret_id.as_bytes(), &number.to_be_bytes()].concat();
    owners.push(&of, name.as_bytes())?;
    for h in &trail.holders {
        let holder = serde_json::to_vec(&(&h.source, &h.tool, &h.name, &h.path, &h.key))?;
        owners.push(&[&key[..], &[1], &digest(&holder)].concat(), &[])?;
    }
    Ok(())
}

/// The principals with more than one credential.
struct Families {
    // By a trail's number: where the ids of its family stand.
    members: Sorted,
    heads: File,
}

impl Families {
    fn of(owners: &Sorted) -> io::Result<Self> {
        let mut heads = tempfile::tempfile()?;
        let mut members = Sorter::new()?;
        let mut walk = owners.walk()?;
        let mut family = Family::default();
        let mut at = 0;
        while let Some(record) = walk.next()? {
            let Some((name, rest)) = record.key().split_at_checked(NAMED) else { continue };
            let Some((id, number)) = rest.split_first_chunk::<ID>() else { continue };
            if family.name != name {
                at = family.end(&mut heads, at)?;
                family.name.extend(name);
            }
            family.push(SecretId::from_bytes(*id), number, at, &mut members)?;
        }
        family.end(&mut heads, at)?;
        Ok(Self { members: members.finish()?, heads })
    }
}

#[derive(Default)]
struct Family {
    name: Vec<u8>,
    ids: Vec<SecretId>,
    // Those that are not noted yet: all of them have the first id.
    waiting: Vec<Vec<u8>>,
}

impl Family {
    fn push(&mut self, id: SecretId, number: &[u8], at: u64, to: &mut Sorter) -> io::Result<()> {
        if self.ids.last() != Some(&id) && self.ids.len() <= MOST_SIBLINGS {
            self.ids.push(id);
        }
        if self.ids.len() < 2 {
            self.waiting.push(number.to_vec());
            return Ok(());
        }
        for number in self.waiting.drain(..) {
            to.push(&number, &at.to_le_bytes())?;
        }
        to.push(number, &at.to_le_bytes())
    }

    /// Writes its ids; where the next family's begin.
    fn end(&mut self, heads: &mut File, at: u64) -> io::Result<u64> {
        let ids = std::mem::take(self).ids;
        if ids.len() < 2 {
            return Ok(at);
        }
        let bytes: Vec<u8> = ids.iter().flat_map(|id| *id.as_bytes()).collect();
        // At most one more than the siblings.
        heads.write_all(&[&[ids.len() as u8][..], &bytes].concat())?;
        Ok(at + 1 + bytes.len() as u64)
    }
}

fn family(heads: &mut File, at: u64) -> io::Result<Vec<SecretId>> {
    heads.seek(SeekFrom::Start(at))?;
    let mut bytes = Vec::new();
    heads.take(1 + (MOST_SIBLINGS as u64 + 1) * ID as u64).read_to_end(&mut bytes)?;
    let Some((count, ids)) = bytes.split_first() else { return Ok(Vec::new()) };
    let (ids, _) = ids.as_chunks::<ID>();
    Ok(ids.iter().take(usize::from(*count)).map(|id| SecretId::from_bytes(*id)).collect())
}

/// The number of the next trail that has a family, and where that stands.
fn next_link(walk: &mut Walk<'_>) -> io::Result<Option<(u64, u64)>> {
    let read = |record: &Record| {
        let number = u64::from_be_bytes(record.key().try_into().ok()?);
        Some((number, u64::from_le_bytes(record.body().try_into().ok()?)))
    };
    Ok(walk.next()?.and_then(read))
}

impl Ranked {
    /// Hands the trails to `out`, the most urgent first, then the principals by name; how many principals.
    pub(super) fn write(&self, out: &mut dyn Sink) -> io::Result<u64> {
        let mut walk = self.trails.walk()?;
        while let Some(record) = walk.next()? {
            out.trail(serde_json::from_slice(record.body())?)?;
        }
        let mut walk = self.owners.walk()?;
        let mut last: (Vec<u8>, Option<Owner>) = Default::default();
        let (mut holder, mut count) = (Vec::new(), 0);
        while let Some(record) = walk.next()? {
            let Some((name, rest)) = record.key().split_at_checked(NAMED) else { continue };
            if last.0 != name {
                count += written(last.1.take(), out)?;
                let words = String::from_utf8_lossy(record.body()).into_owned();
                last = (name.to_vec(), Some(Owner { name: words, trails: Vec::new(), holders: 0 }));
                holder.clear();
            }
            let (Some(owner), Some((sort, rest))) = (&mut last.1, rest.split_first()) else {
                continue;
            };
            if *sort == 1 {
                owner.holders += usize::from(holder != rest);
                holder = rest.to_vec();
            } else if owner.trails.len() < MOST_TRAILS {
                let id = rest.get(4..).and_then(|rest| rest.first_chunk::<ID>());
                owner.trails.extend(id.map(|id| SecretId::from_bytes(*id)));
            }
        }
        Ok(count + written(last.1, out)?)
    }
}

fn written(owner: Option<Owner>, out: &mut dyn Sink) -> io::Result<u64> {
    let Some(owner) = owner else { return Ok(0) };
    out.owner(&owner)?;
    Ok(1)
}
