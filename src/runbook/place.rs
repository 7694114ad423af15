//! How each holder takes the new credential.

use crate::model::{Trail, TrailHolder};
use crate::runbook::data::{DATA, Tool, form};
use crate::runbook::fill::{fill, fill_key};
use crate::runbook::part::{Part, part};
use crate::runbook::shape::{Spot, Step, StepKind};

/// The step that goes through all holders of `trail` that work with it, if `by_form` with the use that each makes
/// of its key.
pub(super) fn place(trail: &Trail, by_form: bool) -> Step {
    let mut spots = Vec::new();
    for wanted in [Part::Place, Part::Restart] {
        let holders = trail.holders.iter().filter(|holder| part(holder) == wanted);
        spots.extend(holders.map(|holder| {
            let spot = spot(trail, holder);
            let form = form(trail, holder).filter(|_| by_form && wanted == Part::Place);
            let here = form.map(|way| format!("Here goes the one made {}. ", way.form));
            Spot { how: format!("{}{}", here.unwrap_or_default(), spot.how), ..spot }
        }));
    }
    let spots = merged(spots);
    let mut text = match spots.len() {
        1 => "Put the new one into this place; better than the value is a reference to it."
            .to_owned(),
        n => format!(
            "Put the new one into these {n} places; better than the value is a reference to it. Tick each \
             when it works again."
        ),
    };
    if by_form {
        text += " Each use has a key of its own from now on: not one for all of them again.";
    }
    let look =
        "Each of them works as before, and none of the files holds the old value any longer.";
    Step { spots, ..Step::new(StepKind::Place, text, look) }
}

/// `spots`, those at one path at which the same is done as one.
pub(super) fn merged(spots: impl IntoIterator<Item = Spot>) -> Vec<Spot> {
    let mut all: Vec<Spot> = Vec::new();
    for spot in spots {
        let same = |one: &&mut Spot| {
            (&one.source, &one.path, &one.how, &one.then)
                == (&spot.source, &spot.path, &spot.how, &spot.then)
        };
        let Some(one) = all.iter_mut().find(same) else {
            all.push(spot);
            continue;
        };
        one.line = one.line.min(spot.line);
        one.keys.extend(spot.keys);
        one.keys.dedup();
        if !one.holder.contains(&spot.holder) {
            one.holder = format!("{}, {}", one.holder, spot.holder);
        }
    }
    all
}

fn spot(trail: &Trail, holder: &TrailHolder) -> Spot {
    let restart = part(holder) == Part::Restart;
    let how = if holder.by_reference {
        "It takes the value from elsewhere by reference, so nothing is written here.".to_owned()
    } else if restart {
        "It got the value when it was started, from one of the other places or from its service manager; \
         nothing is written here."
            .to_owned()
    } else {
        fill_key(&fill(told(trail, holder, |tool| &tool.how), trail), holder)
    };
    bare(holder, how, fill(told(trail, holder, |tool| &tool.then), trail))
}

/// The first text of that sort that is meant for `holder`.
pub(super) fn told(
    trail: &Trail,
    holder: &TrailHolder,
    text: impl Fn(&'static Tool) -> &'static str,
) -> &'static str {
    let fits = |tool: &&Tool| tool.when.fits(trail, holder);
    DATA.tools.iter().filter(fits).map(text).find(|text| !text.is_empty()).unwrap_or_default()
}

/// `holder` as a spot at which `how` is done.
pub(super) fn bare(holder: &TrailHolder, how: String, then: String) -> Spot {
    Spot {
        holder: object(&holder.path).unwrap_or_else(|| holder.text()),
        zone: holder.zone,
        kind: holder.kind,
        source: holder.source.clone(),
        path: holder.path.clone(),
        keys: holder.key.iter().cloned().collect(),
        line: holder.line,
        how,
        then,
    }
}

/// What has no path but only Git's name for it, in words.
fn object(path: &str) -> Option<String> {
    let (folder, rest) = path.split_once("/.git/objects/")?.1.split_once('/')?;
    let id = [folder, rest].concat();
    let named = id.len() >= 40 && id.bytes().all(|b| b.is_ascii_hexdigit());
    named.then(|| format!("history, Git object {id} (usually a commit's or tag's message)"))
}
