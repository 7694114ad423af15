//! A report read back: what `json` wrote, without its findings.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::{Confidence, FrameworkCount, Issue, KeyNote, Owner, RuleId, Trail, Verdict};
use crate::report::{Report, RuleInfo};

/// The document `keytrail/report/v1` as far as those need it that work on reports. Findings are left out.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Record {
    /// `keytrail/report/v1`.
    pub schema: String,
    /// By which key its ids are made.
    pub key: KeyNote,
    /// What the report is of: a machine, a repository.
    #[serde(default)]
    pub source: String,
    /// The reports that were merged into it.
    #[serde(default)]
    pub sources: Vec<String>,
    /// The trails, the most urgent first.
    pub trails: Vec<Trail>,
    /// The identities with more than one credential.
    #[serde(default)]
    pub principals: Vec<Owner>,
    /// The statements of policy.
    #[serde(default)]
    pub policies: Vec<Verdict>,
    /// The frameworks.
    #[serde(default)]
    pub frameworks: Vec<FrameworkCount>,
    /// The rules that trails name.
    pub rules: BTreeMap<RuleId, RuleInfo>,
    /// Whether everything was read.
    #[serde(default)]
    pub coverage: Read,
}

impl Record {
    /// The record of a scan's report: its trails from the confidence `least` on.
    pub fn of(report: &Report, least: Confidence) -> Self {
        let trails: Vec<_> =
            report.trails.iter().filter(|trail| trail.confidence >= least).cloned().collect();
        Self {
            schema: "keytrail/report/v1".to_owned(),
            key: report.key.clone(),
            source: report.source.clone(),
            sources: Vec::new(),
            trails,
            principals: report.owners.clone(),
            policies: report.verdicts.clone(),
            frameworks: report.frameworks.clone(),
            rules: report.rules.clone(),
            coverage: Read {
                complete: report.coverage.is_complete(),
                issues: report.coverage.issues.iter().map(Unread::of).collect(),
            },
        }
    }
}

/// Whether everything was read.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Read {
    /// It was.
    #[serde(default)]
    pub complete: bool,
    /// What was not.
    #[serde(default)]
    pub issues: Vec<Unread>,
}

/// What was not read, or not wholly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unread {
    /// Where; none for standard input.
    #[serde(default)]
    pub path: Option<String>,
    /// What happened, for a person.
    #[serde(default)]
    pub message: String,
}

impl Unread {
    fn of(issue: &Issue) -> Self {
        let path = issue.path.as_deref().map(|path| path.to_string_lossy().into_owned());
        Self { path, message: issue.message.clone() }
    }
}
