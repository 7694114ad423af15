//! What is known beside the report: owners of paths, and what is public or in others' use.

use std::collections::BTreeSet;

use crate::model::{SecretId, TrailHolder};
use crate::report::Record;
use crate::runbook::CodeOwners;

/// What the caller knows beside the report; all of it may be empty.
#[derive(Clone, Debug, Default)]
pub struct Hints {
    /// Who owns which paths.
    pub owners: Vec<OwnerHint>,
    /// Sources (as reports name them) whose content strangers can read: a public repository or image.
    pub public: BTreeSet<String>,
    /// Credentials that somebody else is known to use.
    pub used: BTreeSet<SecretId>,
}

/// Who owns paths of one source.
#[derive(Clone, Debug)]
pub enum OwnerHint {
    /// A CODEOWNERS file.
    CodeOwners {
        /// The source of the report; empty in a report that was not merged.
        source: String,
        /// The folder, as the report writes paths, in which the repository lies; empty if paths start there.
        root: String,
        /// What the file says.
        rules: CodeOwners,
    },
    /// Whose commits touch a path.
    Committer {
        /// The source of the report; empty in a report that was not merged.
        source: String,
        /// The path as the report writes it.
        path: String,
        /// Who committed there last.
        last: String,
        /// Who brought the credential; empty if unknown.
        first: String,
    },
}

impl Hints {
    /// Whether `holder` stands in a source that strangers can read.
    pub(super) fn is_public(&self, record: &Record, holder: &TrailHolder) -> bool {
        let source = if holder.source.is_empty() { &record.source } else { &holder.source };
        self.public.contains(source)
    }
}

impl OwnerHint {
    /// Who owns `holder`, each with how that is known.
    pub(super) fn lines(&self, holder: &TrailHolder) -> Vec<(String, &'static str)> {
        match self {
            Self::CodeOwners { source, root, rules } if *source == holder.source => {
                let Some(path) = inside(root, &holder.path) else { return Vec::new() };
                let owners = rules.owners(path);
                owners.into_iter().map(|owner| (owner.to_owned(), "CODEOWNERS of")).collect()
            }
            Self::Committer { source, path, last, first }
                if *source == holder.source && *path == holder.path =>
            {
                let lines = [(last, "last commit to"), (first, "first commit to")];
                let told = lines.into_iter().filter(|(who, _)| !who.is_empty());
                told.map(|(who, how)| (who.clone(), how)).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// `path` below `root`, without what is packed inside it; none if it lies elsewhere.
fn inside<'p>(root: &str, path: &'p str) -> Option<&'p str> {
    let below = match root.trim_end_matches('/') {
        "" => path,
        root => path.strip_prefix(root)?.strip_prefix('/')?,
    };
    Some(below.split("!/").next().unwrap_or(below))
}
