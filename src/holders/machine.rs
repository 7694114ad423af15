//! A machine's own places: where all tools keep what, below a home directory and for everybody.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::holders::homes;
use crate::holders::segments::{fits, is_open};
use crate::model::Scope;
use crate::rules::Tools;
use crate::rules::tools::expand::alternatives;

/// The most paths that one pattern is followed to.
const MOST: usize = 10_000;

/// The files and folders below `home` in which `tools` keep something, and those for the whole machine if
/// they are `shared`: what is there alone, sorted. What a folder holds is still to be asked for.
pub fn places(tools: &Tools, home: &Path, shared: bool) -> Vec<PathBuf> {
    let mut found = BTreeSet::new();
    let places =
        tools.all().iter().flat_map(|tool| tool.keeps.iter()).flat_map(|k| k.places.iter());
    for place in places {
        for text in alternatives(&place.pattern) {
            match place.scope {
                Scope::Project => {}
                Scope::User => homes::below(home, &text).iter().for_each(|p| expand(p, &mut found)),
                Scope::System if shared => expand(&homes::shared(&text), &mut found),
                Scope::System => {}
            }
        }
    }
    // What lies in a folder that is read anyway is not named again.
    let mut places: Vec<PathBuf> = Vec::new();
    for path in found {
        if !places.last().is_some_and(|outer| path.starts_with(outer)) {
            places.push(path);
        }
    }
    places
}

/// Adds what is there of the paths that `pattern` stands for; from where any number of folders may follow,
/// the folder around them.
fn expand(pattern: &Path, found: &mut BTreeSet<PathBuf>) {
    let mut heads = vec![PathBuf::new()];
    for part in pattern.components() {
        let name = part.as_os_str();
        let text = name.to_string_lossy();
        if !is_open(&text) {
            heads.iter_mut().for_each(|head| head.push(name));
            continue;
        }
        if text == "**" {
            break;
        }
        let mut next = Vec::new();
        for head in &heads {
            let entries = fs::read_dir(head).into_iter().flatten().flatten();
            let fitting = entries
                .filter(|entry| fits(&text, &entry.file_name().to_string_lossy(), &mut Vec::new()));
            next.extend(fitting.map(|entry| entry.path()).take(MOST - next.len().min(MOST)));
        }
        heads = next;
    }
    found.extend(heads.into_iter().filter(|path| path.exists()));
}
