//! Makes the card of one credential.

use std::collections::BTreeMap;

use crate::model::{Field, Trail};
use crate::report::{Record, RuleInfo};
use crate::runbook::order::{Near, Placed};
use crate::runbook::part::{Part, is_used, job, part};
use crate::runbook::reach::reach;
use crate::runbook::shape::{Card, OwnerLine, State};
use crate::runbook::whose::Known;
use crate::runbook::{Hints, host, recipe, steps, whose};

/// The rule of values that only their field tells: the field may name a server.
const LITERAL: &str = "literal-in-secret-field";
/// How many owners a card names.
const MOST_OWNERS: usize = 20;
/// How many claims of one sort.
const MOST_CLAIMS: usize = 5;

/// The card of a credential that is placed in the order, `near` others.
pub(super) fn card(placed: &Placed<'_>, near: &Near, record: &Record, hints: &Hints) -> Card {
    let trail = placed.trail;
    let rule = record.rules.get(&trail.rule);
    let gone = matches!(placed.state, State::Expired | State::Public);
    let owners = owners(trail, hints);
    let known = Known { owner: owners.iter().any(OwnerLine::is_owner), twins: &near.twins };
    let instead = is_used(trail) && placed.state != State::Public;
    Card {
        number: near.number,
        secret_id: trail.secret_id,
        rule: trail.rule.clone(),
        name: trail.name.clone(),
        redacted: trail.redacted.clone(),
        state: placed.state,
        why: why(placed, rule, near),
        rank: trail.rank.clone(),
        breaks: if gone { Vec::new() } else { breaks(trail) },
        steps: steps::steps(trail, rule, placed.state, known),
        owners,
        instead: rule.filter(|_| instead).map(|rule| rule.replace.text.clone()).unwrap_or_default(),
        recipes: if instead { recipe::recipes(trail) } else { Vec::new() },
    }
}

fn why(placed: &Placed<'_>, rule: Option<&RuleInfo>, near: &Near) -> Vec<String> {
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
        if is_used(placed.trail) {
            why.extend(open_stores(&near.stores));
        }
        why.extend(reach(placed.trail, rule));
    }
    why
}

/// That the new one is not put into a store that is changed later.
fn open_stores(numbers: &[usize]) -> Option<String> {
    let named: Vec<_> = numbers.iter().map(|number| format!("number {number}")).collect();
    let (last, others) = named.split_last()?;
    let (stores, which) = match others {
        [] => (format!("the store at {last}"), "that is"),
        others => (format!("the stores at {} and {last}", others.join(", ")), "these are"),
    };
    Some(format!("It comes before {stores}: nothing new is put there before {which} done."))
}

/// Who is known to own it: what it says itself, then who owns the places.
fn owners(trail: &Trail, hints: &Hints) -> Vec<OwnerLine> {
    let mut lines = Vec::new();
    for (field, how) in [
        (Field::Principal, OwnerLine::ACTS_AS),
        (Field::Tenant, "account, project or namespace"),
        (Field::Endpoint, OwnerLine::USED_AT),
    ] {
        let claims = trail.principal.iter().filter(|claim| claim.field == field).take(MOST_CLAIMS);
        lines.extend(
            claims.map(|claim| OwnerLine { who: claim.value.clone(), how: how.to_owned() }),
        );
    }
    let projects = whose::projects(trail).take(MOST_CLAIMS);
    lines.extend(
        projects
            .map(|who| OwnerLine { who: who.to_owned(), how: "limited to the project".to_owned() }),
    );
    // A value that no format describes is used where the file of its tool says.
    if trail.rule.as_str() == LITERAL && !lines.iter().any(|line| line.how == OwnerLine::USED_AT) {
        let host = host::of(trail).into_iter();
        lines.extend(host.map(|who| OwnerLine { who, how: OwnerLine::USED_AT.to_owned() }));
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
    texts.extend(job(trail).map(|_| "secrets of the CI system, if it holds it".to_owned()));
    texts.dedup();
    texts
}
