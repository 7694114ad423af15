//! What a report's trail says that its findings do not: proofs, and the id for Microsoft's systems.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::model::{Basis, Proof, SecretId, Trail};

/// How many proofs a trail lists.
const MOST_PROOFS: usize = 100;

/// A report's trail as far as it cannot be made again.
#[derive(Deserialize)]
pub(super) struct Told {
    /// The credential.
    pub(super) secret_id: SecretId,
    /// Where its id may be compared.
    pub(super) comparable: Basis,
    #[serde(default)]
    holders: Vec<From>,
    #[serde(default)]
    proofs: Vec<Proof>,
    #[serde(default)]
    c3id: Option<String>,
}

#[derive(Deserialize)]
struct From {
    #[serde(default)]
    source: String,
}

/// What is kept of it.
#[derive(Default, Deserialize, Serialize)]
pub(super) struct Carried {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    proofs: Vec<Proof>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    c3id: Option<String>,
}

impl Told {
    /// What is worth being carried over, if anything is.
    pub(super) fn carried(self) -> Option<Carried> {
        let Self { proofs, c3id, .. } = self;
        (!proofs.is_empty() || c3id.is_some()).then_some(Carried { proofs, c3id })
    }

    /// The report that its first holder names, in a merged report.
    pub(super) fn source(&self) -> Option<&str> {
        self.holders.first().map(|from| from.source.as_str()).filter(|source| !source.is_empty())
    }
}

/// What the reports say of one credential.
#[derive(Default)]
pub(super) struct Sum {
    proofs: BTreeSet<Proof>,
    c3id: Option<String>,
}

impl Sum {
    /// Takes what one report says.
    pub(super) fn add(&mut self, json: &[u8]) {
        let Ok(Carried { proofs, c3id }) = serde_json::from_slice(json) else { return };
        for proof in proofs {
            self.proofs.insert(proof);
            if self.proofs.len() > MOST_PROOFS {
                self.proofs.pop_last();
            }
        }
        self.c3id = match (self.c3id.take(), c3id) {
            (Some(old), Some(new)) => Some(old.min(new)),
            (old, new) => old.or(new),
        };
    }

    /// Says it in `trail`.
    pub(super) fn say(self, trail: &mut Trail) {
        let known = std::mem::take(&mut trail.proofs);
        let all: BTreeSet<_> = known.into_iter().chain(self.proofs).collect();
        trail.proofs = all.into_iter().collect();
        trail.c3id = trail.c3id.take().or(self.c3id);
    }
}
