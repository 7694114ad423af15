//! Chunks to findings: prefilter, match, decode, judge, fingerprint.

mod anchors;
mod decode;
mod detector;
pub mod fingerprint;
mod judge;
mod line_hash;
pub mod locate;
mod matcher;
mod placeholder;
mod randomness;
mod runs;
mod words;

pub use detector::{Detector, Options, Sighted, Sightings};
pub use fingerprint::Fingerprinter;
