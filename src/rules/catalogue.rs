//! All rules of a run: those embedded in the program, and those that the user brought.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::model::{Confidence, Field, Kind, Life, RuleId, Severity};
use crate::rules::checks;
use crate::rules::rule::{Advice, Context, List, Pair, Rule, Shape, Text};
use crate::rules::written::{self, Flaw};

include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

/// A set of rules with unique ids, sorted by id.
#[derive(Clone, Debug)]
pub struct Catalogue {
    rules: Cow<'static, [Rule]>,
}

/// Why rule files could not be used.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The folder or a file in it could not be read.
    #[error("{path}")]
    Unreadable {
        /// What was to be read.
        path: PathBuf,
        /// Why it failed.
        source: std::io::Error,
    },
    /// A file is not a valid rule file.
    #[error("{path}")]
    Flawed {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: Flaw,
    },
    /// Two blocks have one id.
    #[error("{path}: rule {id}: there is one of that id in {first} already")]
    Twice {
        /// The file of the later one.
        path: PathBuf,
        /// The id.
        id: RuleId,
        /// The file of the earlier one.
        first: PathBuf,
    },
    /// The folder holds no rule file.
    #[error("{0}: no file ends in .toml")]
    Empty(PathBuf),
}

impl Catalogue {
    /// The rules that the program carries. Free: they are parsed when it is built.
    pub const fn embedded() -> Self {
        Self { rules: Cow::Borrowed(&EMBEDDED) }
    }

    /// The rules of a folder of rule files, alone.
    pub fn load(dir: &Path) -> Result<Self, LoadError> {
        let unreadable = |path: &Path| {
            let path = path.to_owned();
            move |source| LoadError::Unreadable { path, source }
        };
        let mut files: Vec<_> = fs::read_dir(dir)
            .map_err(unreadable(dir))?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|e| e == "toml"))
            .collect();
        files.sort();
        if files.is_empty() {
            return Err(LoadError::Empty(dir.to_owned()));
        }
        let mut rules = Vec::new();
        let mut files_of = BTreeMap::new();
        for path in files {
            let text = fs::read_to_string(&path).map_err(unreadable(&path))?;
            for rule in read(&path, &text)? {
                if let Some(first) = files_of.insert(rule.id.clone(), path.clone()) {
                    return Err(LoadError::Twice { path, id: rule.id, first });
                }
                rules.push(rule);
            }
        }
        Ok(Self::of(rules))
    }

    /// These rules alone.
    pub fn of(rules: Vec<Rule>) -> Self {
        Self { rules: Cow::Borrowed(&[]) }.with(rules)
    }

    /// The rules that `keep` says yes to.
    #[must_use]
    pub fn only(self, keep: impl Fn(&Rule) -> bool) -> Self {
        Self { rules: self.rules.iter().filter(|rule| keep(rule)).cloned().collect() }
    }

    /// Adds rules; one that has the id of another takes its place.
    #[must_use]
    pub fn with(self, more: Vec<Rule>) -> Self {
        let mut rules = self.rules.into_owned();
        rules.retain(|rule| more.iter().all(|new| new.id != rule.id));
        rules.extend(more);
        rules.sort_by(|a, b| a.id.cmp(&b.id));
        rules.dedup_by(|a, b| a.id == b.id);
        Self { rules: rules.into() }
    }

    /// Every rule, sorted by id.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rule called `id`.
    pub fn find(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id.as_str() == id)
    }
}

fn read(path: &Path, text: &str) -> Result<Vec<Rule>, LoadError> {
    let provider = path.file_stem().map(|s| s.to_string_lossy()).unwrap_or_default();
    let known = |name: &str| checks::find(name).is_some();
    let flawed = |source| LoadError::Flawed { path: path.to_owned(), source };
    written::read(&provider, text, &known).map_err(flawed)
}
