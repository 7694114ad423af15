//! What a scan is to do, and how far it is.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Mutex, PoisonError};

use crate::detect;
use crate::policy::Policies;
use crate::scan::part::Wish;
use crate::source::Ignored;

/// What the user named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A file, or a folder and all below it.
    Path(PathBuf),
    /// A copy of a remote repository, and what to call it.
    Clone(PathBuf, PathBuf),
    /// The places below a home directory, or of this whole machine, in which tools keep credentials.
    Home {
        /// The home directory.
        home: PathBuf,
        /// Whether the places that all users of the machine share are read too.
        shared: bool,
    },
    /// Standard input.
    Stdin,
}

/// Everything that decides what a scan does.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What to look at.
    pub targets: Vec<Target>,
    /// What of that which Git ignores is read.
    pub ignored: Ignored,
    /// Whether files are read, or the history of repositories, or both.
    pub scope: Scope,
    /// Whether all of each Git object is looked at, and not only what is new in it.
    pub whole_objects: bool,
    /// The folder in which it is kept what was inspected before.
    pub cache: Option<PathBuf>,
    /// Which part of a history is read, and nothing else.
    pub part: Option<Wish>,
    /// How many threads; 0 leaves it to the machine.
    pub threads: usize,
    /// How text is unwrapped.
    pub detection: detect::Options,
    /// What relative paths are made relative to; see [`crate::report::Report::base`].
    pub base: PathBuf,
    /// What relative paths start from; see [`crate::report::Report::here`].
    pub here: PathBuf,
    /// Whether findings keep their raw value, and paths the values in them.
    pub keep_secrets: bool,
    /// The statements that trails are held against.
    pub policies: Policies,
    /// What the report is of, in the user's words.
    pub source: String,
    /// Whether trails tell the correlating ids of other tools.
    pub c3id: bool,
    /// Whether known values are looked for everywhere.
    pub trace: bool,
    /// The time at which credentials are expired or not: RFC 3339 in UTC, whole seconds.
    pub now: String,
    /// Whether everything is read as text alone: nothing is opened, no key and no holder told.
    pub as_text: bool,
    /// Whether the caller's own running processes are read.
    pub processes: bool,
    /// The files that this run's reports go to, absolute and without symbolic links: they are not read.
    pub reports: Vec<PathBuf>,
}

/// What of a repository is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// Its files and its history.
    #[default]
    All,
    /// Its files.
    Files,
    /// Its history.
    History,
}

/// How far a scan is, for whoever watches it; and the way to stop it.
#[derive(Debug, Default)]
pub struct Watch {
    /// Files read so far.
    pub files: AtomicU64,
    /// Git objects read so far.
    pub objects: AtomicU64,
    /// Bytes read so far.
    pub bytes: AtomicU64,
    /// Whose places are being read, if they are a tool's.
    tool: Mutex<String>,
    /// Set to end the scan with what was found so far.
    pub stop: AtomicBool,
}

impl Watch {
    /// Notes that the places of `tool` are being read.
    pub(super) fn look_at(&self, tool: &str) {
        let mut now = self.tool.lock().unwrap_or_else(PoisonError::into_inner);
        if *now != tool {
            tool.clone_into(&mut now);
        }
    }

    /// The tool whose places are being read; empty if they are nobody's.
    pub fn tool(&self) -> String {
        self.tool.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Target {
    pub(super) fn name(&self) -> PathBuf {
        match self {
            Self::Path(path) | Self::Clone(_, path) | Self::Home { home: path, .. } => path.clone(),
            Self::Stdin => PathBuf::from("-"),
        }
    }
}

impl Target {
    pub(super) fn path(&self) -> Option<PathBuf> {
        match self {
            Self::Path(path) => Some(path.clone()),
            Self::Clone(..) | Self::Home { .. } | Self::Stdin => None,
        }
    }

    /// The folder or file that it begins at.
    pub(super) fn root(&self) -> Option<PathBuf> {
        match self {
            Self::Path(path) | Self::Home { home: path, .. } => Some(path.clone()),
            Self::Clone(..) | Self::Stdin => None,
        }
    }
}
