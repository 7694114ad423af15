//! Policy as data: statements about trails, and what makes a run fail.

mod condition;
mod gate;
mod glob;
mod judge;
mod read;
mod refusal;
mod statement;
#[cfg(test)]
mod tests;
mod value;
mod words;

pub use condition::Condition;
pub use gate::{Gate, Gates};
pub use judge::Judge;
pub use read::Policies;
pub use refusal::Refusal;
pub use statement::Statement;
