//! Why a configuration cannot be used.

use std::ops::Range;

/// What is wrong in a configuration, where, and what is allowed there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}:{line}: {text}")]
pub struct Refusal {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub text: String,
}

/// The text of a file, to tell lines by.
#[derive(Clone, Copy)]
pub(super) struct Source<'t> {
    pub text: &'t str,
    pub path: &'t str,
}

impl Source<'_> {
    /// Refuses what stands at `span`.
    pub fn refuse(&self, span: &Range<usize>, text: impl Into<String>) -> Refusal {
        let before = self.text.as_bytes().iter().take(span.start);
        let line = before.filter(|byte| **byte == b'\n').count() + 1;
        Refusal { path: self.path.to_owned(), line, text: text.into() }
    }
}

/// As much of `text` as an error repeats, on one line.
pub(super) fn brief(text: &str) -> String {
    const MOST: usize = 60;
    let mut short: String = text.chars().take(MOST).filter(|c| !c.is_control()).collect();
    if text.chars().nth(MOST).is_some() {
        short.push('…');
    }
    short
}
