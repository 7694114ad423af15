//! The findings of one report after the other, each taken as it comes by.

use std::io::{self, BufRead, BufReader};

use crate::merge::carried;
use crate::merge::cut::{Cut, Flaw};
use crate::merge::entry;
use crate::merge::facts::{Facts, Told};
use crate::merge::head::{self, Head, Input, LONGEST_LINE, LONGEST_SOURCE, Trouble, Typed};
use crate::merge::sorter::Sorter;
use crate::model::{Basis, KeyNote, Sighting};

/// The longest finding.
const LONGEST_FINDING: usize = 256 << 10;

/// The longest path and key of a finding together: each of its holders repeats them.
const LONGEST_PLACE: usize = 16 << 10;

/// How many holders of one finding are kept.
const MOST_HOLDERS: usize = 100;

/// How many paths of its history.
const MOST_STAYS: usize = 1000;

/// The longest trail.
const LONGEST_TRAIL: usize = 16 << 20;

/// The longest list of rules.
const LONGEST_RULES: usize = 8 << 20;

/// Receives what is in a report.
pub(super) trait Basket {
    /// A finding; its source and basis are settled.
    fn finding(&mut self, sighting: Sighting) -> io::Result<()>;
    /// A trail as the report tells it, and the report's name.
    fn trail(&mut self, told: carried::Told, source: &str) -> io::Result<()>;
    /// The facts.
    fn facts(&mut self) -> &mut Facts;
}

/// Findings into a sorter.
pub(super) struct Sorting {
    /// Where they go.
    pub(super) sorter: Sorter,
    /// What else is known.
    pub(super) facts: Facts,
}

impl Basket for Sorting {
    fn finding(&mut self, sighting: Sighting) -> io::Result<()> {
        self.sorter.push(&entry::finding(&sighting), &serde_json::to_vec(&sighting)?)
    }

    fn trail(&mut self, told: carried::Told, source: &str) -> io::Result<()> {
        let key = entry::carried(told.secret_id, told.comparable, source);
        let Some(carried) = told.carried() else { return Ok(()) };
        self.sorter.push(&key, &serde_json::to_vec(&carried)?)
    }

    fn facts(&mut self) -> &mut Facts {
        &mut self.facts
    }
}

/// Takes all of `input`, of which `head` is known. What is wrong with it is told, and the rest is taken
/// nevertheless; the error is that of the basket.
pub(super) fn take(
    input: &Input,
    head: &Head,
    basket: &mut dyn Basket,
) -> io::Result<Option<Trouble>> {
    let file = match input.open() {
        Ok(file) => file,
        Err(trouble) => return Ok(Some(trouble)),
    };
    let cut = Cut::new(BufReader::with_capacity(1 << 16, file));
    let mut taking = Taking::new(head, basket);
    let ended = if head.lines { taking.lines(cut) } else { taking.document(cut) };
    let Taking { flaw, more, full, told, .. } = taking;
    if let Some(error) = full {
        return Err(error);
    }
    let trouble = flaw.or(ended.err()).map(|flaw| match more {
        0 => input.trouble(flaw),
        more => input.trouble(format!("{flaw}, and {more} more like it")),
    });
    let complete = told.complete && trouble.is_none();
    let facts = basket.facts();
    facts.complete &= complete;
    if !told.merged {
        let Head { source, key, .. } = head.clone();
        facts.tell(Told { source, keyed: key.is_some(), complete, left_out: told.left_out });
    }
    Ok(trouble)
}

/// What a report says of itself on the way.
#[derive(Default)]
struct Aside {
    merged: bool,
    complete: bool,
    left_out: u64,
}

struct Taking<'t> {
    head: &'t Head,
    basket: &'t mut dyn Basket,
    raw: Vec<u8>,
    // The first thing that is wrong without being the end, and how many more.
    flaw: Option<Flaw>,
    more: u64,
    full: Option<io::Error>,
    told: Aside,
    last: String,
}

impl<'t> Taking<'t> {
    fn new(head: &'t Head, basket: &'t mut dyn Basket) -> Self {
        Self {
            head,
            basket,
            raw: Vec::new(),
            flaw: None,
            more: 0,
            full: None,
            told: Aside::default(),
            last: String::new(),
        }
    }

    fn document<R: BufRead>(&mut self, mut cut: Cut<R>) -> Result<(), Flaw> {
        cut.fields(&mut |name, cut| {
            self.field(name, cut)?;
            Ok(true)
        })?;
        match cut.blank()? {
            None => Ok(()),
            Some(_) => Err(cut.flaw("something follows the end of the report")),
        }
    }

    fn lines<R: BufRead>(&mut self, mut cut: Cut<R>) -> Result<(), Flaw> {
        let (mut raw, mut at) = (Vec::new(), 0);
        while let Some(whole) = cut.line(&mut raw, LONGEST_LINE)? {
            if whole {
                self.line(&raw, at)?;
            } else {
                self.wrong(at, "a line is too long");
            }
            at = cut.at();
        }
        if self.head.whole {
            Ok(())
        } else {
            Err(cut.flaw("it has no summary: its end is missing"))
        }
    }

    fn line(&mut self, raw: &[u8], at: u64) -> Result<(), Flaw> {
        if raw.starts_with(br#"{"type":"finding""#) {
            return self.finding(raw, at);
        }
        match serde_json::from_slice(raw) {
            Ok(Typed { kind }) if kind == "finding" => self.finding(raw, at)?,
            Ok(Typed { kind }) if kind == "summary" => self.summary(raw, at)?,
            Err(_) if !raw.trim_ascii().is_empty() => self.wrong(at, "a line is damaged"),
            _ => (),
        }
        Ok(())
    }

    /// Its fields are those of a document, but that `findings` is their number.
    fn summary(&mut self, raw: &[u8], at: u64) -> Result<(), Flaw> {
        let mut cut = Cut::new(raw);
        let told = cut.fields(&mut |name, cut| {
            if name == "findings" {
                cut.skip()?;
            } else {
                self.field(name, cut)?;
            }
            Ok(true)
        });
        told.map(|_| ()).map_err(|flaw| Flaw { at: at + flaw.at, ..flaw })
    }

    fn field<R: BufRead>(&mut self, name: &str, cut: &mut Cut<R>) -> Result<(), Flaw> {
        match name {
            "findings" => {
                cut.elements(&mut |cut| self.element(LONGEST_FINDING, cut, Self::finding))
            }
            "trails" => cut.elements(&mut |cut| self.element(LONGEST_TRAIL, cut, Self::trail)),
            "reports" => {
                cut.elements(&mut |cut| self.element(4 * LONGEST_SOURCE, cut, Self::report))
            }
            "sources" => cut.elements(&mut |cut| {
                self.told.merged = true;
                let source: String = head::field(cut)?;
                self.name(&source);
                Ok(())
            }),
            "rules" => self.element(LONGEST_RULES, cut, Self::rules),
            "left_out" => {
                self.told.left_out = head::field(cut)?;
                Ok(())
            }
            "key" => self.key(cut),
            "coverage" => self.coverage(cut),
            _ => cut.skip(),
        }
    }

    fn key<R: BufRead>(&self, cut: &mut Cut<R>) -> Result<(), Flaw> {
        let at = cut.at();
        let note: KeyNote = head::field(cut)?;
        let wrong = Flaw { at, text: "it names two keys, or changed while it was read".into() };
        if note.id == self.head.key { Ok(()) } else { Err(wrong) }
    }

    /// Takes the value that comes next, if it has at most `most` bytes, to `then`.
    fn element<R: BufRead>(
        &mut self,
        most: usize,
        cut: &mut Cut<R>,
        then: fn(&mut Self, &[u8], u64) -> Result<(), Flaw>,
    ) -> Result<(), Flaw> {
        let at = cut.at();
        let mut raw = std::mem::take(&mut self.raw);
        if cut.keep(&mut raw, most)? {
            then(self, &raw, at)?;
        } else {
            self.wrong(at, "something in it is too long");
        }
        self.raw = raw;
        Ok(())
    }

    fn finding(&mut self, raw: &[u8], at: u64) -> Result<(), Flaw> {
        let found = serde_json::from_slice::<Sighting>(raw).ok();
        let Some(mut sighting) = found.filter(|found| raw.len() <= LONGEST_FINDING && fits(found))
        else {
            self.wrong(at, "a finding is damaged");
            return Ok(());
        };
        if sighting.source.is_empty() {
            sighting.source.clone_from(&self.head.source);
        } else if sighting.source != self.last {
            self.last.clone_from(&sighting.source);
            self.name(&sighting.source);
        }
        sighting.comparable = self.basis(sighting.comparable);
        sighting.holders.truncate(MOST_HOLDERS);
        if let Some(past) = &mut sighting.history {
            past.places.truncate(MOST_STAYS);
        }
        let taken = self.basket.finding(sighting);
        self.keep_on(taken, at)
    }

    /// A report that findings or a list name is named, whether or not more is said of it.
    fn name(&mut self, source: &str) {
        let (source, keyed) = (source.to_owned(), self.head.key.is_some());
        self.basket.facts().tell(Told { source, keyed, complete: true, left_out: 0 });
    }

    /// Without a key that is known, ids made with one are as good as a run's.
    const fn basis(&self, said: Basis) -> Basis {
        match (said, self.head.key) {
            (Basis::Team, None) => Basis::Run,
            (said, _) => said,
        }
    }

    fn trail(&mut self, raw: &[u8], at: u64) -> Result<(), Flaw> {
        let Ok(mut told) = serde_json::from_slice::<carried::Told>(raw) else {
            self.wrong(at, "a trail is damaged");
            return Ok(());
        };
        told.comparable = self.basis(told.comparable);
        let source = told.source().unwrap_or(&self.head.source).to_owned();
        let taken = self.basket.trail(told, &source);
        self.keep_on(taken, at)
    }

    fn report(&mut self, raw: &[u8], at: u64) -> Result<(), Flaw> {
        match serde_json::from_slice(raw) {
            Ok(told) => self.basket.facts().tell(told),
            Err(_) => self.wrong(at, "what it says of a report is damaged"),
        }
        Ok(())
    }

    fn rules(&mut self, raw: &[u8], at: u64) -> Result<(), Flaw> {
        if !self.basket.facts().learn(raw) {
            self.wrong(at, "its rules are damaged");
        }
        Ok(())
    }

    fn coverage<R: BufRead>(&mut self, cut: &mut Cut<R>) -> Result<(), Flaw> {
        cut.fields(&mut |name, cut| {
            if name == "complete" {
                self.told.complete = head::field(cut)?;
            } else {
                cut.skip()?;
            }
            Ok(true)
        })?;
        Ok(())
    }

    fn wrong(&mut self, at: u64, text: &'static str) {
        if self.flaw.is_some() {
            self.more += 1;
        } else {
            self.flaw = Some(Flaw { at, text: text.into() });
        }
    }

    /// What the basket cannot take ends it all.
    fn keep_on(&mut self, taken: io::Result<()>, at: u64) -> Result<(), Flaw> {
        taken.map_err(|error| {
            self.full = Some(error);
            Flaw { at, text: "it cannot be taken".into() }
        })
    }
}

/// Whether what every holder of `found` repeats is short enough.
fn fits(found: &Sighting) -> bool {
    let place = found.path.len() + found.key.as_ref().map_or(0, String::len);
    place <= LONGEST_PLACE && found.source.len() <= LONGEST_SOURCE
}
