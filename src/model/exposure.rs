//! How open the place of a finding is.

use serde::{Deserialize, Serialize};

/// Facts about a place that make a leak there better or worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exposure {
    /// Everybody on the machine may read it.
    WorldReadable,
    /// Its group may read it.
    GroupReadable,
    /// Git tracks it: whoever has the repository has it.
    Tracked,
    /// Git neither tracks nor ignores it: the next `git add` takes it up.
    Untracked,
    /// Git ignores it.
    Ignored,
    /// It lies in a folder that is copied to a service or to other machines.
    Synced,
    /// It was not changed for more than a year.
    Old,
    /// What holds it is switched off.
    Disabled,
}

impl Exposure {
    /// Every fact.
    pub const ALL: [Self; 8] = [
        Self::WorldReadable,
        Self::GroupReadable,
        Self::Tracked,
        Self::Untracked,
        Self::Ignored,
        Self::Synced,
        Self::Old,
        Self::Disabled,
    ];

    /// The name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::WorldReadable => "world-readable",
            Self::GroupReadable => "group-readable",
            Self::Tracked => "tracked",
            Self::Untracked => "untracked",
            Self::Ignored => "ignored",
            Self::Synced => "synced",
            Self::Old => "old",
            Self::Disabled => "disabled",
        }
    }

    /// It in words.
    pub const fn text(self) -> &'static str {
        match self {
            Self::WorldReadable => "everybody on this machine may read the file",
            Self::GroupReadable => "the file's group may read it",
            Self::Tracked => "tracked by Git",
            Self::Untracked => "not tracked by Git and not ignored",
            Self::Ignored => "ignored by Git",
            Self::Synced => "in a folder that is copied to other machines",
            Self::Old => "unchanged for more than a year",
            Self::Disabled => "switched off",
        }
    }
}
