//! Which of two findings of one credential tells best what it is.

use std::cmp::{Ordering, Reverse};

use crate::model::{Reason, ReasonKind, Sighting};

/// The surer first; of those the one that tells most, then the worse, then by what is written.
pub(super) fn surest(a: &Sighting, b: &Sighting) -> Ordering {
    let traced = |s: &Sighting| s.reasons.iter().any(|r: &Reason| r.kind == ReasonKind::Trace);
    let by = |s: &Sighting| {
        (Reverse(s.confidence), traced(s), Reverse(s.principal.len()), Reverse(s.severity))
    };
    by(a)
        .cmp(&by(b))
        .then_with(|| (&a.rule, &a.redacted, &a.path).cmp(&(&b.rule, &b.redacted, &b.path)))
}
