//! Texts that say something of a known credential where they stand: its public key, its owner's address.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use aho_corasick::AhoCorasick;
use zeroize::Zeroizing;

use crate::model::{Claim, SecretId};

/// Something to look for.
pub struct Clue {
    /// The credential of which it says something, by its id in this run.
    pub of: SecretId,
    /// What it says, for a person.
    pub text: String,
    /// Whether it proves the credential, or only ties it to a place.
    pub proves: bool,
    /// The text to look for.
    pub needle: Zeroizing<Vec<u8>>,
    /// Whether a place of it says so, and what else is read there of the owner.
    pub confirm: Confirm,
}

/// Holds a place in a text against what a clue says.
pub type Confirm = Box<dyn Fn(&[u8], Range<usize>) -> Option<Vec<Claim>> + Send + Sync>;

/// A clue that was met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Met {
    /// Where: the first places by name.
    pub paths: BTreeSet<String>,
    /// Whether it proves the credential.
    pub proves: bool,
    /// What was read there of the owner.
    pub claims: BTreeSet<Claim>,
}

/// Looks for clues, and keeps which were met.
pub struct Clues {
    all: Vec<Clue>,
    search: AhoCorasick,
    met: Mutex<BTreeMap<(SecretId, String), Met>>,
}

/// How many places of one clue are kept.
const PATHS: usize = 3;
/// How many clues are looked for.
const MOST: usize = 20_000;

impl fmt::Debug for Clues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clues({})", self.all.len())
    }
}

impl Clues {
    /// Looks for `all`; none if there is nothing to look for.
    pub fn of(mut all: Vec<Clue>) -> Option<Self> {
        all.truncate(MOST);
        all.retain(|clue| clue.needle.len() >= 4);
        if all.is_empty() {
            return None;
        }
        let search = AhoCorasick::new(all.iter().map(|clue| &clue.needle[..])).ok()?;
        Some(Self { all, search, met: Mutex::default() })
    }

    /// Looks for clues in `text`, which stands at `path`.
    pub fn look(&self, text: &[u8], path: &dyn Fn() -> String) {
        for hit in self.search.find_overlapping_iter(text) {
            let Some(clue) = self.all.get(hit.pattern().as_usize()) else { continue };
            let Some(claims) = (clue.confirm)(text, hit.range()) else { continue };
            let mut met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
            let met = met.entry((clue.of, clue.text.clone())).or_default();
            met.proves |= clue.proves;
            met.claims.extend(claims);
            met.paths.insert(path());
            // The first by name, whatever thread came first.
            if met.paths.len() > PATHS {
                met.paths.pop_last();
            }
        }
    }

    /// The clues that were met.
    pub fn met(self) -> BTreeMap<(SecretId, String), Met> {
        self.met.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}
