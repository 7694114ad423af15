//! Dependency and build folders: by name, and only where Git ignores them.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use ignore::gitignore::GitignoreBuilder;

/// Names of folders that package managers and build tools fill.
const NAMES: [&str; 40] = [
    "node_modules",
    "bower_components",
    "jspm_packages",
    "vendor",
    "target",
    "build",
    "dist",
    "out",
    "_build",
    "deps",
    "venv",
    ".venv",
    "env",
    ".tox",
    ".nox",
    "__pycache__",
    "site-packages",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".eggs",
    ".gradle",
    ".m2",
    ".cargo",
    "Pods",
    ".build",
    "DerivedData",
    "bin",
    "obj",
    "packages",
    ".next",
    ".nuxt",
    ".svelte-kit",
    ".turbo",
    ".parcel-cache",
    ".cache",
    ".terraform",
    ".bundle",
    "elm-stuff",
    ".stack-work",
];

/// Whether `dir` is such a folder and a `.gitignore` between it and the top of its repository ignores it.
pub(super) fn is_ignored_dependency(dir: &Path) -> bool {
    let name = dir.file_name().and_then(OsStr::to_str);
    name.is_some_and(|name| NAMES.contains(&name)) && is_ignored(dir)
}

fn is_ignored(dir: &Path) -> bool {
    let Ok(dir) = std::path::absolute(dir) else { return false };
    let above: Vec<&Path> = dir.ancestors().skip(1).collect();
    let Some(top) = above.iter().position(|folder| folder.join(".git").exists()) else {
        return false;
    };
    let mut files: Vec<PathBuf> = above[..=top].iter().map(|f| f.join(".gitignore")).collect();
    files.push(above[top].join(".git/info/exclude"));
    files.iter().any(|file| ignores(file, above[top], &dir))
}

fn ignores(file: &Path, top: &Path, dir: &Path) -> bool {
    let root = if file.ends_with("info/exclude") { top } else { file.parent().unwrap_or(top) };
    let mut builder = GitignoreBuilder::new(root);
    if !file.is_file() || builder.add(file).is_some() {
        return false;
    }
    builder.build().is_ok_and(|rules| rules.matched_path_or_any_parents(dir, true).is_ignore())
}
