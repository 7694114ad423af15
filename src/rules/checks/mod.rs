//! The structure checks that rules name: checksums, key pairs, strict parsers, decoders of identity.

mod aws_key_pair;
mod azure_identifiable;
mod azure_sas;
mod b64;
mod bedrock;
mod contract;
mod discord;
mod entra_secret;
mod fly_macaroon;
mod identity;
mod jfrog_reference;
mod json;
mod json_tokens;
mod jwt;
mod jwt_issuers;
mod marvin;
mod microsoft_cask;
mod msgpack;
mod object_id;
mod pypi_macaroon;
mod run;
mod time;
#[cfg(test)]
mod trial;
mod vault_service;

pub use contract::{Check, Sample, Sighting, State, Verdict};

/// Every check, in the order of their names.
pub const ALL: &[&Check] = &[
    &aws_key_pair::CHECK,
    &azure_identifiable::CHECK,
    &azure_sas::CHECK,
    &bedrock::LONG,
    &bedrock::SHORT,
    &discord::BOT,
    &entra_secret::CHECK,
    &fly_macaroon::CHECK,
    &jwt_issuers::GITHUB_APP,
    &json_tokens::GRAFANA_CLOUD,
    &json_tokens::GRAFANA_LEGACY,
    &object_id::HARNESS,
    &jfrog_reference::CHECK,
    &jwt::CHECK,
    &jwt_issuers::AUTH0,
    &jwt_issuers::JFROG,
    &jwt_issuers::KUBERNETES,
    &jwt_issuers::MONDAY,
    &jwt_issuers::SUPABASE,
    &jwt_issuers::TEAMCITY,
    &microsoft_cask::CHECK,
    &json_tokens::ONEPASSWORD,
    &object_id::POSTMAN,
    &pypi_macaroon::CHECK,
    &json_tokens::SENTRY,
    &discord::SNOWFLAKE,
    &vault_service::CHECK,
];

/// The check called `name`.
pub fn find(name: &str) -> Option<&'static Check> {
    ALL.iter().copied().find(|check| check.name == name)
}
