//! Git's files, read without Git: object stores, references, the index. Nothing that a repository
//! holds is run, and nothing in it is believed before it was checked.

pub mod commit;
mod damage;
pub mod date;
#[cfg(test)]
mod noise;
pub mod tree;

pub use damage::Damage;
