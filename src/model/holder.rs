//! Who can use a credential where it lies.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// The one who has a credential in hands: a server that an agent starts, a process, a job, a store.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Holder {
    /// What sort of holder.
    pub kind: HolderKind,
    /// The slug of the tool, the name of its data file: `claude-code`.
    pub tool: Cow<'static, str>,
    /// The maker's own spelling: `Claude Code`.
    pub tool_name: Cow<'static, str>,
    /// Which of the tool's holders: a server's name, a session, a process, a job, a layer.
    pub name: Option<String>,
    /// Whose part of the tool it is.
    pub scope: Option<Scope>,
    /// Who said it, in a transcript.
    pub role: Option<Role>,
    /// The tool is told not to use it.
    pub disabled: bool,
    /// Where the holder is told to take the credential from here; none if it has it itself.
    pub refers: Option<Reference>,
}

/// The sorts of holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HolderKind {
    /// A server of the Model Context Protocol that a client starts or calls.
    McpServer,
    /// An agent or client itself: its settings and the login of its person.
    Agent,
    /// What an agent keeps of its work: transcripts, histories, copies, logs, instructions.
    Memory,
    /// A file or dump of environment variables.
    Environment,
    /// A running process.
    Process,
    /// A job, runner or server of continuous integration.
    Ci,
    /// A credential store of a tool.
    Store,
    /// What a person typed: histories of shells and consoles, shell profiles.
    Shell,
    /// An application's or deployment's configuration.
    Application,
    /// A layer or the configuration of a container image.
    Image,
}

impl HolderKind {
    /// Every sort.
    pub const ALL: [Self; 10] = [
        Self::McpServer,
        Self::Agent,
        Self::Memory,
        Self::Environment,
        Self::Process,
        Self::Ci,
        Self::Store,
        Self::Shell,
        Self::Application,
        Self::Image,
    ];

    /// The name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::McpServer => "mcp-server",
            Self::Agent => "agent",
            Self::Memory => "memory",
            Self::Environment => "environment",
            Self::Process => "process",
            Self::Ci => "ci",
            Self::Store => "store",
            Self::Shell => "shell",
            Self::Application => "application",
            Self::Image => "image",
        }
    }

    /// The name for a person.
    pub const fn words(self) -> &'static str {
        match self {
            Self::McpServer => "MCP server",
            Self::Agent => "agent",
            Self::Memory => "memory",
            Self::Environment => "environment",
            Self::Process => "process",
            Self::Ci => "CI",
            Self::Store => "credential store",
            Self::Shell => "shell",
            Self::Application => "application",
            Self::Image => "container image",
        }
    }
}

/// Whose part of a tool a holder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// A project's: whoever has the project has it.
    Project,
    /// One person's, on one machine.
    User,
    /// All of a machine's.
    System,
}

impl Scope {
    /// The name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Project => "project",
            Self::User => "user",
            Self::System => "system",
        }
    }
}

/// Who said something in a transcript.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The person typed or pasted it.
    Person,
    /// The agent wrote it.
    Agent,
    /// A tool echoed it.
    Tool,
    /// It stood in what the agent is told before it begins.
    System,
}

impl Role {
    /// The name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Agent => "agent",
            Self::Tool => "tool",
            Self::System => "system",
        }
    }
}

/// Where a holder says that it takes a credential from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Reference {
    /// The file in which it says so.
    pub path: String,
    /// The key there.
    pub key: String,
}

impl Holder {
    /// A holder of which no more is known than its tool.
    pub const fn of(
        kind: HolderKind,
        tool: Cow<'static, str>,
        tool_name: Cow<'static, str>,
    ) -> Self {
        Self {
            kind,
            tool,
            tool_name,
            name: None,
            scope: None,
            role: None,
            disabled: false,
            refers: None,
        }
    }

    /// It in words: `MCP server github of Cursor (user)`.
    pub fn text(&self) -> String {
        let mut text = self.kind.words().to_owned();
        if let Some(name) = &self.name {
            text = format!("{text} {name}");
        }
        if !self.tool_name.is_empty() {
            text = format!("{text} of {}", self.tool_name);
        }
        let said = self.role.map(|role| match role {
            Role::Person => "said by the person",
            Role::Agent => "written by the agent",
            Role::Tool => "echoed by a tool",
            Role::System => "told to the agent",
        });
        let scope = self.scope.map(Scope::name);
        let disabled = self.disabled.then_some("disabled");
        let notes: Vec<_> = [scope, said, disabled].into_iter().flatten().collect();
        if !notes.is_empty() {
            text = format!("{text} ({})", notes.join(", "));
        }
        match &self.refers {
            Some(Reference { path, key }) => format!("{text}, by reference from {path} {key}"),
            None => text,
        }
    }
}
