//! What a stream held.

use std::path::PathBuf;

use crate::holders::Referring;
use crate::model::{Finding, HolderKind, IssueKind, Origin};
use crate::source::Ended;

/// What a stream held, and all that lies in it.
#[derive(Debug)]
pub struct Inspected {
    /// The credentials, in the order in which they were met.
    pub findings: Vec<Finding>,
    /// The fields that take their value from elsewhere.
    pub referring: Vec<Referring>,
    /// Members that hold keys which are sealed themselves: what they open is told by what lies beside them.
    pub keys: Vec<PathBuf>,
    /// How the stream itself ended.
    pub ended: Ended,
    /// Wrapped text was left unread.
    pub cut_short: bool,
    /// Where it is not as its format asks, and in what.
    pub flaw: Option<(usize, &'static str)>,
    /// What in it could not be read.
    pub within: Vec<Within>,
}

/// Something in a stream that could not be read, or not to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Within {
    /// What it is.
    pub origin: Origin,
    /// What sort of trouble.
    pub kind: IssueKind,
    /// What happened, for a person.
    pub message: String,
}

impl Default for Inspected {
    fn default() -> Self {
        Self {
            findings: Vec::new(),
            referring: Vec::new(),
            keys: Vec::new(),
            ended: Ended::Whole(0),
            cut_short: false,
            flaw: None,
            within: Vec::new(),
        }
    }
}

impl Inspected {
    /// Adds a finding; what is remembered of one session again and again is counted.
    pub(super) fn add(&mut self, finding: Finding) {
        let name = |finding: &Finding| finding.holders.first().map(|holder| holder.name.clone());
        let remembered =
            finding.holders.first().is_some_and(|holder| holder.kind == HolderKind::Memory);
        let same = |other: &&mut Finding| {
            other.secret_id == finding.secret_id
                && other.rule == finding.rule
                && other.place.origin == finding.place.origin
                && name(other) == name(&finding)
        };
        match self.findings.iter_mut().rev().find(same).filter(|_| remembered) {
            Some(first) => first.count += 1,
            None => self.findings.push(finding),
        }
    }

    /// Notes trouble with something in the stream.
    pub(super) fn trouble(&mut self, origin: Origin, kind: IssueKind, message: String) {
        self.within.push(Within { origin, kind, message });
    }
}
