//! References: the names that a repository gives to its objects, and gave to them before.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::git::file::{self, Fault};
use crate::git::layout::Layout;
use crate::git::names::{Content, LOOSE_LIMIT, Names, is_shared};
use crate::git::reflog::{Log, OddLines, id, lines};
use crate::model::ObjectId;

/// The largest list of what was fetched or is being merged that is read, in bytes.
const PSEUDO_LIMIT: usize = 64 << 20;

/// The references beside `HEAD` that commands leave behind.
const PSEUDO: [&str; 8] = [
    "ORIG_HEAD",
    "FETCH_HEAD",
    "MERGE_HEAD",
    "CHERRY_PICK_HEAD",
    "REVERT_HEAD",
    "REBASE_HEAD",
    "BISECT_HEAD",
    "AUTO_MERGE",
];

/// A name for an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// `refs/heads/main`, `HEAD`, `worktrees/other/HEAD`, `stash@{1}`, `main@{2}`. Seen from a
    /// linked work tree, what belongs to the main one is `main-worktree/HEAD`.
    pub name: String,
    /// What sort of name it is.
    pub kind: RefKind,
    /// The object.
    pub id: ObjectId,
}

/// What sort of name a reference is. The order is that of a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefKind {
    /// What a work tree has checked out.
    Head,
    /// A branch.
    Branch,
    /// A branch of another repository, as it was when last fetched.
    RemoteBranch,
    /// A tag.
    Tag,
    /// Notes about commits.
    Note,
    /// Changes put aside: `stash@{0}`.
    Stash,
    /// What a reference named before: `HEAD@{3}`.
    Reflog,
    /// What a command left behind: `ORIG_HEAD`, `FETCH_HEAD`.
    Pseudo,
    /// Anything else under `refs/`: pull requests, replacements, marks of a bisection.
    Other,
}

/// All references of a repository, and what could not be read of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refs {
    /// Sorted by kind and name, numbers in names by their value.
    pub all: Vec<Reference>,
    /// Files and folders, and what is wrong with them.
    pub faults: Vec<(PathBuf, String)>,
}

/// Reads every reference of a repository and its linked work trees, and all that their logs tell.
/// What cannot be read becomes a fault.
pub fn read(layout: &Layout) -> Refs {
    let mut reader = Reader::of(layout);
    reader.refs();
    reader.heads();
    reader.logs();
    reader.finish()
}

/// The object that `HEAD` leads to.
pub fn head(layout: &Layout) -> Option<ObjectId> {
    Names::of(layout).id_of(&layout.git_dir, b"HEAD").ok().flatten()
}

/// The object that a user means by `name`: a reference in full or in short, as Git resolves it, or
/// an entry of a log such as `stash@{1}`. Whatever `read` names is found.
pub fn find(layout: &Layout, name: &str) -> Option<ObjectId> {
    Names::of(layout).find(name)
}

/// A work tree's own folder, and what stands before the names in it.
struct Home {
    dir: PathBuf,
    prefix: String,
}

struct Reader<'l> {
    layout: &'l Layout,
    names: Names<'l>,
    homes: Vec<Home>,
    /// What each reference under `refs/` names, by its full name.
    tips: BTreeMap<Vec<u8>, ObjectId>,
    /// What each `HEAD` names, by its full name.
    heads: BTreeMap<Vec<u8>, ObjectId>,
    all: Vec<Reference>,
    faults: Vec<Fault>,
}

impl<'l> Reader<'l> {
    fn of(layout: &'l Layout) -> Self {
        let mut faults = Vec::new();
        let homes = homes(layout, &mut faults);
        let (tips, heads) = (BTreeMap::new(), BTreeMap::new());
        Self { layout, names: Names::of(layout), homes, tips, heads, all: Vec::new(), faults }
    }

    fn refs(&mut self) {
        if self.layout.ref_tables {
            let message =
                "references are kept in a table that is not read, so places lack their names";
            self.faults.push((self.layout.common_dir.join("reftable"), message.to_owned()));
            return;
        }
        let mut symbolic = Vec::new();
        for at in 0..self.homes.len() {
            for path in file::below(&self.homes[at].dir.join("refs"), &mut self.faults) {
                symbolic.extend(self.loose(at, &path).map(|name| (at, path, name)));
            }
        }
        self.packed();
        for (at, path, name) in symbolic {
            let lead = self.names.id_of(&self.homes[at].dir, &name);
            let full = self.full_name(at, &name_of(&self.homes[at].dir, &path));
            let id = self.note(path, lead);
            self.tips.extend(id.map(|id| (full, id)));
        }
    }

    /// Takes one reference's file in; gives the name of the reference that it stands for, if it
    /// does.
    fn loose(&mut self, at: usize, path: &Path) -> Option<Vec<u8>> {
        let bytes = file::read(path, LOOSE_LIMIT);
        let bytes = self.note(path.to_owned(), bytes)?;
        let content = Content::of(&bytes, self.layout.hash_len).map(Some);
        match self.note(path.to_owned(), content)? {
            Content::Symbolic(name) => Some(name),
            Content::Id(id) => {
                let name = self.full_name(at, &name_of(&self.homes[at].dir, path));
                self.tips.insert(name, id);
                None
            }
        }
    }

    /// A reference with a file of its own is newer than what is packed under its name.
    fn packed(&mut self) {
        let packed = self.names.packed();
        let fault =
            packed.fault.clone().map(|fault| (self.layout.common_dir.join("packed-refs"), fault));
        self.faults.extend(fault);
        for (name, id) in &packed.ids {
            self.tips.entry(name.clone()).or_insert(*id);
        }
    }

    fn heads(&mut self) {
        for at in 0..self.homes.len() {
            let Home { dir, prefix } = &self.homes[at];
            let (name, path) = (format!("{prefix}HEAD"), dir.join("HEAD"));
            let reads_heads = !self.layout.ref_tables;
            let id = if reads_heads { self.names.id_of(dir, b"HEAD") } else { Ok(None) };
            if let Some(id) = self.note(path, id) {
                self.heads.insert(name.clone().into_bytes(), id);
                self.all.push(Reference { name, kind: RefKind::Head, id });
            }
            PSEUDO.iter().for_each(|name| self.pseudo(at, name));
        }
    }

    /// One line for each of what was fetched or is being merged, each beginning with an id.
    fn pseudo(&mut self, at: usize, name: &str) {
        let Home { dir, prefix } = &self.homes[at];
        let (path, name) = (dir.join(name), format!("{prefix}{name}"));
        let text = file::read(&path, PSEUDO_LIMIT);
        let (mut seen, mut odd) = (HashSet::new(), OddLines::default());
        for (number, line) in lines(&self.note(path.clone(), text).unwrap_or_default()) {
            match id(line, self.layout.hash_len) {
                Some((id, _)) if id.is_null() || !seen.insert(id) => {}
                Some((id, _)) => {
                    self.all.push(Reference { name: name.clone(), kind: RefKind::Pseudo, id });
                }
                None => odd.note(number),
            }
        }
        self.faults.extend(odd.message().map(|message| (path, message)));
    }

    fn logs(&mut self) {
        for at in 0..self.homes.len() {
            let logs = self.homes[at].dir.join("logs");
            for path in file::below(&logs, &mut self.faults) {
                let log = self.names.log(&path);
                let Some(log) = self.note(path.clone(), log) else { continue };
                self.log(at, &name_of(&logs, &path), &log);
                self.faults.extend(log.odd.message().map(|message| (path, message)));
            }
        }
    }

    fn log(&mut self, at: usize, name: &[u8], log: &Log) {
        let full = self.full_name(at, name);
        let tip = self.tips.get(&full).or_else(|| self.heads.get(&full));
        let mut seen: HashSet<ObjectId> = tip.copied().into_iter().collect();
        let is_stash = full == b"refs/stash";
        let kind = if is_stash { RefKind::Stash } else { RefKind::Reflog };
        let prefix = String::from_utf8_lossy(&full[..full.len() - name.len()]);
        let short = format!("{prefix}{}", short(&String::from_utf8_lossy(name)));
        let ids: Vec<_> = if is_stash { log.given().collect() } else { log.ids().collect() };
        for (number, id) in ids.into_iter().filter(|(_, id)| seen.insert(*id)) {
            self.all.push(Reference { name: format!("{short}@{{{number}}}"), kind, id });
        }
    }

    /// What a name in a work tree's folder is seen from outside.
    fn full_name(&self, at: usize, name: &[u8]) -> Vec<u8> {
        let Home { dir, prefix } = &self.homes[at];
        if *dir == self.layout.common_dir && is_shared(name) {
            return name.to_owned();
        }
        [prefix.as_bytes(), name].concat()
    }

    /// What was read, if it was; else a fault.
    fn note<T>(&mut self, path: PathBuf, read: Result<Option<T>, String>) -> Option<T> {
        read.unwrap_or_else(|fault| {
            self.faults.push((path, fault));
            None
        })
    }

    fn finish(mut self) -> Refs {
        for (name, id) in self.tips {
            let kind = kind_of(&name);
            let name = match kind {
                RefKind::Stash => "stash@{0}".to_owned(),
                _ => String::from_utf8_lossy(&name).into_owned(),
            };
            self.all.push(Reference { name, kind, id });
        }
        self.all.sort_by(order);
        self.all.dedup();
        self.faults.sort();
        Refs { all: self.all, faults: self.faults }
    }
}

/// The repository's own folder first.
fn homes(layout: &Layout, faults: &mut Vec<Fault>) -> Vec<Home> {
    let (own, common) = (&layout.git_dir, &layout.common_dir);
    let mut homes = vec![Home { dir: own.clone(), prefix: String::new() }];
    if own != common {
        homes.push(Home { dir: common.clone(), prefix: "main-worktree/".to_owned() });
    }
    for dir in file::folders(&common.join("worktrees"), faults) {
        let name = String::from_utf8_lossy(&name_of(common, &dir)).into_owned();
        if !is_same(&dir, own) {
            homes.push(Home { dir, prefix: format!("{name}/") });
        }
    }
    homes
}

fn is_same(a: &Path, b: &Path) -> bool {
    a == b || fs::canonicalize(a).is_ok_and(|a| fs::canonicalize(b).is_ok_and(|b| a == b))
}

/// The path from `dir` on, as Git writes it.
fn name_of(dir: &Path, path: &Path) -> Vec<u8> {
    let parts = path.strip_prefix(dir).unwrap_or(path).iter();
    parts.map(|part| part.as_encoded_bytes()).collect::<Vec<_>>().join(&b'/')
}

fn kind_of(name: &[u8]) -> RefKind {
    let kinds: [(&[u8], RefKind); 4] = [
        (b"refs/heads/", RefKind::Branch),
        (b"refs/remotes/", RefKind::RemoteBranch),
        (b"refs/tags/", RefKind::Tag),
        (b"refs/notes/", RefKind::Note),
    ];
    if name == b"refs/stash" {
        return RefKind::Stash;
    }
    let known = kinds.into_iter().find(|(folder, _)| name.starts_with(folder));
    known.map_or(RefKind::Other, |(_, kind)| kind)
}

/// A name as users write it.
fn short(name: &str) -> &str {
    let folders = ["refs/heads/", "refs/remotes/", "refs/"];
    folders.into_iter().find_map(|folder| name.strip_prefix(folder)).unwrap_or(name)
}

fn order(a: &Reference, b: &Reference) -> Ordering {
    let by_name = || natural(&a.name, &b.name);
    a.kind.cmp(&b.kind).then_with(by_name).then_with(|| a.id.cmp(&b.id))
}

/// Compares names, numbers in them by their value.
fn natural(a: &str, b: &str) -> Ordering {
    let pieces = |text| <[u8]>::chunk_by(text, |a, b| a.is_ascii_digit() && b.is_ascii_digit());
    let by_value = pieces(a.as_bytes()).map(weight).cmp(pieces(b.as_bytes()).map(weight));
    by_value.then_with(|| a.cmp(b))
}

/// Any number comes where the digits come; a longer one is larger.
fn weight(piece: &[u8]) -> (u8, usize, &[u8]) {
    if !piece[0].is_ascii_digit() {
        return (piece[0], 0, piece);
    }
    let zeros = piece.iter().take_while(|b| **b == b'0').count();
    let number = &piece[zeros..];
    (b'0', number.len(), number)
}

#[cfg(test)]
mod tests;
