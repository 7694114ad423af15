//! Sources turn targets into blobs; the detector turns their bytes into findings; the ledger folds and
//! sorts them; the trail joins every finding of one credential and names its holders and principal; outputs
//! write the report.

pub mod cli;
pub mod detect;
pub mod git;
pub mod guard;
pub mod history;
pub mod holders;
pub mod inspect;
pub mod ledger;
pub mod merge;
pub mod model;
pub mod output;
pub mod policy;
pub mod proofs;
pub mod read;
pub mod report;
pub mod rules;
pub mod runbook;
pub mod scan;
pub mod source;
pub mod standards;
pub mod trace;
pub mod trail;
