//! How the old credential is taken out of where it still lies.

use crate::model::{HolderKind, Plain, Trail, TrailHolder, TrailKind, Zone};
use crate::runbook::part::{Part, is_log, part};
use crate::runbook::place::{bare, merged, told};
use crate::runbook::shape::{Spot, Step, StepKind};

/// The step that cleans what only keeps the old one; none if there is nothing.
pub(super) fn residue(trail: &Trail) -> Option<Step> {
    let holders: Vec<_> = trail.holders.iter().filter(|holder| is_cleaned(holder)).collect();
    let spots = merged(holders.iter().map(|holder| spot(trail, holder)));
    let text = "Revoking is what protects you; this keeps the dead value from being found and tried again.";
    let look = if holders.iter().any(|holder| says_commit(holder)) {
        "A new scan with keytrail no longer lists it, or only as part of a history."
    } else {
        "A new scan with keytrail lists none of these places for it."
    };
    (!spots.is_empty()).then(|| Step { spots, ..Step::new(StepKind::Clean, text, look) })
}

/// The step that takes an ended one out of every holder.
pub(super) fn everywhere(trail: &Trail) -> Step {
    let text = "Take it out of these places. If one of them still needs access, it needs a new one; see below \
                what would make that unnecessary.";
    let look = "A new scan with keytrail no longer lists it, or only as part of a history.";
    let spots = trail.holders.iter().map(|holder| match part(holder) {
        Part::Residue => spot(trail, holder),
        Part::Build => {
            let spot = spot(trail, holder);
            Spot { how: format!("Build it again without the value. {}", spot.how), ..spot }
        }
        Part::Place | Part::Restart => {
            bare(holder, "Delete the value, or the whole entry.".to_owned(), String::new())
        }
    });
    Step { spots: merged(spots), ..Step::new(StepKind::Clean, text, look) }
}

fn is_cleaned(holder: &TrailHolder) -> bool {
    matches!(part(holder), Part::Residue | Part::Build)
}

fn spot(trail: &Trail, holder: &TrailHolder) -> Spot {
    let own = told(trail, holder, |tool| &tool.clean);
    let image = part(holder) == Part::Build;
    let how = if !own.is_empty() && !image && !holder.past { own } else { general(holder, image) };
    bare(holder, how.to_owned(), String::new())
}

const fn says_commit(holder: &TrailHolder) -> bool {
    holder.past || matches!(holder.kind, TrailKind::Plain(Plain::Commit))
}

fn general(holder: &TrailHolder, image: bool) -> &'static str {
    if image {
        "Delete the old tags and digests in the registry, and archives of the old build; tell whoever pulled it: \
         their copies keep the old value."
    } else if says_commit(holder) {
        "Leave it until the old one is revoked: then it is harmless. Rewriting the history comes second and does \
         not reach clones and forks; where it is wanted all the same, do it in a fresh clone with \
         `git filter-repo --sensitive-data-removal --replace-text <file of replacements>` (for values in \
         messages `--replace-message` beside it), delete that file, which holds the value, push with \
         `--force`, have everybody clone anew, and ask the host to drop its caches."
    } else if holder.zone == Zone::Transcript {
        "Delete this session or entry in the tool; where it offers no way, end the tool and delete the file. Copies \
         that the tool's maker keeps are deleted in the account's settings, if anywhere."
    } else if holder.zone == Zone::Ci {
        "Delete the logs and artifacts of this run in the CI system, then the file here."
    } else if is_log(holder) && holder.kind == TrailKind::Tool(HolderKind::Shell) {
        "Close the other shells first (they write the history again when they end), open the file in an editor, \
         delete the line and save."
    } else {
        "Delete the line, or the file if nobody needs it; so too in copies that log collectors keep."
    }
}
