//! How open a file lies: who may read it, what Git does with it, whether it is copied elsewhere.

use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::model::Exposure;
use crate::source::folders::Folders;
use crate::source::roots::Roots;

/// Tells how open files lie.
pub struct Standings {
    folders: Folders,
}

/// What a file is to Git.
pub(super) enum Standing {
    Tracked,
    Untracked,
    Ignored,
}

/// After so long without a change a file is old.
const OLD: Duration = Duration::from_secs(365 * 24 * 60 * 60);

impl Standings {
    /// For files below `roots`.
    pub fn below(roots: Vec<PathBuf>) -> Self {
        let folder = |root: PathBuf| match root.parent() {
            Some(around) if !root.is_dir() => around.to_owned(),
            _ => root,
        };
        Self {
            folders: Folders::below(Roots::of(roots.into_iter().map(folder).collect()).folders()),
        }
    }

    /// How open `path` lies. Nothing is said of what cannot be looked at.
    pub fn of(&self, path: &Path) -> Vec<Exposure> {
        let Ok(about) = fs::metadata(path) else { return Vec::new() };
        let mut facts = Vec::new();
        let standing = self.folders.standing(path);
        if !matches!(standing, Some(Standing::Tracked)) {
            facts.extend(readable(path, &about));
        }
        facts.extend(standing.map(|standing| match standing {
            Standing::Tracked => Exposure::Tracked,
            Standing::Untracked => Exposure::Untracked,
            Standing::Ignored => Exposure::Ignored,
        }));
        let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        facts.extend(is_synced(&real).then_some(Exposure::Synced));
        let age = about.modified().ok().and_then(|at| SystemTime::now().duration_since(at).ok());
        facts.extend(age.is_some_and(|age| age > OLD).then_some(Exposure::Old));
        facts
    }
}

/// Folders that services copy to other machines.
const SYNCED: [&str; 8] = [
    "Dropbox",
    "Google Drive",
    "GoogleDrive",
    "My Drive",
    "Mobile Documents",
    "CloudStorage",
    "Nextcloud",
    "pCloudDrive",
];

fn is_synced(path: &Path) -> bool {
    path.iter()
        .filter_map(|name| name.to_str())
        .any(|name| SYNCED.contains(&name) || name == "OneDrive" || name.starts_with("OneDrive - "))
}

#[cfg(unix)]
fn readable(path: &Path, about: &Metadata) -> Option<Exposure> {
    use std::os::unix::fs::MetadataExt;
    let real = path.canonicalize().ok()?;
    let passes = |bit: u32| {
        let mut folders = real.ancestors().skip(1);
        folders.all(|dir| fs::metadata(dir).is_ok_and(|about| about.mode() & bit != 0))
    };
    if about.mode() & 0o004 != 0 && passes(0o001) {
        return Some(Exposure::WorldReadable);
    }
    let shared = about.mode() & 0o040 != 0 && about.gid() != about.uid() && about.gid() != 0;
    (shared && passes(0o011)).then_some(Exposure::GroupReadable)
}

#[cfg(not(unix))]
fn readable(_: &Path, _: &Metadata) -> Option<Exposure> {
    None
}
