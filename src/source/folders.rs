//! Folders as Git sees them: what of that which is in them it ignores.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use ignore::Match;

use crate::source::ignores::Rules;
use crate::source::repository::Repository;
use crate::source::standing::Standing;

/// The folders of a walk that were asked for, each looked at once; the threads share it.
pub(super) struct Folders {
    known: RwLock<HashMap<PathBuf, Arc<Folder>>>,
}

struct Folder {
    real: PathBuf,
    /// The folder around it, if it is of the same repository.
    above: Option<Arc<Folder>>,
    repository: Option<Arc<Repository>>,
    rules: Rules,
    ignored: OnceLock<bool>,
}

impl Folders {
    /// No folder but the roots: pairs of a path as it was named and its real path. What was named is
    /// wanted, so a root counts as not ignored.
    pub(super) fn below<'r>(roots: impl Iterator<Item = (&'r Path, &'r Path)>) -> Self {
        let known = roots.map(|(named, real)| (named.to_owned(), Arc::new(Folder::root(real))));
        Self { known: RwLock::new(known.collect()) }
    }

    /// Whether Git ignores `path`, which lies below a root, and tracks nothing in it.
    pub(super) fn ignore(&self, path: &Path, is_dir: bool) -> bool {
        let folder = path.parent().and_then(|parent| self.folder(parent));
        match (folder, path.file_name()) {
            (Some(folder), Some(name)) => folder.leaves_out(name, is_dir),
            _ => false,
        }
    }

    /// What `path`, which lies below a root, is to Git; none if it is in no repository.
    pub(super) fn standing(&self, path: &Path) -> Option<Standing> {
        let folder = self.folder(path.parent()?)?;
        let repository = folder.repository.as_ref()?;
        let path = folder.real.join(path.file_name()?);
        Some(match (repository.tracks(&path), folder.ignores(&path, false)) {
            (true, _) => Standing::Tracked,
            (false, true) => Standing::Ignored,
            (false, false) => Standing::Untracked,
        })
    }

    fn folder(&self, path: &Path) -> Option<Arc<Folder>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).get(path).cloned();
        if known.is_some() {
            return known;
        }
        let above = self.folder(path.parent()?)?;
        let made = Arc::new(Folder::new(above.real.join(path.file_name()?), Some(&above)));
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(known.entry(path.to_owned()).or_insert(made)))
    }
}

impl Folder {
    fn root(real: &Path) -> Self {
        let mut around: Vec<&Path> = real.ancestors().skip(1).collect();
        around.reverse();
        let above = around.into_iter().fold(None, |above: Option<Arc<Self>>, dir| {
            Some(Arc::new(Self::new(dir.to_owned(), above.as_ref())))
        });
        Self { ignored: OnceLock::from(false), ..Self::new(real.to_owned(), above.as_ref()) }
    }

    /// The folder at `real` in the folder `around` it. Git's own files are of no repository.
    fn new(real: PathBuf, around: Option<&Arc<Self>>) -> Self {
        let own = Repository::at(&real).map(Arc::new);
        let above = around.filter(|_| own.is_none() && !real.ends_with(".git")).cloned();
        let repository = own.or_else(|| above.as_ref()?.repository.clone());
        let rules = Rules::of(&real, real.join(".gitignore"));
        Self { real, above, repository, rules, ignored: OnceLock::new() }
    }

    fn is_ignored(&self) -> bool {
        let around = || self.above.as_ref().is_some_and(|above| above.ignores(&self.real, true));
        *self.ignored.get_or_init(around)
    }

    fn leaves_out(&self, name: &OsStr, is_dir: bool) -> bool {
        let Some(repository) = &self.repository else { return false };
        let path = self.real.join(name);
        name != ".git" && self.ignores(&path, is_dir) && !repository.tracks(&path)
    }

    /// What lies in an ignored folder is ignored; else the nearest file with a rule for it decides.
    fn ignores(&self, path: &Path, is_dir: bool) -> bool {
        if self.is_ignored() {
            return true;
        }
        let mut next = Some(self);
        while let Some(folder) = next {
            match folder.rules.judge(path, is_dir) {
                Match::Ignore(()) => return true,
                Match::Whitelist(()) => return false,
                Match::None => next = folder.above.as_deref(),
            }
        }
        self.repository.as_ref().is_some_and(|repository| repository.ignores(path, is_dir))
    }
}
