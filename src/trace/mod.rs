//! Known values, in whatever form they stand in a text.

mod blocks;
mod escaped;
mod forms;
mod needles;
#[cfg(test)]
mod tests;
mod tracer;
mod worth;

pub use needles::Needles;
pub use tracer::{Hit, Tracer, Wanted};
pub use worth::is_worth;
