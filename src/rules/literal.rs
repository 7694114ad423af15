//! The rule of values that no issuer's format describes: their field says that they are secret.

use crate::model::{Confidence, Kind, Life, RuleId, Severity};
use crate::rules::rule::{Advice, List, Rule, Shape, Text};

/// A literal in a field that carries secrets. It has no format: whoever reads the field makes the finding.
pub static LITERAL: Rule = Rule {
    id: RuleId::from_static("literal-in-secret-field"),
    name: Text::Borrowed("Literal value in a field that carries secrets"),
    provider: Text::Borrowed("field"),
    provider_name: Text::Borrowed("Any"),
    kind: Kind::ApiKey,
    severity: Severity::High,
    confidence: Confidence::Medium,
    grants: Text::Borrowed(
        "Acts as whoever the value was made for, at the service that the field names.",
    ),
    format: Text::Borrowed(""),
    literals: List::Borrowed(&[]),
    context: None,
    entropy: 0.0,
    check: None,
    identity: List::Borrowed(&[]),
    pairs: List::Borrowed(&[]),
    life: Life::Unknown,
    revoke: Advice {
        text: Text::Borrowed(
            "Make a new value at the service that the field names, and end this one there.",
        ),
        url: Text::Borrowed(""),
        source: Text::Borrowed("general practice"),
    },
    replace: Advice {
        text: Text::Borrowed(
            "Refer to it: an environment variable, the client's own input prompt, or a secret manager's reference.",
        ),
        url: Text::Borrowed(""),
        source: Text::Borrowed("general practice"),
    },
    shape: Shape {
        min: 0,
        max: 0,
        row: 0,
        word: 0,
        anchored: false,
        bits: 0,
        tail: [0; 4],
        alphabet: [0; 4],
    },
};
