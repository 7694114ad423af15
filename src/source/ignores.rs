//! Ignore files, compiled once.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// The largest ignore file that is heeded, in bytes.
const LARGEST: u64 = 1 << 20;

/// The rules of one ignore file, read when they are first asked for.
pub(super) struct Rules {
    from: From,
    compiled: OnceLock<Compiled>,
}

enum From {
    /// What the file holds goes for what lies below the root.
    File { root: PathBuf, file: PathBuf },
    /// The file that `core.excludesFile` names, for the repository that begins here.
    User(PathBuf),
}

enum Compiled {
    Known(Gitignore),
    /// What cannot be read ignores nothing, and lets no rule further out ignore anything.
    Unknown,
}

impl Rules {
    /// The rules that `file` holds for what lies below `root`; none if it is not there.
    pub(super) fn of(root: &Path, file: PathBuf) -> Self {
        let from = From::File { root: root.to_owned(), file };
        Self { from, compiled: OnceLock::new() }
    }

    /// The rules of the user for every repository, and so for that at `top`.
    pub(super) fn of_user(top: &Path) -> Self {
        Self { from: From::User(top.to_owned()), compiled: OnceLock::new() }
    }

    /// What the last rule that fits `path` says.
    pub(super) fn judge(&self, path: &Path, is_dir: bool) -> Match<()> {
        match self.compiled.get_or_init(|| self.from.compile()) {
            Compiled::Known(rules) => rules.matched(path, is_dir).map(|_| ()),
            Compiled::Unknown => Match::Whitelist(()),
        }
    }
}

impl From {
    fn compile(&self) -> Compiled {
        let known = match self {
            Self::User(top) => Some(GitignoreBuilder::new(top).build_global().0),
            Self::File { root, file } => match fs::metadata(file) {
                Ok(about) if about.is_file() && about.len() > LARGEST => None,
                Ok(about) if about.is_file() => compile(root, file),
                _ => Some(Gitignore::empty()),
            },
        };
        known.map_or(Compiled::Unknown, Compiled::Known)
    }
}

/// A line that is no rule is passed over, as Git does.
fn compile(root: &Path, file: &Path) -> Option<Gitignore> {
    let text = fs::read(file).ok()?;
    let mut builder = GitignoreBuilder::new(root);
    for line in String::from_utf8_lossy(&text).trim_start_matches('\u{feff}').lines() {
        _ = builder.add_line(None, line);
    }
    builder.build().ok()
}
