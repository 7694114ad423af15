//! The whole program, as a user runs it.

mod command;
mod hostile;
mod left_out;
mod names;
#[cfg(unix)]
mod remote;
mod reports;
mod rules;
mod secrecy;
mod support;
