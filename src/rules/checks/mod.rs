//! The structure checks that rules name: checksums, key pairs, strict parsers, decoders of identity.

mod anthropic_key;
mod atlassian_crc;
mod aws_key_pair;
mod azure_devops_legacy;
mod azure_identifiable;
mod b64;
mod base;
mod bedrock;
mod bitwarden_sm;
mod checksum;
mod cloudflare_crc;
mod confluent_crc;
mod contract;
mod crates_trusted;
mod crc;
mod crc32_base62_body;
mod crc32_base62_prefixed;
mod entra_secret;
mod github_fine_grained;
mod gitlab_routable;
mod grafana_service_account;
mod identity;
mod jfrog_api_key;
mod json;
mod jwt;
mod jwt_issuers;
mod marvin;
mod microsoft_cask;
mod nuget_v4;
mod openai_key;
mod run;
mod supabase_key;
mod tailscale_key;
mod time;
#[cfg(test)]
mod trial;
mod unkey;
mod uuid_v4;
mod xata_key;
mod zuplo_crc;

pub use contract::{Check, Sample, Sighting, State, Verdict};

/// Every check, in the order of their names.
pub const ALL: &[&Check] = &[
    &anthropic_key::CHECK,
    &atlassian_crc::CHECK,
    &aws_key_pair::CHECK,
    &azure_devops_legacy::CHECK,
    &azure_identifiable::CHECK,
    &bedrock::LONG,
    &bedrock::SHORT,
    &bitwarden_sm::CHECK,
    &cloudflare_crc::CHECK,
    &confluent_crc::CHECK,
    &crates_trusted::CHECK,
    &crc32_base62_body::CHECK,
    &crc32_base62_prefixed::CHECK,
    &entra_secret::CHECK,
    &jwt_issuers::GITHUB_APP,
    &github_fine_grained::CHECK,
    &gitlab_routable::CHECK,
    &grafana_service_account::CHECK,
    &jfrog_api_key::CHECK,
    &jwt::CHECK,
    &jwt_issuers::AUTH0,
    &jwt_issuers::JFROG,
    &jwt_issuers::KUBERNETES,
    &jwt_issuers::MONDAY,
    &jwt_issuers::SUPABASE,
    &jwt_issuers::TEAMCITY,
    &microsoft_cask::CHECK,
    &nuget_v4::CHECK,
    &openai_key::CHECK,
    &supabase_key::CHECK,
    &tailscale_key::CHECK,
    &unkey::CHECK,
    &uuid_v4::CHECK,
    &xata_key::CHECK,
    &zuplo_crc::CHECK,
];

/// The check called `name`.
pub fn find(name: &str) -> Option<&'static Check> {
    ALL.iter().copied().find(|check| check.name == name)
}
