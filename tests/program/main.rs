//! The whole program, as a user runs it.

#[cfg(unix)]
mod browser;
mod command;
mod containers;
mod history;
mod holders;
mod hostile;
#[cfg(unix)]
mod html;
mod left_out;
#[cfg(unix)]
#[path = "../../src/output/made_up.rs"]
#[expect(dead_code, reason = "the unit tests of pages use the rest")]
mod made_up;
mod names;
#[cfg(unix)]
mod pages;
#[cfg(unix)]
mod plan;
mod principals;
#[cfg(unix)]
mod remote;
mod reports;
mod repository;
mod rules;
mod secrecy;
mod support;
mod trails;

use keytrail::{model, report, trail};
