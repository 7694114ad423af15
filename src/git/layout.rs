//! Where a repository keeps what: its own folder, the one it shares, its work tree.

use std::fs;
use std::path::{Path, PathBuf};

use crate::git::config::{self, Setting};
use crate::git::file;
use crate::model::ObjectId;

/// The largest file of settings that is read, in bytes.
const CONFIG_LIMIT: usize = 1 << 20;
/// The largest list of commits whose parents were left out that is read, in bytes.
const SHALLOW_LIMIT: usize = 64 << 20;
/// The largest file that holds nothing but a path or a reference, in bytes.
const LINE_LIMIT: usize = 1 << 16;

/// A repository on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The folder with `HEAD`.
    pub git_dir: PathBuf,
    /// The folder with objects and references: the same one, save in a linked work tree.
    pub common_dir: PathBuf,
    /// Where its files are checked out.
    pub work_tree: Option<PathBuf>,
    /// Whether it has no work tree.
    pub bare: bool,
    /// How many bytes an id has: 20 or 32.
    pub hash_len: usize,
    /// Whether objects may be missing because they were never fetched.
    pub partial: bool,
    /// The commits whose parents were never fetched.
    pub shallow: Vec<ObjectId>,
    /// Whether references are kept in a table instead of in files.
    pub ref_tables: bool,
}

impl Layout {
    /// The repository at `path`, if there is one: `path` is where a work tree begins, or the folder
    /// with Git's own files. What lies above `path` is not looked at.
    pub fn at(path: &Path) -> Option<Self> {
        let dot = path.join(".git");
        if let Some(layout) = Self::of(follow(&dot), |_| Some(path.to_owned())) {
            return Some(layout);
        }
        Self::of(path.to_owned(), |settings| claimed(path, settings))
    }

    fn of(git_dir: PathBuf, work_tree: impl Fn(&Settings) -> Option<PathBuf>) -> Option<Self> {
        let common_dir = common_of(&git_dir);
        is_repository(&git_dir, &common_dir).then_some(())?;
        let settings = Settings::of(&common_dir);
        // A bare repository may have linked work trees, for whom its settings count as well.
        let is_bare = settings.bare && git_dir == common_dir;
        let work_tree = (!is_bare).then(|| work_tree(&settings)).flatten();
        Some(Self {
            bare: work_tree.is_none(),
            hash_len: settings.hash_len,
            partial: settings.partial,
            shallow: shallow(&common_dir, settings.hash_len),
            ref_tables: settings.ref_tables,
            work_tree,
            git_dir,
            common_dir,
        })
    }
}

/// What the settings say about the layout.
struct Settings {
    bare: bool,
    hash_len: usize,
    partial: bool,
    ref_tables: bool,
    work_tree: Option<PathBuf>,
}

impl Settings {
    fn of(common_dir: &Path) -> Self {
        let text = file::read(&common_dir.join("config"), CONFIG_LIMIT).ok().flatten();
        let mut settings =
            Self { bare: false, hash_len: 20, partial: false, ref_tables: false, work_tree: None };
        config::each(&text.unwrap_or_default(), |setting| settings.heed(&setting));
        settings
    }

    fn heed(&mut self, setting: &Setting<'_>) {
        let value = setting.value.unwrap_or_default();
        if setting.part.is_some() {
            self.partial |= setting.is("remote", "promisor") && setting.is_yes();
        } else if setting.is("core", "bare") {
            self.bare = setting.is_yes();
        } else if setting.is("core", "worktree") {
            self.work_tree = Some(file::path_of(value));
        } else if setting.is("extensions", "partialclone") {
            self.partial = true;
        } else if setting.is("extensions", "objectformat") {
            self.hash_len = if value.eq_ignore_ascii_case(b"sha256") { 32 } else { 20 };
        } else if setting.is("extensions", "refstorage") {
            self.ref_tables = value.starts_with(b"reftable");
        }
    }
}

/// The folder that `dot` is, or that the file `dot` names.
fn follow(dot: &Path) -> PathBuf {
    let named = line(dot).and_then(|text| {
        let path = file::path_of(text.strip_prefix(b"gitdir:")?.trim_ascii_start());
        Some(resolved(dot.with_file_name(path)))
    });
    named.unwrap_or_else(|| dot.to_owned())
}

fn common_of(git_dir: &Path) -> PathBuf {
    let common = line(&git_dir.join("commondir")).filter(|text| !text.is_empty());
    common.map_or_else(|| git_dir.to_owned(), |text| resolved(git_dir.join(file::path_of(&text))))
}

/// The work tree of a folder with Git's own files: the one around a `.git`, or one that names this
/// folder in turn. Without that anyone could have any folder taken for a work tree.
fn claimed(git_dir: &Path, settings: &Settings) -> Option<PathBuf> {
    let dot = line(&git_dir.join("gitdir")).map(|text| git_dir.join(file::path_of(&text)));
    let linked = dot.and_then(|dot| dot.parent().map(Path::to_owned));
    let set = settings.work_tree.as_ref().map(|path| git_dir.join(path));
    if let Some(top) = linked.or(set) {
        let back = resolved(follow(&top.join(".git")));
        return (back == resolved(git_dir.to_owned())).then(|| resolved(top));
    }
    let whole =
        git_dir.file_name().map_or_else(|| resolved(git_dir.to_owned()), |_| git_dir.to_owned());
    let parent = whole.ends_with(".git").then(|| whole.parent()).flatten()?;
    Some(if parent.as_os_str().is_empty() { PathBuf::from(".") } else { parent.to_owned() })
}

fn is_repository(git_dir: &Path, common_dir: &Path) -> bool {
    let has = |name: &str| common_dir.join(name).is_dir();
    let head = line(&git_dir.join("HEAD"));
    head.is_some_and(|head| is_head(&head)) && has("objects") && (has("refs") || has("reftable"))
}

fn is_head(text: &[u8]) -> bool {
    text.starts_with(b"ref:") || ObjectId::from_hex(text).is_some()
}

fn shallow(common_dir: &Path, hash_len: usize) -> Vec<ObjectId> {
    let text = file::read(&common_dir.join("shallow"), SHALLOW_LIMIT).ok().flatten();
    let text = text.unwrap_or_default();
    let ids = text.split(|b| *b == b'\n').filter_map(|line| ObjectId::from_hex(line.trim_ascii()));
    ids.filter(|id| id.as_bytes().len() == hash_len).collect()
}

/// The text of a file of one line, without its end.
fn line(path: &Path) -> Option<Vec<u8>> {
    let text = file::read(path, LINE_LIMIT).ok().flatten()?;
    Some(text.trim_ascii_end().to_vec())
}

/// `path` without links and `..`, where that can be told.
fn resolved(path: PathBuf) -> PathBuf {
    fs::canonicalize(&path).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::Layout;
    use crate::git::noise::Noise;
    use crate::git::trial::Trial;

    fn layout(path: &Path) -> Layout {
        Layout::at(path).expect("a repository")
    }

    #[test]
    fn a_work_tree_and_its_folder_are_one_repository() {
        let trial = Trial::new(&[]);
        let found = layout(&trial.top);
        assert_eq!(found.git_dir, trial.top.join(".git"));
        assert_eq!(found.common_dir, found.git_dir);
        assert_eq!(found.work_tree.as_deref(), Some(&*trial.top));
        assert_eq!((found.bare, found.hash_len, found.partial), (false, 20, false));
        assert_eq!(layout(&found.git_dir), found);
        assert_eq!(Layout::at(&trial.top.join(".git/refs")), None);
        assert_eq!(Layout::at(&trial.top.join("absent")), None);
    }

    #[test]
    fn bare_and_sha256_are_told() {
        let trial = Trial::new(&["--bare", "--object-format=sha256"]);
        let found = layout(&trial.top);
        assert_eq!((found.bare, found.hash_len, found.work_tree), (true, 32, None));
    }

    #[test]
    fn a_linked_work_tree_shares_a_folder() {
        let trial = Trial::new(&[]);
        trial.commit("one");
        trial.git(&["worktree", "add", "-q", "../linked"]);
        let found = layout(&trial.top.with_file_name("linked"));
        assert_eq!(found.git_dir, trial.top.join(".git/worktrees/linked"));
        assert_eq!(found.common_dir, trial.top.join(".git"));
        assert_eq!(found.work_tree, Some(trial.top.with_file_name("linked")));
        assert_eq!(layout(&found.git_dir), found);
    }

    #[test]
    fn a_bare_repository_may_have_linked_work_trees() {
        let trial = Trial::new(&[]);
        trial.commit("one");
        trial.git(&["worktree", "add", "-q", "../linked"]);
        trial.git(&["config", "core.bare", "true"]);
        assert!(layout(&trial.top).bare);
        assert!(!layout(&trial.top.with_file_name("linked")).bare);
    }

    #[test]
    fn a_work_tree_is_believed_only_if_it_answers() {
        let trial = Trial::new(&["--separate-git-dir=../store"]);
        let store = trial.top.with_file_name("store");
        assert_eq!(layout(&trial.top).git_dir, store);
        trial.git(&["config", "core.worktree", "../top"]);
        assert_eq!(layout(&store).work_tree.as_deref(), Some(&*trial.top));
        trial.git(&["config", "core.worktree", "/"]);
        assert_eq!(layout(&store).work_tree, None);
        assert_eq!(layout(&trial.top).work_tree.as_deref(), Some(&*trial.top));
    }

    #[test]
    fn what_was_never_fetched_is_told() {
        let trial = Trial::new(&[]);
        trial.commit("one");
        let tip = trial.commit("two");
        let url = format!("file://{}", trial.top.display());
        trial.git(&["clone", "-q", "--depth=1", &url, "../shallow"]);
        let found = layout(&trial.top.with_file_name("shallow"));
        assert_eq!((found.shallow, found.partial), (vec![tip], false));
        trial.git(&["config", "remote.origin.promisor", "true"]);
        assert!(layout(&trial.top).partial);
        trial.git(&["config", "remote.origin.promisor", "false"]);
        assert!(!layout(&trial.top).partial);
        trial.git(&["config", "extensions.partialClone", "origin"]);
        assert!(layout(&trial.top).partial);
    }

    #[test]
    fn noise_in_any_file_is_borne() {
        let trial = Trial::new(&[]);
        let mut noise = Noise::new(5);
        let words = b"gitdir: ref./\n[]=\"\\\0\xff0a";
        for _ in 0..200 {
            for name in ["config", "shallow", "commondir", "gitdir", "HEAD"] {
                let path = trial.top.join(".git").join(name);
                let kept = fs::read(&path).ok();
                fs::write(&path, noise.bytes_of(words, 90)).expect("written");
                _ = Layout::at(&trial.top);
                _ = Layout::at(&trial.top.join(".git"));
                kept.map_or_else(|| fs::remove_file(&path), |kept| fs::write(&path, kept))
                    .expect("as before");
            }
        }
        assert_eq!(layout(&trial.top).hash_len, 20);
    }
}
