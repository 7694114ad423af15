//! `keytrail.toml`: what a team asks of every run.

use std::env;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::policy::{Gates, Policies};
use crate::rules::{Catalogue, LITERAL, Tools};

/// The flags that choose a configuration.
#[derive(clap::Args)]
#[command(next_help_heading = "Trails")]
pub(super) struct Configuration {
    /// Read policies, and what a scan fails on, from this file [default: keytrail.toml in the current folder or above it, up to
    /// the root of its repository]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// What a configuration says.
#[derive(Default)]
pub(super) struct Config {
    /// The statements that trails are held against.
    pub(super) policies: Policies,
    /// What makes a run fail, if it says so.
    pub(super) gates: Gates,
}

/// Larger files are no configurations.
const MOST: u64 = 1 << 20;

impl Configuration {
    /// The configuration that was chosen, or that lies at hand; an empty one if there is none.
    pub(super) fn read(&self) -> anyhow::Result<Config> {
        match self.config.clone().or_else(at_hand) {
            Some(file) => read(&file),
            None => Ok(Config::default()),
        }
    }
}

/// The configuration of the folder in which the program runs.
fn at_hand() -> Option<PathBuf> {
    let here = env::current_dir().ok()?;
    for folder in here.ancestors() {
        let file = folder.join("keytrail.toml");
        if file.is_file() {
            return Some(file);
        }
        if folder.join(".git").exists() {
            return None;
        }
    }
    None
}

fn read(file: &Path) -> anyhow::Result<Config> {
    let name = file.display().to_string();
    let mut text = String::new();
    let from = File::open(file).with_context(|| name.clone())?;
    from.take(MOST + 1).read_to_string(&mut text).with_context(|| name.clone())?;
    if text.len() as u64 > MOST {
        bail!("{name}: larger than 1 MiB");
    }
    let policies = Policies::read(&text, &name).map_err(|refusal| anyhow::anyhow!("{refusal}"))?;
    let gates = Gates::read(&text, &name).map_err(|refusal| anyhow::anyhow!("{refusal}"))?;
    names(&policies, &name)?;
    Ok(Config { policies, gates })
}

/// Refuses statements that name what there is not: they would hold for ever. Rules of one's own are named with
/// a star.
fn names(policies: &Policies, file: &str) -> anyhow::Result<()> {
    let (catalogue, tools) = (Catalogue::embedded(), Tools::embedded());
    for (id, what, pattern) in policies.names().filter(|(_, _, pattern)| !pattern.contains('*')) {
        let rules = || catalogue.rules().iter().chain([&LITERAL]);
        let known = match what {
            "provider" => rules().any(|rule| rule.provider == pattern),
            "rule" => rules().any(|rule| rule.id.as_str() == pattern),
            _ => tools.find(pattern).is_some(),
        };
        if !known {
            bail!(
                "{file}: policy {id}: there is no {what} `{pattern}`; with a `*` in it this is not asked"
            );
        }
    }
    Ok(())
}
