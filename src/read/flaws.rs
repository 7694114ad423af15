//! The flaws that a reader has met so far; the first sixteen are kept.

use super::Flaw;

/// How many flaws of a text are worth telling.
const MOST: usize = 16;

/// From so many flaws on a text is no document of its format.
const HOPELESS: usize = 10_000;

/// Flaws in the order of the text.
#[derive(Default)]
pub(super) struct Flaws {
    first: Vec<Flaw>,
    count: usize,
}

impl Flaws {
    /// Notes that something is wrong at `at`.
    pub(super) fn add(&mut self, at: usize, what: &'static str) {
        self.count += 1;
        if self.first.len() < MOST {
            self.first.push(Flaw { at, what });
        }
    }

    /// Whether there are so many that the rest is not worth reading.
    pub(super) const fn are_hopeless(&self) -> bool {
        self.count >= HOPELESS
    }

    /// All that was noted, in order.
    pub(super) fn all(mut self) -> Vec<Flaw> {
        self.first.sort_by_key(|flaw| flaw.at);
        self.first
    }
}
