//! The place of a finding among all others: by credential, then by report, path and offset.

use crate::model::{Basis, SecretId, Sighting};

/// The bytes of a credential's id and of its basis.
const FIXED: usize = 17;

/// What stands in a group: what a report says of the credential itself comes before its findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// What was carried over from a report's trail.
    Carried = 0,
    /// A finding.
    Finding = 1,
}

/// What a credential's group begins with. An id that is good for one run only is joined within its report.
pub(super) fn group(id: SecretId, basis: Basis, source: &str) -> Vec<u8> {
    let realm = if basis == Basis::Run { source } else { "" };
    let mut key = Vec::with_capacity(FIXED + 2 * realm.len() + 128);
    key.extend(id.as_bytes());
    key.push(basis as u8);
    text(realm, &mut key);
    key
}

/// The key of what a report says of a credential.
pub(super) fn carried(id: SecretId, basis: Basis, source: &str) -> Vec<u8> {
    let mut key = group(id, basis, source);
    key.push(Sort::Carried as u8);
    key
}

/// The key of a finding: equal for those that are one.
pub(super) fn finding(sighting: &Sighting) -> Vec<u8> {
    let mut key = group(sighting.secret_id, sighting.comparable, &sighting.source);
    key.push(Sort::Finding as u8);
    if sighting.comparable != Basis::Run {
        text(&sighting.source, &mut key);
    }
    text(&sighting.path, &mut key);
    key.extend(sighting.offset.to_be_bytes());
    key.extend(sighting.finding_id.as_bytes());
    key
}

/// The part of `key` that its whole group has, and what stands there.
pub(super) fn parts(key: &[u8]) -> (&[u8], Sort) {
    let realm = key.get(FIXED..).unwrap_or_default();
    // Within a text no zero is followed by another.
    let end =
        realm.windows(2).position(|pair| pair == [0, 0]).map_or(key.len(), |at| FIXED + at + 2);
    let sort = if key.get(end) == Some(&0) { Sort::Carried } else { Sort::Finding };
    (key.get(..end).unwrap_or(key), sort)
}

/// Whether the group that begins so holds an id that is good for one run only.
pub(super) fn is_run(group: &[u8]) -> bool {
    group.get(FIXED - 1) == Some(&(Basis::Run as u8))
}

/// Whether it holds an id that is comparable anywhere.
pub(super) fn is_anywhere(group: &[u8]) -> bool {
    group.get(FIXED - 1) == Some(&(Basis::Anywhere as u8))
}

/// `from`, so that texts are sorted as they are and none is the beginning of another.
pub(super) fn text(from: &str, to: &mut Vec<u8>) {
    for &byte in from.as_bytes() {
        to.push(byte);
        if byte == 0 {
            to.push(0xff);
        }
    }
    to.extend([0, 0]);
}

#[cfg(test)]
mod tests {
    use super::{Sort, finding, group, parts, text};
    use crate::merge::trial;
    use crate::model::Basis;

    #[test]
    fn a_key_tells_its_group() {
        for source in ["", "a", "a\0", "\0\0", "laptop"] {
            for basis in [Basis::Team, Basis::Anywhere, Basis::Run] {
                let mut sighting = trial::sighting(1, 2);
                (sighting.source, sighting.comparable) = (source.to_owned(), basis);
                let group = group(sighting.secret_id, basis, source);
                assert_eq!(parts(&finding(&sighting)), (&*group, Sort::Finding));
            }
        }
    }

    #[test]
    fn texts_are_sorted_as_they_are() {
        let coded = |from: &str| {
            let mut to = Vec::new();
            text(from, &mut to);
            to
        };
        let mut texts =
            ["", "\0", "\0\0", "\0\u{1}", "a", "a\0", "a\0b", "ab", "b"].map(str::to_owned);
        texts.sort();
        assert!(texts.windows(2).all(|pair| coded(&pair[0]) < coded(&pair[1])));
        assert!(texts.windows(2).all(|pair| !coded(&pair[1]).starts_with(&coded(&pair[0]))));
    }
}
