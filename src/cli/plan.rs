//! `keytrail plan`.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::ValueEnum;

use super::sink::Sink;
use super::{exit, record, scan};
use crate::model::{Confidence, SecretId};
use crate::runbook::{self, CodeOwners, Hints, OwnerHint};

const EXAMPLES: &str = "\
Examples:
  keytrail scan --format json -o report.json . ; keytrail plan report.json > runbook.md
  keytrail plan all.json --code-owners .github/CODEOWNERS
  keytrail plan report.json --format json

A runbook only tells what to do: keytrail revokes nothing and asks no one.";

/// How a runbook is written.
#[derive(Clone, Copy, ValueEnum)]
enum Form {
    /// Markdown with check boxes.
    Markdown,
    /// One JSON document.
    Json,
}

#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// A report of `keytrail scan --format json` or `keytrail merge`; `-` is standard input
    report: PathBuf,

    /// How to write the runbook
    #[arg(short, long, default_value = "markdown")]
    format: Form,

    /// Where to write it [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Show credentials from this confidence on
    #[arg(long, value_name = "low|medium|high|certain", default_value = "medium")]
    #[arg(value_parser = scan::confidence)]
    min_confidence: Confidence,

    #[command(flatten)]
    owners: Owners,
}

/// Who is asked about a place.
#[derive(clap::Args)]
pub(super) struct Owners {
    /// Who owns which paths, as GitHub and GitLab read it; FOLDER is where the repository lies, as the report
    /// writes paths. May be given several times
    #[arg(long, value_name = "CODEOWNERS[=FOLDER]")]
    code_owners: Vec<PathBuf>,

    /// The source of a report, as it names it, whose content strangers can read; "" is a report without a
    /// name. May be given several times
    #[arg(long, value_name = "SOURCE")]
    public: Vec<String>,

    /// A credential (ks_...) that somebody else is known to use. May be given several times
    #[arg(long, value_name = "ID", value_parser = id)]
    used: Vec<SecretId>,
}

fn id(text: &str) -> Result<SecretId, String> {
    SecretId::parse(text).ok_or_else(|| "an id reads ks_ and 32 hexadecimal digits".to_owned())
}

impl Owners {
    /// What is known of owners.
    pub(super) fn hints(&self) -> anyhow::Result<Hints> {
        let mut owners = Vec::new();
        for named in &self.code_owners {
            let text = named.to_string_lossy();
            let (file, root) = text.split_once('=').unwrap_or((&text, ""));
            let rules = fs::read(file).with_context(|| file.to_owned())?;
            owners.push(OwnerHint::CodeOwners {
                source: String::new(),
                root: root.trim_end_matches('/').to_owned(),
                rules: CodeOwners::parse(&String::from_utf8_lossy(&rules)),
            });
        }
        let public = self.public.iter().cloned().collect();
        let used = self.used.iter().copied().collect();
        Ok(Hints { owners, public, used })
    }
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let mut record = record::read(&args.report)?;
    record.trails.retain(|trail| trail.confidence >= args.min_confidence);
    let runbook = runbook::runbook(&record, &args.owners.hints()?);
    let place = |path: &PathBuf| Sink::at(path).with_context(|| path.display().to_string());
    let sink = args.output.as_ref().map_or(Ok(Sink::Stdout), place)?;
    let written = sink.take(|out| match args.format {
        Form::Markdown => runbook::markdown(&runbook, out),
        Form::Json => runbook::json(&runbook, out),
    });
    written.with_context(|| sink.place().display().to_string())?;
    Ok(exit::CLEAN)
}
