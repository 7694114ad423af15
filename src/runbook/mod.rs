//! The revocation runbook: what to end first and why, and each step of how, for a person to do.

mod card;
mod clean;
mod codeowners;
mod data;
mod fill;
mod glob;
mod hint;
mod host;
mod markdown;
mod order;
mod part;
mod place;
mod probe;
mod reach;
mod recipe;
mod shape;
mod steps;
mod text;
mod when;
mod whose;

#[cfg(test)]
mod data_tests;
#[cfg(test)]
mod hostile_tests;
#[cfg(test)]
mod reader_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod walk_tests;
#[cfg(test)]
mod writing_tests;

use std::io::{self, Write};

use crate::report::Record;

pub use codeowners::CodeOwners;
pub use hint::{Hints, OwnerHint};
pub use markdown::write as markdown;
pub use shape::{
    Card, Group, OwnerLine, Paste, Recipe, Runbook, Section, Spot, State, Step, StepKind, Summary,
};

/// The runbook for `record`, with what else is known about owners and exposure. It only tells: nothing is
/// revoked, and no network is used. Equal records and hints give equal runbooks.
pub fn runbook(record: &Record, hints: &Hints) -> Runbook {
    order::runbook(record, hints)
}

/// Writes `runbook` as JSON with a line feed at the end. Texts from scanned places stand there as they are.
pub fn json(runbook: &Runbook, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, runbook)?;
    writeln!(out)
}
