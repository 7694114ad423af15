//! For which credentials and holders an entry of the data is meant.

use serde::Deserialize;

use crate::model::{Field, Kind, Lifetime, RuleId, Trail, TrailHolder, TrailKind, Zone};
use crate::runbook::{glob, host};

/// Every list that is not empty has one that fits.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct When {
    /// Slugs of providers.
    pub providers: Vec<String>,
    /// Ids of rules, or their beginnings up to a hyphen.
    pub rules: Vec<String>,
    pub kinds: Vec<Kind>,
    /// Who issued it, as it says itself.
    pub issuers: Vec<String>,
    /// It is used at a host that is known, and that is none of these nor below one.
    pub away_from: Vec<String>,
    /// Whether it ends by itself.
    pub ends: Option<bool>,
    pub zones: Vec<Zone>,
    /// Sorts of holder.
    pub holders: Vec<TrailKind>,
    /// Slugs of tools.
    pub tools: Vec<String>,
    /// Paths; a star stands for anything.
    pub paths: Vec<String>,
    /// Keys in their files; a star stands for anything.
    pub keys: Vec<String>,
    /// Others for which it is meant as well.
    pub also: Vec<Self>,
}

impl When {
    /// How narrow it is as to `trail`, if it is meant for it and one of its holders.
    pub fn narrow(&self, trail: &Trail) -> Option<u8> {
        let held = !self.has_place() || trail.holders.iter().any(|holder| self.meets(holder));
        let own = (held && self.is_of(trail, &trail.rule)).then(|| self.weight());
        self.also.iter().filter_map(|other| other.narrow(trail)).chain(own).max()
    }

    /// Whether it is meant for `trail` as `holder` has it.
    pub fn fits(&self, trail: &Trail, holder: &TrailHolder) -> bool {
        (self.meets(holder) && self.is_of(trail, form(trail, holder)))
            || self.also.iter().any(|other| other.fits(trail, holder))
    }

    /// Whether it is meant for `holder`, whatever it holds.
    pub fn meets(&self, holder: &TrailHolder) -> bool {
        let path = format!("/{}", holder.path.replace('\\', "/"));
        let key = holder.key.as_deref().unwrap_or_default();
        any(&self.zones, |zone| *zone == holder.zone)
            && any(&self.holders, |kind| *kind == holder.kind)
            && any(&self.tools, |tool| *tool == holder.tool)
            && any(&self.paths, |pattern| like(pattern, &path))
            && any(&self.keys, |pattern| like(pattern, key))
    }

    fn is_of(&self, trail: &Trail, rule: &RuleId) -> bool {
        let issued = |issuer: &String| {
            let claims = trail.principal.iter();
            claims.filter(|claim| claim.field == Field::Issuer).any(|claim| claim.value == *issuer)
        };
        let ends = matches!(trail.lifetime, Lifetime::Expires(_) | Lifetime::Expired(_));
        let home = |host: &String| self.away_from.iter().any(|top| host::is_below(host, top));
        let away = || host::of(trail).is_some_and(|host| !home(&host));
        any(&self.providers, |provider| *provider == trail.provider)
            && any(&self.rules, |start| begins(rule.as_str(), start))
            && any(&self.kinds, |kind| *kind == trail.kind)
            && any(&self.issuers, issued)
            && self.ends.is_none_or(|wanted| wanted == ends)
            && (self.away_from.is_empty() || away())
    }

    fn has_place(&self) -> bool {
        let Self { zones, holders, tools, paths, keys, .. } = self;
        !(zones.is_empty()
            && holders.is_empty()
            && tools.is_empty()
            && paths.is_empty()
            && keys.is_empty())
    }

    fn weight(&self) -> u8 {
        let more = !self.issuers.is_empty() || !self.away_from.is_empty() || self.ends.is_some();
        let weights = [
            (more || self.has_place(), 8),
            (!self.rules.is_empty(), 4),
            (!self.providers.is_empty(), 2),
            (!self.kinds.is_empty(), 1),
        ];
        weights.into_iter().filter(|(has, _)| *has).map(|(_, weight)| weight).sum()
    }
}

/// The rule by which `holder` has it: a key pair has several forms.
fn form<'t>(trail: &'t Trail, holder: &'t TrailHolder) -> &'t RuleId {
    match (trail.kind, &holder.rule) {
        (Kind::PrivateKey, Some(rule)) => rule,
        _ => &trail.rule,
    }
}

fn any<T>(list: &[T], fits: impl Fn(&T) -> bool) -> bool {
    list.is_empty() || list.iter().any(fits)
}

fn like(pattern: &str, text: &str) -> bool {
    glob::fits(pattern.as_bytes(), text.as_bytes(), |p| *p == b'*', |p, t| p == t)
}

/// Whether `rule` is `start` or goes on behind it with a hyphen.
fn begins(rule: &str, start: &str) -> bool {
    rule.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}
