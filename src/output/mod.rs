//! Report to bytes, one file a format.

mod contract;

pub use contract::{Format, Style};

/// Every format, in the order of help.
pub const ALL: &[&Format] = &[];

/// The format called `name`.
pub fn find(name: &str) -> Option<&'static Format> {
    ALL.iter().copied().find(|format| format.name == name)
}
