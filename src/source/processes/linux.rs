//! The processes of Linux, as they are listed under `/proc`.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{Process, Secret, Unread, base_name, cut};

/// How many bytes of a name the system keeps.
const NAME: usize = 15;

/// The most that is read of the short files that tell of a process.
const SHORT: u64 = 4096;

/// Visits the processes listed under `root`.
pub(super) fn each_process(
    root: &Path,
    visit: &mut dyn FnMut(Process) -> ControlFlow<()>,
) -> Vec<Unread> {
    let pids = match list(root) {
        Ok(pids) => pids,
        Err(error) => return vec![Unread { pid: 0, name: String::new(), why: why(&error) }],
    };
    let mut unread = Vec::new();
    for (pid, folder) in pids {
        let Some(process) = read(pid, &folder, &mut unread) else { continue };
        if visit(process).is_break() {
            break;
        }
    }
    unread
}

/// The processes of the own user.
fn list(root: &Path) -> io::Result<Vec<(u32, PathBuf)>> {
    let user = rustix::process::geteuid().as_raw();
    let mut pids = Vec::new();
    for entry in fs::read_dir(root)? {
        let entry = entry?;
        let name = entry.file_name();
        let Some(pid) = name.to_str().and_then(|name| name.parse().ok()) else { continue };
        // A folder keeps its owner even where a process hides its files from that user.
        if entry.metadata().is_ok_and(|data| data.is_dir() && data.uid() == user) {
            pids.push((pid, entry.path()));
        }
    }
    pids.sort();
    Ok(pids)
}

/// Reads a process; `None` if it is gone.
fn read(pid: u32, folder: &Path, unread: &mut Vec<Unread>) -> Option<Process> {
    let mut troubles = Vec::new();
    let mut part = |file: &str, what: &str| {
        let (secret, error) = read_secret(&folder.join(file));
        let error = error.filter(|error| !is_gone(error));
        troubles.extend(error.map(|error| format!("{what}: {}", why(&error))));
        troubles.extend(secret.cut.then(|| cut(what)));
        secret.bytes
    };
    let arguments = part("cmdline", "arguments");
    let environment = part("environ", "environment");
    let stat = match read_short(&folder.join("stat")) {
        Ok(stat) => stat,
        Err(error) if is_gone(&error) => return None,
        Err(error) => {
            troubles.push(format!("state: {}", why(&error)));
            Vec::new()
        }
    };
    let (name, parent) = read_stat(&stat);
    let name = full_name(name, &arguments);
    unread.extend(troubles.into_iter().map(|why| Unread { pid, name: name.clone(), why }));
    let program = fs::read_link(folder.join("exe")).ok().map(installed);
    let own = pid == std::process::id();
    Some(Process { pid, parent, name, arguments, environment, program, own })
}

/// The name in brackets, which may itself hold brackets and blanks, and the second field behind it.
fn read_stat(stat: &[u8]) -> (&[u8], u32) {
    let start = stat.iter().position(|&byte| byte == b'(').map_or(stat.len(), |at| at + 1);
    let Some(end) = stat.iter().rposition(|&byte| byte == b')').filter(|&end| end >= start) else {
        return (b"", 0);
    };
    let rest = String::from_utf8_lossy(&stat[end + 1..]);
    let parent = rest.split_ascii_whitespace().nth(1).and_then(|field| field.parse().ok());
    (&stat[start..end], parent.unwrap_or(0))
}

fn full_name(name: &[u8], arguments: &[u8]) -> String {
    let base = base_name(arguments);
    let is_cut = name.len() >= NAME && base.as_bytes().starts_with(name);
    if name.is_empty() || is_cut { base } else { String::from_utf8_lossy(name).into_owned() }
}

/// The path of a program that was since replaced, without the remark that the system puts behind it.
fn installed(program: PathBuf) -> PathBuf {
    let path = program.as_os_str().as_bytes();
    match path.strip_suffix(b" (deleted)") {
        Some(path) => PathBuf::from(OsStr::from_bytes(path)),
        None => program,
    }
}

fn read_short(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(SHORT).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads a file as far as it can be and may be.
fn read_secret(path: &Path) -> (Secret, Option<io::Error>) {
    let mut secret = Secret::default();
    let mut buffer = Zeroizing::new([0; 16 << 10]);
    let mut read = || {
        let mut file = File::open(path)?;
        while !secret.cut {
            match file.read(&mut *buffer) {
                Ok(0) => break,
                Ok(length) => secret.add(&buffer[..length]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    };
    let error = read().err();
    (secret, error)
}

/// Whether a process ended while it was read, or has nothing of the sort.
fn is_gone(error: &io::Error) -> bool {
    let no_process = rustix::io::Errno::SRCH.raw_os_error();
    error.kind() == io::ErrorKind::NotFound || error.raw_os_error() == Some(no_process)
}

/// What went wrong, in a few words.
fn why(error: &io::Error) -> String {
    error.kind().to_string()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::ops::ControlFlow;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::path::Path;
    use std::process::{Command, Stdio};
    use std::thread;
    use std::time::Duration;

    use super::super::{LONGEST, Process, Unread, each_process};

    fn all(root: &Path) -> (Vec<Process>, Vec<Unread>) {
        let mut all = Vec::new();
        let unread = each_process(root, &mut |process| {
            all.push(process);
            ControlFlow::Continue(())
        });
        (all, unread)
    }

    /// Makes a folder as Linux would for a process.
    fn make(root: &Path, pid: u32, stat: &str, arguments: &[u8], environment: &[u8]) {
        let folder = root.join(pid.to_string());
        fs::create_dir(&folder).expect("made");
        fs::write(folder.join("stat"), stat).expect("written");
        fs::write(folder.join("cmdline"), arguments).expect("written");
        fs::write(folder.join("environ"), environment).expect("written");
    }

    #[test]
    fn processes_are_read_with_names_parents_and_programs() {
        let dir = tempfile::tempdir().expect("a folder");
        let root = dir.path();
        make(root, 70, "70 (a) (b c) S 8 70 70 0", b"/opt/x\0--flag\0", b"A=1\0B=\xff\0");
        make(root, 8, "8 (a-name-that-is-) S 1 8", b"/usr/bin/a-name-that-is-long\0", b"");
        make(root, 9, "", b"./started\0", b"");
        make(root, std::process::id(), "1 (self) R 1", b"", b"");
        fs::create_dir(root.join("sys")).expect("made");
        fs::write(root.join("12"), "no folder").expect("written");
        fs::create_dir(root.join("13")).expect("made");
        symlink("/opt/x (deleted)", root.join("70/exe")).expect("made");
        symlink("/opt/y", root.join("8/exe")).expect("made");
        let (mut all, unread) = all(root);
        let own: Vec<Process> = all.extract_if(.., |process| process.own).collect();
        assert_eq!(own.iter().map(|own| own.pid).collect::<Vec<_>>(), [std::process::id()]);
        let brief = |p: &Process| (p.pid, p.parent, p.name.clone(), p.program.clone());
        let wanted = [
            (8, 1, "a-name-that-is-long".into(), Some("/opt/y".into())),
            (9, 0, "started".into(), None),
            (70, 8, "a) (b c".into(), Some("/opt/x".into())),
        ];
        assert_eq!(all.iter().map(brief).collect::<Vec<_>>(), wanted);
        let last = all.last().expect("three processes");
        assert_eq!(*last.arguments, b"/opt/x\0--flag\0");
        assert_eq!(*last.environment, b"A=1\0B=\xff\0");
        assert_eq!(unread, []);
    }

    #[test]
    fn what_is_closed_or_too_long_is_told_and_the_rest_is_visited() {
        let dir = tempfile::tempdir().expect("a folder");
        let root = dir.path();
        make(root, 5, "5 (long) S 1", b"long\0", &vec![b'x'; LONGEST + 1]);
        make(root, 6, "6 (full) S 1", b"full\0", &vec![b'x'; LONGEST]);
        make(root, 7, "7 (closed) S 1", b"closed\0", b"SECRET=word\0");
        // A folder cannot be read as a file, not even by the superuser.
        fs::remove_file(root.join("7/environ")).expect("removed");
        fs::create_dir(root.join("7/environ")).expect("made");
        let (all, unread) = all(root);
        let lengths: Vec<usize> = all.iter().map(|process| process.environment.len()).collect();
        assert_eq!(lengths, [LONGEST, LONGEST, 0]);
        let told = |pid, name: &str, why: &str| Unread { pid, name: name.into(), why: why.into() };
        let cut = told(5, "long", "environment: longer than 4 MiB, the rest was left out");
        assert_eq!(unread, [cut, told(7, "closed", "environment: is a directory")]);
    }

    #[test]
    fn a_file_without_permission_is_told_as_such() {
        let dir = tempfile::tempdir().expect("a folder");
        make(dir.path(), 7, "7 (closed) S 1", b"closed\0", b"SECRET=word\0");
        let file = dir.path().join("7/environ");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o0)).expect("closed");
        let (all, unread) = all(dir.path());
        let told: Vec<&str> = unread.iter().map(|unread| unread.why.as_str()).collect();
        if fs::File::open(&file).is_ok() {
            // The superuser may read everything.
            assert!(told.is_empty());
        } else {
            assert_eq!((told, all.len()), (vec!["environment: permission denied"], 1));
        }
    }

    #[test]
    fn without_a_list_that_is_told() {
        let dir = tempfile::tempdir().expect("a folder");
        let (all, unread) = all(&dir.path().join("none"));
        assert!(all.is_empty());
        assert_eq!(unread.iter().map(|unread| unread.pid).collect::<Vec<_>>(), [0]);
    }

    #[test]
    fn a_running_process_and_this_one_are_found() {
        let mut child = Command::new("sleep")
            .arg("30")
            .env("KEYTRAIL_MARKER", "a word to be found")
            .stdout(Stdio::null())
            .spawn()
            .expect("it starts");
        let is_ready =
            |process: &Process| process.pid == child.id() && !process.arguments.is_empty();
        // A process is listed a moment before the system has laid out what it was started with.
        let tries = (0..500).map(|_| {
            thread::sleep(Duration::from_millis(10));
            all(Path::new("/proc")).0
        });
        let all = tries.into_iter().find(|all| all.iter().any(is_ready)).unwrap_or_default();
        child.kill().expect("it runs");
        child.wait().expect("it ends");
        let found = all.iter().find(|process| process.pid == child.id()).expect("it is listed");
        assert_eq!((found.name.as_str(), found.parent), ("sleep", std::process::id()));
        assert_eq!(*found.arguments, b"sleep\x0030\0");
        let marker = b"KEYTRAIL_MARKER=a word to be found";
        assert!(found.environment.split(|&byte| byte == 0).any(|variable| variable == marker));
        assert!(found.program.is_some() && !found.own);
        assert!(all.iter().any(|process| process.own && process.pid == std::process::id()));
    }
}
