//! `keytrail completions SHELL`.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Cli, exit};

#[derive(clap::Args)]
pub(super) struct Args {
    /// The shell to print a script for
    shell: Shell,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "keytrail", &mut script);
    io::stdout().write_all(&script)?;
    Ok(exit::CLEAN)
}
