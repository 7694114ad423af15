//! How long a credential lives.

use crate::model::{Claim, Field, Life, Lifetime};

/// What `claims`, and else what is known of its kind, tell of a credential's end, seen at `now` (RFC 3339 in
/// UTC, whole seconds).
pub(super) fn lifetime(claims: &[Claim], life: Life, now: &str) -> Lifetime {
    let ends = claims.iter().filter(|claim| claim.field == Field::ExpiresAt);
    let end = ends.map(|claim| claim.value.as_str()).filter(|end| is_time(end)).max();
    match (end, life) {
        (Some(end), _) if end < now => Lifetime::Expired(end.to_owned()),
        (Some(end), _) => Lifetime::Expires(end.to_owned()),
        (None, Life::Endless) => Lifetime::Endless,
        (None, Life::Short | Life::Set | Life::Unknown) => Lifetime::Unknown,
    }
}

/// Whether `text` is a time in UTC as claims write it: such texts sort as their times do.
fn is_time(text: &str) -> bool {
    let digits = |range: std::ops::Range<usize>| {
        text.get(range).is_some_and(|part| part.bytes().all(|b| b.is_ascii_digit()))
    };
    text.len() >= 20 && text.ends_with('Z') && digits(0..4) && text.as_bytes()[10] == b'T'
}
