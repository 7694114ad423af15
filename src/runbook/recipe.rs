//! Chooses what makes a key unnecessary, by the credential and by who holds it.

use crate::model::{Trail, TrailHolder, TrailKind};
use crate::runbook::data::{DATA, Replacement};
use crate::runbook::fill::fill;
use crate::runbook::part::{Part, part};
use crate::runbook::shape::{Paste, Recipe};

/// How many recipes a card shows.
const MOST: usize = 4;

/// The recipes that fit holders of `trail`, in the order of its holders.
pub(super) fn recipes(trail: &Trail) -> Vec<Recipe> {
    let working = trail.holders.iter().filter(|holder| part(holder) != Part::Residue);
    let mut chosen: Vec<(&Replacement, Vec<String>)> = Vec::new();
    for holder in working {
        let Some(found) = find(trail, holder) else { continue };
        let text = match holder.kind {
            TrailKind::Plain(_) => holder.path.clone(),
            TrailKind::Tool(_) => holder.text(),
        };
        match chosen.iter_mut().find(|(one, _)| one.id == found.id) {
            Some((_, texts)) if texts.contains(&text) => {}
            Some((_, texts)) => texts.push(text),
            None => chosen.push((found, vec![text])),
        }
    }
    chosen.into_iter().take(MOST).map(|(found, holders)| recipe(found, holders, trail)).collect()
}

fn find(trail: &Trail, holder: &TrailHolder) -> Option<&'static Replacement> {
    DATA.recipes.iter().find(|one| one.when.fits(trail, holder))
}

fn recipe(found: &Replacement, holders: Vec<String>, trail: &Trail) -> Recipe {
    let pastes = found.paste.iter().map(|paste| Paste {
        language: paste.language.clone(),
        into: paste.into.clone(),
        content: fill(paste.content.trim_end(), trail),
    });
    Recipe {
        id: found.id.clone(),
        text: fill(&found.text, trail),
        holders,
        pastes: pastes.collect(),
        confirmed: found.confirmed,
        source: found.source.clone(),
    }
}
