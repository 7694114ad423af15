//! A finding as a report tells it: what a trail is made of.

use serde::{Deserialize, Serialize};

use crate::model::{
    Basis, Claim, Commit, Confidence, Exposure, FindingId, HolderKind, Kind, Reason, Reference,
    Role, RuleId, Scope, SecretId, Severity,
};

/// One finding without values: the part of `keytrail/report/v1` that trails need. Other fields of a report's
/// findings are passed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    /// Which rule found it.
    pub rule: RuleId,
    /// Slug of the provider.
    pub provider: String,
    /// What sort of credential.
    pub kind: Kind,
    /// Where; `-` is standard input.
    pub path: String,
    /// The line there.
    #[serde(default)]
    pub line: u64,
    /// How many bytes before it.
    #[serde(default)]
    pub offset: u64,
    /// How sure.
    pub confidence: Confidence,
    /// How bad.
    pub severity: Severity,
    /// Why.
    #[serde(default)]
    pub reasons: Vec<Reason>,
    /// The credential.
    pub secret_id: SecretId,
    /// Where that id may be compared.
    pub comparable: Basis,
    /// This sighting.
    pub finding_id: FindingId,
    /// A form that names it without giving it away.
    pub redacted: String,
    /// Whose.
    #[serde(default)]
    pub principal: Vec<Claim>,
    /// What the place is called by its format.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Who can use it from there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holders: Vec<SightedHolder>,
    /// How open the place is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exposure: Vec<Exposure>,
    /// What Git's history tells of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history: Option<SightedPast>,
    /// The report that it stands in, in a merged report; else empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
}

/// A holder as a report tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SightedHolder {
    /// What sort of holder.
    pub kind: HolderKind,
    /// The slug of the tool.
    pub tool: String,
    /// The maker's own spelling.
    #[serde(default)]
    pub tool_name: String,
    /// Which of the tool's holders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whose part of the tool it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
    /// Who said it, in a transcript.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// The tool is told not to use it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub disabled: bool,
    /// Where the holder is told to take it from here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refers: Option<Reference>,
}

/// What a report tells of a history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SightedPast {
    /// Whether the commit that is checked out holds it.
    #[serde(default)]
    pub in_head: bool,
    /// How many branches and tags still hold it.
    #[serde(default)]
    pub refs_total: usize,
    /// Its paths, one after the other.
    #[serde(default)]
    pub places: Vec<SightedStay>,
}

/// How long it stood at one path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SightedStay {
    /// The path in the repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The first commit that brought it there.
    pub brought: Option<Commit>,
    /// The last commit that took it away.
    pub removed: Option<Commit>,
}
