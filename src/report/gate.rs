//! What makes a run fail.

use crate::model::{Confidence, Finding, Reuse, Severity, Trail};
use crate::report::Report;

/// A condition on a report under which a run fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// Never.
    Nothing,
    /// A finding of at least this confidence.
    Confidence(Confidence),
    /// A finding of at least this severity, and of at least medium confidence.
    Severity(Severity),
    /// A credential in two tools or more, or in two zones or more.
    Reused,
    /// A credential in two tools or more.
    CrossTool,
    /// A credential in two zones or more.
    CrossZone,
    /// A holder that an earlier report does not know.
    NewHolder,
    /// A statement of policy that does not hold.
    Policy,
}

/// The words, for help and for errors.
pub const WORDS: &str = "any, none, low, medium, high, certain, severity=low|medium|high|critical, reused, \
                         cross-tool, cross-zone, new-holder, policy";

impl Gate {
    /// Reads a condition as it is written in flags and configuration; what is known instead if it is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let confidence = || Confidence::ALL.into_iter().find(|level| level.name() == text);
        let severity = || {
            let name = text.strip_prefix("severity=")?;
            Severity::ALL.into_iter().find(|level| level.name() == name)
        };
        Ok(match text {
            "any" => Self::Confidence(Confidence::Low),
            "none" => Self::Nothing,
            "reused" => Self::Reused,
            "cross-tool" => Self::CrossTool,
            "cross-zone" => Self::CrossZone,
            "new-holder" => Self::NewHolder,
            "policy" => Self::Policy,
            _ => {
                let level = confidence().map(Self::Confidence);
                let level = level.or_else(|| severity().map(Self::Severity));
                return level.ok_or_else(|| format!("known: {WORDS}"));
            }
        })
    }

    /// Whether `report` makes a run fail.
    pub fn stops(self, report: &Report) -> bool {
        let found = |fails: &dyn Fn(&Finding) -> bool| report.findings.iter().any(fails);
        let spread = |classes: &[Reuse]| {
            let is = |trail: &Trail| {
                trail.confidence >= Confidence::Medium
                    && trail.reuse.iter().any(|class| classes.contains(class))
            };
            report.trails.iter().any(is)
        };
        match self {
            Self::Nothing => false,
            Self::Confidence(least) => found(&|finding| finding.confidence >= least),
            Self::Severity(least) => found(&|finding| {
                finding.severity >= least && finding.confidence >= Confidence::Medium
            }),
            Self::Reused => spread(&[Reuse::CrossTool, Reuse::CrossZone]),
            Self::CrossTool => spread(&[Reuse::CrossTool]),
            Self::CrossZone => spread(&[Reuse::CrossZone]),
            Self::NewHolder => {
                report.news.iter().any(|(trail, _)| trail.confidence >= Confidence::Medium)
            }
            Self::Policy => report.verdicts.iter().any(|verdict| !verdict.holds),
        }
    }
}
