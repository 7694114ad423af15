//! Repositories that a test makes with Git itself.

use std::cell::Cell;
use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use keytrail::rules::dice::Dice;
use keytrail::rules::{Catalogue, sample};

/// When the first command is given, in seconds; each later one comes a minute after the one before.
const FIRST: u64 = 1_700_000_000;

/// A repository in a folder `top`, with room beside it.
pub struct Repo {
    dir: tempfile::TempDir,
    minutes: Cell<u64>,
}

impl Repo {
    /// An empty one.
    pub fn new() -> Self {
        Self::with(&[])
    }

    /// What `git init` makes with further arguments.
    pub fn with(arguments: &[&str]) -> Self {
        let repo = Self { dir: tempfile::tempdir().expect("a folder"), minutes: Cell::new(0) };
        fs::create_dir(repo.top()).expect("ours");
        repo.git([&["init", "--quiet", "--initial-branch=main"], arguments].concat());
        repo
    }

    /// Where its work tree begins.
    pub fn top(&self) -> PathBuf {
        self.beside("top")
    }

    /// A path beside the work tree.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// A path among Git's own files.
    pub fn own(&self, name: &str) -> PathBuf {
        self.top().join(".git").join(name)
    }

    /// What Git says to `arguments`.
    pub fn git<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> String {
        self.git_in(&self.top(), arguments, b"")
    }

    /// What Git says to `arguments` in the folder `dir` when it reads `input`.
    pub fn git_in<S: AsRef<OsStr>>(
        &self,
        dir: &Path,
        arguments: impl IntoIterator<Item = S>,
        input: &[u8],
    ) -> String {
        self.minutes.set(self.minutes.get() + 1);
        let mut command = self.command();
        command.args(arguments).current_dir(dir);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("git is there");
        // Whoever does not read may be gone already.
        _ = child.stdin.take().expect("piped").write_all(input);
        let done = child.wait_with_output().expect("it ends");
        assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stdout).trim_end().to_owned()
    }

    /// Whether Git does as `arguments` say.
    pub fn try_git<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> bool {
        let done = self.command().args(arguments).current_dir(self.top()).output();
        done.expect("git is there").status.success()
    }

    fn command(&self) -> Command {
        let mut command = Command::new("git");
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("GIT_") {
                command.env_remove(name);
            }
        }
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        command.env("GIT_NO_REPLACE_OBJECTS", "1");
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), "A. Person");
            command.env(format!("GIT_{role}_EMAIL"), "a@example.org");
            let seconds = FIRST + 60 * self.minutes.get();
            command.env(format!("GIT_{role}_DATE"), format!("{seconds} +0000"));
        }
        for setting in ["commit.gpgsign=false", "gc.auto=0", "protocol.file.allow=always"] {
            command.args(["-c", setting]);
        }
        command
    }

    /// Lets a day pass.
    pub fn next_day(&self) {
        self.minutes.set(self.minutes.get() + 24 * 60);
    }

    /// Puts `text` into the file at `path`.
    pub fn write(&self, path: impl AsRef<Path>, text: impl AsRef<[u8]>) {
        write(&self.top().join(path), text);
    }

    /// Commits all that is in the work tree; gives the commit's id.
    pub fn commit(&self, message: &str) -> String {
        self.git(["add", "--all"]);
        self.git(["commit", "--quiet", "--message", message]);
        self.id("HEAD")
    }

    /// Commits `text` at `path`.
    pub fn plant(&self, path: impl AsRef<Path>, text: impl AsRef<[u8]>) -> String {
        self.plant_with(path, text, "a change")
    }

    /// The same with a message.
    pub fn plant_with(
        &self,
        path: impl AsRef<Path>,
        text: impl AsRef<[u8]>,
        message: &str,
    ) -> String {
        self.write(path, text);
        self.commit(message)
    }

    /// The object that Git takes a name for.
    pub fn id(&self, name: &str) -> String {
        self.git(["rev-parse", name])
    }

    /// Writes a blob that nothing names.
    pub fn blob(&self, text: &str) -> String {
        self.git_in(&self.top(), ["hash-object", "-w", "--stdin"], text.as_bytes())
    }
}

/// Puts `text` into the file at `path`, and makes the folders around it.
pub fn write(path: &Path, text: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().expect("it has one")).expect("ours");
    fs::write(path, text).expect("ours");
}

/// Token number `n`.
pub fn token(n: u64) -> String {
    let catalogue = Catalogue::embedded();
    let rule = catalogue.find("github-pat-classic").expect("the rule is there");
    let token = sample::sealed(rule, &mut Dice::seeded(9000 + n)).token;
    String::from_utf8(token).expect("tokens are text")
}

/// A line with token number `n` in it.
pub fn line(n: u64) -> String {
    format!("token = {}\n", token(n))
}
