//! Git's files, read without Git: object stores, references, the index. Nothing that a repository
//! holds is run, and nothing in it is believed before it was checked.

pub mod commit;
mod config;
mod damage;
pub mod date;
mod file;
pub mod layout;
mod names;
#[cfg(test)]
mod noise;
mod reflog;
pub mod refs;
pub mod tree;
#[cfg(test)]
mod trial;

pub use damage::Damage;
