//! The file of frameworks as it is written.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    /// The weaknesses that SARIF's tags name, the first ones first.
    pub tagged: Vec<String>,
    /// The frameworks.
    pub framework: Vec<Written>,
    /// What is given when.
    pub mapping: Vec<Row>,
}

/// A framework.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    pub id: String,
    pub name: String,
    pub version: String,
    pub url: String,
    pub source: String,
    pub status: Status,
    pub entries: BTreeMap<String, String>,
}

/// Where a framework's entries were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// In the publisher's own documents or data.
    Confirmed,
    /// In several places that agree, the publisher's document not among them.
    Draft,
}

impl Status {
    /// The name in data and documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Draft => "draft",
        }
    }
}

/// What is given when.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    /// The case in words.
    pub what: String,
    pub of: Of,
    #[serde(default)]
    pub all: Vec<String>,
    #[serde(default)]
    pub any: Vec<String>,
    #[serde(default)]
    pub also: Vec<String>,
    #[serde(default)]
    pub none: Vec<String>,
    pub give: Vec<String>,
}

/// Whose facts a row asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Of {
    /// Those of one place and holder.
    Place,
    /// Those of a trail as a whole.
    Trail,
}
