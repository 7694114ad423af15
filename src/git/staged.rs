//! What is staged: the entries of an index.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Metadata};
use std::io::ErrorKind;
use std::path::Path;
use std::time::UNIX_EPOCH;

use gix_index::decode::Options;
use gix_index::extension::Tree;
use gix_index::hash::Kind;

use crate::git::{Damage, tree};
use crate::guard::guarded;
use crate::model::ObjectId;

/// The most memory that an index may ask for at once, in bytes.
const LIMIT: usize = 1 << 30;

/// A path that Git tracks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staged {
    /// The path in the repository.
    pub path: Vec<u8>,
    /// What stands there.
    pub id: ObjectId,
    /// Git's mode: `0o100644`, `0o160000` for another repository.
    pub mode: u32,
    /// Whether it is settled what stands there: it is not during a merge with conflicts.
    pub is_settled: bool,
    /// When the file was last changed, and how long it was, as far as Git knows: seconds, nanoseconds,
    /// bytes.
    pub stat: (u32, u32, u32),
}

impl Staged {
    /// Whether it is a folder of which nothing is checked out.
    pub const fn is_folder(&self) -> bool {
        self.mode == FOLDER
    }

    /// Whether a file is, by its time and length, what Git saw when it was staged.
    pub fn is_as(&self, about: &Metadata) -> bool {
        let (seconds, nanoseconds, size) = self.stat;
        let since = about.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        since.is_some_and(|since| {
            since.as_secs() as u32 == seconds
                && (nanoseconds == 0 || since.subsec_nanos() == nanoseconds)
                && about.len() as u32 == size
        })
    }

    /// Whether it names a commit of another repository.
    pub const fn is_link(&self) -> bool {
        self.mode == 0o160_000
    }
}

/// What the index holds that a tree holds otherwise or not at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// What is staged, and what the tree has in its place.
    pub staged: Vec<(Staged, Option<ObjectId>)>,
    /// What the tree has and the index has not.
    pub gone: Vec<ObjectId>,
}

/// Reads a tree.
pub type Trees<'t> = dyn FnMut(&ObjectId) -> Option<Vec<u8>> + 't;

/// Compares the index at `path` with `tree`; folders of which the index knows that they are as in the tree
/// are not looked into.
pub fn changes(
    path: &Path,
    hash_len: usize,
    tree: Option<ObjectId>,
    trees: &mut Trees<'_>,
) -> Result<Changes, Damage> {
    let file = open(path, hash_len)?;
    let Some(file) = file else { return Ok(Changes::default()) };
    let mut known = Known { hash_len, trees, entries: BTreeMap::new(), same: BTreeSet::new() };
    if let Some(tree) = tree {
        known.read(&tree, &[], file.tree(), 0);
    }
    let Known { mut entries, same, .. } = known;
    let mut changes = Changes::default();
    for staged in listed(&file) {
        let folders = staged.path.iter().enumerate().filter(|(_, byte)| **byte == b'/');
        if same.contains(&[][..]) || folders.clone().any(|(n, _)| same.contains(&staged.path[..n]))
        {
            continue;
        }
        if staged.is_folder() {
            continue;
        }
        let before = entries.remove(&staged.path);
        if before != Some(staged.id) && staged.is_settled {
            changes.staged.push((staged, before));
        }
    }
    changes.gone = entries.into_values().collect();
    Ok(changes)
}

/// The mode of a folder that is in the index as a whole: nothing of it is checked out.
const FOLDER: u32 = 0o040_000;

/// How deep folders are entered.
const DEEPEST: usize = 512;

/// A tree's entries, as far as the index does not know that it has the same.
struct Known<'k> {
    hash_len: usize,
    trees: &'k mut Trees<'k>,
    entries: BTreeMap<Vec<u8>, ObjectId>,
    /// Folders that are the same.
    same: BTreeSet<Vec<u8>>,
}

impl Known<'_> {
    fn read(&mut self, id: &ObjectId, folder: &[u8], cached: Option<&Tree>, depth: usize) {
        let is_same =
            |cached: &Tree| cached.num_entries.is_some() && cached.id.as_slice() == id.as_bytes();
        if cached.is_some_and(is_same) {
            self.same.insert(folder.to_vec());
            return;
        }
        let Some(bytes) = (self.trees)(id).filter(|_| depth < DEEPEST) else { return };
        for entry in tree::entries(&bytes, self.hash_len).map_while(Result::ok) {
            let glue: &[u8] = if folder.is_empty() { b"" } else { b"/" };
            let path = [folder, glue, entry.name].concat();
            if entry.is_tree() {
                let children = cached.map(|cached| &cached.children[..]).unwrap_or_default();
                let child = children.iter().find(|child| child.name[..] == *entry.name);
                self.read(&entry.id, &path, child, depth + 1);
            } else {
                self.entries.insert(path, entry.id);
            }
        }
    }
}

/// The entries of the index in the folder `git_dir`, in the order of their paths; none if it has no index.
pub fn read(git_dir: &Path, hash_len: usize) -> Result<Vec<Staged>, Damage> {
    listed_in(&git_dir.join("index"), hash_len)
}

/// The entries of the index at `path`, in the order of their paths; none if it is not there.
pub fn listed_in(path: &Path, hash_len: usize) -> Result<Vec<Staged>, Damage> {
    Ok(open(path, hash_len)?.map(|file| listed(&file)).unwrap_or_default())
}

/// The index at `path`, none if it is not there; refuses what is no index of ids of `hash_len` bytes.
pub fn open(path: &Path, hash_len: usize) -> Result<Option<gix_index::File>, Damage> {
    match fs::metadata(path) {
        Ok(about) if about.is_file() => {}
        Ok(_) => return Err(Damage("the index is not a regular file")),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(_) => return Err(Damage("the index cannot be read")),
    }
    let kind = if hash_len == 32 { Kind::Sha256 } else { Kind::Sha1 };
    let options =
        Options { thread_limit: Some(1), alloc_limit_bytes: Some(LIMIT), ..Options::default() };
    let read = || gix_index::File::at(path, kind, false, options).ok();
    let file = guarded(read).ok().flatten();
    file.map(Some).ok_or(Damage("the index cannot be read"))
}

fn listed(file: &gix_index::File) -> Vec<Staged> {
    let entry = |entry: &gix_index::Entry| {
        Some(Staged {
            path: entry.path(file).to_vec(),
            id: ObjectId::from_bytes(entry.id.as_slice())?,
            mode: entry.mode.bits(),
            is_settled: entry.stage_raw() == 0,
            stat: (entry.stat.mtime.secs, entry.stat.mtime.nsecs, entry.stat.size),
        })
    };
    file.entries().iter().filter_map(entry).collect()
}
