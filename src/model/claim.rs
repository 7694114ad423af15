//! What a credential says about whose and which it is, read offline.

use serde::{Deserialize, Serialize};

/// One statement of identity, for example *tenant* = `123456789012`. Never a secret itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Claim {
    /// Which attribute is stated.
    pub field: Field,
    /// Its value as text; times are RFC 3339 in UTC.
    pub value: String,
}

impl Claim {
    /// States `field` = `value`.
    pub fn new(field: Field, value: impl Into<String>) -> Self {
        Self { field, value: value.into() }
    }
}

/// The attributes by which a credential's owner is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Who issued it: a provider's host or a token's `iss`.
    Issuer,
    /// Account, organisation, workspace, project, cloud project.
    Tenant,
    /// User, service account, bot, application.
    Principal,
    /// The public name of the credential itself.
    KeyId,
    /// What it may do: permission class, scopes, projects.
    Scope,
    /// When it was issued.
    IssuedAt,
    /// When it ends.
    ExpiresAt,
    /// Where it is used: host, URL, region, data centre.
    Endpoint,
    /// Digest of the public half of a key pair.
    PublicKey,
}

impl Field {
    /// Every field, in the order in which reports list them.
    pub const ALL: [Self; 9] = [
        Self::Issuer,
        Self::Tenant,
        Self::Principal,
        Self::KeyId,
        Self::Scope,
        Self::IssuedAt,
        Self::ExpiresAt,
        Self::Endpoint,
        Self::PublicKey,
    ];

    /// The name in rule files and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Issuer => "issuer",
            Self::Tenant => "tenant",
            Self::Principal => "principal",
            Self::KeyId => "key_id",
            Self::Scope => "scope",
            Self::IssuedAt => "issued_at",
            Self::ExpiresAt => "expires_at",
            Self::Endpoint => "endpoint",
            Self::PublicKey => "public_key",
        }
    }
}
