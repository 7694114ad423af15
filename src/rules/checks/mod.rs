//! The structure checks that rules name: checksums, key pairs, strict parsers, decoders of identity.

mod base;
mod contract;
mod crc;

pub use contract::{Check, Sample, Sighting, State, Verdict};

/// Every check, in the order of their names.
pub const ALL: &[&Check] = &[];

/// The check called `name`.
pub fn find(name: &str) -> Option<&'static Check> {
    ALL.iter().copied().find(|check| check.name == name)
}
