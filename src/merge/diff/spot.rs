//! One holder in one place, the same in two reports if it is the same one.

use serde::{Deserialize, Serialize};

use crate::model::{HolderKind, SightedHolder, SightedPast, Sighting};

/// Who holds a credential where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Spot {
    /// The report that tells of it, if both are merged; else empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// The path.
    pub path: String,
    /// The key there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What sort of holder; none for a plain file or a history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<HolderKind>,
    /// The slug of the tool.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tool: String,
    /// The maker's spelling.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tool_name: String,
    /// Which of the tool's holders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Spot {
    /// The holders that `sighting` tells of; with its source only if `sourced`.
    pub(super) fn all(sighting: &Sighting, sourced: bool) -> Vec<Self> {
        let plain = Self {
            source: if sourced { sighting.source.clone() } else { String::new() },
            path: sighting.path.clone(),
            key: sighting.key.clone(),
            kind: None,
            tool: String::new(),
            tool_name: String::new(),
            name: None,
        };
        let told = |holder: &SightedHolder| Self {
            kind: Some(holder.kind),
            tool: holder.tool.clone(),
            tool_name: holder.tool_name.clone(),
            name: holder.name.clone(),
            ..plain.clone()
        };
        let all: Vec<_> = sighting.holders.iter().map(told).collect();
        if all.is_empty() { vec![plain] } else { all }
    }

    /// What stays the same when the value there is replaced: the path with the key (else with the `rule`), and the
    /// tool's holder with the key.
    pub(super) fn places(&self, rule: &str) -> Vec<Vec<u8>> {
        let text = |place: &(u8, &str, &str, Option<&str>, Option<&str>)| {
            serde_json::to_vec(place).unwrap_or_default()
        };
        let key = self.key.as_deref();
        let mut all = vec![match key {
            Some(_) => text(&(0, &self.source, &self.path, key, None)),
            None => text(&(1, &self.source, &self.path, None, Some(rule))),
        }];
        if !self.tool.is_empty() && key.is_some() && self.name.is_some() {
            all.push(text(&(2, &self.source, &self.tool, key, self.name.as_deref())));
        }
        all
    }

    /// It in words: `config.json github.TOKEN: MCP server github of Cursor`.
    pub fn text(&self) -> String {
        let mut text = self.path.clone();
        if !self.source.is_empty() {
            text = format!("{}: {text}", self.source);
        }
        if let Some(key) = &self.key {
            text = format!("{text} {key}");
        }
        let Some(kind) = self.kind else { return text };
        text = format!("{text}: {}", kind.words());
        if let Some(name) = &self.name {
            text = format!("{text} {name}");
        }
        if self.tool_name.is_empty() { text } else { format!("{text} of {}", self.tool_name) }
    }
}

/// Whether `sighting` is of a history only: no newest state holds it.
pub(super) fn is_past(sighting: &Sighting) -> bool {
    let past = |past: &SightedPast| !past.in_head && past.refs_total == 0;
    sighting.history.as_ref().is_some_and(past)
}
