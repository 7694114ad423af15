//! Targets to bytes: walking folders, reading files and standard input, and their limits.

mod dependencies;
mod folders;
mod ignores;
mod read;
mod repository;
mod roots;
mod stdin;
mod walk;

pub use read::{Buffer, Chunk, Ended, stream};
pub use stdin::standard_input;
pub use walk::{Entry, Ignored, Stores, Walk};
