//! The step that finds out whose a credential is, and which of two values with one id is the real one.

use crate::model::{Field, Trail, Zone};
use crate::runbook::data::{Told, Way};
use crate::runbook::fill::{fill, is_harmless};
use crate::runbook::part::{Part, part};
use crate::runbook::probe;
use crate::runbook::shape::{Paste, Step, StepKind};

/// What is known before the steps of a credential are chosen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known<'k> {
    /// Whose it is, or whom to ask.
    pub owner: bool,
    /// The numbers of others that say the same key id.
    pub twins: &'k [usize],
}

/// How the answer to a call with the old one is read. Only a refusal everywhere ends the work: a token of another
/// server, or one without this right, is refused as well.
const STATUS: &str = "Its last line is the status. 200 tells whose it is. 401 at every server of this maker that you \
                      have, if you have not ended it yourself, means that it had ended: make no new one unless a \
                      holder needs it, take it out of the places below, and still look for use by others. After \
                      anything else (403, 404, 000, no name) go on with the next step: it may still work.";

/// The step for `trail` if its owner is not known, others say the same key id, or a later step needs its answer.
/// `provider` lists it.
pub(super) fn step(
    trail: &Trail,
    ways: &[&'static Way],
    provider: &str,
    known: Known<'_>,
) -> Option<Step> {
    let twins = twins(trail, ways, known.twins);
    let (own, asked) = ways.iter().find_map(|way| told(way, trail)).unwrap_or_default();
    if known.owner && twins.is_none() && !own.is_some_and(|told| told.always) {
        return None;
    }
    let look = "You know whom to tell, and have told them. If nobody can be found, the administrator of the \
                account or organisation goes on in their place.";
    let look = own
        .map(|told| fill(&told.look, trail))
        .filter(|look| !look.is_empty())
        .unwrap_or(look.to_owned());
    let step = Step::new(StepKind::Whose, "", look);
    let told = own.filter(|told| !told.text.is_empty());
    let brought = || history(trail).map(shell).unwrap_or_default();
    let step = match (told, asked) {
        (Some(told), asked) => {
            let text = fill(&told.text, trail);
            let (text, pastes) = match (told.paste.trim_end(), asked) {
                ("", Some(paste)) => (format!("{text} {STATUS}"), vec![paste]),
                ("", None) => (text, brought()),
                (paste, _) => (text, shell(fill(paste, trail))),
            };
            Step { text, pastes, url: told.url.clone(), ..step }
        }
        (None, Some(paste)) => Step {
            text: format!(
                "The report does not tell whose it is; {provider} does. The command asks for the old one and \
                 shows only whose it is. {STATUS}"
            ),
            pastes: vec![paste],
            ..step
        },
        (None, None) => Step {
            text: format!(
                "The report does not tell whose it is. Ask {}; its name, date or last characters find it on the \
                 page on which {provider} lists such credentials, which also tells its maker.",
                whom(trail)
            ),
            pastes: brought(),
            ..step
        },
    };
    Some(Step { text: format!("{}{}", twins.unwrap_or_default(), step.text), ..step })
}

/// What `way` tells of whose `trail` is, and the commands that ask its maker; none if it tells neither.
fn told(way: &'static Way, trail: &Trail) -> Option<(Option<&'static Told>, Option<Paste>)> {
    let ask = |told: &'static Option<Told>| probe::whose(told.as_ref()?.probe.as_ref()?, trail);
    let asked = ask(&way.whose).or_else(|| ask(&way.check));
    (way.whose.is_some() || asked.is_some()).then_some((way.whose.as_ref(), asked))
}

/// Who may know of it, by where it lies.
fn whom(trail: &Trail) -> &'static str {
    if trail.holders.iter().all(|holder| part(holder) == Part::Build) {
        "who builds the image below"
    } else {
        "who brought it here and who last changed the places below"
    }
}

/// The projects to which it is limited, by its own words.
pub(super) fn projects(trail: &Trail) -> impl Iterator<Item = &str> {
    let scopes = trail.principal.iter().filter(|claim| claim.field == Field::Scope);
    scopes.filter_map(|claim| claim.value.strip_prefix("projects "))
}

fn shell(content: String) -> Vec<Paste> {
    vec![Paste { language: "sh".to_owned(), into: String::new(), content }]
}

fn twins(trail: &Trail, ways: &[&'static Way], twins: &[usize]) -> Option<String> {
    let pair = ways.iter().map(|way| way.pair.as_str()).find(|pair| !pair.is_empty())?;
    let id = trail.principal.iter().find(|claim| claim.field == Field::KeyId)?;
    let numbers: Vec<_> = twins.iter().map(|number| format!("number {number}")).collect();
    let id = if is_harmless(&id.value) { format!(" `{}`", id.value) } else { String::new() };
    (!numbers.is_empty()).then(|| {
        format!(
            "The same key id{id} stands beside another value at {}. {pair} ",
            numbers.join(", ")
        )
    })
}

/// A command that names those who changed a file of a repository that holds it, without what they changed. A file
/// of a history alone has lost its folder, so Git starts at the top, by the first name of the path.
fn history(trail: &Trail) -> Option<String> {
    let plain = |path: &str| is_harmless(path) && !path.contains('!') && !path.contains("/.git/");
    let held = trail.holders.iter().filter(|holder| holder.zone == Zone::Repository);
    let held = held.filter(|holder| plain(&holder.path));
    let holder = held.min_by_key(|holder| holder.past)?;
    let path = holder.path.as_str();
    let cut = if holder.past { path.split_once('/') } else { path.rsplit_once('/') };
    let (folder, file) = cut.unwrap_or((".", path));
    let all = if holder.past { "--all " } else { "" };
    Some(format!(
        "# the newest first; the last is who brought the file\n\
         git -C {folder} log {all}--format='%as %an <%ae>' -- {file}"
    ))
}
