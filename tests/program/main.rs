//! The whole program, as a user runs it.

mod command;
mod containers;
mod history;
mod holders;
mod hostile;
mod left_out;
mod names;
mod principals;
#[cfg(unix)]
mod remote;
mod reports;
mod repository;
mod rules;
mod secrecy;
mod support;
mod trails;
