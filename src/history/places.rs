//! Which trees hold the objects that are sought, and by which paths.
//!
//! Looked for from below: which trees name such an object, which trees name those, until no tree is new.
//! Each look rebuilds every tree once, and searches what is new in it.

use std::collections::HashMap;
use std::io::Read;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use crate::git::entry::Kind;
use crate::git::forest::Forest;
use crate::git::store::Store;
use crate::git::walk::{self, Visitor};
use crate::git::{Damage, tree};
use crate::history::by_id::ById;
use crate::history::sets::{Names, Sets};
use crate::history::watch::Watch;
use crate::model::{ObjectId, Piece};

/// A path below a tree, and what stands there: the number of what was given to [`Places::find`].
pub(super) type Place = (Vec<u8>, u32);

/// What is known of the sought objects and of all trees around them.
pub(super) struct Places {
    /// The set of places in each tree, and in each object that was sought.
    contents: ById<u32>,
    places: Names<Place>,
    sets: Sets,
    /// Trees that cannot be had, some perhaps twice.
    faults: Vec<(ObjectId, Damage)>,
    /// Sets that lie in a folder of some name.
    inside: HashMap<(Arc<[u8]>, u32), u32>,
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
const DEEPEST: usize = 4096;

impl Places {
    /// Looks for each of `sought`, an object and the number to call it by.
    pub(super) fn find(ground: Ground<'_>, sought: impl Iterator<Item = (ObjectId, u32)>) -> Self {
        let mut places = Self {
            contents: ById::default(),
            places: Names::default(),
            sets: Sets::default(),
            faults: Vec::new(),
            inside: HashMap::new(),
        };
        for (id, number) in sought {
            let place = places.places.number((Vec::new(), number));
            let set = places.sets.of(vec![place]);
            places.contents.insert(id, set);
        }
        let mut naming = Naming::default();
        let mut last: Vec<ObjectId> = places.contents.keys().copied().collect();
        for _ in 0..DEEPEST {
            if last.is_empty() || ground.watch.stopped() {
                break;
            }
            last = places.climb(ground, &mut naming, &last);
        }
        places
    }

    /// What stands in the tree `id`; nothing if it is not known to hold anything.
    pub(super) fn in_tree(&self, id: &ObjectId) -> u32 {
        self.contents.get(id).copied().unwrap_or(Sets::EMPTY)
    }

    /// Trees that cannot be had, some perhaps twice.
    pub(super) fn faults(&self) -> &[(ObjectId, Damage)] {
        &self.faults
    }

    /// The places of a set.
    pub(super) fn of(&self, set: u32) -> impl Iterator<Item = &Place> {
        self.sets.members(set).iter().map(|&place| self.places.value(place))
    }

    /// Finds what the trees hold of what is known so far, looking through those that may name what was found
    /// `last`; tells what is new.
    fn climb(
        &mut self,
        ground: Ground<'_>,
        naming: &mut Naming,
        last: &[ObjectId],
    ) -> Vec<ObjectId> {
        let found = Mutex::new(Found::default());
        for (n, (pack, forest)) in ground.store.packs().iter().zip(ground.forests).enumerate() {
            let only = naming.roots(n, last);
            let eye = || Eye::new(self, ground, naming, &found, Some(n));
            let bases = |id: &ObjectId| ground.store.get(id).ok().flatten();
            let (kinds, only) = (&[Kind::Tree][..], only.as_deref());
            walk::Walk { pack, forest, kinds, only, bases: &bases, threads: ground.threads }
                .run(eye);
        }
        let mut eye = Eye::new(self, ground, naming, &found, None);
        for id in ground.loose {
            match ground.store.get(id) {
                Ok(Some((kind @ Kind::Tree, bytes))) => {
                    _ = eye.object(walk::Object {
                        id: *id,
                        kind,
                        root: 0,
                        bytes: &bytes,
                        base: None,
                    });
                }
                Ok(_) => {}
                Err(damage) => eye.fault(*id, damage),
            }
        }
        drop(eye);
        let Found { mut trees, names, faults } =
            found.into_inner().unwrap_or_else(PoisonError::into_inner);
        naming.learn(names);
        self.faults.extend(faults);
        trees.sort_unstable();
        let mut new = Vec::new();
        for (id, named) in trees {
            let inside: Vec<u32> =
                named.into_iter().map(|(name, child)| self.inside(name, child)).collect();
            let members = inside.iter().flat_map(|&set| self.sets.members(set)).copied().collect();
            let set = self.sets.of(members);
            if self.contents.insert(id, set) != Some(set) {
                new.push(id);
            }
        }
        new
    }

    /// The places of `set`, seen from the folder in which they lie under `name`.
    fn inside(&mut self, name: Arc<[u8]>, set: u32) -> u32 {
        if let Some(&known) = self.inside.get(&(Arc::clone(&name), set)) {
            return known;
        }
        let members = self.sets.members(set).to_vec();
        let below = |place: u32| {
            let (path, number) = self.places.value(place);
            let glue: &[u8] = if path.is_empty() { b"" } else { b"/" };
            let path = [&name[..], glue, path].concat();
            let number = *number;
            self.places.number((path, number))
        };
        let members = members.into_iter().map(below).collect();
        let made = self.sets.of(members);
        self.inside.insert((name, set), made);
        made
    }
}

/// Which deltas' roots lead to trees that name a folder of some id, so that not all are looked through for
/// each level of folders.
#[derive(Default)]
struct Naming {
    /// For each pack the beginnings of ids, and the roots of the trees that name them; sorted.
    names: Vec<Vec<(u32, u32)>>,
    known: bool,
}

impl Naming {
    /// The roots in pack `n` that may lead to a tree that names one of `ids`; none if that is unknown yet.
    fn roots(&self, n: usize, ids: &[ObjectId]) -> Option<Vec<u32>> {
        self.known.then_some(())?;
        let names = self.names.get(n).map_or(&[][..], Vec::as_slice);
        let mut roots = Vec::new();
        for id in ids {
            let beginning = beginning(id);
            let first = names.partition_point(|(name, _)| *name < beginning);
            let same = names[first..].iter().take_while(|(name, _)| *name == beginning);
            roots.extend(same.map(|(_, root)| *root));
        }
        roots.sort_unstable();
        roots.dedup();
        Some(roots)
    }

    fn learn(&mut self, names: Vec<(usize, u32, u32)>) {
        if self.known {
            return;
        }
        for (pack, name, root) in names {
            if self.names.len() <= pack {
                self.names.resize_with(pack + 1, Vec::new);
            }
            self.names[pack].push((name, root));
        }
        for names in &mut self.names {
            names.sort_unstable();
            names.dedup();
        }
        self.known = true;
    }
}

fn beginning(id: &ObjectId) -> u32 {
    u32::from_be_bytes(id.as_bytes()[..4].try_into().expect("ids are longer"))
}

/// An entry of a tree that names something sought.
#[derive(Clone)]
struct Named {
    range: Range<usize>,
    name: Arc<[u8]>,
    child: u32,
}

/// Names of entries, and the sets of places in them.
type Children = Vec<(Arc<[u8]>, u32)>;

/// What trees hold.
#[derive(Default)]
struct Found {
    /// Trees, and the names and sets of what they hold.
    trees: Vec<(ObjectId, Children)>,
    /// Trees that cannot be had.
    faults: Vec<(ObjectId, Damage)>,
    /// Packs, the beginnings of the ids of folders, and the roots of what names them there.
    names: Vec<(usize, u32, u32)>,
}

struct Eye<'e> {
    known: &'e ById<u32>,
    hash_len: usize,
    watch: &'e Watch<'e>,
    /// The pack in which trees are looked at whose folders are to be noted.
    pack: Option<usize>,
    learns: bool,
    found: Found,
    all: &'e Mutex<Found>,
}

impl<'e> Eye<'e> {
    fn new(
        places: &'e Places,
        ground: Ground<'e>,
        naming: &Naming,
        all: &'e Mutex<Found>,
        pack: Option<usize>,
    ) -> Self {
        Self {
            known: &places.contents,
            hash_len: ground.store.hash_len(),
            watch: ground.watch,
            pack,
            learns: !naming.known,
            found: Found::default(),
            all,
        }
    }

    /// Every entry that names something sought.
    fn parse(&mut self, bytes: &[u8], root: u32) -> Vec<Named> {
        let mut at = 0;
        let mut all = Vec::new();
        for entry in tree::entries(bytes, self.hash_len).map_while(Result::ok) {
            let end = entry_end(bytes, at, self.hash_len);
            if let Some(&child) = self.known.get(&entry.id) {
                all.push(Named { range: at..end, name: entry.name.into(), child });
            }
            if entry.is_tree() {
                self.note(&entry.id, root);
            }
            at = end;
        }
        all
    }

    fn note(&mut self, folder: &ObjectId, root: u32) {
        if let Some(pack) = self.pack.filter(|_| self.learns) {
            self.found.names.push((pack, beginning(folder), root));
        }
    }

    /// What of `base` is copied whole, and what is new; none if the tree must be read from its beginning to
    /// know.
    fn inherited(
        &mut self,
        bytes: &[u8],
        root: u32,
        base: &[Named],
        pieces: &[Piece],
    ) -> Option<Vec<Named>> {
        let mut all = Vec::new();
        let mut seen = 0;
        for piece in pieces {
            let news = match piece.from {
                None => piece.range.clone(),
                Some(_) => piece.range.start..piece.range.start,
            };
            seen = self.news(bytes, root, &news, seen, &mut all)?;
            let Some(from) = piece.from else { continue };
            let copied = from..from + piece.range.len();
            for named in base {
                let Range { start, end } = named.range;
                if copied.start <= start && end <= copied.end {
                    let at = piece.range.start + start - from;
                    all.push(Named { range: at..at + (end - start), ..named.clone() });
                }
            }
        }
        all.sort_by_key(|named| named.range.start);
        all.dedup_by_key(|named| named.range.start);
        Some(all)
    }

    /// Adds the entries that touch `news`, of those that begin behind `seen`; tells up to where it looked.
    /// Each id stands behind a zero. None if it cannot be told where an entry begins.
    fn news(
        &mut self,
        bytes: &[u8],
        root: u32,
        news: &Range<usize>,
        seen: usize,
        all: &mut Vec<Named>,
    ) -> Option<usize> {
        let start = news.start.saturating_sub(self.hash_len + 1).max(seen);
        let mut end = (news.end + 1).min(bytes.len());
        // The name of the last entry may be new and its id be copied.
        end = memchr::memchr(0, &bytes[end..]).map_or(bytes.len(), |zero| end + zero + 1);
        let mut at = start;
        while let Some(zero) = memchr::memchr(0, bytes.get(at..end)?).map(|zero| at + zero) {
            at = zero + 1;
            let id = bytes.get(at..at + self.hash_len).and_then(ObjectId::from_bytes);
            let Some(id) = id else { break };
            match self.known.get(&id) {
                Some(&child) => {
                    let first = self.entry_start(bytes, zero)?;
                    let blank = memchr::memchr(b' ', &bytes[first..zero])?;
                    let name = bytes[first + blank + 1..zero].into();
                    all.push(Named { range: first..at + self.hash_len, name, child });
                }
                None if self.learns => {
                    let first = self.entry_start(bytes, zero);
                    if first.is_none_or(|first| bytes[first] == b'4') {
                        self.note(&id, root);
                    }
                }
                None => {}
            }
        }
        Some(at)
    }

    /// Where the entry begins whose name ends at `zero`, if what stands before it is plain.
    fn entry_start(&self, bytes: &[u8], zero: usize) -> Option<usize> {
        let start = match memchr::memrchr(0, &bytes[..zero]) {
            Some(last) => last + 1 + self.hash_len,
            None => 0,
        };
        let entry = bytes.get(start..zero)?;
        MODES.iter().any(|mode| entry.starts_with(mode)).then_some(start)
    }
}

/// What entries of trees begin with.
const MODES: [&[u8]; 5] = [b"40000 ", b"100644 ", b"100755 ", b"120000 ", b"160000 "];

/// Where the entry that begins at `at` ends.
fn entry_end(bytes: &[u8], at: usize, hash_len: usize) -> usize {
    let zero = memchr::memchr(0, &bytes[at..]).unwrap_or(0);
    at + zero + 1 + hash_len
}

impl Visitor for Eye<'_> {
    type Note = Vec<Named>;

    fn object(&mut self, object: walk::Object<'_, Self::Note>) -> Self::Note {
        let walk::Object { id, bytes, base, root, .. } = object;
        let named = base.and_then(|(base, pieces)| self.inherited(bytes, root, base, pieces));
        let named = named.unwrap_or_else(|| self.parse(bytes, root));
        if !named.is_empty() {
            let children = named.iter().map(|named| (Arc::clone(&named.name), named.child));
            self.found.trees.push((id, children.collect()));
        }
        named
    }

    fn large(&mut self, _: ObjectId, _: Kind, _: &mut dyn Read) {}

    fn fault(&mut self, id: ObjectId, damage: Damage) {
        self.found.faults.push((id, damage));
    }

    fn goes_on(&self) -> bool {
        !self.watch.stopped()
    }
}

impl Drop for Eye<'_> {
    fn drop(&mut self) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.trees.append(&mut self.found.trees);
        all.names.append(&mut self.found.names);
        all.faults.append(&mut self.found.faults);
    }
}
