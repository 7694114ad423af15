//! One thing that changed.

use serde::{Deserialize, Serialize};

use super::{Spot, Summary};
use crate::model::{RuleId, SecretId, Severity};

/// How many holders a change lists; the rest is counted.
pub const MOST_HOLDERS: usize = 1000;

/// Something that changed for one credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What happened.
    pub change: News,
    /// The credential.
    #[serde(flatten)]
    pub credential: Credential,
    /// The holders: those that came or went, or those at which an old value was left behind.
    pub holders: Vec<Spot>,
    /// How many more there are.
    #[serde(skip_serializing_if = "is_none")]
    pub more: u64,
    /// Where it was replaced, if it was left behind elsewhere.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rotated: Vec<Rotated>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
const fn is_none(count: &u64) -> bool {
    *count == 0
}

/// The sorts of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum News {
    /// A credential that the old report does not have.
    NewCredential,
    /// A credential of both reports has holders in the new one that it had not.
    NewHolders,
    /// It has no longer all holders that it had: nothing but a history may still tell of them.
    GoneHolders,
    /// It was replaced in one place, and other places still have the old value.
    LeftBehind,
    /// A credential that the new report does not have.
    GoneCredential,
}

/// A credential in short.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Credential {
    /// Its id.
    pub secret_id: SecretId,
    /// The rule that found it.
    pub rule: RuleId,
    /// A form that names it without giving it away.
    pub redacted: String,
    /// How bad a leak is.
    pub severity: Severity,
}

/// A place whose value was replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rotated {
    /// The place.
    pub at: Spot,
    /// What stands there now.
    pub now: SecretId,
}

impl Change {
    /// Counts it in `summary`.
    pub(super) fn count(&self, summary: &mut Summary) {
        let holders = self.holders.len() as u64 + self.more;
        match self.change {
            News::NewCredential => summary.new_credentials += 1,
            News::NewHolders => summary.new_holders += holders,
            News::GoneHolders => summary.gone_holders += holders,
            News::LeftBehind => summary.left_behind += 1,
            News::GoneCredential => summary.gone_credentials += 1,
        }
    }
}
