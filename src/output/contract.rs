//! The contract of an output format: a report in, bytes out.

use std::io::{self, Write};

use crate::model::Confidence;
use crate::report::Report;

/// A way to write a report down.
pub struct Format {
    /// Name in `--format`.
    pub name: &'static str,
    /// What it is for, half a sentence for help.
    pub about: &'static str,
    /// The least confidence that it shows unless the user asks for another.
    pub least: Confidence,
    /// Writes the whole report. Equal reports and styles give equal bytes.
    pub write: fn(&Report, &Style, &mut dyn Write) -> io::Result<()>,
}

/// How a report is to be drawn.
#[derive(Clone, Debug)]
pub struct Style {
    /// Whether escape sequences for colour may be used.
    pub colour: bool,
    /// Columns of the terminal; text meant for people is fitted to it.
    pub width: usize,
    /// Findings below this are counted, not shown.
    pub least: Confidence,
}
