//! Silence about values: what was found in a text is told nowhere else in what is said of that text.

use aho_corasick::AhoCorasick;

use crate::detect::Sighted;
use crate::model::Finding;

/// Keeps the values of a text out of keys, names, owners and excerpts.
pub(super) struct Silence(Option<AhoCorasick>);

/// Shorter values are words that stand everywhere.
const SHORTEST: usize = 6;

/// So many different values are looked for.
const MOST: usize = 20_000;

impl Silence {
    /// About all that was seen.
    pub(super) fn of(all: &[Sighted<'_>]) -> Self {
        let mut values: Vec<&[u8]> = all.iter().map(|sighted| sighted.of.secret.expose()).collect();
        values.retain(|value| value.len() >= SHORTEST);
        values.sort_unstable();
        values.dedup();
        values.truncate(MOST);
        Self(AhoCorasick::new(values).ok())
    }

    /// Takes the values out of all that `finding` says in words of the text.
    pub(super) fn keep(&self, finding: &mut Finding) {
        let Some(values) = &self.0 else { return };
        let holds = |text: &str| values.is_match(text);
        finding.principal.retain(|claim| !holds(&claim.value));
        let names = finding.holders.iter_mut().filter_map(|holder| holder.name.as_mut());
        let excerpt = [&mut finding.excerpt.before, &mut finding.excerpt.after];
        for text in finding.key.iter_mut().chain(names).chain(excerpt) {
            if holds(text) {
                let mut kept = String::new();
                values.replace_all_with(text, &mut kept, |_, _, out| {
                    out.push('…');
                    true
                });
                *text = kept;
            }
        }
    }
}
