//! Report to bytes, one file a format.

mod contract;
mod coverage;
mod escape;
mod holding;
mod human;
mod json;
mod jsonl;
mod past;
mod sarif;
mod view;

pub use contract::{Format, Style};
pub use escape::visible;

/// Every format, in the order of help.
pub const ALL: &[&Format] = &[&human::FORMAT, &json::FORMAT, &jsonl::FORMAT, &sarif::FORMAT];

/// The format called `name`.
pub fn find(name: &str) -> Option<&'static Format> {
    ALL.iter().copied().find(|format| format.name == name)
}
