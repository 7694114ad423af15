//! The runbook as data: sections, groups of one owner, a card for each credential, steps with boxes to tick.

use serde::Serialize;

use crate::model::{Rank, RuleId, SecretId, TrailKind, Zone};
use crate::report::Unread;

/// All that there is to do, in the order in which to do it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Runbook {
    /// `keytrail/runbook/v1`.
    pub schema: &'static str,
    /// What the report is of.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// The report read everything that it should have read.
    pub complete: bool,
    /// The first places that it did not read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<Unread>,
    /// How much there is, and what comes first.
    pub summary: Summary,
    /// The parts that have anything in them, the most urgent first.
    pub sections: Vec<Section>,
}

/// How much there is to do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// How many credentials.
    pub credentials: usize,
    /// How many holders those have together.
    pub holders: usize,
    /// The first card's number and name; none if there is nothing to revoke.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<String>,
}

/// Where a credential stands, which decides what is done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Known to be public or in use by others: revoked before anything is replaced.
    AtOnce,
    /// As far as is known it works.
    Live,
    /// It may be no credential at all.
    Doubtful,
    /// It ended by itself.
    Expired,
    /// Made to be seen by everybody.
    Public,
}

/// The credentials of one state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Section {
    /// Which.
    pub state: State,
    /// Its heading.
    pub title: &'static str,
    /// What to know before the first card.
    pub text: &'static str,
    /// Its credentials by owner.
    pub groups: Vec<Group>,
}

/// Credentials that act as the same identity, or one alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Group {
    /// The identity, if it has more than one credential.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal: Option<String>,
    /// Its credentials, the most urgent first.
    pub cards: Vec<Card>,
}

/// One credential and all that is to be done about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Card {
    /// Its place in the order, from 1.
    pub number: usize,
    /// The credential.
    pub secret_id: SecretId,
    /// The rule that found it.
    pub rule: RuleId,
    /// What it is, for a person.
    pub name: String,
    /// A form that names it without giving it away.
    pub redacted: String,
    /// Where it stands.
    pub state: State,
    /// Why it comes at this place.
    pub why: Vec<String>,
    /// How urgent, with its parts.
    pub rank: Rank,
    /// Whom to ask.
    pub owners: Vec<OwnerLine>,
    /// Who stops working if it is revoked before the new one is placed.
    pub breaks: Vec<String>,
    /// What to do, in order.
    pub steps: Vec<Step>,
    /// What makes such a key unnecessary, in a sentence.
    pub instead: String,
    /// How to set that up for its holders.
    pub recipes: Vec<Recipe>,
}

/// Somebody who may own a credential, and how that is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct OwnerLine {
    /// Who.
    pub who: String,
    /// How that is known.
    pub how: String,
}

/// The sorts of step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    /// Look before anything is changed.
    Look,
    /// Find out whose it is.
    Whose,
    /// Make the new one.
    Create,
    /// Put it where it is used.
    Place,
    /// See that it works.
    Check,
    /// End the old one.
    Revoke,
    /// Look for use by others.
    After,
    /// Take the old one out of where it still lies.
    Clean,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Which.
    pub kind: StepKind,
    /// For which use of the key, if it has several.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub form: String,
    /// What to do and where; words between backticks are code.
    pub text: String,
    /// What to type or paste.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pastes: Vec<Paste>,
    /// The page on which it is done.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub url: String,
    /// What tells that it worked.
    pub look: String,
    /// Places to go through, one after the other.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub spots: Vec<Spot>,
    /// The maker's own document tells so; else it is how it usually goes.
    pub confirmed: bool,
    /// That document.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub source: String,
}

/// Text to paste; what is in `<angle brackets>` is for the reader to fill in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Paste {
    /// The language: `sh`, `yaml`, `json`.
    pub language: String,
    /// Where it goes; empty for a terminal.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub into: String,
    /// It.
    pub content: String,
}

/// A place at which something is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Spot {
    /// The holder, in words.
    pub holder: String,
    /// Its zone.
    pub zone: Zone,
    /// What sort of holder.
    pub kind: TrailKind,
    /// The report that tells of it, in a merged report.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// The path; empty for what lies in a service.
    pub path: String,
    /// The keys there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
    /// The line there; 0 if it has none.
    pub line: u64,
    /// What to do there.
    pub how: String,
    /// What makes it take effect; empty if it does at once.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub then: String,
}

/// How to set up what makes the key unnecessary, for some of its holders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recipe {
    /// Its stable slug.
    pub id: String,
    /// What and why.
    pub text: String,
    /// The holders that it fits, in words; files by their paths.
    pub holders: Vec<String>,
    /// The configuration.
    pub pastes: Vec<Paste>,
    /// The maker's own document tells so.
    pub confirmed: bool,
    /// That document.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub source: String,
}

impl Card {
    /// Whether nothing works with it, so that it is revoked and not replaced.
    pub(super) fn is_only_ended(&self) -> bool {
        let has = |kind| self.steps.iter().any(|step| step.kind == kind);
        has(StepKind::Revoke) && !has(StepKind::Create)
    }
}

impl OwnerLine {
    /// How it is known as whom a credential acts.
    pub(super) const ACTS_AS: &'static str = "acts as";

    /// How it is known where a credential is used.
    pub(super) const USED_AT: &'static str = "used at";

    /// How it is known who brought a credential into a repository.
    pub(super) const BROUGHT: &'static str = "wrote the commit that brought it";

    /// Whether it tells whose the credential is: as whom it acts, or who owns the place.
    pub(super) fn is_owner(&self) -> bool {
        self.how == Self::ACTS_AS || (self.is_asked() && self.how != Self::BROUGHT)
    }

    /// Whether it is a person known by the place, not by the credential.
    pub(super) fn is_asked(&self) -> bool {
        [Self::BROUGHT, "CODEOWNERS of", "last commit to", "first commit to"]
            .iter()
            .any(|start| self.how.starts_with(start))
    }
}

impl State {
    /// Every state, in the order of work.
    pub const ALL: [Self; 5] =
        [Self::AtOnce, Self::Live, Self::Doubtful, Self::Expired, Self::Public];

    /// Its heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::AtOnce => "Revoke at once",
            Self::Live => "Replace, then revoke",
            Self::Doubtful => "Look first whether it is real",
            Self::Expired => "Expired: only remove",
            Self::Public => "Public by design",
        }
    }

    /// What to know before its first card.
    pub const fn text(self) -> &'static str {
        match self {
            Self::AtOnce => {
                "These are public, or somebody else uses them. Every minute counts more than what breaks: \
                 end the old one first, then make and place the new one."
            }
            Self::Live => {
                "Make the new one, place it, check it, and only then revoke the old one: so nothing stops. \
                 Where another order is needed, the steps are in that order. If one of these is public, do \
                 its step “Find out whose it is” first, if it has one, and note its name, its rights and where it \
                 is connected; then “Revoke the old one”, and the others after it."
            }
            Self::Doubtful => {
                "keytrail is not sure that these are credentials. Do the first step of each; go on only if it \
                 is real."
            }
            Self::Expired => {
                "These ended by themselves, so there is nothing to revoke. Take them out so that nobody takes \
                 them for live ones."
            }
            Self::Public => "These are made to be seen. Nothing needs to be revoked.",
        }
    }
}

impl StepKind {
    /// Its heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Look => "Look first",
            Self::Whose => "Find out whose it is",
            Self::Create => "Make the new one",
            Self::Place => "Place the new one",
            Self::Check => "Check that it works",
            Self::Revoke => "Revoke the old one",
            Self::After => "Look for use by others",
            Self::Clean => "Take the old one out of where it still lies",
        }
    }
}

impl Step {
    /// A step that needs nothing but words.
    pub(super) fn new(kind: StepKind, text: impl Into<String>, look: impl Into<String>) -> Self {
        Self {
            kind,
            form: String::new(),
            text: text.into(),
            pastes: Vec::new(),
            url: String::new(),
            look: look.into(),
            spots: Vec::new(),
            confirmed: true,
            source: String::new(),
        }
    }
}
