//! The places of tools, sorted by what in them is fixed.

use crate::model::Scope;
use crate::rules::rule::Text;
use crate::rules::tools::expand::{Shelf, alternatives, endings, shelf};
use crate::rules::tools::tool::{Tool, Where};

/// The ending of a path at which a tool keeps something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// By what it is found, …
    pub shelf: Shelf,
    /// … and which of that.
    pub key: Text,
    /// The pattern, without shorthands and alternatives.
    pub ending: Text,
    /// The number of the tool, …
    pub tool: u16,
    /// … and of what it keeps.
    pub keep: u16,
    /// Whose place it is.
    pub scope: Scope,
}

/// Every place of `tools`, sorted.
pub fn places(tools: &[Tool]) -> Vec<Place> {
    let mut places = Vec::new();
    for (tool, t) in tools.iter().zip(0..) {
        for (keep, k) in tool.keeps.iter().zip(0..) {
            for Where { pattern, scope, .. } in keep.places.iter() {
                let all = alternatives(pattern);
                for ending in all.iter().flat_map(|text| endings(text)) {
                    let found = shelf(&ending);
                    let (shelf, key) = found.expect("patterns are read only if something is fixed");
                    let key = key.to_owned().into();
                    let (ending, scope) = (ending.into(), *scope);
                    places.push(Place { shelf, key, ending, tool: t, keep: k, scope });
                }
            }
        }
    }
    places.sort();
    places.dedup();
    places
}
