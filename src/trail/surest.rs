//! Which of two findings of one credential tells best what it is.

use std::cmp::{Ordering, Reverse};

use crate::model::{Reason, ReasonKind, Sighting};

/// The surer first; of those the one that tells most, then the worse, then by what is written.
pub(super) fn surest(a: &Sighting, b: &Sighting) -> Ordering {
    let by = |s: &Sighting| {
        (Reverse(s.confidence), traced(s), Reverse(s.principal.len()), Reverse(s.severity))
    };
    by(a)
        .cmp(&by(b))
        .then_with(|| (&a.rule, &a.redacted, &a.path).cmp(&(&b.rule, &b.redacted, &b.path)))
}

/// Whether it was found only as a value that is known from elsewhere, whatever its form is here.
pub(super) fn traced(sighting: &Sighting) -> bool {
    sighting.reasons.iter().any(|reason: &Reason| reason.kind == ReasonKind::Trace)
}
