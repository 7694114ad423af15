//! Every object of a store that holds text, looked at once: contents, messages.

use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::detect::{Detector, Fingerprinter, Raw, Sighted, settle};
use crate::git::commit;
use crate::git::entry::Kind;
use crate::git::forest::Forest;
use crate::git::loose::Loose;
use crate::git::store::Store;
use crate::git::walk::{self, LARGE, Visitor};
use crate::git::{Damage, Pack, Trouble};
use crate::history::Reading;
use crate::history::watch::Watch;
use crate::inspect::{Bytes, CUT_SHORT, Inspector, Whence};
use crate::model::{IssueKind, ObjectId, ObjectKind, Origin, RuleId, SecretId};
use crate::source::Buffer;

/// A credential as it is told from others in one object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key {
    /// Which rule found it.
    pub(super) rule: RuleId,
    /// The credential.
    pub(super) secret: SecretId,
    /// How often it stands before in the same object.
    pub(super) nth: u32,
}

/// An object that holds credentials.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    pub(super) id: ObjectId,
    pub(super) kind: ObjectKind,
    pub(super) keys: Vec<Key>,
}

/// What is kept of a commit.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) id: ObjectId,
    pub(super) tree: ObjectId,
    pub(super) parents: Vec<ObjectId>,
    pub(super) time: i64,
}

/// What is the matter with an object.
pub(super) type Fault = (ObjectId, IssueKind, String);

/// What a look at all objects brings.
#[derive(Default)]
pub(super) struct Seen {
    /// The objects with credentials.
    pub(super) hits: Vec<Hit>,
    /// Every commit.
    pub(super) commits: Vec<Row>,
    /// Every tag and what it is of.
    pub(super) tags: Vec<(ObjectId, ObjectId)>,
    /// The trees that are loose.
    pub(super) loose_trees: Vec<ObjectId>,
    /// What could not be read.
    pub(super) faults: Vec<Fault>,
    /// Folders of loose objects that could not be listed, and why.
    pub(super) unlisted: Vec<(PathBuf, String)>,
    /// How many objects were looked at.
    pub(super) objects: u64,
    /// How many were not, since they were inspected before.
    pub(super) known: u64,
    /// How many bytes they have.
    pub(super) bytes: u64,
}

/// Looks at objects.
#[derive(Clone, Copy)]
pub(super) struct Look<'l, 'c> {
    pub(super) store: &'l Store,
    pub(super) reading: Reading<'l, 'c>,
}

/// The kinds of object that hold text.
const TEXTS: [Kind; 3] = [Kind::Blob, Kind::Commit, Kind::Tag];

/// Those that lead from one to the other.
const LINKS: [Kind; 2] = [Kind::Commit, Kind::Tag];

impl<'l, 'c> Look<'l, 'c> {
    /// Looks at all of them. `forests` are those of the store's packs, in the same order.
    pub(super) fn all(&self, forests: &[Forest]) -> Seen {
        let seen = Mutex::new(Seen::default());
        for (pack, forest) in self.store.packs().iter().zip(forests) {
            let cache =
                self.reading.cache.map(|cache| (cache, cache.name(pack, self.reading.threads)));
            if let Some(places) = cache.and_then(|(cache, name)| cache.recall(name)) {
                self.walk(pack, forest, &LINKS, &seen);
                self.again(pack, &places, &seen);
                continue;
            }
            let mut before = seen.lock().unwrap_or_else(PoisonError::into_inner);
            let (hits, faults) = (before.hits.len(), before.faults.len());
            drop(before);
            self.walk(pack, forest, &TEXTS, &seen);
            let name = |entry| pack.index().id(forest.name(entry));
            let damaged = forest.faults().iter();
            let damaged = damaged.map(|(entry, damage)| unreadable(name(*entry), *damage));
            before = seen.lock().unwrap_or_else(PoisonError::into_inner);
            before.faults.extend(damaged);
            let is_whole = before.faults.len() == faults && !self.reading.watch.stopped();
            if let Some((cache, name)) = cache.filter(|_| is_whole) {
                let places =
                    before.hits[hits..].iter().filter_map(|hit| pack.index().find(&hit.id));
                let places: Vec<u32> = places.map(|n| n as u32).collect();
                // What cannot be kept is inspected again.
                _ = cache.keep(name, &places);
            }
        }
        self.loose(&seen);
        seen.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn walk(&self, pack: &Pack, forest: &Forest, kinds: &[Kind], seen: &Mutex<Seen>) {
        let bases = |id: &ObjectId| self.store.get(id).ok().flatten();
        let threads = self.reading.threads;
        let walk = walk::Walk { pack, forest, kinds, only: None, bases: &bases, threads };
        let inspects = kinds.contains(&Kind::Blob);
        walk.run(|| Eye::new(self, seen, inspects));
    }

    /// Looks again at the objects at some places of a pack's index, and at nothing else in it.
    fn again(&self, pack: &Pack, places: &[u32], seen: &Mutex<Seen>) {
        let mut eye = Eye::new(self, seen, true);
        let index = pack.index();
        let places = places.iter().map(|&place| place as usize);
        for id in places.filter(|&place| place < index.len()).map(|place| index.id(place)) {
            match self.store.get(&id) {
                Ok(Some((kind, bytes))) => {
                    _ = eye.object(walk::Object { id, kind, root: 0, bytes: &bytes, base: None });
                }
                Ok(None) => {}
                Err(damage) => eye.fault(id, damage),
            }
        }
        let known = index.len().saturating_sub(eye.seen.objects as usize);
        eye.seen.known = known as u64;
    }

    fn loose(&self, seen: &Mutex<Seen>) {
        let mut unlisted = Vec::new();
        let all = self.store.loose(|folder, message| unlisted.push((folder.to_owned(), message)));
        let next = AtomicUsize::new(0);
        let work = || {
            let mut eye = Eye::new(self, seen, true);
            while let Some((id, path)) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                if !eye.goes_on() {
                    break;
                }
                eye.loose(*id, path);
            }
        };
        thread::scope(|scope| {
            (1..self.reading.threads.min(all.len().div_ceil(LOOSE_A_THREAD))).for_each(|_| {
                scope.spawn(work);
            });
            work();
        });
        seen.lock().unwrap_or_else(PoisonError::into_inner).unlisted = unlisted;
    }
}

/// For fewer loose objects no thread is begun.
const LOOSE_A_THREAD: usize = 64;

fn unreadable(id: ObjectId, damage: Damage) -> Fault {
    (id, IssueKind::Unreadable, damage.to_string())
}

/// One thread's look at objects.
struct Eye<'e, 'c> {
    detector: &'e Detector<'c>,
    ids: &'e Fingerprinter,
    inspector: Inspector<'e, 'c>,
    watch: &'e Watch<'e>,
    /// Whether all of each object is looked at.
    whole: bool,
    /// Whether more is read than what leads from one object to the other.
    inspects: bool,
    hash_len: usize,
    seen: Seen,
    all: &'e Mutex<Seen>,
    nothing: Arc<Raw<'c>>,
    buffer: Option<Buffer>,
}

impl<'e, 'c> Eye<'e, 'c> {
    fn new(look: &Look<'e, 'c>, all: &'e Mutex<Seen>, inspects: bool) -> Self {
        let Reading { inspector, watch, whole, .. } = look.reading;
        Self {
            detector: inspector.detector,
            ids: inspector.ids,
            inspector,
            watch,
            whole,
            inspects,
            hash_len: look.store.hash_len(),
            seen: Seen::default(),
            all,
            nothing: Arc::default(),
            buffer: None,
        }
    }

    fn loose(&mut self, id: ObjectId, path: &Path) {
        let opened = Loose::open(path).and_then(|object| {
            let kind = object.kind;
            if kind == Kind::Tree {
                self.seen.loose_trees.push(id);
            } else if object.size > LARGE {
                let mut from = object.from;
                self.large(id, kind, &mut from);
            } else {
                let bytes = object.bytes(LARGE)?;
                self.object(walk::Object { id, kind, root: 0, bytes: &bytes, base: None });
            }
            Ok(())
        });
        match opened {
            Err(Trouble::Io(error)) => {
                self.seen.faults.push((id, IssueKind::Unreadable, error.to_string()));
            }
            Err(Trouble::Damage(damage)) => self.fault(id, damage),
            Ok(()) => {}
        }
    }

    /// Keeps what is needed of commits and tags to know what is reached from where.
    fn links(&mut self, id: ObjectId, kind: Kind, bytes: &[u8]) {
        match kind {
            Kind::Commit => match commit::read(bytes, self.hash_len) {
                Ok(commit) => self.seen.commits.push(Row {
                    id,
                    tree: commit.tree,
                    parents: commit.parents,
                    time: commit.committer.time,
                }),
                Err(damage) => self.fault(id, damage),
            },
            Kind::Tag => match commit::read_tag(bytes, self.hash_len) {
                Ok(tag) => self.seen.tags.push((id, tag.target)),
                Err(damage) => self.fault(id, damage),
            },
            Kind::Blob | Kind::Tree => {}
        }
    }

    /// Looks into an archive, a compressed file, a database or a configuration of servers as into a file.
    fn as_file(&mut self, id: ObjectId, bytes: &[u8]) {
        let buffer = self.buffer.get_or_insert_default();
        let watch = self.watch;
        let inspected = self.inspector.unnamed(bytes, buffer, &mut |_| !watch.stopped());
        let faults = inspected.within.into_iter().map(|within| (id, within.kind, within.message));
        self.seen.faults.extend(faults);
        if inspected.cut_short {
            self.seen.faults.push((id, IssueKind::Limit, CUT_SHORT.to_owned()));
        }
        let found = inspected.findings.into_iter().map(|found| (found.rule, found.secret_id));
        let keys = numbered(found);
        if !keys.is_empty() {
            self.seen.hits.push(Hit { id, kind: ObjectKind::Blob, keys });
        }
    }

    fn keys(&self, raw: &Raw<'c>) -> Vec<Key> {
        numbered(
            settle(raw.all.clone())
                .iter()
                .map(|Sighted { of, .. }| (of.rule.id.clone(), of.secret_id(self.ids))),
        )
    }
}

/// Tells credentials of one object apart that are the same.
pub(super) fn numbered(all: impl Iterator<Item = (RuleId, SecretId)>) -> Vec<Key> {
    let mut seen: HashMap<(RuleId, SecretId), u32> = HashMap::new();
    let number = |(rule, secret): (RuleId, SecretId)| {
        let next = seen.entry((rule.clone(), secret)).or_default();
        let nth = *next;
        *next += 1;
        Key { rule, secret, nth }
    };
    all.map(number).collect()
}

impl<'c> Visitor for Eye<'_, 'c> {
    type Note = Arc<Raw<'c>>;

    fn object(&mut self, object: walk::Object<'_, Self::Note>) -> Self::Note {
        let walk::Object { id, kind, bytes, base, .. } = object;
        self.seen.objects += 1;
        self.seen.bytes += bytes.len() as u64;
        self.watch.object(bytes.len());
        self.links(id, kind, bytes);
        if !self.inspects {
            return Arc::clone(&self.nothing);
        }
        if let Some(clues) = self.detector.clues().filter(|_| kind == Kind::Commit) {
            clues.look(bytes, &|| format!("commit {id}"));
        }
        let raw = match base.filter(|_| !self.whole) {
            Some((base, pieces)) => self.detector.look_again(bytes, pieces, base),
            None => self.detector.look(bytes),
        };
        if kind == Kind::Blob && self.inspector.reads_more(bytes) {
            self.as_file(id, bytes);
            return Arc::new(raw);
        }
        if raw.cut_short {
            self.seen.faults.push((id, IssueKind::Limit, CUT_SHORT.to_owned()));
        }
        if !raw.all.is_empty() {
            let keys = self.keys(&raw);
            self.seen.hits.push(Hit { id, kind: kind_of(kind), keys });
        } else if raw.spots.is_empty() && !raw.cut_short && !raw.holds_zero && raw.length == 0 {
            return Arc::clone(&self.nothing);
        }
        Arc::new(raw)
    }

    fn large(&mut self, id: ObjectId, kind: Kind, mut from: &mut dyn Read) {
        let buffer = self.buffer.get_or_insert_default();
        let origin = Origin::Stdin;
        let whence = Whence { origin: &origin, logical: "" };
        let watch = self.watch;
        let inspected =
            self.inspector.read(Bytes::Stream(&mut from), whence, buffer, &mut |bytes| {
                watch.bytes(bytes);
                !watch.stopped()
            });
        self.seen.objects += 1;
        watch.object(0);
        match inspected.ended {
            crate::source::Ended::Whole(bytes) => self.seen.bytes += bytes,
            crate::source::Ended::Stopped => {}
            crate::source::Ended::Failed(..) => {
                self.fault(id, Damage("its compressed bytes are damaged"));
            }
        }
        if inspected.cut_short {
            self.seen.faults.push((id, IssueKind::Limit, CUT_SHORT.to_owned()));
        }
        let found = inspected.findings.into_iter().map(|found| (found.rule, found.secret_id));
        let keys = numbered(found);
        if !keys.is_empty() {
            self.seen.hits.push(Hit { id, kind: kind_of(kind), keys });
        }
    }

    fn fault(&mut self, id: ObjectId, damage: Damage) {
        self.seen.faults.push(unreadable(id, damage));
    }

    fn goes_on(&self) -> bool {
        !self.watch.stopped()
    }
}

impl Drop for Eye<'_, '_> {
    fn drop(&mut self) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.add(std::mem::take(&mut self.seen));
    }
}

impl Seen {
    fn add(&mut self, other: Self) {
        self.hits.extend(other.hits);
        self.commits.extend(other.commits);
        self.tags.extend(other.tags);
        self.loose_trees.extend(other.loose_trees);
        self.faults.extend(other.faults);
        self.objects += other.objects;
        self.known += other.known;
        self.bytes += other.bytes;
    }

    /// In an order that no thread has a say in, and each object once.
    pub(super) fn sort(&mut self) {
        self.hits.sort_by_key(|hit| hit.id);
        self.hits.dedup_by_key(|hit| hit.id);
        self.commits.sort_by_key(|commit| commit.id);
        self.commits.dedup_by_key(|commit| commit.id);
        self.tags.sort_unstable();
        self.tags.dedup();
        self.faults.sort();
        self.faults.dedup();
    }
}

const fn kind_of(kind: Kind) -> ObjectKind {
    match kind {
        Kind::Commit => ObjectKind::Commit,
        Kind::Tag => ObjectKind::Tag,
        Kind::Blob | Kind::Tree => ObjectKind::Blob,
    }
}

/// Where `id` lies in the folder `git_dir` when it is loose: the name of an object that has no other.
pub(super) fn loose_path(git_dir: &Path, id: &ObjectId) -> PathBuf {
    crate::git::loose::path_of(&git_dir.join("objects"), id)
}
