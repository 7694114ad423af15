//! Git's files, read without Git: object stores, references, the index. Nothing that a repository holds is
//! run, and nothing in it is believed before it was checked.

pub mod ancestry;
pub mod commit;
mod config;
mod damage;
pub mod date;
pub mod delta;
pub mod entry;
mod file;
pub mod forest;
mod index;
pub mod layout;
pub mod loose;
#[cfg(test)]
mod made;
mod map;
mod names;
#[cfg(test)]
mod noise;
mod pack;
mod reflog;
pub mod refs;
pub mod revision;
pub mod staged;
pub mod store;
pub mod tree;
#[cfg(test)]
mod trial;
pub mod walk;
mod zlib;

pub use damage::Damage;
pub use file::path_of;
pub use index::Index;
pub use map::Map;
pub use pack::{Pack, Trouble};
