//! What is staged: the entries of an index.

use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

use gix_index::decode::Options;
use gix_index::hash::Kind;

use crate::git::Damage;
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
    /// When the file was last changed, and how long it was, as far as Git knows: seconds, nanoseconds,
    /// bytes.
    pub stat: (u32, u32, u32),
}

impl Staged {
    /// Whether it names a commit of another repository.
    pub const fn is_link(&self) -> bool {
        self.mode == 0o160_000
    }
}

/// The entries of the index in the folder `git_dir`, in the order of their paths; none if it has no index.
pub fn read(git_dir: &Path, hash_len: usize) -> Result<Vec<Staged>, Damage> {
    let path = git_dir.join("index");
    match fs::metadata(&path) {
        Ok(about) if about.is_file() => {}
        Ok(_) => return Err(Damage("the index is not a regular file")),
        Err(_) => return Ok(Vec::new()),
    }
    let kind = if hash_len == 32 { Kind::Sha256 } else { Kind::Sha1 };
    let options =
        Options { thread_limit: Some(1), alloc_limit_bytes: Some(LIMIT), ..Options::default() };
    let read = || gix_index::File::at(&path, kind, false, options).map(|file| entries(&file)).ok();
    catch_unwind(read).ok().flatten().ok_or(Damage("the index cannot be read"))
}

fn entries(file: &gix_index::File) -> Vec<Staged> {
    let entry = |entry: &gix_index::Entry| {
        Some(Staged {
            path: entry.path(file).to_vec(),
            id: ObjectId::from_bytes(entry.id.as_slice())?,
            mode: entry.mode.bits(),
            stat: (entry.stat.mtime.secs, entry.stat.mtime.nsecs, entry.stat.size),
        })
    };
    file.entries().iter().filter_map(entry).collect()
}
