//! Values of a configuration, read with their places; each says what it must be if it is something else.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::policy::glob::Glob;
use crate::policy::refusal::{Refusal, Source, brief};
use crate::policy::words::{Word, word};

/// A value of a configuration.
pub(super) type Value<'t> = Spanned<DeValue<'t>>;

/// A configuration may have so many bytes.
const MOST_BYTES: usize = 1 << 20;
/// A list may have so many values.
const MOST_VALUES: usize = 1000;
/// A text may have so many bytes.
const MOST_TEXT: usize = 1000;

impl<'t> Source<'t> {
    /// The whole file as a table.
    pub fn table(&self) -> Result<DeTable<'t>, Refusal> {
        if self.text.len() > MOST_BYTES {
            return Err(self.refuse(&(0..0), "more than 1 MiB; that is no configuration"));
        }
        let table = DeTable::parse(self.text).map_err(|error| {
            self.refuse(&error.span().unwrap_or(0..0), format!("not TOML: {}", error.message()))
        })?;
        Ok(table.into_inner())
    }

    /// `value` as a table; `what` names it.
    pub fn of_table<'v>(
        &self,
        value: &'v Value<'t>,
        what: &str,
    ) -> Result<&'v DeTable<'t>, Refusal> {
        let wrong = || self.refuse(&value.span(), format!("{what} must be a table"));
        value.get_ref().as_table().ok_or_else(wrong)
    }

    /// `value` as one value, or as all of a list.
    pub fn list<'v>(&self, value: &'v Value<'t>, what: &str) -> Result<&'v [Value<'t>], Refusal> {
        let Some(list) = value.get_ref().as_array() else {
            return Ok(std::slice::from_ref(value));
        };
        let all: &[_] = list;
        let wrong = match all.len() {
            0 => "is an empty list: leave it out, or say what it is",
            n if n > MOST_VALUES => "has more than 1000 values",
            _ => return Ok(all),
        };
        Err(self.refuse(&value.span(), format!("{what} {wrong}")))
    }

    /// `value` as a text.
    pub fn text<'v>(&self, value: &'v Value<'t>, what: &str) -> Result<&'v str, Refusal> {
        let wrong = |wrong: &str| self.refuse(&value.span(), format!("{what} must be {wrong}"));
        match value.get_ref().as_str() {
            None => Err(wrong("a text")),
            Some("") => Err(wrong("more than an empty text")),
            Some(text) if text.len() > MOST_TEXT => Err(wrong("1000 bytes long at most")),
            Some(text) => Ok(text),
        }
    }

    /// `value` as one of the known words.
    pub fn word<W: Word>(&self, value: &Value<'t>, what: &str) -> Result<W, Refusal> {
        let text = self.text(value, what)?;
        word(text).map_err(|known| {
            let text = format!("{what}: unknown `{}`; known: {known}", brief(text));
            self.refuse(&value.span(), text)
        })
    }

    /// `value` as one or several of the known words.
    pub fn words<W: Word>(&self, value: &Value<'t>, what: &str) -> Result<Vec<W>, Refusal> {
        self.list(value, what)?.iter().map(|value| self.word(value, what)).collect()
    }

    /// `value` as one or several patterns.
    pub fn globs(&self, value: &Value<'t>, what: &str) -> Result<Vec<Glob>, Refusal> {
        let glob = |value| Ok(Glob::new(self.text(value, what)?));
        self.list(value, what)?.iter().map(glob).collect()
    }

    /// `value` as a number from 0 to 1,000,000.
    pub fn number(&self, value: &Value<'t>, what: &str) -> Result<usize, Refusal> {
        let integer = value.get_ref().as_integer();
        let number = integer
            .and_then(|integer| usize::from_str_radix(integer.as_str(), integer.radix()).ok());
        let wrong =
            || self.refuse(&value.span(), format!("{what} must be a whole number, 0 to 1000000"));
        number.filter(|number| *number <= 1_000_000).ok_or_else(wrong)
    }

    /// `value` as true or false.
    pub fn switch(&self, value: &Value<'t>, what: &str) -> Result<bool, Refusal> {
        let wrong = || self.refuse(&value.span(), format!("{what} must be true or false"));
        value.get_ref().as_bool().ok_or_else(wrong)
    }

    /// `value` as a day, `2026-01-31`, with or without quotes.
    pub fn day(&self, value: &Value<'t>, what: &str) -> Result<String, Refusal> {
        let text = match value.get_ref() {
            DeValue::Datetime(time) => time.to_string(),
            DeValue::String(text) => text.clone().into_owned(),
            _ => String::new(),
        };
        let wrong = || self.refuse(&value.span(), format!("{what} must be a day: 2026-01-31"));
        is_day(&text).then_some(text).ok_or_else(wrong)
    }

    /// Refuses a key that is none of `known`.
    pub fn unknown(&self, key: &str, span: &Range<usize>, known: &[&str]) -> Refusal {
        let text = format!("unknown key `{}`; known: {}", brief(key), known.join(", "));
        self.refuse(span, text)
    }
}

/// The keys of `table` with their places and values, in the order of the text; `_` in a key is read as `-`.
pub(super) fn keys<'v, 't>(table: &'v DeTable<'t>) -> Vec<(String, Range<usize>, &'v Value<'t>)> {
    let all = table.iter();
    let mut all: Vec<_> =
        all.map(|(key, value)| (key.get_ref().replace('_', "-"), key.span(), value)).collect();
    all.sort_by_key(|(_, span, _)| span.start);
    all
}

fn is_day(text: &str) -> bool {
    let number = |part: Option<&str>, length: usize| {
        let part = part.filter(|part| part.len() == length)?;
        part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<u32>().ok())?
    };
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next(), parts.next(), parts.next());
    number(year, 4).is_some()
        && number(month, 2).is_some_and(|month| (1..=12).contains(&month))
        && number(day, 2).is_some_and(|day| (1..=31).contains(&day))
        && parts.next().is_none()
}
