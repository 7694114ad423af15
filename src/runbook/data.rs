//! What providers and tools need, as data: how to end and replace a credential, and how its holders take another.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::model::{Kind, Trail, TrailHolder, TrailKind, Zone};

/// The data of this build.
pub(super) static DATA: LazyLock<Data> = LazyLock::new(|| Data {
    ways: read::<Ways>(include_str!("../../rules/runbook/revocation.toml")).way,
    tools: read::<Tools>(include_str!("../../rules/runbook/holders.toml")).holder,
    recipes: read::<Recipes>(include_str!("../../rules/runbook/replacements.toml")).replacement,
});

fn read<T: for<'de> Deserialize<'de>>(text: &str) -> T {
    toml::from_str(text).expect("a test reads the data of this build")
}

/// All of it.
#[derive(Debug)]
pub(super) struct Data {
    pub ways: Vec<Way>,
    pub tools: Vec<Tool>,
    pub recipes: Vec<Replacement>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ways {
    way: Vec<Way>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tools {
    holder: Vec<Tool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Recipes {
    replacement: Vec<Replacement>,
}

/// For which credentials and holders an entry is meant: every list that is not empty has one that fits.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct When {
    /// Slugs of providers.
    pub providers: Vec<String>,
    /// Ids of rules, or their beginnings up to a hyphen.
    pub rules: Vec<String>,
    pub kinds: Vec<Kind>,
    pub zones: Vec<Zone>,
    /// Sorts of holder.
    pub holders: Vec<TrailKind>,
    /// Slugs of tools.
    pub tools: Vec<String>,
}

/// How a credential is replaced and ended.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Way {
    #[serde(default)]
    pub when: When,
    /// What others it can make; empty if none.
    #[serde(default)]
    pub mints: String,
    #[serde(default)]
    pub look: Option<Told>,
    #[serde(default)]
    pub create: Option<Told>,
    #[serde(default)]
    pub check: Option<Told>,
    #[serde(default)]
    pub revoke: Option<Told>,
    #[serde(default)]
    pub after: Option<Told>,
}

/// One step as told in data.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Told {
    pub text: String,
    /// A command for a terminal.
    #[serde(default)]
    pub paste: String,
    /// A call that shows whether the new one works.
    #[serde(default)]
    pub probe: Option<Probe>,
    #[serde(default)]
    pub url: String,
    /// What tells that it worked.
    #[serde(default)]
    pub look: String,
    #[serde(default)]
    pub confirmed: bool,
    #[serde(default)]
    pub source: String,
}

/// A call that only reads, with the new one in a header or as a login.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Probe {
    pub url: String,
    /// The header up to the value: `Authorization: Bearer `; empty for a login.
    #[serde(default)]
    pub header: String,
    /// The name before the colon of a login with the value as its password.
    #[serde(default)]
    pub user: String,
}

/// How a tool takes another credential.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tool {
    #[serde(default)]
    pub when: When,
    /// How to put the new one there.
    #[serde(default)]
    pub how: String,
    /// What makes the tool take it up.
    #[serde(default)]
    pub then: String,
    /// How to take the old one out of what it keeps.
    #[serde(default)]
    pub clean: String,
}

/// What makes a key unnecessary.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Replacement {
    pub id: String,
    #[serde(default)]
    pub when: When,
    pub text: String,
    #[serde(default)]
    pub paste: Vec<Written>,
    pub source: String,
    pub confirmed: bool,
}

/// Text to paste.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    pub language: String,
    #[serde(default)]
    pub into: String,
    pub content: String,
}

impl When {
    /// Whether it is meant for `trail`, whoever holds it.
    pub fn suits(&self, trail: &Trail) -> bool {
        let rule = trail.rule.as_str();
        any(&self.providers, |provider| *provider == trail.provider)
            && any(&self.rules, |start| begins(rule, start))
            && any(&self.kinds, |kind| *kind == trail.kind)
    }

    /// Whether it is meant for `holder`, whatever it holds.
    pub fn meets(&self, holder: &TrailHolder) -> bool {
        any(&self.zones, |zone| *zone == holder.zone)
            && any(&self.holders, |kind| *kind == holder.kind)
            && any(&self.tools, |tool| *tool == holder.tool)
    }

    /// How narrow it is as to the credential.
    fn narrow(&self) -> u8 {
        let weigh = |list: bool, weight: u8| if list { 0 } else { weight };
        weigh(self.rules.is_empty(), 4)
            + weigh(self.providers.is_empty(), 2)
            + weigh(self.kinds.is_empty(), 1)
    }
}

fn any<T>(list: &[T], fits: impl Fn(&T) -> bool) -> bool {
    list.is_empty() || list.iter().any(fits)
}

/// Whether `rule` is `start` or goes on behind it with a hyphen.
fn begins(rule: &str, start: &str) -> bool {
    rule.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// The ways that are meant for `trail`, the narrowest first.
pub(super) fn ways(trail: &Trail) -> Vec<&'static Way> {
    let mut ways: Vec<_> = DATA.ways.iter().filter(|way| way.when.suits(trail)).collect();
    ways.sort_by_key(|way| std::cmp::Reverse(way.when.narrow()));
    ways
}
