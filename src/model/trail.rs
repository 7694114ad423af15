//! One credential, everywhere it is seen.

use serde::{Deserialize, Serialize};

use crate::model::{
    Claim, Confidence, FindingId, HolderKind, Kind, Role, RuleId, Scope, SecretId, Severity,
};

/// A credential with all its findings and holders. What stands here is also its shape in reports: see
/// `docs/trails.md`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trail {
    /// The credential.
    pub secret_id: SecretId,
    /// Where that id may be compared.
    pub comparable: Basis,
    /// The rule that is surest of it.
    pub rule: RuleId,
    /// The rule's name for a person.
    pub name: String,
    /// Slug of the provider.
    pub provider: String,
    /// What sort of credential.
    pub kind: Kind,
    /// A form that names it without giving it away.
    pub redacted: String,
    /// How bad a leak is.
    pub severity: Severity,
    /// How sure the surest of its findings is.
    pub confidence: Confidence,
    /// Whose it is, as far as any of its findings tells.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub principal: Vec<Claim>,
    /// How long it lives.
    pub lifetime: Lifetime,
    /// Who can use it, and where, the most exposed first; no two are equal.
    pub holders: Vec<TrailHolder>,
    /// The zones in which they are.
    pub zones: Vec<Zone>,
    /// How it is spread; empty if it stands in one place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reuse: Vec<Reuse>,
    /// How urgent it is.
    pub rank: Rank,
    /// What confirms it, or ties it to another credential.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proofs: Vec<Proof>,
    /// Other credentials of the same principal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub siblings: Vec<SecretId>,
    /// What frameworks call it: `owasp-nhi-2025:NHI9`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub frameworks: Vec<String>,
    /// Microsoft's correlating id, if it was asked for and nobody can guess the credential.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub c3id: Option<String>,
    /// Its findings.
    pub findings: Vec<FindingId>,
    /// The first commit that brought it anywhere, as RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_seen: Option<String>,
    /// Who wrote that commit: name and mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brought_by: Option<String>,
    /// The last commit that took it away, if it is nowhere in a newest state; as RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_seen: Option<String>,
}

/// Where the id of a credential may be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// Wherever the same team key is used, and nowhere else.
    Team,
    /// Anywhere: its issuer made it of so much randomness that nobody can guess it.
    Anywhere,
    /// In this run only: it could be guessed.
    Run,
}

/// How long a credential lives.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state", content = "at")]
pub enum Lifetime {
    /// It ended at this time, RFC 3339 in UTC.
    Expired(String),
    /// It ends at this time.
    Expires(String),
    /// It says itself, or its kind does, that it has no end.
    Endless,
    /// Nothing tells.
    Unknown,
}

/// How long credentials of a rule live, where they do not tell it themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Life {
    /// Until somebody ends them.
    Endless,
    /// For hours at most.
    Short,
    /// Until a time that is set when they are made.
    Set,
    /// It is not known.
    #[default]
    Unknown,
}

/// Where a holder is: keys that cross from one to another do more harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Zone {
    /// A repository: whoever has it has the key.
    Repository,
    /// What an agent remembers, and may say.
    Transcript,
    /// An image or a package that is handed on.
    Image,
    /// Jobs, runners and artifacts of continuous integration.
    Ci,
    /// Running processes and deployments.
    Runtime,
    /// A person's machine.
    Developer,
}

/// One who can use a credential in one place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TrailHolder {
    /// Where the holder is.
    pub zone: Zone,
    /// What sort of holder.
    pub kind: TrailKind,
    /// The slug of the tool; empty for a file or commit that belongs to none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tool: String,
    /// The maker's spelling of the tool.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tool_name: String,
    /// Which of the tool's holders: a server's name, a session, a job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whose part of the tool it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
    /// Who said it, in a transcript.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// The report that tells of it, in a merged report; else empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// The path of the place.
    pub path: String,
    /// The key there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The first line of it there.
    pub line: u64,
    /// The rule that found it here, where that is not the trail's: a key of another form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<RuleId>,
    /// It is in a history only: no newest state holds it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub past: bool,
    /// It has it by reference from elsewhere.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_reference: bool,
    /// How many findings tell of it.
    pub findings: u64,
}

/// The sorts of holder of a trail: those of tools, and plain places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum TrailKind {
    /// A tool's.
    Tool(HolderKind),
    /// No tool is known to read it.
    Plain(Plain),
}

/// Places that belong to no tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Plain {
    /// A file.
    File,
    /// A version of a file, or a message, in a repository's history.
    Commit,
}

/// How a credential is spread, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reuse {
    /// Copies of one place: the same name and content, or versions of one file.
    Copied,
    /// Several places of one tool.
    SameTool,
    /// Two tools or more.
    CrossTool,
    /// Two zones or more.
    CrossZone,
    /// Its principal has other credentials as well.
    SharedPrincipal,
}

/// How urgent a trail is: the product of its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rank {
    /// From 0 to 1000.
    pub score: u32,
    /// What it is made of, in a fixed order.
    pub parts: Vec<RankPart>,
}

/// One factor of a rank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RankPart {
    /// `power`, `place`, `spread`, `lifetime` or `certainty`.
    pub name: String,
    /// In per cent of the most that this part can be.
    pub percent: u32,
    /// Why, for a person.
    pub text: String,
}

/// What confirms a credential, or ties it to another, by arithmetic.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Proof {
    /// The argument in words: `signs the JWT in token.txt (HMAC-SHA-256 holds)`.
    pub text: String,
    /// The other credential, if the other side is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<SecretId>,
    /// The place of the other side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

macro_rules! named {
    ($type:ident: $($variant:ident = $name:literal, $words:literal;)*) => {
        impl $type {
            /// Every one, in the order of reports.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name in flags and reports.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// It in words.
            pub const fn words(self) -> &'static str {
                match self { $(Self::$variant => $words),* }
            }
        }
    };
}

named! { Basis:
    Team = "team", "comparable wherever the team's key is used";
    Anywhere = "anywhere", "comparable anywhere: its issuer made it unguessable";
    Run = "run", "good for this run only: it could be guessed";
}

named! { Zone:
    Repository = "repository", "repository";
    Transcript = "transcript", "agent's transcript";
    Image = "image", "image or package";
    Ci = "ci", "CI";
    Runtime = "runtime", "runtime";
    Developer = "developer", "developer's machine";
}

named! { Reuse:
    Copied = "copied", "copied";
    SameTool = "same-tool", "several places of one tool";
    CrossTool = "cross-tool", "several tools";
    CrossZone = "cross-zone", "several zones";
    SharedPrincipal = "shared-principal", "its principal has other credentials";
}

impl TrailKind {
    /// The name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tool(kind) => kind.name(),
            Self::Plain(Plain::File) => "file",
            Self::Plain(Plain::Commit) => "commit",
        }
    }

    /// The name for a person.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Tool(kind) => kind.words(),
            Self::Plain(Plain::File) => "file",
            Self::Plain(Plain::Commit) => "history",
        }
    }
}

impl TrailHolder {
    /// It in words, without its place: `MCP server github of Cursor (user)`.
    pub fn text(&self) -> String {
        let mut text = self.kind.words().to_owned();
        if let Some(name) = &self.name {
            text = format!("{text} {name}");
        }
        if !self.tool_name.is_empty() {
            text = format!("{text} of {}", self.tool_name);
        }
        let reference = self.by_reference.then_some("by reference");
        let notes: Vec<_> =
            [self.scope.map(Scope::name), reference].into_iter().flatten().collect();
        if notes.is_empty() { text } else { format!("{text} ({})", notes.join(", ")) }
    }
}
