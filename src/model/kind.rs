//! The kinds of credential.

use serde::{Deserialize, Serialize};

/// What sort of credential a rule finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Acts as the person (or group) that made it.
    PersonalAccessToken,
    /// Acts as a machine identity of a cloud or platform.
    ServiceAccountKey,
    /// A static key of an application interface.
    ApiKey,
    /// Issued by an OAuth flow: access, refresh, installation.
    OauthToken,
    /// The secret half of an OAuth client or registered application.
    ClientSecret,
    /// The private half of a key pair.
    PrivateKey,
    /// Chosen or generated password.
    Password,
    /// A URL or connection string that carries its login.
    ConnectionString,
    /// A signed JSON Web Token.
    Jwt,
    /// A URL whose path is the secret.
    Webhook,
    /// A shared secret that signs or verifies messages.
    SigningSecret,
    /// A browser or command-line session.
    Session,
    /// Lets a build job, runner or agent join or act in CI.
    CiToken,
    /// Uploads or downloads packages or images.
    RegistryToken,
    /// Grants access to stored data for a limited time or path.
    SharedAccessSignature,
    /// Unlocks data at rest: recovery codes, seeds, encryption keys.
    EncryptionKey,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 16] = [
        Self::PersonalAccessToken,
        Self::ServiceAccountKey,
        Self::ApiKey,
        Self::OauthToken,
        Self::ClientSecret,
        Self::PrivateKey,
        Self::Password,
        Self::ConnectionString,
        Self::Jwt,
        Self::Webhook,
        Self::SigningSecret,
        Self::Session,
        Self::CiToken,
        Self::RegistryToken,
        Self::SharedAccessSignature,
        Self::EncryptionKey,
    ];

    /// The name in rule files and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::PersonalAccessToken => "personal-access-token",
            Self::ServiceAccountKey => "service-account-key",
            Self::ApiKey => "api-key",
            Self::OauthToken => "oauth-token",
            Self::ClientSecret => "client-secret",
            Self::PrivateKey => "private-key",
            Self::Password => "password",
            Self::ConnectionString => "connection-string",
            Self::Jwt => "jwt",
            Self::Webhook => "webhook",
            Self::SigningSecret => "signing-secret",
            Self::Session => "session",
            Self::CiToken => "ci-token",
            Self::RegistryToken => "registry-token",
            Self::SharedAccessSignature => "shared-access-signature",
            Self::EncryptionKey => "encryption-key",
        }
    }
}
