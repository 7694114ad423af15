//! Reports of many machines and repositories into one, and two reports into what changed between them.

mod carried;
mod cut;
pub mod diff;
mod entry;
mod facts;
mod head;
mod join;
mod keys;
mod link;
mod sorter;
mod store;
mod take;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod trial;
mod write;

pub use facts::{MOST_RULES, MOST_SOURCES, Told};
pub use head::{Input, Trouble};
pub use join::{Join, MOST_FINDINGS, Merged, Opening, Sink, counted, merge};
pub use keys::Refusal;
pub use write::Document;
