//! Entries of frameworks as tags of SARIF's rules.

use crate::standards::book::book;
use crate::standards::ids::Ids;

/// GitHub shows ten tags of a rule, of which `security` is one.
const MOST: usize = 9;

/// How many weaknesses are named.
const WEAKNESSES: usize = 2;

/// The tags of a rule whose findings have these entries: `external/cwe/cwe-798` twice at most, `nhi-2`,
/// `asi-03`; nine at most.
pub fn sarif_tags(ids: Ids) -> Vec<String> {
    let of = |prefix: &str| {
        let of = move |text: &&'static str| text.starts_with(prefix);
        let all: Vec<_> = ids.iter().map(|id| id.entry().id.as_str()).filter(of).collect();
        all
    };
    let mut weaknesses = of("CWE-");
    let tagged = &book().tagged;
    // Sorting is stable: what the data don't name stays behind, by its text.
    weaknesses.sort_by_key(|id| tagged.iter().position(|known| known == id).unwrap_or(usize::MAX));
    weaknesses.truncate(WEAKNESSES);
    let number = |id: &str, prefix: &str| id.get(3..).map(|number| format!("{prefix}-{number}"));
    let mut identities = of("NHI");
    identities.sort_by_key(|id| id.len());
    let mut tags: Vec<_> =
        weaknesses.iter().map(|id| format!("external/cwe/{}", id.to_lowercase())).collect();
    tags.extend(identities.into_iter().filter_map(|id| number(id, "nhi")));
    tags.extend(of("ASI").into_iter().filter_map(|id| number(id, "asi")));
    tags.truncate(MOST);
    tags
}
