//! What Git's history tells of a finding.

use serde::{Deserialize, Serialize};

use crate::model::ObjectId;

/// Where and when a credential stands in a repository's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// The object in which it was found.
    pub object: ObjectId,
    /// What that object is.
    pub kind: ObjectKind,
    /// From where it can still be reached.
    pub reach: Reach,
    /// Whether the commit that is checked out, or that a bare repository names, holds it.
    pub in_head: bool,
    /// The branches and tags whose newest state still holds it, by their full names, sorted; the first
    /// hundred of them.
    pub refs: Vec<String>,
    /// How many those are in all.
    pub refs_total: usize,
    /// Its paths one after the other, as the file was renamed; none if no commit tells one.
    pub places: Vec<Stay>,
    /// In how many versions of the file it stands.
    pub versions: usize,
}

/// The kinds of object that hold text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ObjectKind {
    /// A file's content.
    Blob,
    /// A commit's message and headers.
    Commit,
    /// A tag's message and headers.
    Tag,
}

impl ObjectKind {
    /// The name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Blob => "blob",
            Self::Commit => "commit",
            Self::Tag => "tag",
        }
    }
}

/// How long a credential stood at one path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stay {
    /// The path in the repository, if it has one there; invalid UTF-8 stands as U+FFFD.
    pub path: Option<String>,
    /// The first commit that brought it there.
    pub brought: Option<Commit>,
    /// The last commit that took it away; none while the newest state holds it.
    pub removed: Option<Commit>,
}

/// A commit, in the words of its author.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commit {
    /// Its id.
    pub id: ObjectId,
    /// Who wrote it: name and mail address.
    pub author: String,
    /// When, as RFC 3339.
    pub date: String,
}

/// From where an object can be reached, the most public way first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// From the commits that were asked for; no other way was looked for.
    Range,
    /// From so many branches, tags and other references.
    Refs(usize),
    /// Only from the commit that is checked out, which no branch names.
    Head,
    /// Only from these stashes.
    Stash(Vec<String>),
    /// Only from what is staged.
    Index,
    /// Only from these old values of references.
    Reflog(Vec<String>),
    /// Only from these marks that Git keeps of what it did last, such as `ORIG_HEAD`.
    Marks(Vec<String>),
    /// From nowhere: Git will throw it away some day, and until then anybody can read it.
    Nowhere,
}

impl Reach {
    /// Its slug in reports.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Range => "range",
            Self::Refs(_) => "refs",
            Self::Head => "head",
            Self::Stash(_) => "stash",
            Self::Index => "index",
            Self::Reflog(_) => "reflog",
            Self::Marks(_) => "marks",
            Self::Nowhere => "dangling",
        }
    }

    /// The names in it.
    pub fn names_mut(&mut self) -> impl Iterator<Item = &mut String> {
        match self {
            Self::Stash(names) | Self::Reflog(names) | Self::Marks(names) => names.iter_mut(),
            Self::Range | Self::Refs(_) | Self::Head | Self::Index | Self::Nowhere => [].iter_mut(),
        }
    }

    /// It in words: `reachable from 14 refs`, `only in stash@{2}`, `dangling`.
    pub fn text(&self) -> String {
        match self {
            Self::Range => "in the range".to_owned(),
            Self::Refs(1) => "reachable from 1 ref".to_owned(),
            Self::Refs(count) => format!("reachable from {count} refs"),
            Self::Head => "only in the detached HEAD".to_owned(),
            Self::Stash(names) => format!("only in {}", listed(names)),
            Self::Index => "only in the index".to_owned(),
            Self::Reflog(names) => format!("only in the reflog ({})", listed(names)),
            Self::Marks(names) => format!("only in {}", listed(names)),
            Self::Nowhere => "dangling".to_owned(),
        }
    }
}

/// How many names are listed before the rest is counted.
const MOST_NAMES: usize = 3;

fn listed(names: &[String]) -> String {
    let first = names.iter().take(MOST_NAMES).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(MOST_NAMES) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}
