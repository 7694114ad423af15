//! Whose a place is, and what its format says of the credentials in it.

mod address;
mod belief;
mod command;
mod field;
mod homes;
mod links;
mod listed;
mod login;
mod look;
pub mod machine;
mod names;
mod naming;
mod peel;
mod places;
mod segments;
mod servers;
mod speech;
mod written;

pub use look::{Literal, Look, Referring};
pub use naming::{Named, shown_cell};
pub use places::{Kept, Places};
