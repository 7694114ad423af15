//! The steps for one credential, in the order in which they are safe.

use crate::model::{Life, Lifetime, Trail, Zone};
use crate::report::RuleInfo;
use crate::runbook::data::{Told, Way, ways};
use crate::runbook::fill::fill;
use crate::runbook::part::{Part, part};
use crate::runbook::shape::{Paste, State, Step, StepKind};
use crate::runbook::{clean, place, probe};

/// What is to be done about `trail`.
pub(super) fn steps(trail: &Trail, rule: Option<&RuleInfo>, state: State) -> Vec<Step> {
    let work = Work { trail, rule, ways: ways(trail) };
    let replace = [work.create(), place::place(trail), work.check()];
    let mut steps = Vec::new();
    match state {
        State::Public => return vec![work.restrict()],
        State::Expired => return vec![work.ended(), clean::everywhere(trail)],
        State::AtOnce => {
            steps.push(work.revoke());
            steps.extend(replace);
        }
        State::Doubtful => {
            steps.push(work.is_real());
            steps.extend(replace);
            steps.push(work.revoke());
        }
        State::Live => {
            steps.extend(replace);
            steps.push(work.revoke());
        }
    }
    steps.push(work.after());
    steps.extend(clean::residue(trail));
    steps
}

/// What others `trail` can make; empty if none is known.
pub(super) fn mints(trail: &Trail) -> &'static str {
    ways(trail)
        .into_iter()
        .map(|way| way.mints.as_str())
        .find(|text| !text.is_empty())
        .unwrap_or("")
}

struct Work<'r> {
    trail: &'r Trail,
    rule: Option<&'r RuleInfo>,
    ways: Vec<&'static Way>,
}

impl Work<'_> {
    fn told(
        &self,
        kind: StepKind,
        pick: impl Fn(&'static Way) -> Option<&'static Told>,
    ) -> Option<Step> {
        let told = self.ways.iter().find_map(|way| pick(way))?;
        let paste = (!told.paste.is_empty()).then(|| Paste {
            language: "sh".to_owned(),
            into: String::new(),
            content: fill(told.paste.trim_end(), self.trail),
        });
        let call = told.probe.as_ref().map(|probe| probe::paste(probe, self.trail));
        let look = if told.look.is_empty() { usual_look(kind, call.is_some()) } else { &told.look };
        Some(Step {
            pastes: paste.into_iter().chain(call).collect(),
            url: told.url.clone(),
            confirmed: told.confirmed,
            source: told.source.clone(),
            ..Step::new(kind, fill(&told.text, self.trail), fill(look, self.trail))
        })
    }

    fn provider(&self) -> &str {
        self.rule.map_or(self.trail.provider.as_str(), |rule| rule.provider_name.as_str())
    }

    fn create(&self) -> Step {
        let kind = StepKind::Create;
        let mut step = self.told(kind, |way| way.create.as_ref()).unwrap_or_else(|| {
            let text = "Make one on the page on which the old one is listed.";
            Step::new(kind, text, usual_look(kind, false))
        });
        if step.url.is_empty() {
            step.url = self.page();
        }
        step
    }

    fn check(&self) -> Step {
        let kind = StepKind::Check;
        self.told(kind, |way| way.check.as_ref()).unwrap_or_else(|| {
            let text = "Let each holder of the step before make one call that only reads.";
            Step::new(kind, text, usual_look(kind, false))
        })
    }

    fn revoke(&self) -> Step {
        let kind = StepKind::Revoke;
        let own = self.ways.iter().filter(|way| is_own(way)).find_map(|way| way.revoke.as_ref());
        if own.is_none()
            && let Some(rule) = self.rule
            && !rule.revoke.text.is_empty()
        {
            let advice = &rule.revoke;
            return Step {
                text: format!("At {}: {}", rule.provider_name, advice.text),
                url: advice.url.clone(),
                confirmed: advice.source.starts_with("vendor"),
                ..Step::new(kind, "", usual_look(kind, false))
            };
        }
        let mut step = self.told(kind, |way| way.revoke.as_ref()).unwrap_or_else(|| {
            let text = "End it on the page on which it is listed.";
            Step::new(kind, text, usual_look(kind, false))
        });
        if step.url.is_empty() {
            step.url = self.page();
        }
        step
    }

    /// The page on which the provider lists such credentials.
    fn page(&self) -> String {
        self.rule.map(|rule| rule.revoke.url.clone()).unwrap_or_default()
    }

    fn after(&self) -> Step {
        let kind = StepKind::After;
        let since = match &self.trail.first_seen {
            Some(time) => format!("Begin with `{time}`, when a commit first brought it."),
            None => {
                "Begin with the day on which it was made; the provider's list tells it.".to_owned()
            }
        };
        let mut step = self.told(kind, |way| way.after.as_ref()).unwrap_or_else(|| {
            let text = format!("Open the audit or usage log of {}.", self.provider());
            Step::new(kind, text, usual_look(kind, false))
        });
        step.text = format!("{} {since}", step.text);
        step
    }

    fn is_real(&self) -> Step {
        let text = "Open each place below at the line given. A placeholder, an example from documentation, a test \
                    value or a hash is not real: let keytrail pass over it from now on. If it looks real, look \
                    for it in the provider's own list, by name, date or last characters.";
        let holders = self.trail.holders.iter();
        let spots =
            holders.map(|holder| place::bare(holder, "Look at it.".to_owned(), String::new()));
        let look = "You know whether it is real. If nobody can tell, treat it as real.";
        self.told(StepKind::Look, |way| way.look.as_ref())
            .map(|step| Step { spots: spots.clone().collect(), ..step })
            .unwrap_or_else(|| Step {
                spots: spots.clone().collect(),
                ..Step::new(StepKind::Look, text, look)
            })
    }

    fn ended(&self) -> Step {
        let text = match &self.trail.lifetime {
            Lifetime::Expired(at) => {
                format!("It ended at `{at}` by itself: there is nothing to revoke.")
            }
            _ => "It has ended: there is nothing to revoke.".to_owned(),
        };
        let look = "Nothing that works breaks by its removal. If something still uses it, that has been failing.";
        Step::new(StepKind::Look, text, look)
    }

    fn restrict(&self) -> Step {
        let text = format!(
            "Nothing to revoke: it is made to be seen. Look at {} whether it is limited to your own domains, \
             apps or addresses, where such limits exist.",
            self.provider()
        );
        let look =
            "It can do nothing that a stranger should not do. If it can, end it as its page tells.";
        Step { url: self.page(), ..Step::new(StepKind::Look, text, look) }
    }
}

/// Whether an entry is about a provider or a rule, not about a kind only.
fn is_own(way: &Way) -> bool {
    !way.when.rules.is_empty() || !way.when.providers.is_empty()
}

/// What tells of success where the data says nothing.
const fn usual_look(kind: StepKind, call: bool) -> &'static str {
    match (kind, call) {
        (StepKind::Check, true) => {
            "It prints 200. 401 or 403 mean that the new one is wrong or may not do this."
        }
        (StepKind::Check, false) => {
            "The call succeeds, and the list shows the new one as used just now."
        }
        (StepKind::Create, _) => {
            "The list shows the new one with the scope and end that you chose. Its value goes straight into a \
             secrets store: not into a chat, a ticket or a command."
        }
        (StepKind::Revoke, _) => {
            "The list shows it as revoked or no longer shows it; a call with it is refused."
        }
        (StepKind::After, _) => {
            "Every address, time and action belongs to a holder named here. If one does not, it is an incident: \
             keep the log, and change whatever the old one could read."
        }
        _ => "It is as described.",
    }
}

/// Why it may lie open, in words; none if nothing tells.
pub(super) fn reach(trail: &Trail, rule: Option<&RuleInfo>) -> Vec<String> {
    let mut why = Vec::new();
    let has = |zone| trail.holders.iter().any(|holder| holder.zone == zone);
    if has(Zone::Repository) {
        why.push("It lies in a repository: whoever can read that has it. If that was ever public, it is public.");
    }
    if has(Zone::Image) {
        why.push("It lies in an image or package that is handed on.");
    }
    if has(Zone::Transcript) {
        why.push("An agent keeps it and may repeat it.");
    }
    if rule.is_some_and(|rule| rule.life == Life::Short) {
        why.push(
            "Such credentials live for hours at most: what makes them matters more than this one.",
        );
    }
    if trail.holders.iter().all(|holder| part(holder) == Part::Residue) {
        why.push(
            "Nothing in this report works with it any longer, so revoking should break nothing.",
        );
    }
    why.into_iter().map(str::to_owned).collect()
}
