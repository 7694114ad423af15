//! Which trees hold the objects that are sought, and by which paths.
//!
//! Looked for from below: which trees name such an object, which trees name those, until no tree is new.
//! Each look rebuilds every tree once, and searches what is new in it.

use std::collections::HashMap;
use std::io::Read;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use crate::git::entry::Kind;
use crate::git::forest::Forest;
use crate::git::store::Store;
use crate::git::walk::{self, Visitor};
use crate::git::{Damage, tree};
use crate::history::sets::{Names, Sets};
use crate::history::watch::Watch;
use crate::model::{ObjectId, Piece};

/// A path below a tree, and what stands there: the number of what was given to [`Places::find`].
pub(super) type Place = (Vec<u8>, u32);

/// What is known of the sought objects and of all trees around them.
pub(super) struct Places {
    /// The set of places in each tree, and in each object that was sought.
    contents: HashMap<ObjectId, u32>,
    places: Names<Place>,
    sets: Sets,
    /// Sets that lie in a folder of some name.
    inside: HashMap<(Vec<u8>, u32), u32>,
}

/// What to look through.
#[derive(Clone, Copy)]
pub(super) struct Ground<'g> {
    pub(super) store: &'g Store,
    pub(super) forests: &'g [Forest],
    pub(super) loose: &'g [ObjectId],
    pub(super) threads: usize,
    pub(super) watch: &'g Watch<'g>,
}

/// How deep folders are followed.
const DEEPEST: usize = 256;

impl Places {
    /// Looks for each of `sought`, an object and the number to call it by.
    pub(super) fn find(ground: Ground<'_>, sought: impl Iterator<Item = (ObjectId, u32)>) -> Self {
        let mut places = Self {
            contents: HashMap::new(),
            places: Names::default(),
            sets: Sets::default(),
            inside: HashMap::new(),
        };
        for (id, number) in sought {
            let place = places.places.number((Vec::new(), number));
            let set = places.sets.of(vec![place]);
            places.contents.insert(id, set);
        }
        for _ in 0..DEEPEST {
            if places.contents.is_empty() || ground.watch.stopped() || !places.climb(ground) {
                break;
            }
        }
        places
    }

    /// What stands in the tree `id`; nothing if it is not known to hold anything.
    pub(super) fn in_tree(&self, id: &ObjectId) -> u32 {
        self.contents.get(id).copied().unwrap_or(Sets::EMPTY)
    }

    /// The places of a set.
    pub(super) fn of(&self, set: u32) -> impl Iterator<Item = &Place> {
        self.sets.members(set).iter().map(|&place| self.places.value(place))
    }

    /// Finds what the trees hold of what is known so far; tells whether anything is new.
    fn climb(&mut self, ground: Ground<'_>) -> bool {
        let found = Mutex::new(Vec::new());
        let known = &self.contents;
        let hash_len = ground.store.hash_len();
        let eye = || Eye { known, hash_len, watch: ground.watch, found: Vec::new(), all: &found };
        let bases = |id: &ObjectId| ground.store.get(id).ok().flatten();
        for (pack, forest) in ground.store.packs().iter().zip(ground.forests) {
            let kinds = &[Kind::Tree];
            walk::Walk { pack, forest, kinds, bases: &bases, threads: ground.threads }.run(eye);
        }
        let mut eye = eye();
        for id in ground.loose {
            if let Ok(Some((Kind::Tree, bytes))) = ground.store.get(id) {
                eye.object(walk::Object { id: *id, kind: Kind::Tree, bytes: &bytes, base: None });
            }
        }
        drop(eye);
        let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
        found.sort_unstable();
        let mut new = false;
        for (id, named) in found {
            let set = named.into_iter().fold(Sets::EMPTY, |set, (name, child)| {
                let inside = self.inside(name, child);
                self.sets.union(set, inside)
            });
            new |= self.contents.insert(id, set) != Some(set);
        }
        new
    }

    /// The places of `set`, seen from the folder in which they lie under `name`.
    fn inside(&mut self, name: Vec<u8>, set: u32) -> u32 {
        if let Some(&known) = self.inside.get(&(name.clone(), set)) {
            return known;
        }
        let members = self.sets.members(set).to_vec();
        let below = |place: u32| {
            let (path, number) = self.places.value(place);
            let glue: &[u8] = if path.is_empty() { b"" } else { b"/" };
            let path = [&name, glue, path].concat();
            let number = *number;
            self.places.number((path, number))
        };
        let members = members.into_iter().map(below).collect();
        let made = self.sets.of(members);
        self.inside.insert((name, set), made);
        made
    }
}

/// An entry of a tree that names something sought.
#[derive(Clone)]
struct Named {
    range: Range<usize>,
    name: Vec<u8>,
    child: u32,
}

type Found = (ObjectId, Vec<(Vec<u8>, u32)>);

struct Eye<'e> {
    known: &'e HashMap<ObjectId, u32>,
    hash_len: usize,
    watch: &'e Watch<'e>,
    found: Vec<Found>,
    all: &'e Mutex<Vec<Found>>,
}

impl Eye<'_> {
    /// Every entry that names something sought.
    fn parse(&self, bytes: &[u8]) -> Vec<Named> {
        let mut at = 0;
        let mut all = Vec::new();
        for entry in tree::entries(bytes, self.hash_len).map_while(Result::ok) {
            let end = entry_end(bytes, at, self.hash_len);
            if let Some(&child) = self.known.get(&entry.id) {
                all.push(Named { range: at..end, name: entry.name.to_vec(), child });
            }
            at = end;
        }
        all
    }

    /// What of `base` is copied whole; none if something sought may be new, or something known be gone.
    fn inherited(&self, bytes: &[u8], base: &[Named], pieces: &[Piece]) -> Option<Vec<Named>> {
        let mut all = Vec::new();
        for piece in pieces {
            let news = match piece.from {
                None => piece.range.clone(),
                Some(_) => piece.range.start..piece.range.start,
            };
            if self.may_name(bytes, &news) {
                return None;
            }
            let Some(from) = piece.from else { continue };
            let copied = from..from + piece.range.len();
            for named in base {
                let Range { start, end } = named.range;
                if copied.start <= start && end <= copied.end {
                    let at = piece.range.start + start - from;
                    all.push(Named { range: at..at + (end - start), ..named.clone() });
                } else if start < copied.end && copied.start < end {
                    return None;
                }
            }
        }
        Some(all)
    }

    /// Whether an id that is sought touches `news`. Each id stands behind a zero.
    fn may_name(&self, bytes: &[u8], news: &Range<usize>) -> bool {
        let start = news.start.saturating_sub(self.hash_len);
        let end = (news.end + 1).min(bytes.len());
        memchr::memchr_iter(0, &bytes[start..end]).any(|zero| {
            let id = start + zero + 1;
            let id = bytes.get(id..id + self.hash_len).and_then(ObjectId::from_bytes);
            id.is_some_and(|id| self.known.contains_key(&id))
        })
    }
}

/// Where the entry that begins at `at` ends.
fn entry_end(bytes: &[u8], at: usize, hash_len: usize) -> usize {
    let zero = memchr::memchr(0, &bytes[at..]).unwrap_or(0);
    at + zero + 1 + hash_len
}

impl Visitor for Eye<'_> {
    type Note = Vec<Named>;

    fn object(&mut self, object: walk::Object<'_, Self::Note>) -> Self::Note {
        let walk::Object { id, bytes, base, .. } = object;
        let inherited = base.and_then(|(base, pieces)| self.inherited(bytes, base, pieces));
        let named = inherited.unwrap_or_else(|| self.parse(bytes));
        if !named.is_empty() {
            let children = named.iter().map(|named| (named.name.clone(), named.child));
            self.found.push((id, children.collect()));
        }
        named
    }

    fn large(&mut self, _: ObjectId, _: Kind, _: &mut dyn Read) {}

    fn fault(&mut self, _: ObjectId, _: Damage) {}

    fn goes_on(&self) -> bool {
        !self.watch.stopped()
    }
}

impl Drop for Eye<'_> {
    fn drop(&mut self) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.append(&mut self.found);
    }
}
