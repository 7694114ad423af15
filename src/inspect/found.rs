//! What a stream held.

use std::collections::HashMap;
use std::path::PathBuf;

use crate::holders::Referring;
use crate::model::{Finding, HolderKind, IssueKind, Origin, RuleId, SecretId};
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
    /// Where those findings are that an agent remembers.
    remembered: HashMap<(SecretId, RuleId, Origin), Vec<usize>>,
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
            remembered: HashMap::new(),
        }
    }
}

impl Inspected {
    /// Adds a finding; what is remembered of one session again and again is counted.
    pub(super) fn add(&mut self, finding: Finding) {
        let holder = finding.holders.first();
        if holder.is_some_and(|holder| holder.kind == HolderKind::Memory) {
            let key = (finding.secret_id, finding.rule.clone(), finding.place.origin.clone());
            let known = self.remembered.entry(key).or_default();
            let same = known.iter().copied().find(|&n| {
                self.findings.get(n).is_some_and(|first| {
                    first.secret_id == finding.secret_id
                        && first.rule == finding.rule
                        && first.holders.first().map(|h| &h.name) == holder.map(|h| &h.name)
                })
            });
            if let Some(first) = same {
                self.findings[first].count += 1;
                return;
            }
            known.push(self.findings.len());
        }
        self.findings.push(finding);
    }

    /// Notes trouble with something in the stream.
    pub(super) fn trouble(&mut self, origin: Origin, kind: IssueKind, message: String) {
        self.within.push(Within { origin, kind, message });
    }
}
