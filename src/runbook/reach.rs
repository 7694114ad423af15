//! Why a credential may lie open, in words.

use crate::model::{Life, Trail, Zone};
use crate::report::RuleInfo;
use crate::runbook::data::{DATA, ways};
use crate::runbook::host;
use crate::runbook::part::{Part, is_used, job, part};

/// What tells that `trail`'s credential may lie open; none if nothing does.
pub(super) fn reach(trail: &Trail, rule: Option<&RuleInfo>) -> Vec<String> {
    let mut why = Vec::new();
    let has = |zone| trail.holders.iter().any(|holder| holder.zone == zone);
    if has(Zone::Repository) {
        why.push(
            "It lies in a repository: whoever can read that has it. If that was ever public, it is public."
                .to_owned(),
        );
    }
    if has(Zone::Image) {
        why.push("It lies in an image or package that is handed on.".to_owned());
    }
    let mut kept = trail.holders.iter().filter(|holder| part(holder) == Part::Residue);
    if kept.any(|holder| holder.zone == Zone::Transcript) {
        why.push("An agent keeps it and may repeat it.".to_owned());
    }
    if job(trail).is_some() {
        why.push("A job of CI had it: the CI system may hold it as a secret.".to_owned());
    }
    for tool in DATA.tools.iter().filter(|tool| !tool.says.is_empty()) {
        let mut holders = trail.holders.iter().filter(|holder| !holder.past);
        if let Some(holder) = holders.find(|holder| tool.when.meets(holder)) {
            why.push(format!("`{}`: {}", holder.path, tool.says));
        }
    }
    why.extend(elsewhere(trail));
    if rule.is_some_and(|rule| rule.life == Life::Short) {
        why.push(
            "Such credentials live for hours at most: what makes them matters more than this one."
                .to_owned(),
        );
    }
    if !is_used(trail) {
        why.push("Nothing in this report works with it any longer: it is only revoked.".to_owned());
    }
    why
}

/// That it is used at a server which is not its maker's: whoever can write a file that is scanned can name one.
fn elsewhere(trail: &Trail) -> Option<String> {
    let home = ways(trail).into_iter().map(|way| &way.home).find(|home| !home.is_empty())?;
    let host = host::of(trail).filter(|host| !host::is_below(host, home))?;
    Some(format!(
        "One of its places says that it is used at `{host}`, so the steps name that server. Go on only if it is \
         one of yours. If it is not, whoever runs it may have the old one: begin with “Revoke the old one” at \
         {home}, make a new one there only for holders that use {home}, and take the name of that server out of \
         the places below. Send nothing new to it."
    ))
}
