//! Who brought each credential, who removed it, and from where it can still be reached.

use std::collections::{BTreeMap, HashMap};

use crate::git::refs::{RefKind, Reference};
use crate::history::by_id::ById;
use crate::history::graph::Graph;
use crate::history::objects::{Hit, Key};
use crate::history::places::Places;
use crate::history::sets::{Names, Sets};
use crate::model::{ObjectId, ObjectKind, Reach};

/// A credential at one place.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Occurrence {
    pub(super) key: Key,
    pub(super) spot: Spot,
}

/// Where a credential stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Spot {
    /// At a path of a commit's tree, or of the index.
    Path(Vec<u8>),
    /// In an object without a path: a message, or content that no commit holds.
    Object(ObjectId),
}

/// What is known of an occurrence.
#[derive(Clone, Debug, Default)]
pub(super) struct Trace {
    /// The commit that first brought it, by its place in the graph.
    pub(super) brought: Option<usize>,
    /// The commit that last removed it.
    pub(super) removed: Option<usize>,
    /// The last commit that has it not, while one of its parents has.
    dropped: Option<usize>,
    /// The staged object that holds it.
    pub(super) staged: Option<ObjectId>,
    /// A tree that holds it and that a reference names without a commit.
    pub(super) tree: Option<ObjectId>,
    /// From where it is reached.
    pub(super) tips: Tips,
}

/// References by what they are, as far as they lead to an occurrence.
#[derive(Clone, Debug, Default)]
pub(super) struct Tips {
    /// How many branches, tags and the like lead to it.
    pub(super) refs: usize,
    /// The branches and tags whose newest state holds it, by their places among all references.
    pub(super) holding: Vec<u32>,
    /// A HEAD leads to it.
    head: bool,
    /// The HEAD of this repository holds it.
    pub(super) in_head: bool,
    /// A commit of the range that was asked for brings it.
    pub(super) in_range: bool,
    stashes: Vec<String>,
    reflog: Vec<String>,
    marks: Vec<String>,
}

impl Trace {
    /// Commit `n` brings it. What can still be reached counts more than what came before.
    fn bring(&mut self, n: usize, reachable: &[bool]) {
        let known = self.brought.is_some_and(|known| reachable[known] || !reachable[n]);
        if !known {
            self.brought = Some(n);
        }
        if reachable[n] || self.removed.is_none_or(|removed| !reachable[removed]) {
            self.removed = None;
        }
    }

    /// Commit `n` takes it away.
    fn remove(&mut self, n: usize, reachable: &[bool]) {
        if reachable[n] || !self.brought.is_some_and(|brought| reachable[brought]) {
            self.removed = Some(n);
        }
    }

    /// What no newest state holds was removed by whoever dropped it last, by way of a merge, too.
    fn settle(&mut self) {
        if self.removed.is_none() && !self.tips.in_head && self.tips.holding.is_empty() {
            self.removed = self.dropped.filter(|_| self.tips.refs > 0);
        }
    }

    /// From where it can be reached, the most public way first.
    pub(super) fn reach(&self) -> Reach {
        let Tips { refs, head, in_range, stashes, reflog, marks, .. } = &self.tips;
        match self {
            _ if *in_range => Reach::Range,
            _ if *refs > 0 => Reach::Refs(*refs),
            _ if *head => Reach::Head,
            _ if !stashes.is_empty() => Reach::Stash(stashes.clone()),
            _ if self.staged.is_some() => Reach::Index,
            _ if !reflog.is_empty() => Reach::Reflog(reflog.clone()),
            _ if !marks.is_empty() => Reach::Marks(marks.clone()),
            _ => Reach::Nowhere,
        }
    }
}

/// What the traces are drawn from.
pub(super) struct Evidence<'e> {
    pub(super) hits: &'e [Hit],
    pub(super) graph: &'e Graph,
    pub(super) places: &'e Places,
    pub(super) tags: &'e ById<ObjectId>,
    pub(super) refs: &'e [Reference],
    pub(super) head: Option<ObjectId>,
    /// Paths and objects of every index.
    pub(super) staged: &'e [(Vec<u8>, ObjectId)],
    /// Only what these commits lead to is wanted.
    pub(super) tips: Option<&'e [ObjectId]>,
}

/// Every credential at every place, and what is known of it.
pub(super) fn trace(evidence: &Evidence<'_>) -> BTreeMap<Occurrence, Trace> {
    let mut tracer = Tracer::new(evidence);
    tracer.commits();
    tracer.refs();
    if let Some(tips) = evidence.tips {
        return tracer.behind(tips);
    }
    tracer.staged();
    tracer.strays();
    tracer.traces.iter_mut().for_each(Trace::settle);
    let traces = tracer.traces;
    tracer.known.values().cloned().zip(traces).collect()
}

struct Tracer<'e> {
    evidence: &'e Evidence<'e>,
    known: Names<Occurrence>,
    traces: Vec<Trace>,
    sets: Sets,
    /// The occurrences of each set of places.
    of_places: HashMap<u32, u32>,
    /// Hits by object.
    hits: ById<usize>,
    /// Which commits lasting references, or the commits that were asked for, lead to.
    reachable: Vec<bool>,
    /// What the tree of each commit holds, …
    own: Vec<u32>,
    /// … and what it or any commit before it holds.
    ever: Vec<u32>,
}

impl<'e> Tracer<'e> {
    fn new(evidence: &'e Evidence<'e>) -> Self {
        Self {
            evidence,
            known: Names::default(),
            traces: Vec::new(),
            sets: Sets::default(),
            of_places: HashMap::new(),
            hits: evidence.hits.iter().enumerate().map(|(n, hit)| (hit.id, n)).collect(),
            reachable: reachable(evidence),
            own: Vec::new(),
            ever: Vec::new(),
        }
    }

    fn occurrence(&mut self, key: &Key, spot: Spot) -> u32 {
        let number = self.known.number(Occurrence { key: key.clone(), spot });
        if self.traces.len() <= number as usize {
            self.traces.push(Trace::default());
        }
        number
    }

    /// The credentials of an object, at `spot`.
    fn at(&mut self, hit: usize, spot: &Spot) -> Vec<u32> {
        let keys = &self.evidence.hits[hit].keys;
        keys.iter().map(|key| self.occurrence(key, spot.clone())).collect()
    }

    /// The occurrences in a tree.
    fn in_tree(&mut self, tree: &ObjectId) -> u32 {
        let set = self.evidence.places.in_tree(tree);
        if let Some(&known) = self.of_places.get(&set) {
            return known;
        }
        let mut all = Vec::new();
        for (path, hit) in self.evidence.places.of(set) {
            all.extend(self.at(*hit as usize, &Spot::Path(path.clone())));
        }
        let made = self.sets.of(all);
        self.of_places.insert(set, made);
        made
    }

    /// The occurrences in an object itself: a message, or content without a path.
    fn inside(&mut self, id: &ObjectId) -> u32 {
        let Some(&hit) = self.hits.get(id) else { return Sets::EMPTY };
        let all = self.at(hit, &Spot::Object(*id));
        self.sets.of(all)
    }

    fn commits(&mut self) {
        let graph = self.evidence.graph;
        for (n, row) in graph.rows().iter().enumerate() {
            let own = self.in_tree(&row.tree);
            let message = self.inside(&row.id);
            for &member in self.sets.members(message) {
                self.traces[member as usize].bring(n, &self.reachable);
            }
            let parents = graph.parents(n);
            let mut ever = self.sets.union(own, message);
            for &parent in parents {
                ever = self.sets.union(ever, self.ever[parent as usize]);
            }
            let before: Vec<u32> =
                parents.iter().map(|&parent| self.own[parent as usize]).collect();
            if before.iter().any(|&before| before != own) || before.is_empty() {
                self.compare(n, own, &before);
            }
            self.own.push(own);
            self.ever.push(ever);
        }
    }

    /// Notes what commit `n` brings that none of its parents has, and takes away that all of them have.
    fn compare(&mut self, n: usize, own: u32, before: &[u32]) {
        let has = |set: u32, member: &u32| self.sets.members(set).binary_search(member).is_ok();
        let new = |member: &&u32| !before.iter().any(|&set| has(set, member));
        let brought: Vec<u32> = self.sets.members(own).iter().filter(new).copied().collect();
        let gone = |member: &&u32| !has(own, member) && before.iter().all(|&set| has(set, member));
        let first = before.first().map_or(&[][..], |&set| self.sets.members(set));
        let removed: Vec<u32> = first.iter().filter(gone).copied().collect();
        for member in brought {
            self.traces[member as usize].bring(n, &self.reachable);
        }
        for member in removed {
            self.traces[member as usize].remove(n, &self.reachable);
        }
        for &set in before {
            let lost: Vec<u32> =
                self.sets.members(set).iter().filter(|member| !has(own, member)).copied().collect();
            lost.iter().for_each(|&member| self.traces[member as usize].dropped = Some(n));
        }
    }

    fn refs(&mut self) {
        let head = self.evidence.head.map(|id| self.reached(id).0);
        let in_head = head.map_or_else(Vec::new, |set| self.sets.members(set).to_vec());
        for member in in_head {
            let trace = &mut self.traces[member as usize];
            (trace.tips.in_head, trace.removed) = (true, None);
        }
        for (n, Reference { name, kind, id }) in self.evidence.refs.iter().enumerate() {
            let (now, ever) = self.reached(*id);
            if matches!(kind, RefKind::Branch | RefKind::RemoteBranch | RefKind::Tag) {
                for &member in self.sets.members(now) {
                    self.traces[member as usize].tips.holding.push(n as u32);
                }
            }
            for &member in self.sets.members(ever) {
                self.traces[member as usize].tips.add(*kind, name);
            }
        }
    }

    /// What some commits and those before them hold.
    fn behind(mut self, tips: &[ObjectId]) -> BTreeMap<Occurrence, Trace> {
        let reached: Vec<u32> = tips.iter().map(|tip| self.reached(*tip).1).collect();
        let set = reached.into_iter().fold(Sets::EMPTY, |all, set| self.sets.union(all, set));
        let known = |member: &u32| {
            let mut trace = self.traces[*member as usize].clone();
            trace.settle();
            (self.known.value(*member).clone(), trace)
        };
        self.sets.members(set).iter().map(known).collect()
    }

    /// What the object `id` holds, and what it or anything before it does; tags lead on.
    fn reached(&mut self, id: ObjectId) -> (u32, u32) {
        let (mut id, mut messages) = (id, Sets::EMPTY);
        for _ in 0..MOST_TAGS {
            let Some(&target) = self.evidence.tags.get(&id) else { break };
            let message = self.inside(&id);
            messages = self.sets.union(messages, message);
            id = target;
        }
        let (now, ever) = match self.evidence.graph.place(&id) {
            Some(n) => (self.own[n], self.ever[n]),
            None if self.hits.contains_key(&id) => (self.inside(&id), self.inside(&id)),
            None => (self.bare_tree(id), self.in_tree(&id)),
        };
        (self.sets.union(messages, now), self.sets.union(messages, ever))
    }

    /// What is in the tree `id`, which no commit names.
    fn bare_tree(&mut self, id: ObjectId) -> u32 {
        let set = self.in_tree(&id);
        for &member in self.sets.members(set) {
            self.traces[member as usize].tree.get_or_insert(id);
        }
        set
    }

    fn staged(&mut self) {
        for (path, id) in self.evidence.staged {
            let Some(&hit) = self.hits.get(id) else { continue };
            for member in self.at(hit, &Spot::Path(path.clone())) {
                self.traces[member as usize].staged = Some(*id);
            }
        }
    }

    /// Credentials that were met at no place: those of messages that nothing leads to, and of content that
    /// no commit and no index holds.
    fn strays(&mut self) {
        let mut met: Vec<Key> = self.known.values().map(|known| known.key.clone()).collect();
        met.sort_unstable();
        for hit in self.evidence.hits {
            for key in &hit.keys {
                if hit.kind != ObjectKind::Blob || met.binary_search(key).is_err() {
                    self.occurrence(key, Spot::Object(hit.id));
                }
            }
        }
    }
}

/// Which commits are reached from the commits that were asked for, or else from lasting references.
fn reachable(evidence: &Evidence<'_>) -> Vec<bool> {
    let is_lasting = |tip: &&Reference| !matches!(tip.kind, RefKind::Reflog | RefKind::Pseudo);
    let lasting = evidence.refs.iter().filter(is_lasting).map(|tip| tip.id);
    let tips: Vec<ObjectId> = evidence.tips.map_or_else(|| lasting.collect(), <[_]>::to_vec);
    let target = |id: ObjectId| {
        (0..MOST_TAGS).try_fold(id, |id, _| evidence.tags.get(&id).copied().ok_or(id))
    };
    evidence.graph.reached(tips.into_iter().map(|id| target(id).unwrap_or_else(|id| id)))
}

/// How many tags of tags are followed.
const MOST_TAGS: usize = 64;

impl Tips {
    fn add(&mut self, kind: RefKind, name: &str) {
        match kind {
            RefKind::Head => self.head = true,
            RefKind::Branch
            | RefKind::RemoteBranch
            | RefKind::Tag
            | RefKind::Note
            | RefKind::Other => self.refs += 1,
            RefKind::Stash => self.stashes.push(name.to_owned()),
            RefKind::Reflog => self.reflog.push(name.to_owned()),
            RefKind::Pseudo => self.marks.push(name.to_owned()),
        }
    }
}
