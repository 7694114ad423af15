//! A second process that has Git copy a repository, and removes the copy when the first one is gone: even
//! killed outright, the program leaves none behind.

use std::env;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::address::Address;
use super::git;
use crate::cli::exit;

/// The word by which the program calls itself; one that users, help and completions need not know.
const COMMAND: &str = "__guard";
/// How the folder is called, before what makes it one of a kind.
const PREFIX: &str = "keytrail-clone-";
/// The guard under another name than the program's: who kills the program by its name spares it.
const NAME: &str = "clone-guard";
/// How often the guard looks whether Git has ended.
const BEAT: Duration = Duration::from_millis(20);
/// How long the folder is tried to be removed, while something may still write into it.
const PATIENCE: Duration = Duration::from_secs(10);
/// How much of what Git said is told, in bytes from the end.
const COMPLAINT_LIMIT: u64 = 8 << 10;

/// What a guard says.
pub(super) enum Word {
    /// There is a folder now.
    Folder(PathBuf),
    /// All is copied.
    Cloned,
    /// Git ended without success.
    Failed,
    /// It did not come to that.
    Trouble(String),
}

/// A guard at work, as the program sees it.
pub(super) struct Guard {
    process: Child,
    words: Receiver<Word>,
    folder: PathBuf,
}

impl Guard {
    /// Starts one that copies the repository at `address`.
    pub(super) fn post(address: &Address) -> io::Result<Self> {
        let mut command = Command::new(own_program()?);
        command.args([COMMAND, &address.for_git()]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::arg0(&mut command, NAME);
        git::prepare(&mut command, address);
        let mut process = command.spawn()?;
        let spoken = process.stdout.take().expect("it is piped");
        let (tell, words) = mpsc::channel();
        thread::spawn(move || {
            let words = BufReader::new(spoken).split(0).map_while(Result::ok);
            words.filter_map(|word| Word::read(&word)).try_for_each(|word| tell.send(word))
        });
        Ok(Self { process, words, folder: PathBuf::new() })
    }

    /// The next word, if there is one before `patience` is over.
    pub(super) fn hear(&mut self, patience: Duration) -> Option<Word> {
        let word = match self.words.recv_timeout(patience) {
            Ok(word) => word,
            Err(RecvTimeoutError::Timeout) => return None,
            Err(RecvTimeoutError::Disconnected) => {
                return Some(Word::Trouble("the process that looks after the clone ended".into()));
            }
        };
        if let Word::Folder(path) = &word {
            self.folder.clone_from(path);
        }
        Some(word)
    }

    /// What it made.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The end of what Git said.
    pub(super) fn complaint(&self) -> String {
        let said = end_of(&self.folder.join(git::COMPLAINT)).unwrap_or_default();
        String::from_utf8_lossy(&said).into_owned()
    }
}

impl Drop for Guard {
    /// Waits until the folder is gone. If something killed the guard, it is removed from here.
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let end = Instant::now() + PATIENCE;
        while matches!(self.process.try_wait(), Ok(None)) && Instant::now() < end {
            thread::sleep(BEAT);
        }
        if is_ours(&self.folder) && matches!(self.process.try_wait(), Ok(Some(_))) {
            remove(&self.folder);
        }
    }
}

/// What is to be copied, if this process was started as a guard.
pub(in crate::cli) fn errand() -> Option<String> {
    let mut args = env::args_os().skip(1);
    args.next().filter(|word| word == COMMAND)?;
    args.next()?.into_string().ok().filter(|_| args.next().is_none())
}

/// Copies, says how it went, and waits for the program to end.
pub(in crate::cli) fn run(url: &str) -> ExitCode {
    stand_apart();
    let alone = end_of_program();
    match Folder::new() {
        Ok(folder) => serve(url, &folder, &alone),
        Err(error) => Word::Trouble(format!("no temporary folder: {error}")).say(),
    }
    exit::CLEAN
}

fn serve(url: &str, folder: &Folder, alone: &Receiver<()>) {
    Word::Folder(folder.0.path().to_owned()).say();
    copy(url, folder.0.path(), alone).say();
    _ = alone.recv();
}

fn copy(url: &str, folder: &Path, alone: &Receiver<()>) -> Word {
    let started = git::clone_into(folder, url).and_then(|mut git| in_own_group(&mut git).spawn());
    match started {
        Ok(git) => outcome(git, alone),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Word::Trouble("git is needed to clone it, and is not installed".to_owned())
        }
        Err(error) => Word::Trouble(format!("git does not start: {error}")),
    }
}

/// How Git ended; killed if the program ended first.
fn outcome(mut git: Child, alone: &Receiver<()>) -> Word {
    loop {
        match git.try_wait() {
            Ok(Some(status)) if status.success() => return Word::Cloned,
            Ok(Some(_)) => return Word::Failed,
            Ok(None) if alone.recv_timeout(BEAT) == Err(RecvTimeoutError::Timeout) => {}
            _ => {
                kill(&mut git);
                return Word::Failed;
            }
        }
    }
}

/// Nothing that is sent to the program, its group or its terminal ends the guard: only the program's own
/// end does, by whatever means.
fn stand_apart() {
    _ = ctrlc::set_handler(|| {});
    #[cfg(unix)]
    {
        _ = rustix::process::setsid();
    }
    #[cfg(target_os = "linux")]
    {
        _ = fs::write("/proc/self/comm", NAME);
    }
}

/// Disconnects when the program ends: the other end of standard input is open for just as long.
fn end_of_program() -> Receiver<()> {
    let (until, ended) = mpsc::channel::<()>();
    thread::spawn(move || {
        _ = io::copy(&mut io::stdin(), &mut io::sink());
        drop(until);
    });
    ended
}

/// Git and all that it starts can be killed together.
fn in_own_group(git: &mut Command) -> &mut Command {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(git, 0);
    git
}

fn kill(git: &mut Child) {
    #[cfg(unix)]
    {
        use rustix::process::{Pid, Signal, kill_process_group};
        _ = kill_process_group(Pid::from_child(git), Signal::KILL);
    }
    _ = git.kill();
    _ = git.wait();
}

/// The folder of one copy, for no one but the user. Only the process that made it has one to drop.
struct Folder(TempDir);

impl Folder {
    fn new() -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        builder.prefix(PREFIX).tempdir().map(Self)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        remove(self.0.path());
    }
}

/// Removes `folder`, again and again while what was killed is still at its last write.
fn remove(folder: &Path) {
    let end = Instant::now() + PATIENCE;
    while fs::remove_dir_all(folder).is_err() && folder.exists() && Instant::now() < end {
        thread::sleep(BEAT);
    }
}

fn is_ours(folder: &Path) -> bool {
    let name = folder.file_name().and_then(|name| name.to_str());
    folder.is_absolute() && name.is_some_and(|name| name.starts_with(PREFIX))
}

/// This very program, even if another has taken its place on disk.
fn own_program() -> io::Result<PathBuf> {
    let running = Path::new("/proc/self/exe");
    if cfg!(target_os = "linux") && running.exists() {
        return Ok(running.to_owned());
    }
    env::current_exe()
}

/// The last whole lines of a file: half a line could hold half a credential, which no mask would find.
fn end_of(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let skipped = file.metadata()?.len().saturating_sub(COMPLAINT_LIMIT);
    file.seek(SeekFrom::Start(skipped))?;
    let mut text = Vec::new();
    file.take(COMPLAINT_LIMIT).read_to_end(&mut text)?;
    let partial = text.iter().position(|b| *b == b'\n').map_or(text.len(), |at| at + 1);
    Ok(if skipped == 0 { text } else { text.split_off(partial) })
}

impl Word {
    /// Said to the program; whether it listens is seen elsewhere.
    fn say(&self) {
        let (kind, text) = match self {
            Self::Folder(path) => ("folder", path.to_string_lossy().into_owned()),
            Self::Cloned => ("cloned", String::new()),
            Self::Failed => ("failed", String::new()),
            Self::Trouble(text) => ("trouble", text.clone()),
        };
        let mut out = io::stdout().lock();
        _ = write!(out, "{kind} {text}\0").and_then(|()| out.flush());
    }

    fn read(word: &[u8]) -> Option<Self> {
        let word = String::from_utf8_lossy(word);
        let (kind, text) = word.split_once(' ')?;
        Some(match kind {
            "folder" => Self::Folder(PathBuf::from(text)),
            "cloned" => Self::Cloned,
            "failed" => Self::Failed,
            _ => Self::Trouble(text.to_owned()),
        })
    }
}
