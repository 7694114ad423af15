//! The time, as credentials tell theirs.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::rules::checks;

/// Now, RFC 3339 in UTC, whole seconds.
pub(super) fn now() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).ok().and_then(checks::rfc3339).unwrap_or_default()
}
