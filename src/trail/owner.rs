//! Whose a credential is, and which credentials are of one owner.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Claim, Field, Owner, Reuse, RuleId, SecretId, Trail};
use crate::trail::rank;

/// The identity as which `trail`'s credential acts, in words; none if nothing names one. Equal texts are equal
/// identities.
pub fn owner(trail: &Trail) -> Option<String> {
    let told = |field| {
        let mut values = trail.principal.iter().filter(move |claim| claim.field == field);
        values.next().map(|claim: &Claim| claim.value.as_str())
    };
    // Of a value without an issuer only a login with its host names an identity.
    if trail.rule == LITERAL && told(Field::Endpoint).is_none() {
        return None;
    }
    let provider = &trail.provider;
    let tenant = told(Field::Tenant);
    match (told(Field::Principal), tenant, told(Field::Issuer)) {
        // An address names its domain itself, wherever else it is said to belong.
        (Some(principal), _, _) if principal.contains('@') => {
            Some(format!("{provider}: {principal}"))
        }
        (Some(principal), Some(tenant), _) => Some(format!("{provider}: {principal} in {tenant}")),
        (Some(principal), None, Some(issuer)) => {
            Some(format!("{provider}: {principal} of {issuer}"))
        }
        (Some(principal), None, None) => {
            let place = told(Field::Endpoint).map(|place| format!(" at {place}"));
            Some(format!("{provider}: {principal}{}", place.unwrap_or_default()))
        }
        (None, Some(tenant), _) => Some(format!("{provider}: {tenant}")),
        (None, None, _) => None,
    }
}

/// The rule of values that no issuer's format describes.
const LITERAL: RuleId = RuleId::from_static("literal-in-secret-field");

/// How many siblings a trail lists.
const MOST: usize = 100;

/// Finds out which trails are of one owner.
#[derive(Debug, Default)]
pub struct Owners(BTreeMap<String, Vec<usize>>);

impl Owners {
    /// Links those of `trails` that are of one owner, and tells of the owners with more than one credential.
    pub fn link(trails: &mut [Trail]) -> Vec<Owner> {
        let mut owners = Self::default();
        for (n, trail) in trails.iter().enumerate() {
            if let Some(name) = owner(trail) {
                owners.0.entry(name).or_default().push(n);
            }
        }
        owners.0.retain(|_, trails| trails.len() > 1);
        for group in owners.0.values() {
            let ids: Vec<SecretId> = group.iter().map(|&n| trails[n].secret_id).collect();
            for &n in group {
                let trail = &mut trails[n];
                let others = ids.iter().copied().filter(|id| *id != trail.secret_id);
                trail.siblings = others.take(MOST).collect();
                trail.reuse.push(Reuse::SharedPrincipal);
                rank::shared(trail);
            }
        }
        let owner = |(name, group): (String, Vec<usize>)| Owner {
            name,
            holders: count(group.iter().map(|&n| &trails[n])),
            trails: ranked(group.iter().map(|&n| &trails[n])),
        };
        owners.0.into_iter().map(owner).collect()
    }
}

fn count<'t>(trails: impl Iterator<Item = &'t Trail>) -> usize {
    let holders = trails.flat_map(|trail| &trail.holders);
    holders.map(|h| (&h.source, &h.tool, &h.name, &h.path, &h.key)).collect::<BTreeSet<_>>().len()
}

fn ranked<'t>(trails: impl Iterator<Item = &'t Trail>) -> Vec<SecretId> {
    let mut all: Vec<_> = trails.collect();
    all.sort_by(|a, b| super::order(a, b));
    all.into_iter().map(|trail| trail.secret_id).collect()
}
