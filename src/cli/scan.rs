//! `keytrail scan`.

use std::env;
use std::fs;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use anyhow::{Context, bail};
use clap::ColorChoice;

use super::part::Part;
use super::progress::Progress;
use super::remote::{LocalClone, Remote};
use super::sink::Sink;
use super::{config, exit, key, now, record, rules, signals};
use crate::detect::{self, Fingerprinter};
use crate::model::{Confidence, KeyId};
use crate::output::{self, Format, Style};
use crate::policy::{Gate, Gates};
use crate::report::Report;
use crate::rules::Tools;
use crate::scan::{self, Plan, Scope, Target, Watch};
use crate::source::Ignored;
use crate::trail;

const EXAMPLES: &str = "\
Examples:
  keytrail scan                                       the folder you stand in
  keytrail scan --format sarif=out.sarif --format human .
  keytrail scan --format jsonl --output findings.jsonl src
  keytrail scan --fail-on severity=high .             only worse findings fail the run
  keytrail scan --staged                              what is about to be committed
  keytrail scan --range origin/main..HEAD             what a pull request brings
  keytrail scan https://example.org/team/project.git  a remote repository's whole history
  keytrail scan --machine                             the agents, stores and processes of this machine
  keytrail scan --home /mnt/backup/home/ann           those below another home directory
  kubectl get secret -o yaml | keytrail scan -        standard input";

#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Files, folders, repositories or the URL of one to scan; `-` is standard input [default: the
    /// current folder]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    output: Output,

    /// Read dependency and build folders that Git ignores as well
    #[arg(long, conflicts_with = "respect_gitignore", help_heading = "What is read")]
    all: bool,

    /// Read nothing that Git ignores (by default ignored files are read: agents read them too)
    #[arg(long, help_heading = "What is read")]
    respect_gitignore: bool,

    /// Read files only, not the history of Git repositories
    #[arg(long, conflicts_with = "history_only", help_heading = "What is read")]
    no_history: bool,

    /// Read the history of Git repositories only, not the files
    #[arg(long, help_heading = "What is read")]
    history_only: bool,

    /// Read this machine: the places in which agents, clients, credential stores, shells and CI runners
    /// keep credentials, for you and for all users, and your running processes; never the whole disk
    #[arg(long, conflicts_with_all = ["no_history", "history_only"], help_heading = "What is read")]
    machine: bool,

    /// Read those places below another home directory: a backup, a mounted image
    #[arg(long, value_name = "DIR", help_heading = "What is read")]
    #[arg(conflicts_with_all = ["no_history", "history_only"])]
    home: Vec<PathBuf>,

    /// Read the environments and arguments of your own running processes
    #[arg(long, help_heading = "What is read")]
    processes: bool,

    /// Look at everything as text alone: open no archives and databases, tell no keys and holders
    #[arg(long, help_heading = "What is read")]
    as_text: bool,

    #[command(flatten)]
    part: Part,

    /// Remember which packs of Git objects were inspected by the same rules, and look only at those of
    /// their objects again that hold credentials. Without DIR in `keytrail` among the user's caches
    /// (~/.cache, ~/Library/Caches, %LOCALAPPDATA%). No value and no digest of one is kept
    #[arg(long, value_name = "DIR", num_args = 0..=1, require_equals = true, help_heading = "What is read")]
    cache: Option<Option<PathBuf>>,

    /// Look at all of each Git object, not only at what is new in it: the same findings, later
    #[arg(long, help_heading = "What is read")]
    whole_objects: bool,

    /// Don't look for known values everywhere in all their encoded forms, a second time over
    #[arg(long, help_heading = "What is read")]
    no_trace: bool,

    #[command(flatten)]
    key: key::Key,

    #[command(flatten)]
    config: config::Configuration,

    /// What the report is of, for merged reports: the name of a machine or a repository
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    #[arg(help_heading = "Trails")]
    source: String,

    /// How many wrappings (base64, hex, escapes, ...) are undone, one inside the other
    #[arg(long, value_name = "N", default_value_t = 3, help_heading = "What is read")]
    #[arg(value_parser = clap::value_parser!(u8).range(0..=8))]
    depth: u8,

    #[command(flatten)]
    rules: rules::Choice,

    /// Threads, at most 256; 0 is one for each core
    #[arg(short = 'j', long, value_name = "N", default_value_t = 0)]
    #[arg(value_parser = clap::value_parser!(u16).range(0..=256))]
    threads: u16,

    /// What fails the run: findings of a confidence (any, none, low, medium, high, certain) or of
    /// severity=low|medium|high|critical; credentials that are reused, cross-tool or cross-zone; a
    /// new-holder (see --known); a broken policy. Several may be given, separated by commas
    /// [default: what `[gate] fail-on` in keytrail.toml says, else medium]
    #[arg(long, value_name = "WHAT", value_parser = Gate::parse)]
    #[arg(help_heading = "Exit code", value_delimiter = ',')]
    fail_on: Vec<Gate>,

    /// A JSON report of an earlier scan: holders that it does not know are new, for --fail-on new-holder
    #[arg(long, value_name = "REPORT", help_heading = "Trails")]
    known: Option<PathBuf>,

    /// Exit with 0 even if something could not be read, unless the run was interrupted
    #[arg(long, help_heading = "Exit code")]
    allow_partial: bool,
}

#[derive(clap::Args)]
#[command(next_help_heading = "Output")]
struct Output {
    /// How to write the report; NAME=FILE writes it to a file. May be given several times
    #[arg(short, long, value_name = FORMATS, value_parser = wanted, default_value = "human")]
    format: Vec<Wanted>,

    /// Where to write the one format that names no file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Show findings from this confidence on [default: medium for human and sarif, low for json
    /// and jsonl]
    #[arg(long, value_name = "low|medium|high|certain", value_parser = confidence)]
    min_confidence: Option<Confidence>,

    /// Write raw values into human, json and jsonl reports
    #[arg(long)]
    show_secrets: bool,

    /// Tell Microsoft's correlating ids (C3ID) of unguessable credentials, so that reports of tools that
    /// have them can be joined
    #[arg(long, help_heading = "Trails")]
    c3id: bool,

    /// When to use colours
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    color: ColorChoice,

    /// Print no progress and no note on standard error
    #[arg(short, long)]
    quiet: bool,
}

const FORMATS: &str = "NAME[=FILE]";

/// A format that was asked for, and where it goes.
#[derive(Clone)]
struct Wanted {
    format: &'static Format,
    file: Option<PathBuf>,
}

fn wanted(text: &str) -> Result<Wanted, String> {
    let (name, file) = match text.split_once('=') {
        Some((name, "")) => return Err(format!("no file is named after `{name}=`")),
        Some((name, file)) => (name, Some(PathBuf::from(file))),
        None => (text, None),
    };
    let known = || output::ALL.iter().map(|f| f.name).collect::<Vec<_>>().join(", ");
    let format = output::find(name).ok_or_else(|| format!("known formats: {}", known()))?;
    Ok(Wanted { format, file })
}

pub(super) fn confidence(text: &str) -> Result<Confidence, String> {
    let named = Confidence::ALL.into_iter().find(|level| level.name() == text);
    named.ok_or_else(|| "known: low, medium, high, certain".to_owned())
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let catalogue = args.rules.catalogue()?;
    let tools = Tools::embedded();
    let team = args.key.read()?;
    let ids = Fingerprinter::new(team).context("the system gave no randomness")?;
    let watch = Arc::new(Watch::default());
    let over = signals::listen(&watch);
    let mut plan = plan(args)?;
    let sinks = sinks(&args.output, &plan.targets)?;
    let config = args.config.read()?;
    let gates = gates(args, config.gates)?;
    plan.policies = config.policies;
    if gates.gates.contains(&Gate::Policy) && plan.policies == Default::default() {
        bail!("--fail-on policy: there is no policy: name a keytrail.toml with --config");
    }
    if args.known.is_none() && gates.gates.contains(&Gate::NewHolder) {
        bail!("--fail-on new-holder: name the earlier report with --known");
    }
    let known = args.known.as_deref().map(record::read).transpose()?;
    if let Some(known) = &known {
        comparable(known.key.id, ids.key_id())?;
    }
    let _clones = fetch(args, &mut plan, &watch)?;
    plan.reports = sinks.iter().filter_map(|(_, sink)| sink.file().map(Path::to_owned)).collect();
    let begun = Instant::now();
    let mut report = thread::scope(|scope| {
        let _progress = (!args.output.quiet).then(|| Progress::of(scope, &watch));
        scan::run(&plan, (&catalogue, &tools), &ids, &watch)
    })?;
    over.set();
    if let Some(known) = known {
        let news = trail::new_holders(&known.trails, &report.trails).into_iter();
        report.news = news.map(|(trail, holder)| (trail.clone(), holder.clone())).collect();
    }
    report.elapsed = io::stdout().is_terminal().then(|| begun.elapsed());
    Ok(write(&report, &gates, args, &sinks))
}

/// What fails the run: what the flags say, else the configuration, else findings of medium confidence.
fn gates(args: &Args, configured: Gates) -> anyhow::Result<Gates> {
    let mut gates = Gates::default();
    for gate in &args.fail_on {
        gates.add(*gate).map_err(|wrong| anyhow::anyhow!("--fail-on: {wrong}"))?;
    }
    if gates.gates.is_empty() {
        gates = configured;
    }
    if gates.gates.is_empty() {
        gates.gates.push(Gate::Confidence(Confidence::Medium));
    }
    Ok(gates)
}

/// Refuses reports whose ids mean nothing to one another.
fn comparable(known: Option<KeyId>, own: Option<KeyId>) -> anyhow::Result<()> {
    let name = |id: Option<KeyId>| id.map_or_else(|| "no key".to_owned(), |id| id.to_string());
    if known != own {
        let (old, new) = (name(known), name(own));
        bail!(
            "--known: the earlier report was made with {old}, this scan is with {new}: ids do not compare"
        );
    }
    Ok(())
}

/// Writes the report everywhere, whatever happens to one of the places.
fn write(
    report: &Report,
    gates: &Gates,
    args: &Args,
    sinks: &[(&'static Format, Sink)],
) -> ExitCode {
    let mut code = exit::of(report, gates, args.allow_partial);
    for (format, sink) in sinks {
        let style = args.output.style(format, sink);
        let written = sink.take(|out| (format.write)(report, &style, out));
        if let Err(error) = written.with_context(|| sink.place().display().to_string()) {
            code = exit::failed(&error);
        }
    }
    code
}

/// Copies the remote repositories that are named, and adds the copies to what is scanned. They go away when
/// what is given back does.
fn fetch(args: &Args, plan: &mut Plan, watch: &Watch) -> anyhow::Result<Vec<LocalClone>> {
    let remotes = args.paths.iter().filter_map(|path| Remote::parse(path.as_os_str()));
    let mut clones = Vec::new();
    for remote in remotes {
        let clone = remote.fetch(&watch.stop, args.output.quiet)?;
        plan.targets.push(Target::Clone(clone.path(), PathBuf::from(remote.name())));
        clones.push(clone);
    }
    Ok(clones)
}

fn plan(args: &Args) -> anyhow::Result<Plan> {
    let here = [PathBuf::from(".")];
    let elsewhere = args.machine || !args.home.is_empty() || args.processes;
    let paths = if args.paths.is_empty() && !elsewhere { &here[..] } else { &args.paths };
    let paths = paths.iter().filter(|path| Remote::parse(path.as_os_str()).is_none());
    let target = |path: &PathBuf| {
        if path.as_os_str() == "-" {
            return Ok(Target::Stdin);
        }
        fs::symlink_metadata(path).with_context(|| format!("{}", path.display()))?;
        Ok(Target::Path(path.clone()))
    };
    let ignored = match (args.all, args.respect_gitignore) {
        (true, _) => Ignored::All,
        (false, true) => Ignored::Nothing,
        (false, false) => Ignored::Files,
    };
    let scope = match (args.no_history, args.history_only) {
        (true, _) => Scope::Files,
        (false, true) => Scope::History,
        (false, false) => Scope::All,
    };
    let mut targets: Vec<_> = paths.map(target).collect::<anyhow::Result<_>>()?;
    targets.extend(homes(args)?);
    Ok(Plan {
        base: base(&targets),
        here: env::current_dir().unwrap_or_default(),
        targets,
        ignored,
        scope,
        whole_objects: args.whole_objects,
        cache: args.cache.as_ref().map(cache).transpose()?,
        part: args.part.wish()?,
        threads: usize::from(args.threads),
        detection: detect::Options { depth: usize::from(args.depth) },
        keep_secrets: args.output.show_secrets,
        policies: Default::default(),
        source: args.source.clone(),
        c3id: args.output.c3id,
        trace: !args.no_trace,
        now: now::now(),
        reports: Vec::new(),
        as_text: args.as_text,
        processes: args.processes || (args.machine && args.home.is_empty()),
    })
}

/// The homes whose places are read.
fn homes(args: &Args) -> anyhow::Result<Vec<Target>> {
    let mut homes = Vec::new();
    for home in &args.home {
        fs::read_dir(home).with_context(|| format!("--home {}", home.display()))?;
        homes.push(Target::Home { home: home.clone(), shared: false });
    }
    if args.machine && homes.is_empty() {
        let home = env::home_dir().filter(|home| home.is_dir());
        let home = home.context("--machine: no home directory is known: name one with --home")?;
        homes.push(Target::Home { home, shared: true });
    }
    Ok(homes)
}

/// The folder of the cache: the one that was named, or the user's.
fn cache(named: &Option<PathBuf>) -> anyhow::Result<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = || set("HOME");
    let caches = || match env::consts::OS {
        "windows" => set("LOCALAPPDATA"),
        "macos" => home().map(|home| home.join("Library/Caches")),
        _ => set("XDG_CACHE_HOME").or_else(|| home().map(|home| home.join(".cache"))),
    };
    let folder = named.clone().or_else(|| caches().map(|caches| caches.join("keytrail")));
    folder.context("--cache: no folder for caches is known: name one, as in --cache=DIR")
}

/// Looks into every place before the scan begins, so that a wrong path costs no one a scan.
fn sinks(output: &Output, targets: &[Target]) -> anyhow::Result<Vec<(&'static Format, Sink)>> {
    let unnamed = output.format.iter().filter(|wanted| wanted.file.is_none()).count();
    if unnamed > 1 {
        bail!(
            "{unnamed} formats for one place: name a file for all but one, as in sarif=out.sarif"
        );
    }
    if output.output.is_some() && unnamed == 0 {
        bail!("--output has nothing to write: every format names its own file");
    }
    let mut sinks: Vec<(&'static Format, Sink)> = Vec::new();
    for wanted in &output.format {
        let path = wanted.file.as_ref().or(output.output.as_ref());
        let at = |path: &PathBuf| Sink::at(path).with_context(|| path.display().to_string());
        let sink = path.map_or(Ok(Sink::Stdout), at)?;
        if sinks.iter().any(|(_, other)| other.place() == sink.place()) {
            bail!("{}: two formats for one place", sink.place().display());
        }
        if sink.file().is_some_and(|file| is_named(targets, file)) {
            bail!("{}: cannot be scanned and take the report", sink.place().display());
        }
        sinks.push((wanted.format, sink));
    }
    Ok(sinks)
}

/// Whether one of `targets` is `file` itself.
fn is_named(targets: &[Target], file: &Path) -> bool {
    let is = |path: &PathBuf| path.canonicalize().is_ok_and(|path| path == file);
    targets.iter().any(|target| matches!(target, Target::Path(path) if is(path)))
}

impl Output {
    /// How `format` is drawn in `sink`.
    fn style(&self, format: &Format, sink: &Sink) -> Style {
        let least = self.min_confidence.unwrap_or(format.least);
        let (colour, width) = terminal(self.color, sink);
        Style { colour, width, least }
    }
}

/// Whether there are colours in `sink`, and how wide it is.
pub(super) fn terminal(choice: ColorChoice, sink: &Sink) -> (bool, usize) {
    match sink {
        Sink::Stdout => (colour(choice), width()),
        _ => (choice == ColorChoice::Always, 100),
    }
}

fn colour(choice: ColorChoice) -> bool {
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => {
            anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
        }
    }
}

fn width() -> usize {
    let known = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    known.unwrap_or(100).clamp(40, 160)
}

/// What relative paths are relative to: the repository around the first target, else the target.
fn base(targets: &[Target]) -> PathBuf {
    let path = targets.iter().find_map(|target| match target {
        Target::Path(path) | Target::Home { home: path, .. } => Some(path.as_path()),
        Target::Clone(..) | Target::Stdin => None,
    });
    let absolute = path.unwrap_or(Path::new(".")).canonicalize().unwrap_or_default();
    let dir = if absolute.is_dir() { Some(&*absolute) } else { absolute.parent() };
    let dir = dir.unwrap_or(&absolute);
    let repository = dir.ancestors().find(|folder| folder.join(".git").exists());
    repository.unwrap_or(dir).to_owned()
}
