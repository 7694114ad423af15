//! The tools that hold credentials, as data: where each keeps what, and in which form.

mod embedded;
pub mod expand;
mod place;
pub mod tool;
pub mod written;

pub use embedded::{Tools, TwoTools};
pub use place::Place;
pub use tool::{Holds, Keep, System, Tool, ToolKind, Where};
