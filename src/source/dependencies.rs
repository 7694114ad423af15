//! Dependency and build folders: what package managers and build tools alone fill.

use std::ffi::OsStr;
use std::path::Path;

/// What shows that a folder of some name is filled by a tool and by nobody else.
enum Proof {
    /// Its name.
    Name,
    /// One of these files inside it.
    Inside(&'static [&'static str]),
    /// One of these files beside it.
    Beside(&'static [&'static str]),
    /// The folder that it lies in.
    In(&'static str),
}

use Proof::{Beside, In, Inside, Name};

/// Folders by name. What people fill as well (`bin`, `out`, `packages`) is not here, nor is a tool's own
/// folder in which credentials live beside its cache (`.cargo`, `.m2`): its cache is.
const FOLDERS: [(&str, Proof); 44] = [
    ("node_modules", Name),
    ("bower_components", Name),
    ("jspm_packages", Name),
    ("__pycache__", Name),
    ("site-packages", Name),
    (".mypy_cache", Name),
    (".pytest_cache", Name),
    (".ruff_cache", Name),
    (".tox", Name),
    (".nox", Name),
    (".eggs", Name),
    ("Pods", Name),
    ("DerivedData", Name),
    (".next", Name),
    (".nuxt", Name),
    (".svelte-kit", Name),
    (".turbo", Name),
    (".parcel-cache", Name),
    ("elm-stuff", Name),
    (".stack-work", Name),
    ("env", Inside(&["pyvenv.cfg"])),
    ("venv", Inside(&["pyvenv.cfg"])),
    (".venv", Inside(&["pyvenv.cfg"])),
    (".cache", Inside(&["CACHEDIR.TAG"])),
    ("target", Inside(&["CACHEDIR.TAG", ".rustc_info.json"])),
    ("target", Beside(&["Cargo.toml", "pom.xml", "build.sbt"])),
    ("obj", Inside(&["project.assets.json"])),
    ("build", Inside(&["CMakeCache.txt", "build.ninja"])),
    ("build", Beside(&["build.gradle", "build.gradle.kts", "package.json", "pubspec.yaml"])),
    ("build", Beside(&["pyproject.toml", "setup.py"])),
    ("dist", Beside(&["package.json", "pyproject.toml", "setup.py"])),
    ("vendor", Inside(&["modules.txt", "autoload.php"])),
    ("bundle", In("vendor")),
    ("_build", Beside(&["mix.exs", "rebar.config", "dune-project"])),
    ("deps", Beside(&["mix.exs", "rebar.config"])),
    (".build", Beside(&["Package.swift"])),
    ("registry", In(".cargo")),
    ("git", In(".cargo")),
    ("repository", In(".m2")),
    ("caches", In(".gradle")),
    ("wrapper", In(".gradle")),
    ("providers", In(".terraform")),
    ("cache", In(".bundle")),
    ("gems", In(".bundle")),
];

/// Whether `dir` is such a folder.
pub(super) fn is_dependency(dir: &Path) -> bool {
    let Some(name) = dir.file_name().and_then(OsStr::to_str) else { return false };
    FOLDERS.iter().any(|(known, proof)| *known == name && holds(proof, dir))
}

fn holds(proof: &Proof, dir: &Path) -> bool {
    match proof {
        Name => true,
        Inside(files) => files.iter().any(|file| dir.join(file).is_file()),
        Beside(files) => files.iter().any(|file| dir.with_file_name(file).is_file()),
        In(folder) => dir.parent().is_some_and(|parent| parent.ends_with(folder)),
    }
}
