//! The structure checks that rules name: checksums, key pairs, strict parsers, decoders of identity.

mod aws_key_pair;
mod azure_identifiable;
mod b64;
mod contract;
mod entra_secret;
mod identity;
mod json;
mod marvin;
mod microsoft_cask;
mod run;
mod time;
#[cfg(test)]
mod trial;

pub use contract::{Check, Sample, Sighting, State, Verdict};

/// Every check, in the order of their names.
pub const ALL: &[&Check] = &[
    &aws_key_pair::CHECK,
    &azure_identifiable::CHECK,
    &entra_secret::CHECK,
    &microsoft_cask::CHECK,
];

/// The check called `name`.
pub fn find(name: &str) -> Option<&'static Check> {
    ALL.iter().copied().find(|check| check.name == name)
}
