//! `keytrail diff`.

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use clap::ValueEnum;

use super::exit;
use crate::merge::diff::{self, Change};
use crate::merge::{Input, Refusal};
use crate::output::changes;

const EXAMPLES: &str = "\
Examples:
  keytrail diff monday.json friday.json
  keytrail diff before.json after.json --format jsonl   one JSON object a change, then a summary

Both scans must name their roots alike. Ids of guessable credentials compare only where both reports were
made with one key (keytrail key).

Exit codes:
  0  nothing is worse than before
  1  a new credential, a new holder, or an old value left behind after rotation
  2  the reports cannot be compared
  3  a report could not be read wholly";

/// How changes are written.
#[derive(Clone, Copy, ValueEnum)]
enum Form {
    /// A few lines each.
    Human,
    /// One JSON object a line, then a summary.
    Jsonl,
}

#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// The earlier report, JSON or JSONL
    old: PathBuf,

    /// The later one
    new: PathBuf,

    /// How to write what changed
    #[arg(short, long, default_value = "human")]
    format: Form,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let mut out = BufWriter::new(io::stdout().lock());
    let (old, new) = (Input::at(&args.old), Input::at(&args.new));
    let compared = diff::diff(&old, &new, &mut |change: &Change| match args.format {
        Form::Human => changes::tell_change(change, &mut out),
        Form::Jsonl => line(change, &mut out),
    });
    let summary = match compared {
        Ok(summary) => summary,
        Err(Refusal::Output(error)) => return Err(error.into()),
        Err(refusal) => bail!("{refusal}"),
    };
    match args.format {
        Form::Human => changes::tell_summary(&summary, &mut out)?,
        Form::Jsonl => line(&summary, &mut out)?,
    }
    out.flush()?;
    Ok(match (summary.worse(), summary.troubles.is_empty()) {
        (0, true) => exit::CLEAN,
        (0, false) => ExitCode::from(3),
        _ => ExitCode::from(1),
    })
}

fn line(value: &impl serde::Serialize, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    writeln!(out)
}
