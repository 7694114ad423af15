//! Silence about values: what was found in a text is told nowhere else in what is said of that text.

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::detect::Sighted;
use crate::model::Finding;

/// Keeps the values of a text out of keys, names, owners and excerpts.
pub(super) enum Silence<'s> {
    /// Few values are looked for one by one.
    Few(Vec<&'s str>),
    /// Many are looked for together.
    Many(Box<AhoCorasick>),
}

/// Shorter values are words that stand everywhere; longer ones stand in no name.
const LENGTHS: std::ops::RangeInclusive<usize> = 6..=256;

/// From so many different values on they are looked for together, …
const FEW: usize = 16;

/// … and so many at most.
const MOST: usize = 20_000;

impl<'s> Silence<'s> {
    /// About all that was seen.
    pub(super) fn of(all: &'s [Sighted<'_>]) -> Self {
        let secrets = all.iter().map(|sighted| sighted.of.secret.expose());
        let short = secrets.filter(|value| LENGTHS.contains(&value.len()));
        let mut values: Vec<&str> = short.filter_map(|v| std::str::from_utf8(v).ok()).collect();
        values.sort_unstable();
        values.dedup();
        values.truncate(MOST);
        if values.len() < FEW {
            return Self::Few(values);
        }
        let kind = Some(AhoCorasickKind::ContiguousNFA);
        match AhoCorasick::builder().kind(kind).build(&values) {
            Ok(together) => Self::Many(Box::new(together)),
            Err(_) => Self::Few(values),
        }
    }

    /// Takes the values out of all that `finding` says in words of the text.
    pub(super) fn keep(&self, finding: &mut Finding) {
        finding.principal.retain(|claim| !self.holds(&claim.value));
        let names = finding.holders.iter_mut().filter_map(|holder| holder.name.as_mut());
        let excerpt = [&mut finding.excerpt.before, &mut finding.excerpt.after];
        for text in finding.key.iter_mut().chain(names).chain(excerpt) {
            if self.holds(text) {
                *text = self.without(text);
            }
        }
    }

    fn holds(&self, text: &str) -> bool {
        match self {
            Self::Few(values) => values.iter().any(|value| text.contains(value)),
            Self::Many(together) => together.is_match(text),
        }
    }

    fn without(&self, text: &str) -> String {
        match self {
            Self::Few(values) => {
                values.iter().fold(text.to_owned(), |text, value| text.replace(value, "…"))
            }
            Self::Many(together) => {
                let mut kept = String::new();
                together.replace_all_with(text, &mut kept, |_, _, out| {
                    out.push('…');
                    true
                });
                kept
            }
        }
    }
}
