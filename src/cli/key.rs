//! `keytrail key`, and the flags with which other commands take a key.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use zeroize::Zeroizing;

use super::exit;
use crate::detect::TeamKey;

const EXAMPLES: &str = "\
Examples:
  keytrail key new team.key                  write a new key to a file that only you can read
  keytrail key new | pass insert -m keytrail hand it to a password manager
  keytrail key id team.key                   the id that reports made with it carry
  keytrail scan --key-file team.key .        make comparable ids
  KEYTRAIL_KEY=... keytrail scan .           the same, where secrets are variables";

#[derive(clap::Subcommand)]
#[command(after_help = EXAMPLES)]
pub(super) enum Command {
    /// Make a key: 32 random bytes as a line of text. Keep it as you keep passwords
    New {
        /// Where to write it [default: standard output]; an existing file is never overwritten
        file: Option<PathBuf>,
    },
    /// Print the id of a key, which gives nothing of it away
    Id {
        /// The file with the key
        file: PathBuf,
    },
}

/// Where the team's key is.
#[derive(clap::Args)]
#[command(next_help_heading = "Trails")]
pub(super) struct Key {
    /// Make ids with the team's key in this file, so that they compare wherever that key is used, and
    /// nowhere else. The variable KEYTRAIL_KEY may hold the key itself instead
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
}

impl Key {
    /// The key that was chosen, if one was.
    pub(super) fn read(&self) -> anyhow::Result<Option<TeamKey>> {
        if let Some(file) = &self.key_file {
            return read(file).map(Some);
        }
        let Some(text) = std::env::var_os("KEYTRAIL_KEY").filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        let text = Zeroizing::new(text.to_string_lossy().into_owned());
        TeamKey::parse(&text).map(Some).context("KEYTRAIL_KEY: not a key of `keytrail key new`")
    }
}

pub(super) fn run(command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::New { file: None } => {
            let key = TeamKey::new().context("the system gave no randomness")?;
            writeln!(io::stdout(), "{}", *key.text())?;
        }
        Command::New { file: Some(file) } => {
            let key = TeamKey::new().context("the system gave no randomness")?;
            write(file, &key).with_context(|| file.display().to_string())?;
            writeln!(
                io::stderr(),
                "keytrail: {}: the key {}",
                exit::harmless(&file.display().to_string()),
                key.id()
            )?;
        }
        Command::Id { file } => writeln!(io::stdout(), "{}", read(file)?.id())?,
    }
    Ok(exit::CLEAN)
}

/// A key is a line: what is longer than this is none.
const MOST: u64 = 4096;

fn read(file: &Path) -> anyhow::Result<TeamKey> {
    let name = || file.display().to_string();
    let mut text = Zeroizing::new(String::new());
    let from = File::open(file).with_context(name)?;
    from.take(MOST).read_to_string(&mut text).with_context(name)?;
    TeamKey::parse(&text).with_context(|| format!("{}: not a key of `keytrail key new`", name()))
}

fn write(file: &Path, key: &TeamKey) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    writeln!(options.open(file)?, "{}", *key.text())
}
