//! A tool that holds credentials: all that is known of the places in which it keeps them.

use crate::model::{HolderKind, Scope};
use crate::rules::rule::{List, Text};

/// One tool. Made by [`crate::rules::tools::written::read`] only, so its patterns and key paths are well
/// formed.
#[derive(Clone, Debug)]
pub struct Tool {
    /// Stable slug, the name of its file.
    pub id: Text,
    /// The maker's own spelling.
    pub name: Text,
    /// What sort of tool.
    pub kind: ToolKind,
    /// The maker's page on its configuration; empty if unknown.
    pub url: Text,
    /// Names of its programs, in lower case, without `.exe`.
    pub processes: List<Text>,
    /// What it keeps.
    pub keeps: List<Keep>,
}

/// The sorts of tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ToolKind {
    /// An agent, an editor with one, a client of the Model Context Protocol.
    Agent,
    /// A program that stores credentials.
    Store,
    /// Continuous integration.
    Ci,
    /// What runs programs: shells, deployments, frameworks.
    Runtime,
}

impl ToolKind {
    /// Every sort.
    pub const ALL: [Self; 4] = [Self::Agent, Self::Store, Self::Ci, Self::Runtime];

    /// The name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Store => "store",
            Self::Ci => "ci",
            Self::Runtime => "runtime",
        }
    }
}

/// One sort of file that a tool keeps.
#[derive(Clone, Debug)]
pub struct Keep {
    /// What is in it.
    pub holds: Holds,
    /// Where it lies.
    pub places: List<Where>,
    /// The name of its format, one of [`FORMATS`].
    pub format: Text,
    /// Key paths to maps or lists of servers; an empty one is the whole document.
    pub servers: List<Text>,
    /// Key paths of fields that carry secrets.
    pub secrets: List<Text>,
    /// Key paths among those that carry none.
    pub public: List<Text>,
    /// Key paths of texts that are commands.
    pub commands: List<Text>,
    /// How the tool writes that it takes a value from the environment; `VAR` stands for the name.
    pub references: List<Text>,
    /// Key paths that say whose it is.
    pub owner: List<Text>,
    /// Whether the place was read in a source, and is not general knowledge.
    pub confirmed: bool,
    /// Where the fact stands.
    pub source: Text,
}

/// A place, as a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Where {
    /// The pattern as written, with its shorthands.
    pub pattern: Text,
    /// Whose place it is.
    pub scope: Scope,
    /// On which system; none on all.
    pub system: Option<System>,
}

/// The systems whose paths differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum System {
    /// Linux and its like.
    Linux,
    /// macOS.
    Macos,
    /// Windows.
    Windows,
}

/// The formats in which tools keep credentials.
pub const FORMATS: [&str; 15] = [
    "github-command",
    "json",
    "jsonl",
    "toml",
    "yaml",
    "xml",
    "ini",
    "dotenv",
    "shell",
    "plist",
    "sqlite",
    "netrc",
    "lines",
    "text",
    "http",
];

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holds {
    /// Servers of the Model Context Protocol.
    Servers,
    /// Settings of the tool itself.
    Settings,
    /// The login of its person.
    Login,
    /// What was said.
    Transcript,
    /// What was typed.
    History,
    /// Copies of other things.
    Memory,
    /// What a model is told each time.
    Instructions,
    /// What happened.
    Log,
    /// Environment variables.
    Environment,
    /// Credentials of other services.
    Credentials,
    /// What build jobs leave.
    Build,
}

impl Holds {
    /// Every sort.
    pub const ALL: [Self; 11] = [
        Self::Servers,
        Self::Settings,
        Self::Login,
        Self::Transcript,
        Self::History,
        Self::Memory,
        Self::Instructions,
        Self::Log,
        Self::Environment,
        Self::Credentials,
        Self::Build,
    ];

    /// The name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Servers => "servers",
            Self::Settings => "settings",
            Self::Login => "login",
            Self::Transcript => "transcript",
            Self::History => "history",
            Self::Memory => "memory",
            Self::Instructions => "instructions",
            Self::Log => "log",
            Self::Environment => "environment",
            Self::Credentials => "credentials",
            Self::Build => "build",
        }
    }

    /// The sort of holder that has what lies in such a file of a tool of `kind`.
    pub const fn holder(self, kind: ToolKind) -> HolderKind {
        match (self, kind) {
            (Self::Environment, _) => HolderKind::Environment,
            (_, ToolKind::Ci) | (Self::Build, _) => HolderKind::Ci,
            (Self::Credentials, _) => HolderKind::Store,
            (Self::History, ToolKind::Runtime | ToolKind::Store) => HolderKind::Shell,
            (Self::Servers | Self::Settings | Self::Login, ToolKind::Agent) => HolderKind::Agent,
            (Self::Servers | Self::Settings | Self::Login, ToolKind::Store) => HolderKind::Store,
            (Self::Servers | Self::Settings | Self::Login, ToolKind::Runtime) => {
                HolderKind::Application
            }
            (
                Self::Transcript | Self::History | Self::Memory | Self::Instructions | Self::Log,
                _,
            ) => HolderKind::Memory,
        }
    }

    /// Whether only a look for known credentials is worth it: what was said and done names no fields.
    pub const fn is_told(self) -> bool {
        matches!(
            self,
            Self::Transcript | Self::History | Self::Memory | Self::Instructions | Self::Log
        )
    }
}
