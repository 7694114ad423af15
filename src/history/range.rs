//! A part of a history to findings: what some commits, or what is staged, brings that was not there before.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::File;
use std::path::PathBuf;
use std::rc::Rc;

use crate::detect::Sighted;
use crate::git::ancestry::{self, Asked};
use crate::git::commit;
use crate::git::entry::Kind;
use crate::git::refs;
use crate::git::staged::{self, Staged};
use crate::git::store::Store;
use crate::git::tree;
use crate::history::graph::Graph;
use crate::history::objects::{Hit, Key, Row, loose_path, numbered};
use crate::history::tell::Teller;
use crate::history::trace::{Occurrence, Spot, Trace};
use crate::history::{Reading, Repository, Told};
use crate::inspect::{Bytes, CUT_SHORT, Whence};
use crate::model::{Issue, IssueKind, ObjectId, ObjectKind, Origin};
use crate::source::Buffer;

/// What commits bring that none of their parents has at the same path, messages included.
pub fn commits(repository: &Repository, asked: &Asked, reading: Reading<'_, '_>) -> Told {
    let store = Store::open(&repository.layout);
    let found = ancestry::find(&store, asked);
    let rows = found.commits.into_iter().map(|known| Row {
        id: known.id,
        tree: known.tree,
        parents: known.parents,
        time: known.time,
    });
    let graph = Graph::of(rows.collect());
    let mut range = Range::new(repository, reading, &store);
    found.missing.iter().for_each(|id| range.missing(id));
    let cut = graph.rows().iter().find(|row| asked.shallow.contains(&row.id));
    if let Some(Row { id, .. }) = cut {
        let message = format!("shallow clone: the parents of commit {id} were never fetched");
        range.issue(repository.home.join("shallow"), IssueKind::Missing, message);
    }
    for (n, row) in graph.rows().iter().enumerate() {
        if reading.watch.stopped() {
            break;
        }
        range.commit(n, row);
    }
    range.mark_head();
    range.tell(&graph)
}

/// What is staged and not in `HEAD`; `index` is the file that says what is staged.
pub fn staged(repository: &Repository, index: Option<PathBuf>, reading: Reading<'_, '_>) -> Told {
    let store = Store::open(&repository.layout);
    let mut range = Range::new(repository, reading, &store);
    let layout = &repository.layout;
    let index = index.unwrap_or_else(|| layout.git_dir.join("index"));
    let head = refs::head(layout).and_then(|head| range.tree_of(&head));
    let mut trees = |id: &ObjectId| store.get(id).ok().flatten().map(|(_, bytes)| bytes);
    match staged::changes(&index, layout.hash_len, head, &mut trees) {
        Ok(changes) => {
            let gone = changes.gone.iter().map(|id| range.keys(*id, ObjectKind::Blob));
            let gone: HashSet<Key> = gone.flat_map(|keys| keys.to_vec()).collect();
            for (staged, before) in changes.staged.into_iter().filter(|(new, _)| !new.is_link()) {
                let Staged { path, id, .. } = staged;
                let change =
                    Change { path: path.clone(), id, before: before.into_iter().collect() };
                for key in range.brought(&change, &gone) {
                    let trace =
                        range.traces.entry(Occurrence { key, spot: Spot::Path(path.clone()) });
                    trace.or_default().staged = Some(id);
                }
            }
        }
        Err(damage) => range.issue(index, IssueKind::Unreadable, damage.to_string()),
    }
    range.tell(&Graph::of(Vec::new()))
}

/// What the files of the work tree hold that what is staged does not; of tracked files only.
pub fn unstaged(repository: &Repository, index: Option<PathBuf>, reading: Reading<'_, '_>) -> Told {
    let store = Store::open(&repository.layout);
    let mut range = Range::new(repository, reading, &store);
    let layout = &repository.layout;
    let index = index.unwrap_or_else(|| layout.git_dir.join("index"));
    let mut buffer = Buffer::default();
    match staged::listed_in(&index, layout.hash_len) {
        Ok(all) => all.iter().filter(|staged| !staged.is_link()).for_each(|staged| {
            if !reading.watch.stopped() {
                range.file(staged, &mut buffer);
            }
        }),
        Err(damage) => range.issue(index, IssueKind::Unreadable, damage.to_string()),
    }
    range.told
}

/// A path at which something new stands.
struct Change {
    path: Vec<u8>,
    id: ObjectId,
    /// What stands there in each of the parents, where anything does.
    before: Vec<ObjectId>,
}

/// What a commit changes.
#[derive(Default)]
struct Changes {
    new: Vec<Change>,
    /// Paths that a parent has and the commit has not, and what stood there.
    gone: Vec<(Vec<u8>, ObjectId)>,
}

/// How deep folders are entered.
const DEEPEST: usize = 512;

/// How many entries of trees are kept at hand.
const ENTRIES: usize = 1 << 18;

type Entries = Rc<BTreeMap<Vec<u8>, (ObjectId, Sort)>>;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Tree,
    Blob,
    Link,
}

struct Range<'r, 'c> {
    repository: &'r Repository,
    reading: Reading<'r, 'c>,
    store: &'r Store,
    trees: HashMap<ObjectId, Entries>,
    /// How many entries those have.
    held: usize,
    keys: HashMap<ObjectId, Rc<[Key]>>,
    /// Those of contents that somebody keeps, at their paths.
    kept: HashMap<(ObjectId, Vec<u8>), Rc<[Key]>>,
    traces: BTreeMap<Occurrence, Trace>,
    hits: BTreeMap<ObjectId, Hit>,
    told: Told,
    lost: HashSet<ObjectId>,
}

impl<'r, 'c> Range<'r, 'c> {
    fn new(repository: &'r Repository, reading: Reading<'r, 'c>, store: &'r Store) -> Self {
        let mut range = Self {
            repository,
            reading,
            store,
            trees: HashMap::new(),
            held: 0,
            keys: HashMap::new(),
            kept: HashMap::new(),
            traces: BTreeMap::new(),
            hits: BTreeMap::new(),
            told: Told::default(),
            lost: HashSet::new(),
        };
        for (path, message) in store.faults() {
            range.issue(path.clone(), IssueKind::Unreadable, message.clone());
        }
        range
    }

    fn issue(&mut self, path: PathBuf, kind: IssueKind, message: String) {
        self.told.issues.push(Issue { path: Some(path), kind, message });
    }

    fn missing(&mut self, id: &ObjectId) {
        if self.lost.insert(*id) {
            let path = loose_path(&self.repository.home, id);
            self.issue(path, IssueKind::Missing, format!("object {id} is missing or damaged"));
        }
    }

    fn tree_of(&self, commit: &ObjectId) -> Option<ObjectId> {
        let (_, bytes) = self.store.get(commit).ok().flatten()?;
        commit::read(&bytes, self.store.hash_len()).ok().map(|commit| commit.tree)
    }

    fn commit(&mut self, n: usize, row: &Row) {
        let message = self.keys(row.id, ObjectKind::Commit);
        for key in message.iter() {
            let spot = Spot::Object(row.id);
            self.brought_by(n, key.clone(), spot);
        }
        let parents = row.parents.iter().map(|parent| self.tree_of(parent));
        let parents: Vec<Option<ObjectId>> = parents.collect();
        let mut changes = Changes::default();
        self.compare(Some(row.tree), &parents, &[], 0, &mut changes);
        let mut gone = HashSet::new();
        for (path, id) in &changes.gone {
            let keys = self.keys_at(*id, path);
            keys.iter().for_each(|key| self.removed_by(n, key, path));
            gone.extend(keys.iter().cloned());
        }
        for change in &changes.new {
            for before in &change.before {
                let had = self.keys_at(*before, &change.path);
                let has = self.keys_at(change.id, &change.path);
                let has: HashSet<&Key> = has.iter().collect();
                let lost = had.iter().filter(|key| !has.contains(key));
                lost.for_each(|key| self.removed_by(n, key, &change.path));
            }
            for key in self.brought(change, &gone) {
                self.brought_by(n, key, Spot::Path(change.path.clone()));
            }
        }
    }

    fn brought_by(&mut self, n: usize, key: Key, spot: Spot) {
        let trace = self.traces.entry(Occurrence { key, spot }).or_default();
        trace.brought.get_or_insert(n);
        (trace.removed, trace.tips.in_range) = (None, true);
    }

    fn removed_by(&mut self, n: usize, key: &Key, path: &[u8]) {
        let at = Occurrence { key: key.clone(), spot: Spot::Path(path.to_vec()) };
        if let Some(trace) = self.traces.get_mut(&at) {
            trace.removed = Some(n);
        }
    }

    /// The credentials that a change brings: those that stood neither there before nor in what the same
    /// commit took away elsewhere.
    fn brought(&mut self, change: &Change, gone: &HashSet<Key>) -> Vec<Key> {
        let new = self.keys_at(change.id, &change.path);
        if new.is_empty() {
            return Vec::new();
        }
        let before = change.before.iter().map(|id| self.keys_at(*id, &change.path));
        let before: Vec<_> = before.collect();
        let before: HashSet<&Key> = before.iter().flat_map(|keys| keys.iter()).collect();
        let known = |key: &&Key| before.contains(key) || gone.contains(key);
        let brought: Vec<Key> = new.iter().filter(|key| !known(key)).cloned().collect();
        if !brought.is_empty() {
            let hit = Hit { id: change.id, kind: ObjectKind::Blob, keys: new.to_vec() };
            self.hits.insert(change.id, hit);
        }
        brought
    }

    /// The credentials of a file's content, read as what lies at `path` if somebody is known to keep that.
    fn keys_at(&mut self, id: ObjectId, path: &[u8]) -> Rc<[Key]> {
        let inspector = self.reading.inspector;
        let origin = Origin::file(self.repository.path(path));
        let kept = inspector.kept(&origin);
        if kept.is_empty() {
            return self.keys(id, ObjectKind::Blob);
        }
        let at = (id, path.to_vec());
        if let Some(known) = self.kept.get(&at) {
            return Rc::clone(known);
        }
        let Ok(Some((_, bytes))) = self.store.get(&id) else {
            return self.keys(id, ObjectKind::Blob);
        };
        self.told.objects += 1;
        self.told.bytes += bytes.len() as u64;
        self.reading.watch.object(bytes.len());
        let mut buffer = Buffer::default();
        let whence = Whence { origin: &origin, logical: "" };
        let mut goes_on = |_| true;
        let reading: (_, &mut dyn FnMut(u64) -> bool) = (&mut buffer, &mut goes_on);
        let inspected = inspector.read_as(&kept, Bytes::Held(&bytes), whence, reading);
        let found = inspected.findings.into_iter();
        let keys: Rc<[Key]> = numbered(found.map(|found| (found.rule, found.secret_id))).into();
        self.kept.insert(at, Rc::clone(&keys));
        keys
    }

    /// The credentials of an object.
    fn keys(&mut self, id: ObjectId, kind: ObjectKind) -> Rc<[Key]> {
        if let Some(known) = self.keys.get(&id) {
            return Rc::clone(known);
        }
        let keys: Rc<[Key]> = match self.store.get(&id) {
            Ok(Some((_, bytes))) => self.look(&id, &bytes).into(),
            Ok(None) | Err(_) => {
                self.missing(&id);
                Rc::new([])
            }
        };
        if kind == ObjectKind::Commit && !keys.is_empty() {
            self.hits.insert(id, Hit { id, kind, keys: keys.to_vec() });
        }
        self.keys.insert(id, Rc::clone(&keys));
        keys
    }

    fn look(&mut self, id: &ObjectId, bytes: &[u8]) -> Vec<Key> {
        self.told.objects += 1;
        self.told.bytes += bytes.len() as u64;
        self.reading.watch.object(bytes.len());
        let inspector = self.reading.inspector;
        if inspector.reads_more(bytes) {
            let mut buffer = Buffer::default();
            let inspected = inspector.unnamed(bytes, &mut buffer, &mut |_| true);
            for within in inspected.within {
                let path = loose_path(&self.repository.home, id);
                self.issue(path, within.kind, format!("object {id}: {}", within.message));
            }
            let found = inspected.findings.into_iter();
            return numbered(found.map(|found| (found.rule, found.secret_id)));
        }
        let seen = inspector.detector.detect(bytes);
        if seen.cut_short {
            let path = loose_path(&self.repository.home, id);
            self.issue(path, IssueKind::Limit, format!("object {id}: {CUT_SHORT}"));
        }
        numbered(
            seen.all
                .iter()
                .map(|Sighted { of, .. }| (of.rule.id.clone(), of.secret_id(inspector.ids))),
        )
    }

    /// Adds what `new` has that none of `old` has at the same path, and what only they have.
    fn compare(
        &mut self,
        new: Option<ObjectId>,
        old: &[Option<ObjectId>],
        folder: &[u8],
        depth: usize,
        changes: &mut Changes,
    ) {
        if old.contains(&new) {
            return;
        }
        if depth > DEEPEST {
            let path = self.repository.path(folder);
            let message = "folders are nested too deep to be followed".to_owned();
            return self.issue(path, IssueKind::Limit, message);
        }
        let entries = new.map(|id| self.entries(id)).unwrap_or_default();
        let olds: Vec<Entries> =
            old.iter().map(|id| id.map(|id| self.entries(id)).unwrap_or_default()).collect();
        let path = |name: &[u8]| {
            let glue: &[u8] = if folder.is_empty() { b"" } else { b"/" };
            [folder, glue, name].concat()
        };
        for (name, entry @ (id, sort)) in entries.iter() {
            let before = olds.iter().map(|entries| entries.get(name));
            if before.clone().flatten().any(|before| before == entry) {
                continue;
            }
            let of = |wanted: Sort| {
                let id = move |(id, sort): &(ObjectId, Sort)| (*sort == wanted).then_some(*id);
                before.clone().map(move |entry| entry.and_then(id))
            };
            match sort {
                Sort::Tree => {
                    let before: Vec<_> = of(Sort::Tree).collect();
                    self.compare(Some(*id), &before, &path(name), depth + 1, changes);
                }
                Sort::Blob => {
                    let before = of(Sort::Blob).flatten().collect();
                    changes.new.push(Change { path: path(name), id: *id, before });
                }
                Sort::Link => {}
            }
        }
        for (name, (id, sort)) in olds.iter().flat_map(|entries| entries.iter()) {
            if entries.get(name).is_some_and(|(_, now)| now == sort) {
                continue;
            }
            match sort {
                Sort::Tree => self.compare(None, &[Some(*id)], &path(name), depth + 1, changes),
                Sort::Blob => changes.gone.push((path(name), *id)),
                Sort::Link => {}
            }
        }
    }

    fn entries(&mut self, id: ObjectId) -> Entries {
        if let Some(known) = self.trees.get(&id) {
            return Rc::clone(known);
        }
        let bytes = match self.store.get(&id) {
            Ok(Some((Kind::Tree, bytes))) => bytes,
            _ => {
                self.missing(&id);
                Vec::new()
            }
        };
        let entry = |entry: tree::Entry<'_>| {
            let sort = match () {
                () if entry.is_tree() => Sort::Tree,
                () if entry.is_link() => Sort::Link,
                () => Sort::Blob,
            };
            (entry.name.to_vec(), (entry.id, sort))
        };
        let entries = tree::entries(&bytes, self.store.hash_len()).map_while(Result::ok).map(entry);
        let entries: Entries = Rc::new(entries.collect());
        self.held += entries.len();
        if self.held > ENTRIES {
            self.trees.clear();
            self.held = entries.len();
        }
        self.trees.insert(id, Rc::clone(&entries));
        entries
    }

    /// Notes which of what was found `HEAD` still holds.
    fn mark_head(&mut self) {
        let head = refs::head(&self.repository.layout).and_then(|head| self.tree_of(&head));
        let Some(head) = head else { return };
        for at in self.traces.keys().cloned().collect::<Vec<_>>() {
            let Spot::Path(path) = &at.spot else { continue };
            let blob = self.blob_at(head, path);
            let keys = blob.map(|id| self.keys_at(id, path));
            if keys.is_some_and(|keys| keys.contains(&at.key))
                && let Some(trace) = self.traces.get_mut(&at)
            {
                (trace.tips.in_head, trace.removed) = (true, None);
            }
        }
    }

    fn blob_at(&mut self, tree: ObjectId, path: &[u8]) -> Option<ObjectId> {
        path.split(|&byte| byte == b'/')
            .try_fold(tree, |id, name| self.entries(id).get(name).map(|(id, _)| *id))
    }

    /// Looks into a file that may be other than what is staged.
    fn file(&mut self, staged: &Staged, buffer: &mut Buffer) {
        let path = self.repository.path(&staged.path);
        let Ok(about) = path.symlink_metadata() else { return };
        if !about.is_file() || staged.is_as(&about) {
            return;
        }
        let origin = Origin::file(&path);
        let whence = Whence { origin: &origin, logical: &(self.reading.logical)(&path) };
        let mut from = match File::open(&path) {
            Ok(from) => from,
            Err(error) => return self.issue(path, IssueKind::Unreadable, error.to_string()),
        };
        let inspector = self.reading.inspector;
        let inspected = inspector.read(Bytes::File(&mut from), whence, buffer, &mut |_| true);
        self.told.objects += 1;
        let found = inspected.findings;
        let keys = numbered(found.iter().map(|found| (found.rule.clone(), found.secret_id)));
        let before = self.keys_at(staged.id, &staged.path);
        let new = keys.into_iter().zip(found).filter(|(key, _)| !before.contains(key));
        self.told.findings.extend(new.map(|(_, finding)| (finding, Vec::new())));
    }

    fn tell(mut self, graph: &Graph) -> Told {
        let hits: Vec<Hit> = self.hits.into_values().collect();
        let teller = Teller::new(self.repository, self.reading, self.store, graph, &[]);
        let (findings, issues) = teller.findings(&hits, self.traces);
        self.told.findings.extend(findings);
        self.told.issues.extend(issues);
        self.told
    }
}
