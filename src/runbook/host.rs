//! The server at which a credential is used, where it says one or the file of its tool does.

use std::collections::BTreeSet;

use crate::model::{Field, Trail, TrailHolder};
use crate::runbook::fill::is_harmless;

/// The host at which `trail`'s credential is used; none if none is known, or several.
pub(super) fn of(trail: &Trail) -> Option<String> {
    let told = trail.principal.iter().filter(|claim| claim.field == Field::Endpoint);
    let hosts = told.filter_map(|claim| host(&claim.value));
    let filed = trail.holders.iter().filter_map(filed);
    let hosts: BTreeSet<_> = hosts.chain(filed).collect();
    let mut hosts = hosts.into_iter();
    let (first, None) = (hosts.next()?, hosts.next()) else { return None };
    Some(first)
}

/// The host in a URL, or alone.
fn host(text: &str) -> Option<String> {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let rest = rest.split(['/', '?']).next()?;
    let host = rest.rsplit('@').next()?.to_ascii_lowercase();
    (host.contains('.') && is_harmless(&host)).then_some(host)
}

/// The host under which a tool's file has it: `"git.example.org".oauth_token`.
fn filed(holder: &TrailHolder) -> Option<String> {
    let by_host = ["github-cli", "hub", "glab", "netrc", "tea"];
    let key = holder.key.as_deref().filter(|_| by_host.contains(&holder.tool.as_str()))?;
    host(key.split('"').nth(1)?)
}
