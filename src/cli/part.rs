//! The flags that ask for a part of a history.

use std::env;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail};

use crate::git::date;
use crate::scan::{Since, Wish};

/// Which part of a history.
#[derive(clap::Args)]
#[command(next_help_heading = "Part of a Git history")]
pub(super) struct Part {
    /// Only what the commits of B bring that A does not have: a pull request's range
    #[arg(long, value_name = "A..B", conflicts_with_all = ["no_history", "history_only"])]
    range: Option<String>,

    /// Only what was committed since a date (2026-01-31, "3 days ago"), or behind a branch, tag or commit
    #[arg(long, value_name = "DATE|REF", conflicts_with_all = ["no_history", "history_only"])]
    since: Option<String>,

    /// Only what this branch, tag or commit leads to; may be given several times
    #[arg(long, value_name = "NAME", conflicts_with_all = ["no_history", "history_only"])]
    branch: Vec<String>,

    /// Only what is staged and not in HEAD: for a pre-commit hook
    #[arg(long, conflicts_with_all = ["no_history", "history_only", "range", "since", "branch"])]
    staged: bool,

    /// Only what tracked files hold that is not staged
    #[arg(long, conflicts_with_all = ["no_history", "history_only", "range", "since", "branch"])]
    unstaged: bool,
}

impl Part {
    /// What is asked for, if anything is.
    pub(super) fn wish(&self) -> anyhow::Result<Option<Wish>> {
        let Self { range, since, branch, staged, unstaged } = self;
        if !staged && !unstaged && range.is_none() && since.is_none() && branch.is_empty() {
            return Ok(None);
        }
        Ok(Some(Wish {
            between: range.as_deref().map(between).transpose()?,
            since: since.as_deref().map(from).transpose()?,
            branches: branch.clone(),
            staged: *staged,
            unstaged: *unstaged,
            // Git sets it for hooks while it commits another index than the usual one.
            index: env::var_os("GIT_INDEX_FILE").map(Into::into),
        }))
    }
}

fn between(text: &str) -> anyhow::Result<(String, String)> {
    let ends = text.split_once("...").or_else(|| text.split_once(".."));
    let Some((from, to)) = ends else {
        bail!("--range {text}: two revisions are wanted, as in main..HEAD");
    };
    if from.is_empty() {
        bail!("--range {text}: nothing stands before the dots: perhaps a variable is not set");
    }
    Ok((from.to_owned(), to.to_owned()))
}

fn from(text: &str) -> anyhow::Result<Since> {
    if text.is_empty() {
        bail!("--since: nothing is named: perhaps a variable is not set");
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).context("the clock is before 1970")?;
    let second = date::parse(text, now.as_secs() as i64);
    Ok(second.map_or_else(|| Since::Revision(text.to_owned()), Since::Second))
}
