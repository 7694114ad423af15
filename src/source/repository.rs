//! Git's own files: where a repository begins, what it tracks, what its object store looks like.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::git::staged;
use crate::source::ignores::Rules;

/// A repository with a work tree.
pub(super) struct Repository {
    top: PathBuf,
    store: PathBuf,
    outermost: [Rules; 2],
    index: OnceLock<Index>,
}

/// What Git tracks in a work tree.
enum Index {
    Nothing,
    Known(Box<gix_index::File>),
    Unknown,
}

impl Repository {
    /// The repository whose work tree begins at `top`, if one does.
    pub(super) fn at(top: &Path) -> Option<Self> {
        let store = store_of(top)?;
        let common = short(&store.join("commondir")).map(|path| store.join(path.trim_end()));
        let exclude = common.as_ref().unwrap_or(&store).join("info/exclude");
        let outermost = [Rules::of(top, exclude), Rules::of_user(top)];
        Some(Self { top: top.to_owned(), store, outermost, index: OnceLock::new() })
    }

    /// Whether the rules that are not in the work tree ignore `path`.
    pub(super) fn ignores(&self, path: &Path, is_dir: bool) -> bool {
        let mut said = self.outermost.iter().map(|rules| rules.judge(path, is_dir));
        said.find(|said| !said.is_none()).is_some_and(|said| said.is_ignore())
    }

    /// Whether Git tracks `path` or anything in it. Where its index cannot be read, it may.
    pub(super) fn tracks(&self, path: &Path) -> bool {
        let Ok(below) = path.strip_prefix(&self.top) else { return true };
        match self.index.get_or_init(|| Index::of(&self.store)) {
            Index::Nothing => false,
            Index::Known(index) => lists(index, below),
            Index::Unknown => true,
        }
    }
}

impl Index {
    fn of(store: &Path) -> Self {
        let path = store.join("index");
        let opened = HASHES.into_iter().find_map(|length| staged::open(&path, length).ok());
        match opened {
            Some(Some(index)) => Self::Known(Box::new(index)),
            Some(None) if store.join("HEAD").is_file() => Self::Nothing,
            Some(None) | None => Self::Unknown,
        }
    }
}

/// How many bytes ids may have.
const HASHES: [usize; 2] = [20, 32];

/// Whether `index` has an entry for `below` or in it, or for a folder around it of which it tells no more.
fn lists(index: &gix_index::File, below: &Path) -> bool {
    let mut path = Vec::new();
    for name in below {
        path.extend_from_slice(name.as_encoded_bytes());
        path.push(b'/');
        if index.is_sparse() && index.entry_range(path.as_slice().into()).is_some() {
            return true;
        }
    }
    let inside = index.prefixed_entries(path.as_slice().into()).is_some();
    path.pop();
    inside || index.entry_range(path.as_slice().into()).is_some()
}

/// The folder with Git's own files for the work tree that begins at `top`.
fn store_of(top: &Path) -> Option<PathBuf> {
    let dot = top.join(".git");
    let about = fs::metadata(&dot).ok()?;
    if about.is_dir() {
        return dot.join("HEAD").is_file().then_some(dot);
    }
    let text = short(&dot)?;
    Some(top.join(text.strip_prefix("gitdir:")?.trim()))
}

/// Whether `dir` is Git's object store: one with all that a repository has beside it.
pub(super) fn is_object_store(dir: &Path) -> bool {
    dir.ends_with("objects")
        && dir.with_file_name("refs").is_dir()
        && dir.with_file_name("config").is_file()
        && short(&dir.with_file_name("HEAD")).is_some_and(|head| is_head(head.trim_end()))
}

/// Whether Git itself put `path` into an object store: a loose object, a pack or what stands beside one.
pub(super) fn is_in_store(path: &Path, is_dir: bool) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_hex = |length: &[usize]| {
        length.contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    let folder = path.parent().filter(|_| !is_dir && (is_hex(&[38, 62]) || is_of_pack(&name)));
    folder.and_then(Path::parent).is_some_and(is_object_store)
}

/// Whether a file of this name belongs to a pack.
fn is_of_pack(name: &str) -> bool {
    let (stem, end) = name.split_once('.').unwrap_or((name, ""));
    let ends = ["pack", "idx", "rev", "bitmap", "mtimes", "keep", "promisor"];
    (stem.starts_with("pack-") && ends.contains(&end)) || stem.starts_with("multi-pack-index")
}

fn is_head(text: &str) -> bool {
    let is_id = || matches!(text.len(), 40 | 64) && text.bytes().all(|b| b.is_ascii_hexdigit());
    text.starts_with("ref: ") || is_id()
}

/// The text of a small file; nothing else is opened, for a FIFO would keep whoever opens it.
fn short(path: &Path) -> Option<String> {
    let about = fs::metadata(path).ok()?;
    let mut text = String::new();
    let mut file = about.is_file().then(|| File::open(path).ok()).flatten()?.take(4096);
    file.read_to_string(&mut text).ok().map(|_| text)
}
