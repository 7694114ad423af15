//! Makes the card of one credential.

use std::collections::BTreeMap;

use crate::model::{Field, Trail};
use crate::report::{Record, RuleInfo};
use crate::runbook::order::Placed;
use crate::runbook::part::{Part, is_used, part};
use crate::runbook::reach::reach;
use crate::runbook::shape::{Card, OwnerLine, State};
use crate::runbook::whose::Known;
use crate::runbook::{Hints, recipe, steps};

/// How many owners a card names.
const MOST_OWNERS: usize = 20;

/// The card of a credential that is placed in the order, as `number`; those of `twins` say the same key id.
pub(super) fn card(
    placed: &Placed<'_>,
    (number, twins): (usize, &[usize]),
    record: &Record,
    hints: &Hints,
) -> Card {
    let trail = placed.trail;
    let rule = record.rules.get(&trail.rule);
    let gone = matches!(placed.state, State::Expired | State::Public);
    let owners = owners(trail, hints);
    let known = Known { owner: owners.iter().any(OwnerLine::is_owner), twins };
    let instead = is_used(trail) && placed.state != State::Public;
    Card {
        number,
        secret_id: trail.secret_id,
        rule: trail.rule.clone(),
        name: trail.name.clone(),
        redacted: trail.redacted.clone(),
        state: placed.state,
        why: why(placed, rule),
        rank: trail.rank.clone(),
        breaks: if gone { Vec::new() } else { breaks(trail) },
        steps: steps::steps(trail, rule, placed.state, known),
        owners,
        instead: rule.filter(|_| instead).map(|rule| rule.replace.text.clone()).unwrap_or_default(),
        recipes: if instead { recipe::recipes(trail) } else { Vec::new() },
    }
}

fn why(placed: &Placed<'_>, rule: Option<&RuleInfo>) -> Vec<String> {
    let mut why = Vec::new();
    match placed.state {
        State::Public => return why,
        State::AtOnce if placed.used => why.push("Somebody else is known to use it.".to_owned()),
        State::AtOnce => why.push("It stands where strangers can read it.".to_owned()),
        _ => {}
    }
    if let Some(rule) = rule.filter(|rule| !rule.grants.is_empty()) {
        why.push(rule.grants.clone());
    }
    if !placed.mints.is_empty() {
        why.push(placed.mints.to_owned());
    }
    if !placed.opens.is_empty() {
        why.push(placed.opens.to_owned());
        why.push(
            "So it comes before keys that it may hold: a new one put into an open store is lost again."
                .to_owned(),
        );
    } else if placed.raised {
        why.push(
            "So it comes before credentials of the same provider that it could make anew."
                .to_owned(),
        );
    }
    if placed.state != State::Expired {
        why.extend(reach(placed.trail, rule));
    }
    why
}

/// Who is known to own it: what it says itself, then who owns the places.
fn owners(trail: &Trail, hints: &Hints) -> Vec<OwnerLine> {
    let mut lines = Vec::new();
    for (field, how) in [
        (Field::Principal, OwnerLine::ACTS_AS),
        (Field::Tenant, "account, project or namespace"),
        (Field::Endpoint, "used at"),
    ] {
        let claims = trail.principal.iter().filter(|claim| claim.field == field);
        lines.extend(
            claims.map(|claim| OwnerLine { who: claim.value.clone(), how: how.to_owned() }),
        );
    }
    let brought = trail.brought_by.iter().cloned();
    lines.extend(brought.map(|who| OwnerLine { who, how: OwnerLine::BROUGHT.to_owned() }));
    let mut places: BTreeMap<(String, &str), Vec<&str>> = BTreeMap::new();
    for holder in &trail.holders {
        for (who, how) in hints.owners.iter().flat_map(|hint| hint.lines(holder)) {
            places.entry((who, how)).or_default().push(&holder.path);
        }
    }
    lines.extend(places.into_iter().map(|((who, how), paths)| {
        let first = paths.first().copied().unwrap_or_default();
        let more = paths.len() - 1;
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        OwnerLine { who, how: format!("{how} {first}{more}") }
    }));
    lines.truncate(MOST_OWNERS);
    lines
}

/// The holders that work with it, in words with their places.
fn breaks(trail: &Trail) -> Vec<String> {
    let working = trail.holders.iter().filter(|holder| part(holder) != Part::Residue);
    let mut texts: Vec<_> =
        working.map(|holder| format!("{} in {}", holder.text(), holder.path)).collect();
    texts.dedup();
    texts
}
