//! The frameworks and the mapping, read once.

use std::sync::OnceLock;

use crate::standards::facts::Facts;
use crate::standards::ids::{EntryId, Ids};
use crate::standards::written::{File, Of, Row, Status, Written};

/// A framework.
#[derive(Debug)]
pub struct Framework {
    /// Its slug with its version: `owasp-nhi-2025`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Where it is published.
    pub url: String,
    /// Where its entries were read.
    pub source: String,
    /// Whether that was the publisher's own.
    pub status: Status,
}

/// An entry of a framework.
#[derive(Debug)]
pub struct Entry {
    /// Its id there: `NHI9`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its id with the framework's, as reports write it.
    pub text: String,
    /// Which framework's.
    pub(super) framework: usize,
}

/// Every framework, sorted by id.
pub fn all() -> &'static [Framework] {
    &book().frameworks
}

/// All that the data say.
pub(super) struct Book {
    /// Sorted by id.
    pub frameworks: Vec<Framework>,
    /// Sorted by text; places in it are ids.
    pub entries: Vec<Entry>,
    /// What SARIF's tags name of the weaknesses, the first ones first.
    pub tagged: Vec<String>,
    place: Vec<Rule>,
    trail: Vec<Rule>,
}

/// A row of the mapping.
struct Rule {
    all: Facts,
    any: Facts,
    also: Facts,
    none: Facts,
    give: Ids,
}

/// What the program was built with.
pub(super) const DATA: &str = include_str!("../../rules/frameworks.toml");

/// The data, read at the first call.
pub(super) fn book() -> &'static Book {
    static BOOK: OnceLock<Book> = OnceLock::new();
    BOOK.get_or_init(|| Book::read(DATA).expect("a test reads the same data"))
}

impl Book {
    /// Reads `data`; what is wrong with them if they cannot be used.
    pub fn read(data: &str) -> Result<Self, String> {
        let file: File = toml::from_str(data).map_err(|error| error.to_string())?;
        let mut written = file.framework;
        written.sort_by(|a, b| a.id.cmp(&b.id));
        let mut entries: Vec<_> =
            written.iter().enumerate().flat_map(|(at, framework)| entries(at, framework)).collect();
        entries.sort_by(|a, b| a.text.cmp(&b.text));
        if entries.len() > Ids::MOST {
            return Err(format!("{} entries; at most {}", entries.len(), Ids::MOST));
        }
        let frameworks = written.into_iter().map(framework).collect();
        let (place, trail) = (Vec::new(), Vec::new());
        let mut book = Self { frameworks, entries, tagged: file.tagged, place, trail };
        for row in &file.mapping {
            let rule = book.rule(row).map_err(|wrong| format!("{}: unknown {wrong}", row.what))?;
            match row.of {
                Of::Place => book.place.push(rule),
                Of::Trail => book.trail.push(rule),
            }
        }
        Ok(book)
    }

    /// The entry with this text.
    pub fn id(&self, text: &str) -> Option<EntryId> {
        let at = self.entries.binary_search_by(|entry| entry.text.as_str().cmp(text)).ok()?;
        u8::try_from(at).ok().map(EntryId)
    }

    /// What is given for a place with these facts.
    pub fn of_place(&self, facts: Facts) -> Ids {
        give(&self.place, facts)
    }

    /// What is given for a trail with these facts.
    pub fn of_trail(&self, facts: Facts) -> Ids {
        give(&self.trail, facts)
    }

    fn rule<'r>(&self, row: &'r Row) -> Result<Rule, &'r str> {
        let entry = |text: &'r String| self.id(text).ok_or(text.as_str());
        Ok(Rule {
            all: Facts::named(&row.all)?,
            any: Facts::named(&row.any)?,
            also: Facts::named(&row.also)?,
            none: Facts::named(&row.none)?,
            give: row.give.iter().map(entry).collect::<Result<_, _>>()?,
        })
    }
}

impl Rule {
    fn fits(&self, facts: Facts) -> bool {
        let some = |asked: Facts| asked.is_empty() || facts.meets(asked);
        facts.has(self.all) && some(self.any) && some(self.also) && !facts.meets(self.none)
    }
}

fn give(rules: &[Rule], facts: Facts) -> Ids {
    rules
        .iter()
        .filter(|rule| rule.fits(facts))
        .fold(Ids::default(), |all, rule| all.with(rule.give))
}

fn entries(framework: usize, written: &Written) -> impl Iterator<Item = Entry> {
    written.entries.iter().map(move |(id, title)| Entry {
        id: id.clone(),
        title: title.clone(),
        text: format!("{}:{id}", written.id),
        framework,
    })
}

fn framework(written: Written) -> Framework {
    let Written { id, name, version, url, source, status, .. } = written;
    Framework { id, name, version, url, source, status }
}
