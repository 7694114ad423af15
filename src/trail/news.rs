//! Holders that an earlier report does not know.

use std::collections::BTreeSet;

use crate::model::{Basis, RuleId, SecretId, Trail, TrailHolder};

/// What names a holder from one report to the next: its lines may move.
type Place<'t> = (&'t str, &'t str, Option<&'t str>, &'t str, Option<&'t str>);

/// The holders in `new` that are not in `old`, each with its trail. Ids that hold for one report only say nothing:
/// of such credentials a holder is known if one of the same rule stood there.
pub fn new_holders<'t>(old: &[Trail], new: &'t [Trail]) -> Vec<(&'t Trail, &'t TrailHolder)> {
    let pairs = || old.iter().flat_map(|trail| trail.holders.iter().map(move |h| (trail, h)));
    let known: BTreeSet<(SecretId, Place<'_>)> =
        pairs().map(|(trail, holder)| (trail.secret_id, place(holder))).collect();
    let stood: BTreeSet<(&RuleId, Place<'_>)> =
        pairs().map(|(trail, holder)| (&trail.rule, place(holder))).collect();
    let is_new = |trail: &Trail, holder: &TrailHolder| match trail.comparable {
        Basis::Run => !stood.contains(&(&trail.rule, place(holder))),
        Basis::Team | Basis::Anywhere => !known.contains(&(trail.secret_id, place(holder))),
    };
    let all = new.iter().flat_map(|trail| trail.holders.iter().map(move |holder| (trail, holder)));
    all.filter(|(trail, holder)| is_new(trail, holder)).collect()
}

fn place(holder: &TrailHolder) -> Place<'_> {
    let TrailHolder { source, tool, name, path, key, .. } = holder;
    (source, tool, name.as_deref(), path, key.as_deref())
}
