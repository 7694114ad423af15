//! The commits that one revision has and another has not.

use std::collections::{BinaryHeap, HashMap};

use crate::git::commit;
use crate::git::entry::Kind;
use crate::git::store::Store;
use crate::model::ObjectId;

/// What is known of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its id.
    pub id: ObjectId,
    /// Its tree.
    pub tree: ObjectId,
    /// Its parents.
    pub parents: Vec<ObjectId>,
    /// When it was committed, in seconds.
    pub time: i64,
}

/// Which commits are asked for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Those that these lead to, …
    pub include: Vec<ObjectId>,
    /// … without those that these lead to, …
    pub exclude: Vec<ObjectId>,
    /// … and without those that were committed before this.
    pub since: Option<i64>,
    /// Commits whose parents were never fetched.
    pub shallow: Vec<ObjectId>,
}

/// Commits, and what should be there and is not.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The commits, in no order.
    pub commits: Vec<Known>,
    /// Commits that others name.
    pub missing: Vec<ObjectId>,
}

const WANTED: u8 = 1;
const UNWANTED: u8 = 2;

/// How many commits beyond the last that seems wanted are looked at, lest wrong clocks hide that it is not.
const SLACK: usize = 256;

/// Finds the commits that are asked for. Reads no more of the history than it takes.
pub fn find(store: &Store, asked: &Asked) -> Found {
    let mut walk = Walk {
        store,
        shallow: &asked.shallow,
        seen: HashMap::new(),
        queue: BinaryHeap::new(),
        open: 0,
        missing: Vec::new(),
    };
    asked.exclude.iter().for_each(|id| walk.mark(*id, UNWANTED));
    asked.include.iter().for_each(|id| walk.mark(*id, WANTED));
    let is_young = |time: i64| asked.since.is_none_or(|since| time >= since);
    let mut slack = SLACK;
    while let Some((marks, time, parents)) = walk.pop() {
        if walk.open == 0 && marks != WANTED {
            slack -= 1;
            if slack == 0 {
                break;
            }
        }
        if marks != WANTED || is_young(time) {
            parents.into_iter().for_each(|parent| walk.mark(parent, marks));
        }
    }
    let wanted = |seen: &Seen| seen.marks == WANTED && is_young(seen.known.time);
    let commits = walk.seen.into_values().filter(wanted).map(|seen| seen.known);
    Found { commits: commits.collect(), missing: walk.missing }
}

struct Seen {
    known: Known,
    marks: u8,
    is_queued: bool,
}

struct Walk<'w> {
    store: &'w Store,
    shallow: &'w [ObjectId],
    seen: HashMap<ObjectId, Seen>,
    queue: BinaryHeap<(i64, ObjectId)>,
    /// How many in the queue are wanted as far as is known.
    open: usize,
    missing: Vec<ObjectId>,
}

impl Walk<'_> {
    /// The newest commit in the queue: its marks, time and parents.
    fn pop(&mut self) -> Option<(u8, i64, Vec<ObjectId>)> {
        let (time, id) = self.queue.pop()?;
        let seen = self.seen.get_mut(&id)?;
        seen.is_queued = false;
        self.open -= usize::from(seen.marks == WANTED);
        let parents = match self.shallow.contains(&id) {
            true => Vec::new(),
            false => seen.known.parents.clone(),
        };
        Some((seen.marks, time, parents))
    }

    /// Adds `marks` to a commit, and lines it up if that is news.
    fn mark(&mut self, id: ObjectId, marks: u8) {
        if let Some(seen) = self.seen.get_mut(&id) {
            let before = seen.marks;
            seen.marks |= marks;
            if seen.is_queued {
                self.open -= usize::from(before == WANTED && seen.marks != WANTED);
            } else if seen.marks != before {
                seen.is_queued = true;
                self.open += usize::from(seen.marks == WANTED);
                self.queue.push((seen.known.time, id));
            }
            return;
        }
        let Some(known) = self.read(id) else {
            self.missing.push(id);
            return;
        };
        self.queue.push((known.time, id));
        self.open += usize::from(marks == WANTED);
        self.seen.insert(id, Seen { known, marks, is_queued: true });
    }

    fn read(&self, id: ObjectId) -> Option<Known> {
        let (kind, bytes) = self.store.get(&id).ok().flatten()?;
        let commit = commit::read(&bytes, self.store.hash_len()).ok()?;
        let time = commit.committer.time;
        let known = Known { id, tree: commit.tree, parents: commit.parents, time };
        (kind == Kind::Commit).then_some(known)
    }
}
