//! Git's files, read without Git: object stores, references, the index. Nothing that a repository holds is
//! run, and nothing in it is believed before it was checked.

mod damage;

pub use damage::Damage;
