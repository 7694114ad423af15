//! A credential whose value is known for the time of a scan.

use crate::model::{Claim, Field, Kind};

/// A known credential. It lends its value and never shows it.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// The rule that found it.
    pub rule: &'a str,
    /// What sort it is.
    pub kind: Kind,
    /// The credential itself.
    pub value: &'a [u8],
    /// What was read of whose it is.
    pub claims: &'a [Claim],
}

impl<'a> Known<'a> {
    /// Longer values are not read.
    const LONGEST: usize = 64 << 10;

    /// Whether it is short enough to be read.
    pub(super) const fn is_readable(&self) -> bool {
        self.value.len() <= Self::LONGEST
    }

    /// Every value stated for `field`.
    pub(super) fn told(&self, field: Field) -> impl Iterator<Item = &'a str> + use<'a> {
        let stated = self.claims.iter().filter(move |claim| claim.field == field);
        stated.map(|claim| claim.value.as_str())
    }
}
