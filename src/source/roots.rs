//! Roots: what the user named, each once.

use std::path::{Path, PathBuf};

/// The roots of a walk, in the order in which they were named.
pub(super) struct Roots {
    all: Vec<Root>,
    /// Real paths of roots that lie below others.
    inner: Vec<PathBuf>,
}

struct Root {
    named: PathBuf,
    real: PathBuf,
}

impl Roots {
    /// Drops what was named before, however it was spelled.
    pub(super) fn of(named: Vec<PathBuf>) -> Self {
        let mut all: Vec<Root> = Vec::new();
        for named in named {
            let real = named.canonicalize().unwrap_or_else(|_| named.clone());
            if all.iter().all(|root| root.real != real) {
                all.push(Root { named, real });
            }
        }
        let lies_below = |inner: &Path| {
            all.iter().any(|outer| outer.real != inner && inner.starts_with(&outer.real))
        };
        let inner = all.iter().map(|root| &root.real).filter(|real| lies_below(real)).cloned();
        Self { inner: inner.collect(), all }
    }

    /// Each root as it was named.
    pub(super) fn named(&self) -> impl Iterator<Item = &Path> {
        self.all.iter().map(|root| &*root.named)
    }

    /// Each root that is a folder: as it was named, and its real path.
    pub(super) fn folders(&self) -> impl Iterator<Item = (&Path, &Path)> {
        self.all.iter().filter(|root| root.real.is_dir()).map(|root| (&*root.named, &*root.real))
    }

    /// Whether `path`, so deep below its root, is another root: then it is read as that.
    pub(super) fn is_another(&self, path: &Path, depth: usize) -> bool {
        if depth == 0 || self.inner.is_empty() {
            return false;
        }
        let root = path.ancestors().nth(depth);
        let root = root.and_then(|named| self.all.iter().find(|root| root.named == named));
        let below = root.and_then(|root| Some((root, path.strip_prefix(&root.named).ok()?)));
        below.is_some_and(|(root, below)| self.inner.contains(&root.real.join(below)))
    }
}
