//! All tools of a run: those embedded in the program, and those that the user brought.

use std::borrow::Cow;

use crate::model::Scope;
use crate::rules::rule::{List, Text};
use crate::rules::tools::expand::Shelf;
use crate::rules::tools::place::{Place, places};
use crate::rules::tools::tool::{Holds, Keep, System, Tool, ToolKind, Where};

include!(concat!(env!("OUT_DIR"), "/tools.rs"));

/// A set of tools with unique ids, sorted by id.
#[derive(Clone, Debug)]
pub struct Tools {
    all: Cow<'static, [Tool]>,
    places: Cow<'static, [Place]>,
}

/// There are two tools of one id.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("there are two tools called {0}")]
pub struct TwoTools(pub String);

impl Tools {
    /// The tools that the program carries. Free: they are parsed, and their places sorted, when it is built.
    pub const fn embedded() -> Self {
        Self { all: Cow::Borrowed(&TOOLS), places: Cow::Borrowed(&PLACES) }
    }

    /// These tools alone; refused if two have one id.
    pub fn of(mut tools: Vec<Tool>) -> Result<Self, TwoTools> {
        tools.sort_by(|a, b| a.id.cmp(&b.id));
        if let Some(pair) = tools.windows(2).find(|pair| pair[0].id == pair[1].id) {
            return Err(TwoTools(pair[0].id.to_string()));
        }
        let places = places(&tools).into();
        Ok(Self { all: tools.into(), places })
    }

    /// Every tool, sorted by id.
    pub fn all(&self) -> &[Tool] {
        &self.all
    }

    /// The tool called `id`.
    pub fn find(&self, id: &str) -> Option<&Tool> {
        self.all.iter().find(|tool| tool.id == id)
    }

    /// What a place belongs to.
    pub fn of_place(&self, place: &Place) -> (&Tool, &Keep) {
        let tool = &self.all[usize::from(place.tool)];
        (tool, &tool.keeps[usize::from(place.keep)])
    }

    /// The places that lie on `shelf` under `key`.
    pub fn on(&self, shelf: Shelf, key: &str) -> &[Place] {
        let at = |place: &Place| (place.shelf, place.key.as_ref()).cmp(&(shelf, key));
        let start = self.places.partition_point(|place| at(place).is_lt());
        let rest = &self.places[start..];
        &rest[..rest.partition_point(|place| at(place).is_eq())]
    }

    /// All places on `shelf`.
    pub fn all_on(&self, shelf: Shelf) -> &[Place] {
        let start = self.places.partition_point(|place| place.shelf < shelf);
        let rest = &self.places[start..];
        &rest[..rest.partition_point(|place| place.shelf == shelf)]
    }
}
