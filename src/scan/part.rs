//! Parts of histories: what a user asks for instead of all of it.

use std::path::{Path, PathBuf};

use crate::git::ancestry::Asked;
use crate::git::layout::Layout;
use crate::git::refs::{self, RefKind};
use crate::git::revision;
use crate::git::store::Store;
use crate::history::Repository;
use crate::model::ObjectId;
use crate::scan::mask::Mask;

/// Which part of a history, as the user said it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// What lies between two revisions: without the first, with the second; an empty one is `HEAD`.
    pub between: Option<(String, String)>,
    /// What came behind a revision, or in and after a second since 1970.
    pub since: Option<Since>,
    /// What these branches, tags or commits lead to.
    pub branches: Vec<String>,
    /// What is staged.
    pub staged: bool,
    /// What is changed and not staged.
    pub unstaged: bool,
    /// The index to read instead of the repository's own.
    pub index: Option<PathBuf>,
}

/// From when on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Since {
    /// A second since 1970.
    Second(i64),
    /// A revision.
    Revision(String),
}

/// What a scan cannot begin with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no repository.
    #[error("{0}: not in a Git repository")]
    NoRepository(String),
    /// A revision is none.
    #[error("{0}: {1}")]
    NoRevision(String, revision::Refusal),
    /// The cache cannot be opened.
    #[error("cache {0}: {1}")]
    NoCache(String, String),
    /// The index that the environment names is not there.
    #[error("{0}: GIT_INDEX_FILE names it, and it is not there")]
    NoIndex(String),
    /// Nothing is checked out.
    #[error("{0}: no work tree, so nothing is staged")]
    NoWorkTree(String),
}

impl Refusal {
    /// It without the credentials that a name in it may hold: pipelines hand over names that others chose.
    pub(super) fn masked(self, mask: &Mask<'_>) -> Self {
        match self {
            Self::NoRevision(name, refusal) => Self::NoRevision(mask.text(&name), refusal),
            Self::NoRepository(path) => Self::NoRepository(mask.text(&path)),
            other => other,
        }
    }
}

/// A part of one repository's history.
pub(super) struct Part {
    pub(super) repository: Repository,
    /// Only what lies below this path is wanted.
    pub(super) below: PathBuf,
    pub(super) commits: Option<Commits>,
}

/// Which commits.
pub(super) enum Commits {
    /// Those that lead from some to others.
    Some(Asked),
    /// All that these lead to.
    Behind(Vec<ObjectId>),
}

impl Wish {
    /// Whether it asks for commits.
    fn is_of_commits(&self) -> bool {
        self.between.is_some() || self.since.is_some() || !self.branches.is_empty()
    }

    /// The index to read of a repository; Git names it by a path below the work tree's root.
    pub(super) fn index_of(&self, layout: &Layout) -> Option<PathBuf> {
        let named = self.index.as_ref()?;
        Some(layout.work_tree.as_ref().map_or_else(|| named.clone(), |root| root.join(named)))
    }

    /// The part of the repository in which `target` lies.
    pub(super) fn part(&self, target: &Path) -> Result<Part, Refusal> {
        let named = target.display().to_string();
        let (root, layout) = around(target).ok_or_else(|| Refusal::NoRepository(named.clone()))?;
        if (self.staged || self.unstaged) && layout.work_tree.is_none() {
            return Err(Refusal::NoWorkTree(named));
        }
        if let Some(index) = self.index_of(&layout).filter(|index| self.staged && !index.is_file())
        {
            return Err(Refusal::NoIndex(index.display().to_string()));
        }
        let commits = if self.is_of_commits() { Some(self.commits(&layout)?) } else { None };
        let home = layout.common_dir.clone();
        let repository = Repository { layout, name: root, home };
        Ok(Part { repository, below: target.to_owned(), commits })
    }

    fn commits(&self, layout: &Layout) -> Result<Commits, Refusal> {
        let store = Store::open(layout);
        let find = |text: &String| {
            let text = if text.is_empty() { "HEAD" } else { text };
            let found = revision::commit(layout, &store, text);
            found.map_err(|refusal| Refusal::NoRevision(text.to_owned(), refusal))
        };
        let mut asked = Asked { shallow: layout.shallow.clone(), ..Asked::default() };
        if let Some((from, to)) = &self.between {
            asked.exclude.push(find(from)?);
            asked.include.push(find(to)?);
        }
        let mut named = asked.include.clone();
        for branch in &self.branches {
            let commit = find(branch)?;
            asked.include.push(commit);
            // A tag's own message belongs to what it leads to.
            named.push(refs::find(layout, branch).unwrap_or(commit));
        }
        match &self.since {
            Some(Since::Second(second)) => asked.since = Some(*second),
            Some(Since::Revision(text)) => asked.exclude.push(find(text)?),
            None => {
                return Ok(match asked.exclude.is_empty() {
                    true => Commits::Behind(named),
                    false => Commits::Some(asked),
                });
            }
        }
        if asked.include.is_empty() {
            let tips = refs::read(layout).all.into_iter();
            let tips = tips.filter(|tip| !matches!(tip.kind, RefKind::Reflog | RefKind::Pseudo));
            let commits = tips.filter_map(|tip| revision::peeled(&store, tip.id).ok());
            asked.include.extend(commits);
        }
        Ok(Commits::Some(asked))
    }
}

/// The repository at `path` or around it, and the path of its root.
fn around(path: &Path) -> Option<(PathBuf, Layout)> {
    if let Some(layout) = Layout::at(path) {
        return Some((path.to_owned(), layout));
    }
    let real = path.canonicalize().ok()?;
    real.ancestors().skip(1).find_map(|folder| Some((folder.to_owned(), Layout::at(folder)?)))
}
