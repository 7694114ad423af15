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

/// Other names of the makers' own servers.
const HOMES: [(&str, &str); 4] = [
    ("ghcr.io", "github.com"),
    ("githubusercontent.com", "github.com"),
    ("githubcopilot.com", "github.com"),
    ("github.com", "github.com"),
];

/// The host in a URL, or alone, by the name under which one signs in there.
fn host(text: &str) -> Option<String> {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let rest = rest.split(['/', '?']).next()?;
    let host = rest.rsplit('@').next()?.to_ascii_lowercase();
    let host = host.strip_prefix("registry.").unwrap_or(&host);
    let home = HOMES.iter().find(|(name, _)| is_below(host, name)).map(|(_, home)| *home);
    let host = home.unwrap_or(host);
    (host.contains('.') && is_harmless(host)).then(|| host.to_owned())
}

/// Whether `host` is `top` or below it.
pub(super) fn is_below(host: &str, top: &str) -> bool {
    host.strip_suffix(top).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// The host under which a tool's file has it: `"git.example.org".oauth_token`.
fn filed(holder: &TrailHolder) -> Option<String> {
    let by_host = ["github-cli", "hub", "glab", "netrc", "tea"];
    let key = holder.key.as_deref().filter(|_| by_host.contains(&holder.tool.as_str()))?;
    host(key.split('"').nth(1)?)
}
