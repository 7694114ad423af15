//! The command line: words in, exit code out; one file a command.

mod completions;
mod config;
mod diff;
mod exit;
mod key;
mod merge;
mod now;
mod part;
mod plan;
mod progress;
mod record;
mod remote;
mod rules;
mod scan;
mod signals;
mod sink;
mod view;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::guard;
use crate::output::visible;

/// Follows leaked credentials along their trail: who holds a key, where else it goes, whose it is.
#[derive(Parser)]
#[command(name = "keytrail", version, about, max_term_width = 100, propagate_version = true)]
#[command(arg_required_else_help = true, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  keytrail scan                          scan the folder you stand in
  keytrail scan src .env --format json   scan these, print one JSON document
  env | keytrail scan -                  scan standard input
  keytrail rules show github-pat-classic everything known of one type of credential

Exit codes:
  0  clean
  1  findings that --fail-on asks for (default: of medium confidence or more)
  2  the job could not be done: wrong flags, no such path, unreadable rules
  3  no such findings, but something that should have been read could not be
  130  stopped by a signal before there was a report";

#[derive(Subcommand)]
enum Command {
    /// Look for credentials in files, folders and standard input
    Scan(Box<scan::Args>),
    /// List, explain, check and sample the rules
    #[command(subcommand)]
    Rules(rules::Command),
    /// Join the reports of many repositories and machines into one
    Merge(merge::Args),
    /// Tell what changed between two reports: new holders, gone holders, old values left behind
    Diff(diff::Args),
    /// Write the runbook of a report: what to revoke first, and how, step by step
    Plan(plan::Args),
    /// Draw a JSON report: as trees, as a page, as a graph
    View(view::Args),
    /// Make the key by which a team's reports compare
    #[command(subcommand)]
    Key(key::Command),
    /// Print a completion script for a shell
    Completions(completions::Args),
}

/// Runs the program on the process's own arguments.
pub fn run() -> ExitCode {
    if let Some(url) = remote::guard::errand() {
        return remote::guard::run(&url);
    }
    guard::quieten();
    let command = match Cli::try_parse() {
        Ok(cli) => cli.command,
        Err(refusal) => return refused(&refusal),
    };
    let outcome = match command {
        Command::Scan(args) => scan::run(&args),
        Command::Rules(command) => rules::run(&command),
        Command::Merge(args) => merge::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Plan(args) => plan::run(&args),
        Command::View(args) => view::run(&args),
        Command::Key(command) => key::run(&command),
        Command::Completions(args) => completions::run(&args),
    };
    outcome.unwrap_or_else(|error| exit::failed(&error))
}

/// Help, or what is wrong with the arguments: plain and harmless if they hold what a terminal would obey.
fn refused(refusal: &clap::Error) -> ExitCode {
    let hostile = |arg: OsString| {
        let text = arg.to_string_lossy();
        visible(&text) != text
    };
    if refusal.use_stderr() && std::env::args_os().any(hostile) {
        _ = writeln!(io::stderr(), "{}", exit::harmless(&refusal.render().to_string()));
    } else {
        _ = refusal.print();
    }
    u8::try_from(refusal.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from)
}
