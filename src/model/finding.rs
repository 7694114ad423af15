//! One sighting of one credential.

use crate::model::{
    Basis, Claim, Confidence, Exposure, FindingId, History, Holder, Place, Reason, RuleId, Secret,
    SecretId, Severity,
};

/// The first owned result of detection: everything that an output may tell, and no raw value unless
/// it was asked for.
#[derive(Debug)]
pub struct Finding {
    /// This sighting.
    pub id: FindingId,
    /// The credential, wherever else it is seen.
    pub secret_id: SecretId,
    /// Where that id may be compared.
    pub comparable: Basis,
    /// A name of the place that is the same wherever its root lies: the path below the root, and the key.
    pub logical: String,
    /// Which rule found it.
    pub rule: RuleId,
    /// Where.
    pub place: Place,
    /// What the place is called by its format, where that has names: `mcpServers.github.env.GITHUB_TOKEN`.
    pub key: Option<String>,
    /// Who can use it from there: whoever has it in this place first, then those who refer to the place.
    pub holders: Vec<Holder>,
    /// How open the place is.
    pub exposure: Vec<Exposure>,
    /// How many times it stands there: sightings of one session are one finding.
    pub count: u64,
    /// How sure.
    pub confidence: Confidence,
    /// How bad.
    pub severity: Severity,
    /// Why, strongest first.
    pub reasons: Vec<Reason>,
    /// Whose, as far as the credential itself or its pair tells.
    pub principal: Vec<Claim>,
    /// What frameworks call it: `owasp-nhi-2025:NHI2`.
    pub frameworks: Vec<&'static str>,
    /// A form that names the credential without giving it away: `ghp_…(36)`.
    pub redacted: String,
    /// The line around it, with every value masked.
    pub excerpt: Excerpt,
    /// GitHub's hash of the primary location's line; none where it does not apply.
    pub line_hash: Option<String>,
    /// What Git's history tells of it; none if it is no part of a history that was read.
    pub history: Option<History>,
    /// The raw value; only when the user asked to see values.
    pub secret: Option<Secret>,
}

/// The text of a finding's line around its masked value: raw text of the scanned place, to be escaped
/// before it reaches a person. Invalid UTF-8 stands as U+FFFD.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// Text before the value, cut on the left where the line is long.
    pub before: String,
    /// Text behind the value, cut on the right where the line is long.
    pub after: String,
}
