//! `keytrail rules`: list, show, check, sample.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};

use super::exit;
use crate::rules::dice::Dice;
use crate::rules::written::life_name;
use crate::rules::{Catalogue, Rule, checks, sample};

/// Which rules a run uses.
#[derive(clap::Args)]
#[command(next_help_heading = "Rules")]
pub(super) struct Choice {
    /// Use the rule files of this folder as well; a rule of the same id takes the built-in one's place
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,

    /// Use only these rules: ids, providers or kinds, separated by commas
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    only: Vec<String>,
}

impl Choice {
    /// The catalogue as chosen.
    pub(super) fn catalogue(&self) -> anyhow::Result<Catalogue> {
        let mut catalogue = Catalogue::embedded();
        if let Some(dir) = &self.rules {
            catalogue = catalogue.with(Catalogue::load(dir)?.rules().to_vec());
        }
        if self.only.is_empty() {
            return Ok(catalogue);
        }
        let names = |rule: &Rule| {
            [rule.id.as_str().to_owned(), rule.provider.to_string(), rule.kind.name().to_owned()]
        };
        let known: Vec<_> = catalogue.rules().iter().flat_map(names).collect();
        if let Some(unknown) = self.only.iter().find(|name| !known.contains(name)) {
            bail!(
                "--only: no rule, provider or kind is called `{unknown}` (see `keytrail rules list`)"
            );
        }
        Ok(catalogue.only(|rule| names(rule).iter().any(|name| self.only.contains(name))))
    }
}

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// List every rule, or every structure check
    List {
        #[command(flatten)]
        choice: Choice,
        /// List the structure checks that rules can name
        #[arg(long)]
        checks: bool,
    },
    /// Explain one rule
    Show {
        /// The rule's id
        id: String,
        #[command(flatten)]
        choice: Choice,
    },
    /// Check the rule files of a folder: every rule must read well and find its own samples
    Check {
        /// The folder of rule files
        dir: PathBuf,
    },
    /// Print made-up credentials of a rule's format, sealed by its check
    Sample {
        /// The rule's id
        id: String,
        /// How many
        #[arg(short = 'n', long, value_name = "N", default_value_t = 1)]
        count: u32,
        /// The same seed makes the same samples
        #[arg(long, value_name = "N", default_value_t = 1)]
        seed: u64,
        #[command(flatten)]
        choice: Choice,
    },
}

pub(super) fn run(command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::List { checks: true, .. } => list_checks()?,
        Command::List { choice, .. } => list(&choice.catalogue()?)?,
        Command::Show { id, choice } => show(find(&choice.catalogue()?, id)?)?,
        Command::Check { dir } => return check(dir),
        Command::Sample { id, count, seed, choice } => {
            print_samples(find(&choice.catalogue()?, id)?, *count, *seed)?;
        }
    }
    Ok(exit::CLEAN)
}

fn find<'c>(catalogue: &'c Catalogue, id: &str) -> anyhow::Result<&'c Rule> {
    catalogue.find(id).with_context(|| {
        let near = catalogue.rules().iter().filter(|rule| rule.id.as_str().contains(id));
        let near: Vec<_> = near.map(|rule| rule.id.as_str()).take(8).collect();
        match near.is_empty() {
            true => format!("no rule is called `{id}` (see `keytrail rules list`)"),
            false => format!("no rule is called `{id}`; near it: {}", near.join(", ")),
        }
    })
}

fn list(catalogue: &Catalogue) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let wide = |text: fn(&Rule) -> usize| catalogue.rules().iter().map(text).max().unwrap_or(0);
    let id = wide(|rule| rule.id.as_str().len());
    let kind = wide(|rule| rule.kind.name().len());
    for rule in catalogue.rules() {
        let (severity, name) = (rule.severity.name(), &rule.name);
        writeln!(
            out,
            "{:id$}  {severity:8}  {:kind$}  {name}",
            rule.id.as_str(),
            rule.kind.name()
        )?;
    }
    writeln!(out, "{} rules", catalogue.rules().len())
}

fn list_checks() -> io::Result<()> {
    let mut out = io::stdout().lock();
    let wide = checks::ALL.iter().map(|check| check.name.len()).max().unwrap_or(0);
    checks::ALL.iter().try_for_each(|check| {
        let bits = if check.bits == 0 { "-".to_owned() } else { check.bits.to_string() };
        writeln!(out, "{:wide$}  {bits:>3} bits  {}", check.name, check.about)
    })
}

fn show(rule: &Rule) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{}\n{}\n", rule.name, rule.id)?;
    let mut line = |name: &str, value: &str| match value {
        "" => Ok(()),
        value => writeln!(out, "{name:11} {value}"),
    };
    line("provider", &rule.provider_name)?;
    line("kind", rule.kind.name())?;
    line("severity", rule.severity.name())?;
    line("confidence", &format!("{} without proof", rule.confidence.name()))?;
    line("grants", &rule.grants)?;
    line("format", &rule.format)?;
    line("literals", &rule.literals.join("  "))?;
    if let Some(context) = &rule.context {
        line("context", &context.words.join("  "))?;
    }
    if let Some(check) = rule.check.as_deref().and_then(checks::find) {
        line("check", &format!("{}: {}", check.name, check.about))?;
    }
    let identity: Vec<_> = rule.identity.iter().map(|field| field.name()).collect();
    line("identity", &identity.join(", "))?;
    line("lifetime", life_name(rule.life))?;
    line("randomness", &format!("{} bits", rule.shape.bits))?;
    for (name, advice) in [("revoke", &rule.revoke), ("replace", &rule.replace)] {
        line(name, &advice.text)?;
        line("", &advice.url)?;
        if !advice.source.is_empty() {
            line("", &format!("({})", advice.source))?;
        }
    }
    Ok(())
}

/// How many samples each rule must find.
const PROOFS: u64 = 64;

fn check(dir: &std::path::Path) -> anyhow::Result<ExitCode> {
    let catalogue = Catalogue::load(dir)?;
    let mut out = io::stdout().lock();
    let mut flawed = false;
    for rule in catalogue.rules() {
        let alone = Catalogue::of(vec![rule.clone()]);
        let missed = (0..PROOFS).filter(|&seed| !crate::scan::finds_sample(&alone, seed)).count();
        if missed > 0 {
            flawed = true;
            writeln!(out, "rule {}: {missed} of {PROOFS} samples are not found", rule.id)?;
        }
    }
    if flawed {
        return Ok(ExitCode::from(1));
    }
    writeln!(out, "{} rules, each finds its own samples", catalogue.rules().len())?;
    Ok(exit::CLEAN)
}

fn print_samples(rule: &Rule, count: u32, seed: u64) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let mut dice = Dice::seeded(seed);
    for _ in 0..count {
        let sample = sample::sealed(rule, &mut dice);
        for part in [&sample.beside, &sample.token] {
            if !part.is_empty() {
                out.write_all(part)?;
                writeln!(out)?;
            }
        }
    }
    Ok(())
}
