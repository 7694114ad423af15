//! One table of conditions: all must hold, of the values of a list any.

use std::collections::HashSet;

use toml::de::DeTable;

use crate::model::{
    Confidence, Kind, Reuse, Role, Scope, Severity, Trail, TrailHolder, TrailKind, Zone,
};
use crate::policy::glob::Glob;
use crate::policy::refusal::{Refusal, Source};
use crate::policy::value::keys;
use crate::policy::words::State;

/// Conditions on a trail and on its holders. Those on a holder must hold of one and the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    kind: Vec<Kind>,
    provider: Vec<Glob>,
    rule: Vec<Glob>,
    severity: Option<Severity>,
    confidence: Option<Confidence>,
    reuse: Vec<Reuse>,
    lifetime: Vec<State>,
    holder: Vec<TrailKind>,
    tool: Vec<Glob>,
    zone: Vec<Zone>,
    scope: Vec<Scope>,
    role: Vec<Role>,
    path: Vec<Glob>,
    source: Vec<Glob>,
    past: Option<bool>,
    by_reference: Option<bool>,
    tools_more_than: Option<usize>,
    zones_more_than: Option<usize>,
    holders_more_than: Option<usize>,
}

impl Condition {
    /// The patterns that name a provider, a rule or a tool, each with what it names.
    pub(super) fn names(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [("provider", &self.provider), ("rule", &self.rule), ("tool", &self.tool)];
        all.into_iter().flat_map(|(what, globs)| globs.iter().map(move |glob| (what, glob.text())))
    }
}

/// The keys of a table of conditions.
pub(super) const KEYS: [&str; 19] = [
    "kind",
    "provider",
    "rule",
    "severity",
    "confidence",
    "reuse",
    "lifetime",
    "holder",
    "tool",
    "zone",
    "scope",
    "role",
    "path",
    "source",
    "past",
    "by-reference",
    "tools-more-than",
    "zones-more-than",
    "holders-more-than",
];

impl Condition {
    /// Reads the conditions of `table`.
    pub(super) fn read(source: Source<'_>, table: &DeTable<'_>) -> Result<Self, Refusal> {
        let mut is = Self::default();
        for (key, span, value) in keys(table) {
            let what = format!("`{key}`");
            match key.as_str() {
                "kind" => is.kind = source.words(value, &what)?,
                "provider" => is.provider = source.globs(value, &what)?,
                "rule" => is.rule = source.globs(value, &what)?,
                "severity" => is.severity = Some(source.word(value, &what)?),
                "confidence" => is.confidence = Some(source.word(value, &what)?),
                "reuse" => is.reuse = source.words(value, &what)?,
                "lifetime" => is.lifetime = source.words(value, &what)?,
                "holder" => is.holder = source.words(value, &what)?,
                "tool" => is.tool = source.globs(value, &what)?,
                "zone" => is.zone = source.words(value, &what)?,
                "scope" => is.scope = source.words(value, &what)?,
                "role" => is.role = source.words(value, &what)?,
                "path" => is.path = source.globs(value, &what)?,
                "source" => is.source = source.globs(value, &what)?,
                "past" => is.past = Some(source.switch(value, &what)?),
                "by-reference" => is.by_reference = Some(source.switch(value, &what)?),
                "tools-more-than" => is.tools_more_than = Some(source.number(value, &what)?),
                "zones-more-than" => is.zones_more_than = Some(source.number(value, &what)?),
                "holders-more-than" => is.holders_more_than = Some(source.number(value, &what)?),
                _ => return Err(source.unknown(&key, &span, &KEYS)),
            }
        }
        Ok(is)
    }

    /// Whether what it asks of the trail itself holds. How sure a trail must be is `least` if it does not say.
    pub(super) fn is_of(&self, trail: &Trail, least: Confidence) -> bool {
        one_of(&self.kind, &trail.kind)
            && fits(&self.provider, &trail.provider)
            && fits(&self.rule, trail.rule.as_str())
            && self.severity.is_none_or(|least| trail.severity >= least)
            && trail.confidence >= self.confidence.unwrap_or(least)
            && (self.reuse.is_empty() || trail.reuse.iter().any(|class| self.reuse.contains(class)))
            && one_of(&self.lifetime, &State::of(&trail.lifetime))
    }

    /// Whether what it asks of a holder holds.
    pub(super) fn is_held(&self, holder: &TrailHolder) -> bool {
        one_of(&self.holder, &holder.kind)
            && fits(&self.tool, &holder.tool)
            && one_of(&self.zone, &holder.zone)
            && (self.scope.is_empty() || holder.scope.is_some_and(|s| self.scope.contains(&s)))
            && (self.role.is_empty() || holder.role.is_some_and(|r| self.role.contains(&r)))
            && fits(&self.path, &holder.path)
            && fits(&self.source, &holder.source)
            && self.past.is_none_or(|past| past == holder.past)
            && self.by_reference.is_none_or(|by| by == holder.by_reference)
    }

    /// Whether it asks anything of a holder.
    pub(super) fn asks_holder(&self) -> bool {
        let lists = [self.tool.len(), self.path.len(), self.source.len(), self.holder.len()];
        let words = [self.zone.len(), self.scope.len(), self.role.len()];
        lists.into_iter().chain(words).any(|length| length > 0)
            || self.past.is_some()
            || self.by_reference.is_some()
    }

    /// Whether it counts holders.
    pub(super) const fn counts(&self) -> bool {
        self.tools_more_than.is_some()
            || self.zones_more_than.is_some()
            || self.holders_more_than.is_some()
    }

    /// Whether `holders` are as many as it asks.
    pub(super) fn is_many<'h>(
        &self,
        holders: &(impl Iterator<Item = &'h TrailHolder> + Clone),
    ) -> bool {
        let tools = || holders.clone().map(|h| h.tool.as_str()).filter(|tool| !tool.is_empty());
        self.tools_more_than.is_none_or(|most| more(tools(), most))
            && self.zones_more_than.is_none_or(|most| more(holders.clone().map(|h| h.zone), most))
            && self.holders_more_than.is_none_or(|most| holders.clone().nth(most).is_some())
    }
}

fn one_of<T: PartialEq>(asked: &[T], value: &T) -> bool {
    asked.is_empty() || asked.contains(value)
}

fn fits(asked: &[Glob], text: &str) -> bool {
    asked.is_empty() || asked.iter().any(|glob| glob.fits(text))
}

/// Whether there are more than `most` different ones; no more than that are kept.
fn more<T: Eq + std::hash::Hash>(mut values: impl Iterator<Item = T>, most: usize) -> bool {
    let mut seen = HashSet::new();
    values.any(|value| seen.insert(value) && seen.len() > most)
}
