//! How much harm a thief does with a credential.

use serde::{Deserialize, Serialize};

/// Ordered from harmless to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Public by design, or unusable elsewhere.
    Info,
    /// Little can be done with it.
    Low,
    /// Limited in scope or in time.
    Medium,
    /// Acts for a person or a service.
    High,
    /// Opens an account, an organisation or production data.
    Critical,
}

impl Severity {
    /// Every level, least harm first.
    pub const ALL: [Self; 5] = [Self::Info, Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The name in rule files, flags and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}
