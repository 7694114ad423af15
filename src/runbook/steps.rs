//! The steps for one credential, in the order in which they are safe.

use crate::model::{Lifetime, Trail};
use crate::report::RuleInfo;
use crate::runbook::data::{Told, Way, form, forms, ways};
use crate::runbook::fill::fill;
use crate::runbook::part::{Part, is_used, job, part};
use crate::runbook::shape::{Paste, State, Step, StepKind};
use crate::runbook::whose::Known;
use crate::runbook::{clean, place, probe, whose};

/// What is to be done about `trail`, of which so much is `known`.
pub(super) fn steps(
    trail: &Trail,
    rule: Option<&RuleInfo>,
    state: State,
    known: Known<'_>,
) -> Vec<Step> {
    let work = Work::new(trail, rule);
    let mut steps = Vec::new();
    match state {
        State::Public => return vec![work.restrict()],
        State::Expired => return vec![work.ended(), clean::everywhere(trail)],
        State::Doubtful => steps.push(work.is_real()),
        State::AtOnce | State::Live => {}
    }
    steps.extend(whose::step(trail, &ways(trail), work.provider(), known));
    let revoke = work.each(&work.uses, Work::revoke);
    let mut replace = Vec::new();
    if is_used(trail) {
        let placed = work.placed();
        replace.extend(work.each(&placed, Work::create));
        replace.push(place::place(trail, placed.len() > 1));
        replace.extend(work.each(&placed, Work::check));
    }
    if state == State::AtOnce || work.revokes_first() {
        steps.extend(revoke);
        steps.extend(replace);
    } else {
        steps.extend(replace);
        steps.extend(revoke);
    }
    steps.extend(work.each(&work.uses, Work::after));
    steps.extend(clean::residue(trail));
    steps
}

/// What others `trail` can make; empty if none is known.
pub(super) fn mints(trail: &Trail) -> &'static str {
    first(trail, |way| &way.mints)
}

/// What others `trail` opens; empty if it is no store.
pub(super) fn opens(trail: &Trail) -> &'static str {
    first(trail, |way| &way.opens)
}

/// The first text that the ways of `trail` have; empty if none has one.
fn first(trail: &Trail, text: impl Fn(&'static Way) -> &'static String) -> &'static str {
    ways(trail)
        .into_iter()
        .map(|way| text(way).as_str())
        .find(|text| !text.is_empty())
        .unwrap_or("")
}

/// One use to which a credential is put; a key pair may have several.
#[derive(Clone)]
struct Use {
    form: &'static str,
    ways: Vec<&'static Way>,
}

struct Work<'r> {
    trail: &'r Trail,
    rule: Option<&'r RuleInfo>,
    uses: Vec<Use>,
}

impl<'r> Work<'r> {
    fn new(trail: &'r Trail, rule: Option<&'r RuleInfo>) -> Self {
        let general = ways(trail);
        let forms = forms(trail).into_iter();
        let mut uses: Vec<_> = forms
            .map(|way| {
                let others = general.iter().copied().filter(|other| other.form.is_empty());
                Use { form: &way.form, ways: std::iter::once(way).chain(others).collect() }
            })
            .collect();
        if uses.is_empty() {
            uses.push(Use { form: "", ways: general });
        }
        Self { trail, rule, uses }
    }

    /// The uses that some place makes of it, for which a new one is needed; all if none tells.
    fn placed(&self) -> Vec<Use> {
        let places = self.trail.holders.iter();
        let places = places.filter(|one| matches!(part(one), Part::Place | Part::Build));
        let places = places.chain(job(self.trail));
        let forms: Vec<_> = places.filter_map(|one| form(self.trail, one)).collect();
        let is_placed = |one: &&Use| forms.iter().any(|way| way.form == one.form);
        let placed: Vec<_> = self.uses.iter().filter(is_placed).cloned().collect();
        if placed.is_empty() { self.uses.clone() } else { placed }
    }

    /// The step that `make` gives for each of `uses`, once if they are the same.
    fn each(&self, uses: &[Use], make: impl Fn(&Self, &Use) -> Step) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        for one in uses {
            let step = make(self, one);
            if !steps.iter().any(|other| Step { form: String::new(), ..other.clone() } == step) {
                let form = if self.uses.len() > 1 { one.form } else { "" };
                steps.push(Step { form: form.to_owned(), ..step });
            }
        }
        steps
    }

    fn revokes_first(&self) -> bool {
        self.uses.iter().filter_map(|one| one.ways.first()).any(|way| way.revoke_first)
    }

    fn told(
        &self,
        one: &Use,
        kind: StepKind,
        pick: impl Fn(&'static Way) -> Option<&'static Told>,
    ) -> Option<Step> {
        let told = one.ways.iter().find_map(|way| pick(way))?;
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

    fn create(&self, one: &Use) -> Step {
        let kind = StepKind::Create;
        let own = one.ways.iter().any(|way| is_own(way) && way.create.is_some());
        let step = self.told(one, kind, |way| way.create.as_ref()).unwrap_or_else(|| {
            let text = "Make one on the page on which the old one is listed.";
            Step::new(kind, text, usual_look(kind, false))
        });
        if own || !step.url.is_empty() { step } else { Step { url: self.page(), ..step } }
    }

    fn check(&self, one: &Use) -> Step {
        let kind = StepKind::Check;
        self.told(one, kind, |way| way.check.as_ref()).unwrap_or_else(|| {
            let text = "Let each holder of the step before make one call that only reads.";
            Step::new(kind, text, usual_look(kind, false))
        })
    }

    fn revoke(&self, one: &Use) -> Step {
        let kind = StepKind::Revoke;
        let own = one.ways.iter().filter(|way| is_own(way)).find_map(|way| way.revoke.as_ref());
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
        let step = self.told(one, kind, |way| way.revoke.as_ref()).unwrap_or_else(|| {
            let text = "End it on the page on which it is listed.";
            Step::new(kind, text, usual_look(kind, false))
        });
        if own.is_some() || !step.url.is_empty() { step } else { Step { url: self.page(), ..step } }
    }

    /// The page on which the provider lists such credentials.
    fn page(&self) -> String {
        self.rule.map(|rule| rule.revoke.url.clone()).unwrap_or_default()
    }

    fn after(&self, one: &Use) -> Step {
        let kind = StepKind::After;
        let since = match &self.trail.first_seen {
            Some(time) => format!("Begin with `{time}`, when a commit first brought it."),
            None => {
                "Begin with the day on which it was made; the provider's list tells it.".to_owned()
            }
        };
        let mut step = self.told(one, kind, |way| way.after.as_ref()).unwrap_or_else(|| {
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
        let look = "You know whether it is real. If nobody can tell, treat it as real.";
        let holders = self.trail.holders.iter();
        let spots = place::merged(
            holders.map(|holder| place::bare(holder, "Look at it.".to_owned(), String::new())),
        );
        let told = self.uses.first();
        let told = told.and_then(|one| self.told(one, StepKind::Look, |way| way.look.as_ref()));
        Step { spots, ..told.unwrap_or_else(|| Step::new(StepKind::Look, text, look)) }
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
        (StepKind::Check, false) => "It works, with the new one and without an error.",
        (StepKind::Create, _) => {
            "The list shows the new one, with the scope and end that you chose where it has them."
        }
        (StepKind::Revoke, _) => {
            "It is listed as revoked or no longer listed; a call with it is refused."
        }
        (StepKind::After, _) => "Every address, time and action belongs to a holder named here.",
        _ => "It is as described.",
    }
}
