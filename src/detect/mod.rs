//! Chunks to findings: prefilter, match, decode, judge, fingerprint.

pub mod anchors;
mod canonical;
mod clues;
pub mod decode;
mod detector;
mod excerpt;
pub mod fingerprint;
mod judge;
mod line_hash;
pub mod locate;
mod matcher;
mod news;
mod placeholder;
mod randomness;
mod rows;
pub mod runs;
mod settle;
mod team_key;
mod traces;
mod trigrams;
mod words;

pub use clues::{Clue, Clues, Confirm, Met, Said};
pub use detector::{Detector, Options, Raw, Seen, Sighted, Sightings, Spot};
pub use excerpt::names as without_values;
pub use fingerprint::{Fingerprinter, Known};
pub use placeholder::reason as made_up;
pub use randomness::{entropy, surprise};
pub use settle::settle;
pub use team_key::TeamKey;
pub use traces::{Traces, Value};
