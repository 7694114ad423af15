//! Walking: every file below the roots, in parallel, and what was left out and why.

use std::fs::FileType;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::{DirEntry, WalkBuilder, WalkParallel, WalkState};

use crate::model::{Issue, IssueKind, Skip, SkipReason};
use crate::source::dependencies::is_ignored_dependency;

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

/// A walk over one or more roots.
pub struct Walk {
    roots: Vec<PathBuf>,
    ignored: Ignored,
    threads: usize,
}

/// One thing that a walk came upon.
pub enum Entry {
    /// A file to read: its root, and its path with the root in front.
    File(Arc<Path>),
    /// Left out on purpose.
    Skipped(Skip),
    /// Could not be looked into.
    Failed(Issue),
}

impl Walk {
    /// A walk over `roots` on so many threads; 0 leaves the number to the machine.
    pub const fn new(roots: Vec<PathBuf>, ignored: Ignored, threads: usize) -> Self {
        Self { roots, ignored, threads }
    }

    /// Walks; each thread asks `visitor` for a visitor of its own, which answers whether to go on.
    /// Symbolic links are not followed, roots excepted.
    pub fn run<V: FnMut(Entry) -> bool + Send>(&self, visitor: impl Fn() -> V) {
        let Some(walk) = self.build() else { return };
        let everything = self.ignored == Ignored::All;
        walk.run(|| {
            let mut visit = visitor();
            Box::new(move |found| match found {
                Ok(entry) => step(&entry, everything, &mut visit),
                Err(error) => go_on(visit(Entry::Failed(issue(&error)))),
            })
        });
    }

    fn build(&self) -> Option<WalkParallel> {
        let (first, more) = self.roots.split_first()?;
        let mut builder = WalkBuilder::new(first);
        more.iter().for_each(|root| _ = builder.add(root));
        builder.standard_filters(false).threads(self.threads);
        if self.ignored == Ignored::Nothing {
            builder.git_ignore(true).git_exclude(true).git_global(true).parents(true);
        }
        Some(builder.build_parallel())
    }
}

fn step(entry: &DirEntry, everything: bool, visit: &mut impl FnMut(Entry) -> bool) -> WalkState {
    let path = entry.path();
    let Some(kind) = entry.file_type() else { return WalkState::Continue };
    if kind.is_dir() {
        let Some(reason) = left_out(path, entry.depth(), everything) else {
            return WalkState::Continue;
        };
        let on = visit(Entry::Skipped(Skip { path: path.to_owned(), reason }));
        return if on { WalkState::Skip } else { WalkState::Quit };
    }
    match file(path, kind, entry.depth()) {
        Some(found) => go_on(visit(found)),
        None => WalkState::Continue,
    }
}

const fn go_on(on: bool) -> WalkState {
    if on { WalkState::Continue } else { WalkState::Quit }
}

fn left_out(dir: &Path, depth: usize, everything: bool) -> Option<SkipReason> {
    if depth == 0 {
        return None;
    }
    if dir.ends_with("objects") && dir.with_file_name("HEAD").is_file() {
        return Some(SkipReason::GitStore);
    }
    (!everything && is_ignored_dependency(dir)).then_some(SkipReason::Dependencies)
}

fn file(path: &Path, kind: FileType, depth: usize) -> Option<Entry> {
    let skip = |reason| Some(Entry::Skipped(Skip { path: path.to_owned(), reason }));
    if kind.is_file() || (depth == 0 && path.is_file()) {
        return Some(Entry::File(path.into()));
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
