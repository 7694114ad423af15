//! Reports whose ids are made with different keys are never joined.

use std::collections::BTreeMap;
use std::io;

use crate::merge::head::Head;
use crate::model::KeyId;

/// Why nothing was merged or compared.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Two reports' ids are made with different keys: equal credentials have different ids in them.
    #[error(
        "{first} is made with the key {first_key}, {second} with the key {second_key}: their ids do not compare. \
         Scan again with one key, or merge each key's reports by themselves"
    )]
    Keys {
        /// A report.
        first: String,
        /// Its key.
        first_key: KeyId,
        /// Another one.
        second: String,
        /// Its key.
        second_key: KeyId,
    },
    /// A report cannot be read; two are needed to be compared.
    #[error("{0}: {1}")]
    Report(String, String),
    /// The output, or a temporary file, could not be written.
    #[error("{0}")]
    Output(#[from] io::Error),
}

/// The one key of all `reports`, each with its name; none if none has one.
pub(super) fn agree<'h>(
    reports: impl Iterator<Item = (&'h str, &'h Head)>,
) -> Result<Option<KeyId>, Refusal> {
    let mut named: BTreeMap<KeyId, &str> = BTreeMap::new();
    for (name, head) in reports {
        let Some(key) = head.key else { continue };
        let first = named.entry(key).or_insert(name);
        // The same two are named in whatever order the reports came.
        *first = name.min(first);
    }
    match (named.first_key_value(), named.last_key_value()) {
        (Some((first_key, first)), Some((second_key, second))) if first_key != second_key => {
            let (first, second) = ((*first).to_owned(), (*second).to_owned());
            Err(Refusal::Keys { first, first_key: *first_key, second, second_key: *second_key })
        }
        (first, _) => Ok(first.map(|(key, _)| *key)),
    }
}
