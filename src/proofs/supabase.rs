//! Supabase's secret keys and their projects: a checksum covers both.

use std::ops::Range;

use zeroize::Zeroizing;

use crate::model::{Claim, Field};
use crate::proofs::Tie;
use crate::proofs::known::Known;
use crate::proofs::witness::{Verify, Witness};
use crate::rules::checks::supabase_key::{checksum, find};

const TEXT: &str = "its checksum holds for the project named here (SHA-256)";
const REF: usize = 20;
/// How many keys are tried with how many projects.
const MOST: usize = 200;

/// What stands behind a ref, or before it.
const BEHIND: [&str; 2] = [".supabase.co", ".supabase.in"];
const BEFORE: [&str; 4] = ["postgres.", ",\"ref\":\"", "\"ref\": \"", "project_id = \""];

/// The witnesses of a key: every place that names a project.
pub(super) fn witnesses(at: usize, known: &Known<'_>) -> Vec<Witness> {
    if find(known.value).is_none() {
        return Vec::new();
    }
    let marks = BEHIND.into_iter().chain(BEFORE);
    let witness = |mark: &str| {
        let key = Zeroizing::new(known.value.to_vec());
        Witness::proof(at, mark, TEXT).judged(Verify::Project(key))
    };
    marks.map(witness).collect()
}

/// Keys and the projects that other known credentials name.
pub(super) fn ties(all: &[Known<'_>]) -> Vec<Tie> {
    let known = || all.iter().enumerate();
    let keys = known().filter(|(_, key)| find(key.value).is_some()).take(MOST);
    let tokens = known().filter(|(_, other)| find(other.value).is_none());
    let named = tokens.flat_map(|(b, other)| other.told(Field::Tenant).map(move |name| (b, name)));
    let named: Vec<_> = named.filter(|(_, name)| is_ref(name.as_bytes())).take(MOST).collect();
    let text = "its checksum holds for the project of this credential (SHA-256)";
    let tie = |a, b| Tie { a, b, text };
    keys.flat_map(|(a, key)| {
        let fitting = named.iter().filter(move |(_, name)| holds(key.value, name.as_bytes()));
        fitting.map(move |(b, _)| tie(a, *b))
    })
    .collect()
}

/// The project beside the mark at `range`, if it is the one of `key`.
pub(super) fn project(key: &[u8], text: &[u8], range: &Range<usize>) -> Option<Claim> {
    let before = range.start.checked_sub(REF).and_then(|start| text.get(start..range.start));
    let behind = text.get(range.end..range.end + REF);
    let sides = [before, behind].into_iter().flatten().filter(|name| is_ref(name));
    let name = sides.into_iter().find(|name| holds(key, name))?;
    Some(Claim::new(Field::Tenant, String::from_utf8_lossy(name)))
}

fn is_ref(name: &[u8]) -> bool {
    name.len() == REF && name.iter().all(u8::is_ascii_lowercase)
}

fn holds(key: &[u8], project: &[u8]) -> bool {
    find(key).is_some_and(|layout| {
        let (covered, sum) = (key.get(layout.covered), key.get(layout.sum));
        covered.map(|covered| checksum(project, covered)).as_deref() == sum
    })
}

#[cfg(test)]
mod tests {
    use crate::model::{Claim, Field, Kind};
    use crate::proofs::trial::{found, known};
    use crate::proofs::{Known, ties};

    fn vector() -> String {
        ["sb_secret_", "6s7tl3ioQ-jXWFnDP6Esa5", "_", "_shc4rxW"].concat()
    }

    #[test]
    fn the_project_is_proven_wherever_it_is_named() {
        let value = vector();
        let known = [known("supabase-secret", Kind::ApiKey, value.as_bytes())];
        for text in [
            "https://abcdefghijklmnopqrst.supabase.co/rest",
            "postgres.abcdefghijklmnopqrst:pw@pooler",
            "db.abcdefghijklmnopqrst.supabase.co",
            r#"{"iss":"supabase","ref":"abcdefghijklmnopqrst"}"#,
            "project_id = \"abcdefghijklmnopqrst\"",
        ] {
            let met = found(&known, text);
            assert_eq!(met.len(), 1, "{text}");
            let claim = Claim::new(Field::Tenant, "abcdefghijklmnopqrst");
            assert_eq!(met[0].claims, [claim], "{text}");
            assert!(found(&known, text.replace("qrst", "qrsu")).is_empty(), "{text}");
        }
    }

    #[test]
    fn another_credential_of_the_project_is_tied() {
        let value = vector();
        for (project, count) in [("abcdefghijklmnopqrst", 1), ("abcdefghijklmnopqrsu", 0)] {
            let claims = [Claim::new(Field::Tenant, project)];
            let other = Known { claims: &claims, ..known("supabase-jwt", Kind::Jwt, b"x") };
            let key = known("supabase-secret", Kind::ApiKey, value.as_bytes());
            assert_eq!(ties(&[other, key]).len(), count);
        }
    }
}
