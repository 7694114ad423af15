//! Trouble with one item, and what was left out on purpose: values, so that a scan goes on.

use std::path::PathBuf;

use serde::Serialize;

/// Something that should have been read and could not be, wholly or in part.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Issue {
    /// The item; none when it has no path (standard input).
    pub path: Option<PathBuf>,
    /// What sort of trouble.
    pub kind: IssueKind,
    /// What happened, for a person.
    pub message: String,
}

/// The sorts of trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum IssueKind {
    /// Opening or reading failed.
    Unreadable,
    /// It went away, or changed, while it was being read.
    Vanished,
    /// A limit on depth, size or count stopped the reading.
    Limit,
    /// It is not as its format asks: what could be read of it was, and all of it as text.
    Malformed,
    /// It is locked with a key or password that is not at hand.
    Encrypted,
    /// A repository names it and does not have it.
    Missing,
    /// The run was interrupted before it came to this.
    Interrupted,
}

/// Items left out on purpose; they don't make a scan incomplete.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Skip {
    /// The folder or file that was left out.
    pub path: PathBuf,
    /// Why.
    pub reason: SkipReason,
}

/// Why something is left out on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SkipReason {
    /// A dependency or build folder that Git ignores, and in which it tracks nothing.
    Dependencies,
    /// Git's own object store.
    GitStore,
    /// Ignored and not tracked by Git, and the user asked to respect that.
    Ignored,
    /// A symbolic link that leads out of the root.
    LinkOutside,
    /// A FIFO, socket or device that the user did not name.
    SpecialFile,
    /// The file that this run's own report goes to.
    Report,
    /// Another repository, of which this one only names a commit.
    Submodule,
}

impl SkipReason {
    /// Half a sentence for a person.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Dependencies => "dependency or build folder that Git ignores",
            Self::GitStore => "Git's object store",
            Self::Ignored => "ignored by Git",
            Self::LinkOutside => "symbolic link out of the root",
            Self::SpecialFile => "not a regular file",
            Self::Report => "this run's own report",
            Self::Submodule => "submodule",
        }
    }
}
