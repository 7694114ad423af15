//! Texts that say something of a known credential where they stand: its public key, its owner's address.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use zeroize::Zeroizing;

use crate::model::{Claim, SecretId};
use crate::trace::Needles;

/// Something to look for.
pub struct Clue {
    /// The credential of which it says something, by its id in this run.
    pub of: SecretId,
    /// Whether it proves the credential, or only ties it to a place.
    pub proves: bool,
    /// The text to look for.
    pub needle: Zeroizing<Vec<u8>>,
    /// What a place of it says, if it says anything.
    pub confirm: Confirm,
}

/// What a place of a clue says: half a sentence for a person, and what is read there of the owner.
pub type Said = (&'static str, Vec<Claim>);

/// Looks at a place in a text.
pub type Confirm = Box<dyn Fn(&[u8], &Range<usize>) -> Option<Said> + Send + Sync>;

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
    /// The clues of each needle.
    all: Vec<Vec<Clue>>,
    needles: Needles,
    met: Mutex<BTreeMap<(SecretId, &'static str), Met>>,
}

/// How many places of one clue are kept.
const PATHS: usize = 3;

impl fmt::Debug for Clues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clues({})", self.all.len())
    }
}

impl Clues {
    /// Looks for `all`; none if there is nothing to look for.
    pub fn of(mut all: Vec<Clue>) -> Option<Self> {
        let mut by_needle: Vec<Vec<Clue>> = Vec::new();
        all.sort_by(|a, b| a.needle.cmp(&*b.needle));
        for clue in all {
            match by_needle.last_mut() {
                Some(same) if same[0].needle == clue.needle => same.push(clue),
                _ => by_needle.push(vec![clue]),
            }
        }
        let all = by_needle;
        let needles = all.iter().map(|same| same[0].needle.clone()).collect();
        (!all.is_empty()).then(|| Self {
            all,
            needles: Needles::of(needles),
            met: Mutex::default(),
        })
    }

    /// Looks for clues in `text`, which stands at `path`.
    pub fn look(&self, text: &[u8], path: &dyn Fn() -> String) {
        self.needles.search(text, &mut |needle, range| {
            for clue in self.all.get(needle).into_iter().flatten() {
                let Some((said, claims)) = (clue.confirm)(text, &range) else { continue };
                let mut met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
                let met = met.entry((clue.of, said)).or_default();
                met.proves |= clue.proves;
                met.claims.extend(claims);
                met.paths.insert(path());
                // The first by name, whatever thread came first.
                if met.paths.len() > PATHS {
                    met.paths.pop_last();
                }
            }
        });
    }

    /// The clues that were met: the credential, and what was said of it.
    pub fn met(self) -> BTreeMap<(SecretId, &'static str), Met> {
        self.met.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}
