//! The structure checks that rules name: checksums, key pairs, strict parsers, decoders of identity.

mod anthropic_key;
mod atlassian_crc;
mod aws_key_pair;
mod aws_session;
mod azure_devops_legacy;
mod azure_identifiable;
mod azure_sas;
pub(crate) mod b64;
mod base;
mod base58check;
mod bech32_key;
mod bedrock;
mod bitwarden_sm;
mod certificate;
mod checksum;
mod cloudflare_crc;
mod confluent_crc;
mod contract;
mod crates_trusted;
mod crc;
mod crc32_base62_body;
mod crc32_base62_prefixed;
pub(crate) mod der;
mod discord;
mod entra_secret;
mod fly_macaroon;
pub(crate) mod github_fine_grained;
mod gitlab_routable;
mod grafana_service_account;
mod identity;
mod jfrog_api_key;
mod jfrog_reference;
pub(crate) mod json;
mod json_tokens;
mod jwk;
pub(crate) mod jwt;
mod jwt_issuers;
pub(crate) mod key;
mod marvin;
mod microsoft_cask;
mod msgpack;
mod nuget_v4;
mod object_id;
mod openai_key;
mod openpgp;
pub(crate) mod pem;
mod pgp_private_key;
mod private_key;
mod putty_key;
mod pypi_macaroon;
mod run;
mod seed;
pub(crate) mod ses_smtp;
mod solana;
mod supabase_db_url;
pub(crate) mod supabase_key;
mod tailscale_key;
mod time;
#[cfg(test)]
mod trial;
mod unkey;
mod uuid_v4;
mod vault_service;
mod wireguard_key;
mod xata_key;
mod zuplo_crc;

pub use contract::{AROUND, Check, Sample, Sighting, State, Verdict};
pub use time::rfc3339;

/// Every check, in the order of their names.
pub const ALL: &[&Check] = &[
    &anthropic_key::CHECK,
    &atlassian_crc::CHECK,
    &aws_key_pair::CHECK,
    &aws_session::CHECK,
    &azure_devops_legacy::CHECK,
    &azure_identifiable::CHECK,
    &azure_sas::CHECK,
    &base58check::CHECK,
    &bech32_key::CHECK,
    &bedrock::LONG,
    &bedrock::SHORT,
    &bitwarden_sm::CHECK,
    &cloudflare_crc::CHECK,
    &confluent_crc::CHECK,
    &crates_trusted::CHECK,
    &crc32_base62_body::CHECK,
    &crc32_base62_prefixed::CHECK,
    &discord::BOT,
    &entra_secret::CHECK,
    &fly_macaroon::CHECK,
    &private_key::GCP_SERVICE_ACCOUNT,
    &jwt_issuers::GITHUB_APP,
    &github_fine_grained::CHECK,
    &jwt_issuers::GITLAB_JOB,
    &gitlab_routable::CHECK,
    &json_tokens::GRAFANA_CLOUD,
    &json_tokens::GRAFANA_LEGACY,
    &grafana_service_account::CHECK,
    &object_id::HARNESS,
    &jfrog_api_key::CHECK,
    &jfrog_reference::CHECK,
    &jwk::CHECK,
    &jwt::CHECK,
    &jwt_issuers::AUTH0,
    &jwt_issuers::JFROG,
    &jwt_issuers::KUBERNETES,
    &jwt_issuers::MONDAY,
    &jwt_issuers::SUPABASE,
    &jwt_issuers::TEAMCITY,
    &private_key::KUBECONFIG_CLIENT_KEY,
    &microsoft_cask::CHECK,
    &seed::NKEY,
    &nuget_v4::CHECK,
    &json_tokens::ONEPASSWORD,
    &openai_key::CHECK,
    &pgp_private_key::CHECK,
    &object_id::POSTMAN,
    &private_key::PRIVATE_KEY,
    &putty_key::CHECK,
    &pypi_macaroon::CHECK,
    &base58check::RIPPLE,
    &json_tokens::SENTRY,
    &ses_smtp::CHECK,
    &discord::SNOWFLAKE,
    &solana::CHECK,
    &seed::STELLAR,
    &supabase_db_url::CHECK,
    &supabase_key::CHECK,
    &tailscale_key::CHECK,
    &unkey::CHECK,
    &uuid_v4::CHECK,
    &vault_service::CHECK,
    &wireguard_key::CHECK,
    &xata_key::CHECK,
    &zuplo_crc::CHECK,
];

/// The check called `name`.
pub fn find(name: &str) -> Option<&'static Check> {
    ALL.iter().copied().find(|check| check.name == name)
}
