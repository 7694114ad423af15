//! What changed between two reports: credentials and holders that came and went, and old values left behind.

mod change;
mod gather;
mod rotation;
mod spot;
#[cfg(test)]
mod tests;

use std::io;

use serde::Serialize;

pub use change::{Change, Credential, MOST_HOLDERS, News, Rotated};
pub use spot::Spot;

use crate::merge::head::{self, Input, Trouble};
use crate::merge::join::counted;
use crate::merge::keys::{self, Refusal};
use gather::Gathered;

/// How much changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Credentials that are in the new report only.
    pub new_credentials: u64,
    /// Credentials that are in the old report only.
    pub gone_credentials: u64,
    /// Holders that credentials of both reports have in the new one only.
    pub new_holders: u64,
    /// Holders that they have in the old one only.
    pub gone_holders: u64,
    /// Credentials that were rotated in one place and left behind in another.
    pub left_behind: u64,
    /// Findings of the old report whose ids cannot be compared.
    pub old_apart: u64,
    /// Findings of the new one.
    pub new_apart: u64,
    /// What a reader must know, in sentences.
    pub notes: Vec<String>,
    /// What could not be read of the reports.
    pub troubles: Vec<Trouble>,
}

impl Summary {
    /// How many changes are for the worse: new credentials, new holders, old values left behind.
    pub const fn worse(&self) -> u64 {
        self.new_credentials.saturating_add(self.new_holders).saturating_add(self.left_behind)
    }
}

/// Compares two reports and hands each change to `tell`, by credential. Ids are compared where that can be done;
/// reports with different keys are refused, and so is a report that cannot be opened.
pub fn diff(
    old: &Input,
    new: &Input,
    tell: &mut dyn FnMut(&Change) -> io::Result<()>,
) -> Result<Summary, Refusal> {
    let lost = |trouble: Trouble| Refusal::Report(trouble.path, trouble.message);
    let heads = [head::read(old).map_err(lost)?, head::read(new).map_err(lost)?];
    let [old_head, new_head] = &heads;
    keys::agree([(&*old.name, old_head), (&*new.name, new_head)].into_iter())?;
    let merged = [(old, old_head), (new, new_head)];
    let merged = merged.map(|(input, head)| head::is_merged(input, head));
    let mut gathered =
        Gathered::new(heads.iter().all(|head| head.key.is_some()), merged == [true; 2])?;
    let mut summary = Summary::default();
    for (side, (input, head)) in [(old, old_head), (new, new_head)].into_iter().enumerate() {
        summary.troubles.extend(gathered.take(input, head, side == 1)?);
    }
    [summary.old_apart, summary.new_apart] = gathered.apart;
    summary.notes = notes(&summary, gathered.runs, merged, heads.map(|head| head.key.is_some()));
    gathered.changes(&mut |change| {
        change.count(&mut summary);
        tell(change)
    })?;
    Ok(summary)
}

fn notes(summary: &Summary, runs: u64, merged: [bool; 2], keyed: [bool; 2]) -> Vec<String> {
    let apart = summary.old_apart + summary.new_apart;
    let mut notes = Vec::new();
    if runs > 0 {
        let runs = counted(runs, "finding has an id that is", "findings have ids that are");
        notes.push(format!(
            "{runs} good for one run only, since the value could be guessed: they are not compared"
        ));
    }
    if apart > runs {
        let rest = counted(apart - runs, "finding has an id", "findings have ids");
        notes.push(format!(
            "{rest} made with a key, and the other report has none: they are not compared"
        ));
    }
    if apart > 0 && keyed == [false; 2] {
        notes.push("with a key all credentials can be compared".to_owned());
    }
    if merged[0] != merged[1] {
        notes.push(
            "one report is merged and the other is not: holders are compared without their sources"
                .to_owned(),
        );
    }
    notes
}
