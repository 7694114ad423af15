//! Repositories elsewhere: told from paths, and copied by the user's Git into a folder that does not last.

mod address;
mod git;
pub(super) mod guard;
mod mask;

use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, anyhow, bail};

use super::exit;
use address::Address;
use guard::{Guard, Word};

/// How often is looked whether the scan was asked to end.
const BEAT: Duration = Duration::from_millis(50);

/// A repository that is not on this machine, or named as if it were not.
pub(super) struct Remote(Address);

/// A whole copy of a repository, without a work tree; it goes away when dropped or when the program ends.
pub(super) struct LocalClone(Guard);

impl Remote {
    /// What `text` names, unless it can only be a path: a URL that Git fetches from over the network or
    /// from a file, or `user@host:path`.
    pub(super) fn parse(text: &OsStr) -> Option<Self> {
        Address::parse(text.to_str()?).map(Self)
    }

    /// The only name that may be shown: without user, password and query.
    pub(super) fn name(&self) -> String {
        self.0.name()
    }

    /// Copies the repository. Fails in words that hold nothing secret, and with [`exit::Stopped`] soon
    /// after `stop` is set.
    pub(super) fn fetch(&self, stop: &AtomicBool, quiet: bool) -> anyhow::Result<LocalClone> {
        self.0.check().with_context(|| self.name())?;
        if !quiet {
            let note = exit::harmless(&format!("cloning {}", self.name()));
            _ = writeln!(io::stderr(), "keytrail: {note}");
        }
        let mut guard = Guard::post(&self.0).context("no process to look after a clone")?;
        self.follow(&mut guard, stop)?;
        Ok(LocalClone(guard))
    }

    /// Waits until all is copied.
    fn follow(&self, guard: &mut Guard, stop: &AtomicBool) -> anyhow::Result<()> {
        loop {
            let word = guard.hear(BEAT);
            if stop.load(Ordering::Relaxed) {
                bail!(exit::Stopped);
            }
            match word {
                None => {}
                Some(Word::Cloned) => return Ok(()),
                Some(Word::Failed) => return Err(self.refusal(&guard.complaint())),
                Some(Word::Trouble(text)) => bail!("{}: {text}", self.name()),
                Some(Word::Folder(_)) => {}
            }
        }
    }

    /// Why there is no copy, in Git's own words.
    fn refusal(&self, complaint: &str) -> anyhow::Error {
        let told = mask::masked(complaint, &self.0);
        let told = told.lines().map(str::trim_end).filter(|line| !line.is_empty());
        let told: Vec<_> = told.collect();
        anyhow!("{}: git could not clone it\n{}", self.name(), told.join("\n"))
    }
}

impl LocalClone {
    /// The folder with Git's own files.
    pub(super) fn path(&self) -> PathBuf {
        self.0.folder().join(git::REPOSITORY)
    }
}
