//! All tools of a run: those embedded in the program, and those that the user brought.

use std::borrow::Cow;

use crate::model::Scope;
use crate::rules::rule::{List, Text};
use crate::rules::tools::tool::{Holds, Keep, System, Tool, ToolKind, Where};

include!(concat!(env!("OUT_DIR"), "/tools.rs"));

/// A set of tools with unique ids, sorted by id.
#[derive(Clone, Debug)]
pub struct Tools(Cow<'static, [Tool]>);

/// There are two tools of one id.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("there are two tools called {0}")]
pub struct TwoTools(pub String);

impl Tools {
    /// The tools that the program carries. Free: they are parsed when it is built.
    pub const fn embedded() -> Self {
        Self(Cow::Borrowed(&TOOLS))
    }

    /// These tools alone; refused if two have one id.
    pub fn of(mut tools: Vec<Tool>) -> Result<Self, TwoTools> {
        tools.sort_by(|a, b| a.id.cmp(&b.id));
        match tools.windows(2).find(|pair| pair[0].id == pair[1].id) {
            Some(pair) => Err(TwoTools(pair[0].id.to_string())),
            None => Ok(Self(tools.into())),
        }
    }

    /// Every tool, sorted by id.
    pub fn all(&self) -> &[Tool] {
        &self.0
    }

    /// The tool called `id`.
    pub fn find(&self, id: &str) -> Option<&Tool> {
        self.0.iter().find(|tool| tool.id == id)
    }
}
