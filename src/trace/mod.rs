//! Known values, in whatever form they stand in a text.

mod blocks;
mod escaped;
mod forms;
#[cfg(test)]
mod tests;
mod tracer;
mod worth;

pub use tracer::{Hit, Tracer, Wanted};
