//! How each holder takes the new credential.

use crate::model::{Trail, TrailHolder};
use crate::runbook::data::{DATA, Tool};
use crate::runbook::fill::fill;
use crate::runbook::part::{Part, part};
use crate::runbook::shape::{Spot, Step, StepKind};

/// The step that goes through all holders of `trail` that work with it.
pub(super) fn place(trail: &Trail) -> Step {
    let mut spots = Vec::new();
    for wanted in [Part::Place, Part::Restart] {
        let holders = trail.holders.iter().filter(|holder| part(holder) == wanted);
        spots.extend(holders.map(|holder| spot(trail, holder)));
    }
    let text = match spots.len() {
        0 => {
            "No holder in this report works with it from where it lies. Ask the owner named above where it is \
             used; if nobody knows, look up its last use on the page on which the old one is listed. Put the \
             new one there, as a reference to a secrets store rather than as text."
                .to_owned()
        }
        1 => "Put the new one into this holder; better than the value is a reference to it.".to_owned(),
        n => format!(
            "Put the new one into these {n} holders; better than the value is a reference to it. Tick each \
             when it works again."
        ),
    };
    let look =
        "Each of them works as before, and none of the files holds the old value any longer.";
    Step { spots, ..Step::new(StepKind::Place, text, look) }
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
        fill(told(trail, holder, |tool| &tool.how), trail)
    };
    bare(holder, how, fill(told(trail, holder, |tool| &tool.then), trail))
}

/// The first text of that sort that is meant for `holder`.
pub(super) fn told(
    trail: &Trail,
    holder: &TrailHolder,
    text: impl Fn(&'static Tool) -> &'static str,
) -> &'static str {
    let fits = |tool: &&Tool| tool.when.suits(trail) && tool.when.meets(holder);
    DATA.tools.iter().filter(fits).map(text).find(|text| !text.is_empty()).unwrap_or_default()
}

/// `holder` as a spot at which `how` is done.
pub(super) fn bare(holder: &TrailHolder, how: String, then: String) -> Spot {
    Spot {
        holder: holder.text(),
        zone: holder.zone,
        kind: holder.kind,
        source: holder.source.clone(),
        path: holder.path.clone(),
        key: holder.key.clone(),
        line: holder.line,
        how,
        then,
    }
}
