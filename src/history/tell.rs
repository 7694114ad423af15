//! From what is known of a credential in a history to a finding.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::git::refs::Reference;
use crate::git::store::Store;
use crate::git::{commit, date, tree};
use crate::history::graph::Graph;
use crate::history::objects::{Hit, Key, loose_path, numbered};
use crate::history::trace::{Occurrence, Spot, Trace};
use crate::history::{Reading, Repository};
use crate::inspect::{Bytes, Whence};
use crate::model::{
    Commit, Finding, History, Issue, IssueKind, Object, ObjectId, ObjectKind, Origin, Stay,
};
use crate::source::Buffer;

/// Findings, each with the paths at which it stood.
type Findings = Vec<(Finding, Vec<PathBuf>)>;

/// Makes findings.
pub(super) struct Teller<'t, 'c> {
    repository: &'t Repository,
    reading: Reading<'t, 'c>,
    store: &'t Store,
    graph: &'t Graph,
    refs: &'t [Reference],
}

/// A credential in one file as that was renamed, the oldest path first.
struct Story {
    key: Key,
    stays: Vec<(Spot, Trace)>,
}

impl<'t, 'c> Teller<'t, 'c> {
    pub(super) const fn new(
        repository: &'t Repository,
        reading: Reading<'t, 'c>,
        store: &'t Store,
        graph: &'t Graph,
        refs: &'t [Reference],
    ) -> Self {
        Self { repository, reading, store, graph, refs }
    }

    /// A finding for each story; and what could not be read again.
    pub(super) fn findings(
        &self,
        hits: &[Hit],
        traces: BTreeMap<Occurrence, Trace>,
    ) -> (Findings, Vec<Issue>) {
        let mut versions: HashMap<&Key, usize> = HashMap::new();
        let keys = hits.iter().flat_map(|hit| &hit.keys);
        keys.for_each(|key| *versions.entry(key).or_default() += 1);
        let mut holders: HashMap<&Key, ObjectId> = HashMap::new();
        for hit in hits {
            hit.keys.iter().for_each(|key| _ = holders.entry(key).or_insert(hit.id));
        }
        let by_id: HashMap<ObjectId, &Hit> = hits.iter().map(|hit| (hit.id, hit)).collect();
        let hits_of = |id: &ObjectId, key: &Key| {
            by_id.get(id).is_some_and(|hit| hit.keys.len() > MANY || hit.keys.contains(key))
        };
        let kinds: HashMap<ObjectId, ObjectKind> =
            hits.iter().map(|hit| (hit.id, hit.kind)).collect();
        let mut objects: BTreeMap<(ObjectId, PathBuf), Vec<Story>> = BTreeMap::new();
        for story in stories(traces) {
            // Where a tree says a path in two ways, what stands there may be another object.
            let any = || holders.get(&story.key).copied();
            let object = self.object_of(&story).filter(|id| hits_of(id, &story.key)).or_else(any);
            let Some(object) = object else { continue };
            let path = match story.stays.last() {
                Some((Spot::Path(path), _)) => self.repository.path(path),
                _ => loose_path(&self.repository.home, &object),
            };
            objects.entry((object, path)).or_default().push(story);
        }
        let objects: Vec<_> = objects.into_iter().collect();
        let (next, told) = (AtomicUsize::new(0), Mutex::new((Vec::new(), Vec::new())));
        let work = || {
            let mut buffer = Buffer::default();
            while let Some(((id, path), stories)) =
                objects.get(next.fetch_add(1, Ordering::Relaxed))
            {
                if self.reading.watch.stopped() {
                    break;
                }
                let object = Object { path: path.clone(), id: *id };
                let kind = kinds.get(id).copied().unwrap_or(ObjectKind::Blob);
                let made = self.object(object, kind, stories, &versions, &mut buffer);
                let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
                match made {
                    Ok(findings) => told.0.extend(findings),
                    Err(issue) => told.1.push(issue),
                }
            }
        };
        thread::scope(|scope| {
            (1..self.reading.threads.min(objects.len().div_ceil(OBJECTS_A_THREAD))).for_each(
                |_| {
                    scope.spawn(work);
                },
            );
            work();
        });
        told.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// The object in which a story begins.
    fn object_of(&self, story: &Story) -> Option<ObjectId> {
        let (spot, trace) = story.stays.last()?;
        match (spot, trace.brought) {
            (Spot::Object(id), _) => Some(*id),
            (Spot::Path(path), Some(n)) => self.blob_at(&self.graph.rows()[n].tree, path),
            (Spot::Path(path), None) => {
                trace.staged.or_else(|| self.blob_at(trace.tree.as_ref()?, path))
            }
        }
    }

    /// What stands at `path` in the tree `id`.
    fn blob_at(&self, id: &ObjectId, path: &[u8]) -> Option<ObjectId> {
        let mut id = *id;
        for name in path.split(|&byte| byte == b'/') {
            let (_, bytes) = self.store.get(&id).ok().flatten()?;
            let mut entries = tree::entries(&bytes, self.store.hash_len()).map_while(Result::ok);
            id = entries.find(|entry| entry.name == name)?.id;
        }
        Some(id)
    }

    /// Looks at an object again, and makes the findings of the stories that begin in it.
    fn object(
        &self,
        object: Object,
        kind: ObjectKind,
        stories: &[Story],
        versions: &HashMap<&Key, usize>,
        buffer: &mut Buffer,
    ) -> Result<Findings, Issue> {
        let (id, path) = (object.id, object.path.clone());
        let fault = |message: &str| Issue {
            path: Some(path.clone()),
            kind: IssueKind::Unreadable,
            message: format!("object {id}: {message}"),
        };
        let bytes = match self.store.get(&id) {
            Ok(Some((_, bytes))) => bytes,
            Ok(None) => return Err(fault("is missing")),
            Err(damage) => return Err(fault(&damage.to_string())),
        };
        let origin = Origin::Object(Arc::new(object));
        let whence = Whence { origin: &origin, logical: &(self.reading.logical)(&path) };
        let inspector = &self.reading.inspector;
        let inspected = inspector.read(Bytes::Held(&bytes), whence, buffer, &mut |_| true);
        let found = inspected.findings;
        let keys = numbered(found.iter().map(|found| (found.rule.clone(), found.secret_id)));
        let by_key: HashMap<&Key, &Story> =
            stories.iter().map(|story| (&story.key, story)).collect();
        let found = keys.into_iter().zip(found).filter_map(|(key, mut finding)| {
            let story = by_key.get(&key)?;
            let count = versions.get(&key).copied().unwrap_or(1);
            finding.history = Some(self.history(id, kind, story, count));
            Some((finding, self.paths(story)))
        });
        Ok(found.collect())
    }

    fn paths(&self, story: &Story) -> Vec<PathBuf> {
        let path = |(spot, _): &(Spot, Trace)| match spot {
            Spot::Path(path) => Some(self.repository.path(path)),
            Spot::Object(_) => None,
        };
        story.stays.iter().filter_map(path).collect()
    }

    fn history(&self, id: ObjectId, kind: ObjectKind, story: &Story, versions: usize) -> History {
        let newest = story.stays.iter().map(|(_, trace)| trace);
        let first = |trace: &&Trace| std::cmp::Reverse(trace.tips.refs);
        let widest = newest.clone().min_by_key(first);
        let mut refs: Vec<u32> =
            newest.clone().flat_map(|trace| &trace.tips.holding).copied().collect();
        refs.sort_unstable();
        refs.dedup();
        let refs_total = refs.len();
        let mut refs: Vec<String> =
            refs.into_iter().take(MOST_REFS).map(|n| self.refs[n as usize].name.clone()).collect();
        refs.sort();
        History {
            object: id,
            kind,
            reach: widest.map_or(crate::model::Reach::Nowhere, Trace::reach),
            in_head: newest.clone().any(|trace| trace.tips.in_head),
            refs,
            refs_total,
            places: story.stays.iter().map(|(spot, trace)| self.stay(spot, trace)).collect(),
            versions,
        }
    }

    fn stay(&self, spot: &Spot, trace: &Trace) -> Stay {
        let path = match spot {
            Spot::Path(path) => Some(String::from_utf8_lossy(path).into_owned()),
            Spot::Object(_) => None,
        };
        let told = |n: usize| self.commit(&self.graph.rows()[n].id);
        Stay { path, brought: trace.brought.and_then(told), removed: trace.removed.and_then(told) }
    }

    fn commit(&self, id: &ObjectId) -> Option<Commit> {
        let (_, bytes) = self.store.get(id).ok().flatten()?;
        let read = commit::read(&bytes, self.store.hash_len()).ok()?;
        let text = |bytes| String::from_utf8_lossy(bytes);
        let (name, mail) = (text(read.author.name), text(read.author.mail));
        Some(Commit {
            id: *id,
            author: format!("{name} <{mail}>"),
            date: date::iso(read.author.time, read.author.zone),
        })
    }
}

/// Above so many credentials an object is not searched for each of them.
const MANY: usize = 64;

/// How many references that hold a credential are named.
const MOST_REFS: usize = 100;

/// For fewer objects no thread is begun.
const OBJECTS_A_THREAD: usize = 16;

/// The occurrences as stories: what one commit takes from one path and brings to another was renamed.
fn stories(traces: BTreeMap<Occurrence, Trace>) -> Vec<Story> {
    let mut stories: Vec<Story> = Vec::new();
    let mut all: Vec<(Occurrence, Trace)> = traces.into_iter().collect();
    all.sort_by_key(|(at, trace)| (at.key.clone(), trace.brought.unwrap_or(usize::MAX)));
    // Stories that a commit ended, and that it may have moved on.
    let mut ended: HashMap<(Key, usize), VecDeque<usize>> = HashMap::new();
    for (Occurrence { key, spot }, trace) in all {
        let is_file = matches!(spot, Spot::Path(_));
        let moved = trace.brought.filter(|_| is_file);
        let story = moved.and_then(|n| ended.get_mut(&(key.clone(), n))?.pop_front());
        let story = story.unwrap_or(stories.len());
        if let Some(n) = trace.removed.filter(|_| is_file) {
            ended.entry((key.clone(), n)).or_default().push_back(story);
        }
        match stories.get_mut(story) {
            Some(story) => story.stays.push((spot, trace)),
            None => stories.push(Story { key, stays: vec![(spot, trace)] }),
        }
    }
    stories
}
