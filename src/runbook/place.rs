//! How each holder takes the new credential.

use crate::model::{Trail, TrailHolder, Zone};
use crate::runbook::data::{DATA, Tool, form};
use crate::runbook::fill::{fill, fill_key};
use crate::runbook::part::{Part, job, part};
use crate::runbook::shape::{Spot, Step, StepKind};

/// The step that goes through all holders of `trail` that work with it, if `by_form` with the use that each makes
/// of its key.
pub(super) fn place(trail: &Trail, by_form: bool) -> Step {
    let mut spots = Vec::new();
    for wanted in [Part::Place, Part::Restart, Part::Build] {
        let holders = trail.holders.iter().filter(|holder| part(holder) == wanted);
        let by_form = by_form && wanted != Part::Restart;
        spots.extend(holders.map(|holder| formed(spot(trail, holder), trail, holder, by_form)));
    }
    spots.extend(job(trail).map(|holder| formed(secret_of_ci(holder), trail, holder, by_form)));
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
    let look = "Each of them works as before, and none of the files holds the old value any longer, but for those that \
         are said to stay until it is revoked.";
    Step { spots, ..Step::new(StepKind::Place, text, look) }
}

/// `spot`, if `by_form` with the use that `holder` makes of the key.
fn formed(spot: Spot, trail: &Trail, holder: &TrailHolder, by_form: bool) -> Spot {
    let form = form(trail, holder).filter(|_| by_form);
    let here = form.map(|way| format!("Here goes the one made {}. ", way.form));
    Spot { how: here.unwrap_or_default() + &spot.how, ..spot }
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

/// The CI system's own store of secrets, of which a job left `holder` behind.
fn secret_of_ci(holder: &TrailHolder) -> Spot {
    let how = format!(
        "A job had the old one: `{}`. If the CI system holds it as a secret, put the new one there under the \
         same name; if not, look how the job came by it, and change that. GitHub lists secrets under Settings > \
         Secrets and variables > Actions, of the repository, its environments and the organisation \
         (`gh secret set <name>` asks for the new one), GitLab under Settings > CI/CD > Variables.",
        holder.path
    );
    Spot {
        holder: "secrets of the CI system".to_owned(),
        zone: Zone::Ci,
        kind: holder.kind,
        source: holder.source.clone(),
        path: String::new(),
        keys: Vec::new(),
        line: 0,
        how,
        then: "run that job once more.".to_owned(),
    }
}

/// What is done with an image; what runs of it has the old one until it is started from the new build.
const BUILD: &str = "Look whether a container of it runs: it stops when the old one ends. Build it again without the \
                     value (`docker build --secret` for what only the build needs), hand the new one over when \
                     a container starts, push the build under the same tags, and deploy it.";

fn spot(trail: &Trail, holder: &TrailHolder) -> Spot {
    if part(holder) == Part::Build {
        return bare(holder, BUILD.to_owned(), "see that the new containers answer.".to_owned());
    }
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
