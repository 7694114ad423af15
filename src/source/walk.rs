//! Walking: every file below the roots, in parallel, and what was left out and why.

use std::fs::FileType;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::{DirEntry, WalkBuilder, WalkParallel, WalkState};

use crate::model::{Issue, IssueKind, Skip, SkipReason};
use crate::source::dependencies::is_dependency;
use crate::source::folders::Folders;
use crate::source::repository::{is_in_store, is_object_store};
use crate::source::roots::Roots;

/// What of that which Git ignores is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ignored {
    /// Ignored files are read, ignored dependency and build folders are not.
    #[default]
    Files,
    /// Everything is read.
    All,
    /// Nothing that Git ignores is read.
    Nothing,
}

/// What becomes of the folders in which Git keeps objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stores {
    /// They are told; in them everything is read that Git did not put there.
    Told,
    /// They are left out.
    LeftOut,
}

/// A walk over one or more roots.
pub struct Walk {
    roots: Roots,
    ignored: Ignored,
    stores: Stores,
    threads: usize,
}

/// One thing that a walk came upon.
pub enum Entry {
    /// A file to read: its path with the root in front.
    File(Arc<Path>),
    /// What the user named that comes once only: a FIFO, a device, a descriptor.
    Once(Arc<Path>),
    /// The folder in which a Git repository keeps its objects.
    Store(PathBuf),
    /// Left out on purpose.
    Skipped(Skip),
    /// Could not be looked into.
    Failed(Issue),
}

impl Walk {
    /// A walk over `roots` on so many threads; 0 leaves the number to the machine. What is named twice, or
    /// lies in something else that is named, is walked once.
    pub fn new(roots: Vec<PathBuf>, ignored: Ignored, stores: Stores, threads: usize) -> Self {
        Self { roots: Roots::of(roots), ignored, stores, threads }
    }

    /// Walks; each thread asks `visitor` for a visitor of its own, which answers whether to go on.
    /// Symbolic links are not followed, roots excepted.
    pub fn run<V: FnMut(Entry) -> bool + Send>(&self, visitor: impl Fn() -> V) {
        let Some(walk) = self.build() else { return };
        let folders = Folders::below(self.roots.folders());
        let Self { roots, ignored, stores, .. } = self;
        let view = View { roots, ignored: *ignored, stores: *stores, folders: &folders };
        walk.run(|| {
            let mut visit = visitor();
            Box::new(move |found| match found {
                Ok(entry) => view.step(&entry, &mut visit),
                Err(error) => go_on(visit(Entry::Failed(issue(&error)))),
            })
        });
    }

    fn build(&self) -> Option<WalkParallel> {
        let mut roots = self.roots.named();
        let mut builder = WalkBuilder::new(roots.next()?);
        roots.for_each(|root| _ = builder.add(root));
        Some(builder.standard_filters(false).threads(self.threads).build_parallel())
    }
}

const fn go_on(on: bool) -> WalkState {
    if on { WalkState::Continue } else { WalkState::Quit }
}

/// What the threads of a walk share.
#[derive(Clone, Copy)]
struct View<'w> {
    roots: &'w Roots,
    ignored: Ignored,
    stores: Stores,
    folders: &'w Folders,
}

impl View<'_> {
    fn step(&self, entry: &DirEntry, visit: &mut impl FnMut(Entry) -> bool) -> WalkState {
        let (path, depth) = (entry.path(), entry.depth());
        let Some(kind) = entry.file_type() else { return WalkState::Continue };
        if self.roots.is_another(path, depth) {
            return WalkState::Skip;
        }
        if self.stores == Stores::Told && depth > 0 {
            if kind.is_dir() && is_object_store(path) {
                return go_on(visit(Entry::Store(path.to_owned())));
            }
            if is_in_store(path, kind.is_dir()) {
                return WalkState::Skip;
            }
        }
        if let Some(reason) = self.left_out(path, kind, depth) {
            let on = visit(Entry::Skipped(Skip { path: path.to_owned(), reason }));
            return if on { WalkState::Skip } else { WalkState::Quit };
        }
        match file(path, kind, depth) {
            Some(found) => go_on(visit(found)),
            None => WalkState::Continue,
        }
    }

    fn left_out(&self, path: &Path, kind: FileType, depth: usize) -> Option<SkipReason> {
        if depth == 0 {
            return None;
        }
        let is_dir = kind.is_dir();
        if is_dir && self.stores == Stores::LeftOut && is_object_store(path) {
            return Some(SkipReason::GitStore);
        }
        let reason = match self.ignored {
            Ignored::All => None,
            _ if is_dir && is_dependency(path) => Some(SkipReason::Dependencies),
            Ignored::Nothing => Some(SkipReason::Ignored),
            Ignored::Files => None,
        };
        reason.filter(|_| self.folders.ignore(path, is_dir))
    }
}

/// What to do with something that is not left out. What the user named is read, whatever it is: a FIFO or a
/// device as a stream.
fn file(path: &Path, kind: FileType, depth: usize) -> Option<Entry> {
    let skip = |reason| Some(Entry::Skipped(Skip { path: path.to_owned(), reason }));
    if kind.is_file() || (depth == 0 && path.is_file()) {
        return Some(Entry::File(path.into()));
    }
    if depth == 0 && !path.is_dir() {
        return Some(Entry::Once(path.into()));
    }
    if kind.is_dir() {
        return None;
    }
    if kind.is_symlink() {
        return if leads_outside(path, depth) { skip(SkipReason::LinkOutside) } else { None };
    }
    skip(SkipReason::SpecialFile)
}

/// Whether a symbolic link at `depth` below its root leads out of that root. A link that leads nowhere
/// leads to nothing that could be read.
fn leads_outside(link: &Path, depth: usize) -> bool {
    let Some(root) = link.ancestors().nth(depth) else { return true };
    let root = if root.as_os_str().is_empty() { Path::new(".") } else { root };
    match (link.canonicalize(), root.canonicalize()) {
        (Ok(target), Ok(root)) => !target.starts_with(root),
        _ => false,
    }
}

fn issue(error: &ignore::Error) -> Issue {
    let gone = error.io_error().is_some_and(|e| e.kind() == std::io::ErrorKind::NotFound);
    let kind = if gone { IssueKind::Vanished } else { IssueKind::Unreadable };
    let message = match error.io_error() {
        Some(io) => io.to_string(),
        None => error.to_string(),
    };
    Issue { path: path_of(error), kind, message }
}

fn path_of(error: &ignore::Error) -> Option<PathBuf> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path.clone()),
        ignore::Error::Loop { child, .. } => Some(child.clone()),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            path_of(err)
        }
        _ => None,
    }
}
