//! From what is known of a credential in a history to a finding.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::git::store::Store;
use crate::git::{commit, date, tree};
use crate::history::graph::Graph;
use crate::history::objects::{Hit, Key, loose_path, numbered};
use crate::history::trace::{Occurrence, Spot, Trace};
use crate::history::{Reading, Repository};
use crate::inspect::Whence;
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
    ) -> Self {
        Self { repository, reading, store, graph }
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
        let kinds: HashMap<ObjectId, ObjectKind> =
            hits.iter().map(|hit| (hit.id, hit.kind)).collect();
        let mut objects: BTreeMap<(ObjectId, PathBuf), Vec<Story>> = BTreeMap::new();
        for story in stories(traces) {
            let Some(object) = self.object_of(&story) else { continue };
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
        let inspected = inspector.read(&mut &bytes[..], whence, buffer, &mut |_| true);
        let found = inspected.findings;
        let keys = numbered(found.iter().map(|found| (found.rule.clone(), found.secret_id)));
        let found = keys.into_iter().zip(found).filter_map(|(key, mut finding)| {
            let story = stories.iter().find(|story| story.key == key)?;
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
        let mut refs: Vec<String> =
            newest.clone().flat_map(|trace| &trace.tips.holding).cloned().collect();
        refs.sort();
        refs.dedup();
        History {
            object: id,
            kind,
            reach: widest.map_or(crate::model::Reach::Nowhere, Trace::reach),
            in_head: newest.clone().any(|trace| trace.tips.in_head),
            refs,
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

/// For fewer objects no thread is begun.
const OBJECTS_A_THREAD: usize = 16;

/// The occurrences as stories: what one commit takes from one path and brings to another was renamed.
fn stories(traces: BTreeMap<Occurrence, Trace>) -> Vec<Story> {
    let mut stories: Vec<Story> = Vec::new();
    let mut all: Vec<(Occurrence, Trace)> = traces.into_iter().collect();
    all.sort_by_key(|(at, trace)| (at.key.clone(), trace.brought.unwrap_or(usize::MAX)));
    for (Occurrence { key, spot }, trace) in all {
        let goes_on = |story: &&mut Story| {
            let file = story.stays.last().filter(|(spot, _)| matches!(spot, Spot::Path(_)));
            let last = file.and_then(|(_, last)| last.removed);
            story.key == key && last.is_some() && last == trace.brought
        };
        match stories.iter_mut().rev().take(RENAMED).find(goes_on) {
            Some(story) if matches!(spot, Spot::Path(_)) => story.stays.push((spot, trace)),
            _ => stories.push(Story { key, stays: vec![(spot, trace)] }),
        }
    }
    stories
}

/// Among how many stories of a credential the one is sought that goes on.
const RENAMED: usize = 64;
