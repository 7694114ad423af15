//! Findings to trails: who holds a credential, how far it is spread, whose it is, how urgent that is.

mod holders;
mod join;
mod lifetime;
mod news;
mod owner;
mod rank;
mod reuse;
mod surest;
#[cfg(test)]
mod tests;
mod zone;

pub use join::{Facts, join, order};
pub use news::new_holders;
pub use owner::{Owners, owner};
pub use rank::shared;
pub use zone::zone;
