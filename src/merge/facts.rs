//! What reports say of themselves and of their rules, put together.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::merge::head::LONGEST_SOURCE;
use crate::model::RuleId;
use crate::report::RuleInfo;

/// How many reports are named; of more, the first by name.
pub const MOST_SOURCES: usize = 100_000;

/// How many rules are kept; of more, the first by id.
pub const MOST_RULES: usize = 10_000;

/// The longest that the texts of one rule may be.
const LONGEST_RULE: usize = 16 << 10;

/// What is known of one report in a merged one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The report's name.
    pub source: String,
    /// Its ids are made with a key.
    pub keyed: bool,
    /// It was taken wholly, and everything was read for it that should have been.
    pub complete: bool,
    /// How many findings it left out.
    #[serde(default)]
    pub left_out: u64,
}

/// All that is known of the reports. Taking the same in any order, or twice, makes no difference.
#[derive(Debug)]
pub(super) struct Facts {
    /// The reports by name.
    pub(super) told: BTreeMap<String, Told>,
    /// The rules.
    pub(super) rules: BTreeMap<RuleId, RuleInfo>,
    /// No report is incomplete.
    pub(super) complete: bool,
    seen: BTreeSet<[u8; 16]>,
}

impl Default for Facts {
    fn default() -> Self {
        Self {
            told: BTreeMap::new(),
            rules: BTreeMap::new(),
            complete: true,
            seen: BTreeSet::new(),
        }
    }
}

impl Facts {
    /// Takes what is known of a report; of one that is known already, the worse.
    pub(super) fn tell(&mut self, told: Told) {
        if told.source.len() > LONGEST_SOURCE {
            return;
        }
        self.complete &= told.complete;
        if let Some(known) = self.told.get_mut(&told.source) {
            known.keyed &= told.keyed;
            known.complete &= told.complete;
            known.left_out = known.left_out.max(told.left_out);
            return;
        }
        self.told.insert(told.source.clone(), told);
        if self.told.len() > MOST_SOURCES {
            self.told.pop_last();
        }
    }

    /// Takes a report's rules; false if they are damaged.
    pub(super) fn learn(&mut self, raw: &[u8]) -> bool {
        if !self.seen.insert(digest(raw)) {
            return true;
        }
        // Reports of one version say the same; the memory of what was said is no more than a help.
        if self.seen.len() > MOST_RULES {
            self.seen.clear();
        }
        let Ok(rules) = serde_json::from_slice::<BTreeMap<RuleId, RuleInfo>>(raw) else {
            return false;
        };
        rules.into_iter().for_each(|(id, rule)| self.rule(id, rule));
        true
    }

    fn rule(&mut self, id: RuleId, rule: RuleInfo) {
        let text = |rule: &RuleInfo| serde_json::to_string(rule).unwrap_or_default();
        let new = text(&rule);
        if new.len() > LONGEST_RULE || self.rules.get(&id).is_some_and(|old| text(old) <= new) {
            return;
        }
        self.rules.insert(id, rule);
        if self.rules.len() > MOST_RULES {
            self.rules.pop_last();
        }
    }
}

/// The first half of the digest of `bytes`.
pub(super) fn digest(bytes: &[u8]) -> [u8; 16] {
    let digest = Sha256::digest(bytes);
    let mut half = [0; 16];
    half.iter_mut().zip(digest.iter()).for_each(|(to, from)| *to = *from);
    half
}
