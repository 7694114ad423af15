//! `keytrail merge`.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};

use super::sink::Sink;
use super::{config, exit, now};
use crate::merge::{self, Document, Input, Join, Opening, Refusal};
use crate::model::{Owner, RuleId, Sighting, Trail};
use crate::policy::{Gate, Gates, Judge};
use crate::report::RuleInfo;
use crate::rules::Tools;
use crate::standards::{self, Counter};
use crate::trail::{self, Facts};

const EXAMPLES: &str = "\
Examples:
  keytrail merge laptop.json ci.jsonl --output all.json
  keytrail merge reports/ | keytrail view - --format html > all.html
  keytrail merge reports/ --output all.json --fail-on cross-zone,policy

Reports that were made with different keys (keytrail key) are refused: their ids do not compare.
Temporary files, about twice as large as the reports, lie in the folder that TMPDIR names.

Exit codes:
  0  all reports were taken, and nothing that --fail-on names was met
  1  what --fail-on names was met
  2  refused, or the output could not be written
  3  a report could not be taken, or not wholly";

#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// JSON or JSONL reports of `keytrail scan`, or merged ones; of a folder all that end in .json or .jsonl
    #[arg(required = true)]
    reports: Vec<PathBuf>,

    /// Where to write the merged report [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// What fails the run: credentials of a confidence (any, low, medium, high, certain) or of
    /// severity=low|medium|high|critical; those that are reused, cross-tool or cross-zone; a broken
    /// policy. Several may be given, separated by commas [default: none]
    #[arg(long, value_name = "WHAT", value_parser = Gate::parse)]
    #[arg(help_heading = "Exit code", value_delimiter = ',')]
    fail_on: Vec<Gate>,

    #[command(flatten)]
    config: config::Configuration,

    /// Print no summary on standard error
    #[arg(short, long)]
    quiet: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let config = args.config.read()?;
    let gates = gates(&args.fail_on)?;
    let mut inputs = Vec::new();
    for path in &args.reports {
        inputs.extend(reports(path)?.into_iter().map(Input::at));
    }
    let place = |path: &PathBuf| Sink::at(path).with_context(|| path.display().to_string());
    let sink = args.output.as_ref().map_or(Ok(Sink::Stdout), place)?;
    let is_input = |file: &Path| {
        inputs.iter().any(|input| input.path.canonicalize().is_ok_and(|path| path == file))
    };
    if sink.file().is_some_and(is_input) {
        bail!("{}: cannot be merged and take the merged report", sink.place().display());
    }
    let (mut outcome, mut fails) = (None, false);
    let written = sink.take(|out| {
        let counter = RefCell::default();
        let trails = Trails { tools: Tools::embedded(), now: now::now(), counter: &counter };
        let document = Document::new(env!("CARGO_PKG_VERSION"), out);
        let judge = Judge::new(&config.policies);
        let mut whole = Whole {
            document,
            counter: &counter,
            judge,
            gates: &gates,
            fails: false,
            closed: false,
        };
        let merged = merge::merge(&inputs, &trails, &mut whole);
        fails = whole.fails;
        let stopped = merged.is_err();
        outcome = Some(merged);
        if stopped { Err(io::Error::other("refused")) } else { Ok(()) }
    });
    let merged = match outcome {
        Some(Err(refusal @ (Refusal::Keys { .. } | Refusal::Report(..)))) => bail!("{refusal}"),
        Some(Err(Refusal::Output(error))) => {
            return Err(error).context(sink.place().display().to_string());
        }
        Some(Ok(merged)) => merged,
        None => bail!("{}", sink.place().display()),
    };
    written.with_context(|| sink.place().display().to_string())?;
    let Opening { troubles, notes, reports, complete, .. } = &merged.opening;
    let mut err = io::stderr().lock();
    for trouble in troubles {
        _ = writeln!(
            err,
            "keytrail: {}",
            exit::harmless(&format!("{}: {}", trouble.path, trouble.message))
        );
    }
    if !args.quiet {
        notes.iter().for_each(|note| _ = writeln!(err, "keytrail: {}", exit::harmless(note)));
        let (findings, trails, reports) = (merged.findings, merged.trails, reports.len());
        _ = writeln!(
            err,
            "keytrail: {findings} findings of {trails} credentials in {reports} reports, {} told twice",
            merged.folded
        );
    }
    Ok(match (fails, troubles.is_empty() && *complete) {
        (true, _) => ExitCode::from(1),
        (false, true) => exit::CLEAN,
        (false, false) => ExitCode::from(3),
    })
}

/// What fails the run. What is new is not known here: there is no earlier report.
fn gates(all: &[Gate]) -> anyhow::Result<Gates> {
    let mut gates = Gates::default();
    for gate in all {
        if *gate == Gate::NewHolder {
            bail!("--fail-on new-holder: `keytrail diff` tells the new holders of two reports");
        }
        gates.add(*gate).map_err(|wrong| anyhow::anyhow!("--fail-on: {wrong}"))?;
    }
    Ok(gates)
}

/// The reports that `path` names: it, or those in it if it is a folder.
fn reports(path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let name = || path.display().to_string();
    if !fs::metadata(path).with_context(name)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut all = Vec::new();
    for entry in fs::read_dir(path).with_context(name)? {
        let path = entry.with_context(name)?.path();
        if path.extension().is_some_and(|end| end == "json" || end == "jsonl") && path.is_file() {
            all.push(path);
        }
    }
    all.sort();
    if all.is_empty() {
        bail!("{}: holds no report that ends in .json or .jsonl", name());
    }
    Ok(all)
}

/// Findings of many reports to trails, as in a scan.
struct Trails<'c> {
    tools: Tools,
    now: String,
    /// What frameworks call the findings, counted as they are seen.
    counter: &'c RefCell<Counter>,
}

impl Join for Trails<'_> {
    fn trail(&self, sightings: &[Sighting], rules: &BTreeMap<RuleId, RuleInfo>) -> Option<Trail> {
        let facts = |sighting: &Sighting| {
            let rule = rules.get(&sighting.rule);
            Facts {
                name: rule.map_or("a credential of an unknown rule", |rule| &rule.name),
                life: rule.map(|rule| rule.life).unwrap_or_default(),
                now: &self.now,
            }
        };
        let mut trail = trail::join(sightings, facts)?;
        let mut counter = self.counter.borrow_mut();
        for sighting in sightings {
            let zone = trail::zone(sighting, sighting.holders.first());
            counter.finding(standards::of_finding(sighting, zone));
        }
        for holder in &mut trail.holders {
            if let Some(tool) = self.tools.find(&holder.tool) {
                holder.tool_name = tool.name.to_string();
            }
        }
        Some(trail)
    }

    fn owner(&self, trail: &Trail) -> Option<String> {
        trail::owner(trail)
    }

    fn shared(&self, trail: &mut Trail) {
        trail::shared(trail);
    }
}

/// A document, and what is counted and judged while it is written.
struct Whole<'w> {
    document: Document<'w>,
    counter: &'w RefCell<Counter>,
    judge: Judge<'w>,
    gates: &'w Gates,
    /// Whether one of them was met.
    fails: bool,
    closed: bool,
}

impl Whole<'_> {
    /// All trails were seen.
    fn close(&mut self) {
        if !std::mem::replace(&mut self.closed, true) {
            self.document.frameworks = self.counter.borrow().counts();
            self.document.policies = self.judge.verdicts();
            self.fails |= self.gates.gates.contains(&Gate::Policy)
                && self.document.policies.iter().any(|verdict| !verdict.holds);
        }
    }
}

impl merge::Sink for Whole<'_> {
    fn begin(&mut self, opening: &Opening) -> io::Result<()> {
        self.document.begin(opening)
    }

    fn trail(&mut self, mut trail: Trail) -> io::Result<()> {
        let met = standards::of_trail(&trail);
        self.counter.borrow_mut().trail(met);
        trail.frameworks = met.texts();
        self.judge.see(&trail);
        self.fails |= self.gates.gates.iter().any(|gate| exit::meets(&trail, *gate));
        self.document.trail(trail)
    }

    fn owner(&mut self, owner: &Owner) -> io::Result<()> {
        self.close();
        self.document.owner(owner)
    }

    fn finding(&mut self, json: &[u8]) -> io::Result<()> {
        self.close();
        self.document.finding(json)
    }

    fn end(&mut self) -> io::Result<()> {
        self.close();
        self.document.end()
    }
}
