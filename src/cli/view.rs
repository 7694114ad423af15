//! `keytrail view`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::ColorChoice;

use super::sink::Sink;
use super::{exit, plan, record, scan};
use crate::model::Confidence;
use crate::output::{DRAWINGS, Drawing, Style};
use crate::report::Record;
use crate::runbook;

const EXAMPLES: &str = "\
Examples:
  keytrail view report.json                        each credential as a tree of its holders
  keytrail view all.json --format html -o all.html a page to look at, with the runbook
  keytrail view report.json --format dot | dot -Tsvg > graph.svg";

#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// A report of `keytrail scan --format json` or `keytrail merge`; `-` is standard input
    report: PathBuf,

    /// How to draw it: human, html, dot, mermaid
    #[arg(short, long, value_name = "NAME", default_value = "human", value_parser = drawing)]
    format: &'static Drawing,

    /// Where to write it [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Show credentials from this confidence on
    #[arg(long, value_name = "low|medium|high|certain", default_value = "medium")]
    #[arg(value_parser = scan::confidence)]
    min_confidence: Confidence,

    #[command(flatten)]
    owners: plan::Owners,

    /// When to use colours
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    color: ColorChoice,
}

fn drawing(text: &str) -> Result<&'static Drawing, String> {
    let known = || DRAWINGS.iter().map(|drawing| drawing.name).collect::<Vec<_>>().join(", ");
    DRAWINGS
        .iter()
        .find(|drawing| drawing.name == text)
        .ok_or_else(|| format!("known: {}", known()))
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let mut record = record::read(&args.report)?;
    record.trails.retain(|trail| trail.confidence >= args.min_confidence);
    let place = |path: &PathBuf| Sink::at(path).with_context(|| path.display().to_string());
    let sink = args.output.as_ref().map_or(Ok(Sink::Stdout), place)?;
    let (colour, width) = scan::terminal(args.color, &sink);
    let style = Style { colour, width, least: args.min_confidence };
    let runbook = if args.format.tells_runbook { Some(told(&record, &args.owners)?) } else { None };
    let written = sink.take(|out| (args.format.write)(&record, runbook.as_deref(), &style, out));
    written.with_context(|| sink.place().display().to_string())?;
    Ok(exit::CLEAN)
}

/// The runbook of `record` in Markdown.
fn told(record: &Record, owners: &plan::Owners) -> anyhow::Result<String> {
    let mut text = Vec::new();
    runbook::markdown(&runbook::runbook(record, &owners.hints()?), &mut text)?;
    Ok(String::from_utf8(text)?)
}
