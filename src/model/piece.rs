//! What of a text is new, and what is copied from another.

use std::ops::Range;

/// A stretch of a text that is told by another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where it stands.
    pub range: Range<usize>,
    /// Where it stands in the other text; none if it is new.
    pub from: Option<usize>,
}
