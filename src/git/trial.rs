//! Repositories that Git itself makes, for trials.

use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use crate::model::ObjectId;

/// A repository in a folder that goes away with it.
pub(super) struct Trial {
    /// Where it begins: a folder `top` with nothing beside it.
    pub top: PathBuf,
    _dir: TempDir,
}

impl Trial {
    /// What `git init` makes with further arguments.
    pub(super) fn new(arguments: &[&str]) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let top = dir.path().canonicalize().expect("it is there").join("top");
        std::fs::create_dir(&top).expect("made");
        let trial = Self { top, _dir: dir };
        trial.git(&[&["init", "-q", "-b", "main"], arguments].concat());
        trial
    }

    /// What Git says to `arguments`.
    pub(super) fn git(&self, arguments: &[&str]) -> String {
        let mut command = Command::new("git");
        command.args(arguments).current_dir(&self.top);
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), "A. Person");
            command.env(format!("GIT_{role}_EMAIL"), "a@example.org");
        }
        for inherited in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR"] {
            command.env_remove(inherited);
        }
        let output = command.output().expect("git runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text").trim_end().to_owned()
    }

    /// Makes a commit without changes.
    pub(super) fn commit(&self, message: &str) -> ObjectId {
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
        self.id("HEAD")
    }

    /// The object that Git takes a name for.
    pub(super) fn id(&self, name: &str) -> ObjectId {
        ObjectId::from_hex(self.git(&["rev-parse", name]).as_bytes()).expect("an id")
    }
}
