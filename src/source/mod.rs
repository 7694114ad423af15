//! Targets to bytes: walking folders, reading files and standard input, and their limits.

mod dependencies;
mod folders;
mod ignores;
pub mod processes;
mod read;
mod repository;
mod roots;
mod standing;
mod stdin;
pub mod unpack;
mod walk;

pub use read::{Buffer, Chunk, Ended, WINDOW, stream};
pub use standing::Standings;
pub use stdin::standard_input;
pub use walk::{Entry, Ignored, Stores, Walk};
