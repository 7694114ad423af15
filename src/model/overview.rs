//! What a report says of all its trails together.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::{KeyId, SecretId};

/// One identity and the credentials that act as it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// It in words: `service account deploy@acme.iam.gserviceaccount.com`, `AWS account 123456789012`.
    pub name: String,
    /// Its credentials, the most urgent first.
    pub trails: Vec<SecretId>,
    /// How many different holders those have.
    pub holders: usize,
}

/// Whether a statement of policy holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// The statement's id.
    pub id: String,
    /// The statement in words.
    pub statement: String,
    /// It holds: no trail is against it.
    pub holds: bool,
    /// The trails that are against it, the most urgent first.
    pub trails: Vec<SecretId>,
    /// How many more there are.
    #[serde(default, skip_serializing_if = "is_none")]
    pub left_out: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
const fn is_none(count: &u64) -> bool {
    *count == 0
}

/// A framework, and how often its entries are met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrameworkCount {
    /// Its slug with its version: `owasp-nhi-2025`.
    pub id: String,
    /// Its name: `OWASP Non-Human Identities Top 10`.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its entries that are met, by id.
    pub entries: BTreeMap<String, EntryCount>,
}

/// How often an entry of a framework is met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryCount {
    /// The entry's title.
    pub title: String,
    /// How many findings.
    pub findings: u64,
    /// How many trails.
    pub trails: u64,
}

/// By which key the ids of a report are made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyNote {
    /// The key's own id; none if no key was given.
    pub id: Option<KeyId>,
    /// What that means for comparing ids, in a sentence.
    pub note: String,
}
