//! The value that outputs receive: all that they may see of a scan.

mod record;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::model::{
    Finding, FrameworkCount, Issue, KeyNote, Kind, Life, Owner, RuleId, Severity, Skip, Trail,
    TrailHolder, Verdict,
};

pub use record::{Read, Record, Unread};

/// What a scan found, and what it did not read.
#[derive(Debug, Default)]
pub struct Report {
    /// Every finding, sorted by path, place and rule; outputs don't reorder within a file.
    pub findings: Vec<Finding>,
    /// The credentials, the most urgent first.
    pub trails: Vec<Trail>,
    /// The identities with more than one credential.
    pub owners: Vec<Owner>,
    /// The statements of policy, and whether they hold.
    pub verdicts: Vec<Verdict>,
    /// The frameworks whose entries are met.
    pub frameworks: Vec<FrameworkCount>,
    /// The holders that an earlier report does not know, each with its trail; empty if there is none.
    pub news: Vec<(Trail, TrailHolder)>,
    /// By which key its ids are made.
    pub key: KeyNote,
    /// What the report is of, in the user's words.
    pub source: String,
    /// The rules that the findings name; each finding's rule is here.
    pub rules: BTreeMap<RuleId, RuleInfo>,
    /// What was read, and what was not.
    pub coverage: Coverage,
    /// The folder that paths are made relative to where a format asks for relative paths: the
    /// absolute root of the repository, else of the scan.
    pub base: PathBuf,
    /// The absolute folder that relative paths start from. As in `base`, credentials are masked in it
    /// wherever there is a path to put behind it.
    pub here: PathBuf,
    /// What to write for a path that holds a credential where no value may be shown; empty if such
    /// paths are masked already.
    pub masks: BTreeMap<PathBuf, PathBuf>,
    /// Wall time, where it may be told (it differs from run to run).
    pub elapsed: Option<Duration>,
}

/// What an output may tell of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleInfo {
    /// Stable slug.
    pub id: RuleId,
    /// Name for a person.
    pub name: String,
    /// Slug of the provider.
    pub provider: String,
    /// The provider's own spelling.
    pub provider_name: String,
    /// What sort of credential.
    pub kind: Kind,
    /// How bad a leak is.
    pub severity: Severity,
    /// What a thief can do with it, one sentence.
    pub grants: String,
    /// How long such credentials live, where they do not tell it themselves.
    #[serde(default)]
    pub life: Life,
    /// How to get it back.
    pub revoke: Advice,
    /// What makes it unnecessary.
    pub replace: Advice,
}

/// What to do, and where the fact stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advice {
    /// One or two sentences, or a command.
    pub text: String,
    /// Where a person does it or reads on; empty if unknown.
    pub url: String,
    /// Where the fact comes from.
    pub source: String,
}

/// What was read, and what was not.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// The roots as the user named them; `-` is standard input.
    pub roots: Vec<PathBuf>,
    /// Files read.
    pub files: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Git objects read.
    pub objects: u64,
    /// Git objects not read again, since it is known from an earlier run what is in them.
    pub known_objects: u64,
    /// Bytes that those have that were read.
    pub object_bytes: u64,
    /// Left out on purpose, sorted by path.
    pub skipped: Vec<Skip>,
    /// Should have been read and could not be, sorted by path.
    pub issues: Vec<Issue>,
    /// The user stopped the scan: the findings are those seen so far.
    pub interrupted: bool,
}

impl Coverage {
    /// Whether everything that should have been read was read.
    pub fn is_complete(&self) -> bool {
        self.issues.is_empty() && !self.interrupted
    }
}
