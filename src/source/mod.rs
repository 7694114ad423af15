//! Targets to bytes: walking folders, reading files and standard input, and their limits.

mod dependencies;
mod read;
mod walk;

pub use read::{Buffer, Chunk, Ended, stream};
pub use walk::{Entry, Ignored, Walk};
