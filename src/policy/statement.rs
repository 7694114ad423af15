//! A statement of policy, and whether a trail is against it.

use toml::de::DeTable;

use crate::model::{Confidence, Trail, TrailHolder};
use crate::policy::condition::Condition;
use crate::policy::refusal::{Refusal, Source, brief};
use crate::policy::value::{Value, keys};

/// What must not be, and what is let through all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Its id.
    pub id: String,
    /// It in words.
    pub statement: String,
    /// Why it was made.
    pub reason: Option<String>,
    /// Only credentials that were first seen on this day or later are asked: `2026-01-31`.
    pub since: Option<String>,
    /// Any of these must not be.
    pub forbid: Vec<Condition>,
    /// A trail of any of these is let through; a holder of any of these is not looked at.
    pub except: Vec<Condition>,
}

/// The keys of a statement.
pub(super) const KEYS: [&str; 6] = ["id", "statement", "forbid", "except", "since", "reason"];

impl Statement {
    /// Reads the statement in `table`, which stands at `place`.
    pub(super) fn read(
        source: Source<'_>,
        table: &DeTable<'_>,
        place: &std::ops::Range<usize>,
    ) -> Result<Self, Refusal> {
        let (mut id, mut statement, mut reason, mut since) = (None, None, None, None);
        let (mut forbid, mut except) = (Vec::new(), Vec::new());
        for (key, span, value) in keys(table) {
            let what = format!("`{key}`");
            match key.as_str() {
                "id" => id = Some(slug(source, value)?),
                "statement" => statement = Some(source.text(value, &what)?.to_owned()),
                "reason" => reason = Some(source.text(value, &what)?.to_owned()),
                "since" => since = Some(source.day(value, &what)?),
                "forbid" => forbid = conditions(source, value, &what)?,
                "except" => except = conditions(source, value, &what)?,
                _ => return Err(source.unknown(&key, &span, &KEYS)),
            }
        }
        let missing = |key| source.refuse(place, format!("a statement of policy needs `{key}`"));
        let id = id.ok_or_else(|| missing("id"))?;
        let statement = statement.ok_or_else(|| missing("statement"))?;
        if forbid.is_empty() {
            return Err(missing("forbid"));
        }
        Ok(Self { id, statement, reason, since, forbid, except })
    }

    /// Whether `trail` is against it.
    pub fn is_broken_by(&self, trail: &Trail) -> bool {
        self.asks(trail) && self.forbid.iter().any(|forbidden| self.forbids(forbidden, trail))
    }

    fn forbids(&self, forbidden: &Condition, trail: &Trail) -> bool {
        if !forbidden.is_of(trail, Confidence::Medium) {
            return false;
        }
        let sparing = self.sparing(trail);
        if sparing.is_empty() && !forbidden.asks_holder() && !forbidden.counts() {
            return true;
        }
        let spared = |holder: &TrailHolder| sparing.iter().any(|except| except.is_held(holder));
        let met = trail.holders.iter().filter(|h| forbidden.is_held(h) && !spared(h));
        met.clone().next().is_some() && forbidden.is_many(&met)
    }

    /// Whether it is about this trail at all.
    fn asks(&self, trail: &Trail) -> bool {
        let spared = self.except.iter().any(|except| {
            !except.asks_holder()
                && except.is_of(trail, Confidence::Low)
                && except.is_many(&trail.holders.iter())
        });
        let first = trail.first_seen.as_deref().and_then(|time| time.get(..10));
        let old = first.zip(self.since.as_deref()).is_some_and(|(first, since)| first < since);
        !spared && !old
    }

    /// The exceptions for single holders that hold for this trail.
    fn sparing(&self, trail: &Trail) -> Vec<&Condition> {
        let holds = |except: &&Condition| {
            except.asks_holder()
                && except.is_of(trail, Confidence::Low)
                && except.is_many(&trail.holders.iter().filter(|holder| except.is_held(holder)))
        };
        self.except.iter().filter(holds).collect()
    }
}

fn conditions(
    source: Source<'_>,
    value: &Value<'_>,
    what: &str,
) -> Result<Vec<Condition>, Refusal> {
    let one = |value| {
        let table = source.of_table(value, what)?;
        if table.is_empty() {
            return Err(source.refuse(&value.span(), format!("{what} has no condition")));
        }
        Condition::read(source, table)
    };
    source.list(value, what)?.iter().map(one).collect()
}

fn slug(source: Source<'_>, value: &Value<'_>) -> Result<String, Refusal> {
    let text = source.text(value, "`id`")?;
    let word = |word: &str| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    if text.len() <= 64 && text.split('-').all(word) {
        return Ok(text.to_owned());
    }
    let wrong = "words of lower-case letters and digits joined by `-`, at most 64 bytes";
    Err(source.refuse(&value.span(), format!("`id` must be {wrong}, not `{}`", brief(text))))
}
