//! A repository's whole history to findings: every object looked at once, and only for what is found the
//! question who brought it, who removed it and from where it can still be reached.

mod by_id;
mod cache;
mod graph;
mod objects;
mod places;
mod range;
mod sets;
mod tell;
mod trace;
mod watch;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::git::forest::Forest;
use crate::git::layout::Layout;
use crate::git::refs::{self, RefKind, Reference};
use crate::git::staged as index;
use crate::git::store::Store;
use crate::inspect::Inspector;
use crate::model::{Finding, Issue, IssueKind, ObjectId, ObjectKind, Skip, SkipReason};

use by_id::ById;
pub use cache::Cache;
use graph::Graph;
use objects::{Hit, Look, Seen};
use places::{Ground, Places};
pub use range::{commits, staged, unstaged};
use trace::Evidence;
pub use watch::Watch;

/// A repository, and what to call it.
pub struct Repository {
    /// Where it keeps what.
    pub layout: Layout,
    /// What its paths are below: its work tree, or its own folder if it has none.
    pub name: PathBuf,
    /// What to call the folder with Git's own files.
    pub home: PathBuf,
}

/// How to read a history.
#[derive(Clone, Copy)]
pub struct Reading<'r, 'c> {
    /// What looks into objects.
    pub inspector: Inspector<'r, 'c>,
    /// A name for a path that is the same wherever its root lies.
    pub logical: &'r (dyn Fn(&Path) -> String + Sync),
    /// How many threads; at least one.
    pub threads: usize,
    /// Where it is kept what was inspected before.
    pub cache: Option<&'r Cache>,
    /// Whether all of each object is looked at, and not only what is new in it. Finds the same, later.
    pub whole: bool,
    /// Who watches.
    pub watch: &'r Watch<'r>,
}

/// What a history holds.
#[derive(Default)]
pub struct Told {
    /// The credentials in it, each with its history; for each the paths at which it stood.
    pub findings: Vec<(Finding, Vec<PathBuf>)>,
    /// What could not be read.
    pub issues: Vec<Issue>,
    /// What was left out on purpose.
    pub skipped: Vec<Skip>,
    /// How many objects were read.
    pub objects: u64,
    /// How many were not read since it is known from before what is in them.
    pub known: u64,
    /// How many bytes they have.
    pub bytes: u64,
}

/// Reads a repository's history: all of it, or what some commits lead to. Never fails: what could not be read
/// is told.
pub fn read(repository: &Repository, tips: Option<&[ObjectId]>, reading: Reading<'_, '_>) -> Told {
    let store = Store::open(&repository.layout);
    let forests: Vec<Forest> = store.packs().iter().map(Forest::of).collect();
    let mut seen = Look { store: &store, reading }.all(&forests);
    seen.sort();
    let Seen { objects, known, bytes, .. } = seen;
    let told = Told { objects, known, bytes, ..Told::default() };
    let mut history = History { repository, reading, store: &store, forests: &forests, seen, told };
    history.tell(tips);
    history.told
}

/// A history that was looked at.
struct History<'h, 'c> {
    repository: &'h Repository,
    reading: Reading<'h, 'c>,
    store: &'h Store,
    forests: &'h [Forest],
    seen: Seen,
    told: Told,
}

impl History<'_, '_> {
    fn tell(&mut self, tips: Option<&[ObjectId]>) {
        let layout = &self.repository.layout;
        let refs = refs::read(layout);
        let graph = Graph::of(std::mem::take(&mut self.seen.commits));
        self.faults(&refs.faults);
        self.missing(&refs.all, &graph);
        let staged = self.staged();
        if self.seen.hits.is_empty() {
            return;
        }
        let places = self.places();
        let home = &self.repository.home;
        self.told.issues.extend(places.faults().iter().map(|(id, damage)| Issue {
            path: Some(objects::loose_path(home, id)),
            kind: IssueKind::Unreadable,
            message: format!("object {id}: {damage}"),
        }));
        let tags: ById<ObjectId> = self.seen.tags.iter().copied().collect();
        let traces = trace::trace(&Evidence {
            hits: &self.seen.hits,
            graph: &graph,
            places: &places,
            tags: &tags,
            refs: &refs.all,
            head: refs::head(layout),
            staged: &staged,
            tips,
        });
        let teller =
            tell::Teller::new(self.repository, self.reading, self.store, &graph, &refs.all);
        let (findings, issues) = teller.findings(&self.seen.hits, traces);
        self.told.findings = findings;
        self.told.issues.extend(issues);
    }

    /// Where the contents with credentials stand. Those with the same credentials share a number.
    fn places(&self) -> Places {
        let mut numbers = HashMap::new();
        let hits = self.seen.hits.iter().enumerate();
        let blobs = hits.filter(|(_, hit)| hit.kind == ObjectKind::Blob);
        let sought: Vec<(ObjectId, u32)> = blobs
            .map(|(n, Hit { id, keys, .. })| (*id, *numbers.entry(keys).or_insert(n as u32)))
            .collect();
        let ground = Ground {
            store: self.store,
            forests: self.forests,
            loose: &self.seen.loose_trees,
            threads: self.reading.threads,
            watch: self.reading.watch,
        };
        Places::find(ground, sought.into_iter())
    }

    fn faults(&mut self, refs: &[(PathBuf, String)]) {
        let git_dir = &self.repository.home;
        let files = self.store.faults().iter().chain(refs).chain(&self.seen.unlisted);
        let files = files.map(|(path, message)| Issue {
            path: Some(path.clone()),
            kind: IssueKind::Unreadable,
            message: message.clone(),
        });
        let objects = self.seen.faults.iter().map(|(id, kind, message)| Issue {
            path: Some(objects::loose_path(git_dir, id)),
            kind: *kind,
            message: format!("object {id}: {message}"),
        });
        self.told.issues.extend(files.chain(objects));
    }

    /// Tells of what was never fetched, and of what should be there and is not.
    fn missing(&mut self, refs: &[Reference], graph: &Graph) {
        let layout = &self.repository.layout;
        let mut tell = |path: PathBuf, message: String| {
            self.told.issues.push(Issue { path: Some(path), kind: IssueKind::Missing, message });
        };
        if !layout.shallow.is_empty() {
            let count = layout.shallow.len();
            let message =
                format!("shallow clone: what lies before {count} commits was never fetched");
            tell(self.repository.home.join("shallow"), message);
        }
        if layout.partial {
            let message =
                "partial clone: objects that were never fetched are not covered".to_owned();
            return tell(self.repository.home.join("config"), message);
        }
        let is_lasting = |kind| !matches!(kind, RefKind::Reflog | RefKind::Pseudo);
        let tips = refs.iter().filter(|tip| is_lasting(tip.kind));
        let reached = graph.reached(tips.clone().map(|tip| tip.id));
        let cut = |row: &objects::Row| layout.shallow.contains(&row.id);
        for id in graph.missing(&reached, cut) {
            tell(
                objects::loose_path(&self.repository.home, &id),
                format!("commit {id} is missing"),
            );
        }
        for Reference { name, id, .. } in tips {
            if graph.place(id).is_none() && !self.store.holds(id) {
                let path = objects::loose_path(&self.repository.home, id);
                tell(path, format!("{name}: object {id} is missing"));
            }
        }
    }

    /// Tells of what is staged, should be there and is not.
    fn unstored(&mut self, files: &[index::Staged]) {
        if self.repository.layout.partial {
            return;
        }
        let lost = files.iter().filter(|file| !file.is_folder() && !self.store.holds(&file.id));
        self.told.issues.extend(lost.map(|file| Issue {
            path: Some(objects::loose_path(&self.repository.home, &file.id)),
            kind: IssueKind::Missing,
            message: format!(
                "{}: object {} is missing",
                String::from_utf8_lossy(&file.path),
                file.id
            ),
        }));
    }

    /// What is staged in this and in every linked work tree; other repositories that it names are told.
    fn staged(&mut self) -> Vec<(Vec<u8>, ObjectId)> {
        let layout = &self.repository.layout;
        let mut folders = vec![layout.git_dir.clone(), layout.common_dir.clone()];
        if let Ok(linked) = std::fs::read_dir(layout.common_dir.join("worktrees")) {
            folders.extend(linked.flatten().map(|entry| entry.path()));
        }
        folders.sort();
        folders.dedup();
        let mut all = Vec::new();
        for folder in folders {
            match index::read(&folder, layout.hash_len) {
                Ok(entries) => {
                    let (links, files): (Vec<_>, Vec<_>) =
                        entries.into_iter().partition(index::Staged::is_link);
                    let own = folder == layout.git_dir;
                    let links = links.into_iter().filter(|_| own);
                    self.told.skipped.extend(links.map(|link| Skip {
                        path: self.repository.path(&link.path),
                        reason: SkipReason::Submodule,
                    }));
                    self.unstored(&files);
                    all.extend(files.into_iter().map(|file| (file.path, file.id)));
                }
                Err(damage) => self.told.issues.push(Issue {
                    path: Some(folder.join("index")),
                    kind: IssueKind::Unreadable,
                    message: damage.to_string(),
                }),
            }
        }
        all.sort();
        all.dedup();
        all
    }
}

impl Repository {
    /// A path in the repository as one on disk.
    fn path(&self, below: &[u8]) -> PathBuf {
        self.name.join(crate::git::path_of(below))
    }
}
