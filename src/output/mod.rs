//! Report to bytes, one file a format.

pub mod changes;
mod contract;
mod coverage;
mod dot;
mod escape;
mod graph;
mod holding;
mod html;
mod human;
mod json;
mod jsonl;
#[cfg(test)]
mod made_up;
mod mermaid;
mod past;
mod sarif;
mod tree;
mod view;

use std::io::{self, Write};

use crate::report::Record;

pub use contract::{Format, Style};
pub use escape::visible;

/// Every format, in the order of help.
pub const ALL: &[&Format] = &[
    &human::FORMAT,
    &json::FORMAT,
    &jsonl::FORMAT,
    &sarif::FORMAT,
    &html::FORMAT,
    &dot::FORMAT,
    &mermaid::FORMAT,
];

/// A way to draw a report that is read back.
pub struct Drawing {
    /// Name in `--format`.
    pub name: &'static str,
    /// Whether it has room for a runbook.
    pub tells_runbook: bool,
    /// Draws it, with its runbook in Markdown if the format has room for one.
    pub write: fn(&Record, Option<&str>, &Style, &mut dyn Write) -> io::Result<()>,
}

/// Every such way, in the order of help.
pub const DRAWINGS: &[Drawing] = &[
    Drawing {
        name: "human",
        tells_runbook: false,
        write: |record, _, style, out| tree::all(&record.trails, style, out),
    },
    Drawing {
        name: "html",
        tells_runbook: true,
        write: |record, runbook, _, out| html::write(record, runbook, out),
    },
    Drawing {
        name: "dot",
        tells_runbook: false,
        write: |record, _, _, out| dot::write(&record.trails, out),
    },
    Drawing {
        name: "mermaid",
        tells_runbook: false,
        write: |record, _, _, out| mermaid::write(&record.trails, out),
    },
];

/// The format called `name`.
pub fn find(name: &str) -> Option<&'static Format> {
    ALL.iter().copied().find(|format| format.name == name)
}
