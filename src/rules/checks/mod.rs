//! The structure checks that rules name: checksums, key pairs, strict parsers, decoders of identity.

mod aws_key_pair;
mod azure_identifiable;
mod b64;
mod base;
mod bedrock;
mod contract;
mod crc;
mod entra_secret;
mod identity;
mod json;
mod jwt;
mod jwt_issuers;
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
    &bedrock::LONG,
    &bedrock::SHORT,
    &entra_secret::CHECK,
    &jwt_issuers::GITHUB_APP,
    &jwt::CHECK,
    &jwt_issuers::AUTH0,
    &jwt_issuers::JFROG,
    &jwt_issuers::KUBERNETES,
    &jwt_issuers::MONDAY,
    &jwt_issuers::SUPABASE,
    &jwt_issuers::TEAMCITY,
    &microsoft_cask::CHECK,
];

/// The check called `name`.
pub fn find(name: &str) -> Option<&'static Check> {
    ALL.iter().copied().find(|check| check.name == name)
}
