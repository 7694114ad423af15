//! How sure the scanner is that a finding is a real credential.

use serde::{Deserialize, Serialize};

/// Ordered from least to most sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Made up, redacted, damaged, or a documentation example: shown on request.
    Low,
    /// The shape and its surroundings fit.
    Medium,
    /// A distinctive shape, and the body is as random as an issuer makes it, or its structure parses.
    High,
    /// Arithmetic proves it: a checksum, a digest or the key pair itself holds.
    Certain,
}

impl Confidence {
    /// Every level, least sure first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Certain];

    /// The name in flags and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Certain => "certain",
        }
    }
}
