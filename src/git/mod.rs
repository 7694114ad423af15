//! Git's files, read without Git: object stores, references, the index. Nothing that a repository holds is
//! run, and nothing in it is believed before it was checked.

mod damage;
pub mod delta;
pub mod entry;
pub mod forest;
mod index;
mod map;
mod pack;
pub mod walk;
mod zlib;

pub use damage::Damage;
pub use index::Index;
pub use map::Map;
pub use pack::{Pack, Trouble};
