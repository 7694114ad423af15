//! What providers and tools need, as data: how to end and replace a credential, and how its holders take another.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::model::{Trail, TrailHolder};
use crate::runbook::part::Part;
use crate::runbook::when::When;

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

/// How a credential is replaced and ended.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Way {
    #[serde(default)]
    pub when: When,
    /// To what use the key is put, for one that may be put to several.
    #[serde(default)]
    pub form: String,
    /// What others it can make; empty if none.
    #[serde(default)]
    pub mints: String,
    /// What others it opens: a store of credentials; empty if none.
    #[serde(default)]
    pub opens: String,
    /// The maker's own server, if others may have one of theirs.
    #[serde(default)]
    pub home: String,
    /// The new one cannot be had before the old one is ended.
    #[serde(default)]
    pub revoke_first: bool,
    /// How to find out whose the old one is.
    #[serde(default)]
    pub whose: Option<Told>,
    /// How to tell which of two values with the same id is the real one.
    #[serde(default)]
    pub pair: String,
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
    /// Empty if the usual words for such a step do.
    #[serde(default)]
    pub text: String,
    /// A command for a terminal.
    #[serde(default)]
    pub paste: String,
    /// A call that shows whether the new one works, or whose the old one is.
    #[serde(default)]
    pub probe: Option<Probe>,
    /// It tells what a later step needs, so it is done even if its answer is known.
    #[serde(default)]
    pub always: bool,
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
    /// What else curl needs: a header or a body of ours.
    #[serde(default)]
    pub options: String,
    /// The fields of the answer that tell whose it is.
    #[serde(default)]
    pub says: Vec<String>,
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
    /// What is to be done with it, where its sort and zone do not tell.
    #[serde(default)]
    pub part: Option<Part>,
    /// What to know of it before anything is done.
    #[serde(default)]
    pub says: String,
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

/// The ways that are meant for `trail`, the narrowest first.
pub(super) fn ways(trail: &Trail) -> Vec<&'static Way> {
    let narrow = |way: &'static Way| Some((way.when.narrow(trail)?, way));
    let mut ways: Vec<_> = DATA.ways.iter().filter_map(narrow).collect();
    ways.sort_by_key(|(narrow, _)| std::cmp::Reverse(*narrow));
    ways.into_iter().map(|(_, way)| way).collect()
}

/// The ways of the forms in which holders of `trail` have it, in the order of the data: a key for SSH, one of a
/// certificate, a JSON Web Key.
pub(super) fn forms(trail: &Trail) -> Vec<&'static Way> {
    let found: Vec<_> = trail.holders.iter().filter_map(|holder| form(trail, holder)).collect();
    let is_found = |way: &&Way| found.iter().any(|other| std::ptr::eq(*other, *way));
    DATA.ways.iter().filter(is_found).collect()
}

/// The way of the form in which `holder` has it; none if its sort has no forms.
pub(super) fn form(trail: &Trail, holder: &TrailHolder) -> Option<&'static Way> {
    DATA.ways.iter().find(|way| !way.form.is_empty() && way.when.fits(trail, holder))
}
