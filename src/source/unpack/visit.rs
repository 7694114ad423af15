//! A container being read: its members are shown one by one, and what goes wrong is gathered.

use std::io::{self, Read};
use std::ops::ControlFlow;

use super::budget::{Budget, Limit};
use super::feed::Gauge;
use super::format::recognise;
use super::meter::{Meter, Span};
use super::trouble::{Cut, Trouble, TroubleKind};
use super::{Container, Member};

/// A member as a container describes it.
#[derive(Default)]
pub(super) struct Entry {
    /// Its name.
    pub name: String,
    /// Its size, if it is told.
    pub size: Option<u64>,
    /// What else is to be known of it.
    pub note: Option<String>,
    /// Whether its bytes are made by decompression rather than lie in the container.
    pub expands: bool,
    /// Whether it shares one compressed block with the member before it.
    pub solid: bool,
}

/// How the reading of a member ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// Nothing stood in its way.
    Whole,
    /// It was cut for its size.
    TooLarge,
    /// It was cut for how much larger it is than what it was made of.
    Swollen,
    /// It was cut for damage.
    Damaged,
    /// No more members are wanted.
    Stop,
}

/// The most bytes of a name; longer ones are clipped.
const LONGEST_NAME: usize = 4096;

/// The most troubles of one container that are told one by one.
const MOST_TROUBLES: usize = 1000;

/// How much of a member is looked at to tell what it is.
const HEAD: usize = 512;

/// What a caller does with a member.
pub(super) type Show<'s> = dyn FnMut(Member<'_>) -> ControlFlow<()> + 's;

/// One container being read.
pub(super) struct Visit<'v> {
    pub budget: &'v Budget,
    pub gauge: &'v Gauge,
    show: &'v mut Show<'v>,
    span: Span,
    troubles: Vec<Trouble>,
    more: u64,
}

impl<'v> Visit<'v> {
    pub(super) fn new(budget: &'v Budget, gauge: &'v Gauge, show: &'v mut Show<'v>) -> Self {
        Self { budget, gauge, show, span: Span::default(), troubles: Vec::new(), more: 0 }
    }

    /// Shows a member, whose bytes `from` gives.
    pub(super) fn member(&mut self, entry: Entry, from: &mut dyn Read) -> Seen {
        let name = clipped(entry.name);
        if self.budget.meet().is_some() {
            self.limits(Some(&name));
            return Seen::Stop;
        }
        if !entry.solid {
            self.span = Span { taken: self.gauge.taken.get(), made: 0 };
        }
        let span = entry.expands.then_some(&mut self.span);
        let mut meter = Meter::new(from, self.budget, self.gauge, span);
        let format = recognise(meter.peek(HEAD), &name);
        meter.cap(format);
        let member = Member {
            name: name.clone(),
            from: &mut meter,
            size: entry.size,
            note: entry.note,
            format,
        };
        let flow = (self.show)(member);
        let seen = meter.seen();
        if let Some(cut) = meter.cut() {
            self.trouble(Some(&name), cut.kind, cut.what);
        }
        if self.budget.over().is_some() {
            self.limits(Some(&name));
            return Seen::Stop;
        }
        if flow.is_break() { Seen::Stop } else { seen }
    }

    /// Reads a part of the container that must be held to be shown; what ends it early is told of `name`.
    pub(super) fn hold(&mut self, name: &str, from: &mut dyn Read) -> Vec<u8> {
        self.span = Span { taken: self.gauge.taken.get(), made: 0 };
        let mut meter = Meter::new(from, self.budget, self.gauge, Some(&mut self.span));
        meter.cap(None);
        let mut held = Vec::new();
        // Why it ended is asked next.
        _ = meter.read_to_end(&mut held);
        if let Some(cut) = meter.cut() {
            self.trouble(Some(name), cut.kind, cut.what);
        }
        held
    }

    /// Reads what is left of a member that was too large, for what lies behind it.
    pub(super) fn pass(&mut self, from: &mut dyn Read) -> Seen {
        let mut meter = Meter::new(from, self.budget, self.gauge, Some(&mut self.span));
        _ = io::copy(&mut meter, &mut io::sink());
        let seen = meter.seen();
        if self.budget.over().is_some() {
            self.limits(None);
            return Seen::Stop;
        }
        seen
    }

    /// Remembers a trouble. Damage that comes of the container being cut short is not told: the cut
    /// is.
    pub(super) fn trouble(
        &mut self,
        member: Option<&str>,
        kind: TroubleKind,
        what: impl Into<String>,
    ) {
        let cut_short = self.gauge.broken.get() || self.budget.is_over();
        if kind == TroubleKind::Damaged && cut_short {
            return;
        }
        if self.troubles.len() >= MOST_TROUBLES {
            self.more += 1;
            return;
        }
        let member = member.map(|m| clipped(m.to_owned()));
        self.troubles.push(Trouble { member, kind, what: what.into() });
    }

    /// Remembers that the container itself could not be read on; `what` is said if it is its fault.
    pub(super) fn failed(&mut self, error: &io::Error, what: &str) {
        if self.budget.over().is_some() {
            self.limits(None);
        } else if let Some(failure) = self.gauge.failed.take() {
            self.trouble(None, TroubleKind::Damaged, failure);
        } else {
            let what = Cut::of(error).map_or(what, |cut| cut.what.as_str());
            self.trouble(None, TroubleKind::Damaged, what);
        }
    }

    fn limits(&mut self, member: Option<&str>) {
        let Some(limit) = self.budget.over() else { return };
        if self.budget.tell() {
            self.trouble(member, TroubleKind::Limit, self.budget.says(limit));
        }
    }

    /// All troubles, in order.
    pub(super) fn end(mut self) -> Vec<Trouble> {
        if let Some(failure) = self.gauge.failed.take() {
            self.trouble(None, TroubleKind::Damaged, failure);
        }
        self.limits(None);
        if self.more > 0 {
            let what = format!("{} more members have troubles", self.more);
            self.troubles.push(Trouble { member: None, kind: TroubleKind::Damaged, what });
        }
        self.troubles
    }
}

impl Container<'_> {
    /// The trouble of a container that lies too deep.
    pub(super) fn too_deep(&self, budget: &Budget) -> Vec<Trouble> {
        let what = budget.says(Limit::Depth);
        vec![Trouble { member: None, kind: TroubleKind::Limit, what }]
    }
}

/// The reason that a limit is for a reader to end.
pub(super) fn cut_by(budget: &Budget, limit: Limit) -> Cut {
    Cut { kind: TroubleKind::Limit, what: budget.says(limit) }
}

fn clipped(mut name: String) -> String {
    if name.len() > LONGEST_NAME {
        let end = (0..=LONGEST_NAME).rev().find(|&end| name.is_char_boundary(end)).unwrap_or(0);
        name.truncate(end);
    }
    name
}
