//! Statements of identity, as far as they could be read.

use crate::model::{Claim, Field};

/// One claim for each value that is there.
pub(super) fn claims<const N: usize>(read: [(Field, Option<String>); N]) -> Vec<Claim> {
    let stated = |(field, value): (Field, Option<String>)| Some(Claim::new(field, value?));
    read.into_iter().filter_map(stated).collect()
}

/// The text of `bytes` if it can stand in a claim: not empty, at most 256 bytes, no control characters.
pub(super) fn text(bytes: &[u8]) -> Option<String> {
    let text = str::from_utf8(bytes).ok()?;
    let fit = !text.is_empty() && text.len() <= 256 && !text.contains(char::is_control);
    fit.then(|| text.to_owned())
}
