//! Rule and holder data in, one compiled, proven catalogue out; structure checks live here because data names them.

pub mod catalogue;
pub mod checks;
pub mod dice;
pub mod format;
mod literal;
mod row;
pub mod rule;
pub mod sample;
pub mod tools;
pub mod written;

pub use catalogue::{Catalogue, LoadError};
pub use literal::LITERAL;
pub use rule::Rule;
pub use tools::Tools;
