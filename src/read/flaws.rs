//! The flaws that a reader has met so far; the first sixteen are kept.

use super::Flaw;

/// How many flaws of a text are worth telling.
const MOST: usize = 16;

/// Flaws in the order of the text.
#[derive(Default)]
pub(super) struct Flaws(Vec<Flaw>);

impl Flaws {
    /// Notes that something is wrong at `at`.
    pub(super) fn add(&mut self, at: usize, what: &'static str) {
        if self.0.len() < MOST {
            self.0.push(Flaw { at, what });
        }
    }

    /// All that was noted, in order.
    pub(super) fn all(mut self) -> Vec<Flaw> {
        self.0.sort_by_key(|flaw| flaw.at);
        self.0
    }
}
