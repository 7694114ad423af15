//! Where reports go: standard output, or files that stay as they were until their report is whole.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process;

/// The name by which standard output can be given as a file.
const STDOUT: &str = "/dev/stdout";
/// Names of streams that are open already: never replaced by a file, whatever they lead to.
const OPEN: [&str; 3] = ["/dev/stderr", "/dev/fd", "/proc"];

/// Where one report goes.
#[derive(Debug)]
pub(super) enum Sink {
    /// Standard output.
    Stdout,
    /// What takes bytes as they come: a device, a pipe, an open stream.
    Stream(PathBuf),
    /// A file that is there, in a folder that takes no other.
    Held(PathBuf),
    /// A file that the whole report replaces; its path is absolute and leads through no link.
    File(PathBuf),
}

impl Sink {
    /// A sink for `path`, which a report can be written to as far as can be told without touching it.
    pub(super) fn at(path: &Path) -> io::Result<Self> {
        if path == Path::new(STDOUT) {
            return Ok(Self::Stdout);
        }
        if OPEN.iter().any(|open| path.starts_with(open)) {
            return Ok(Self::Stream(path.to_owned()));
        }
        match fs::metadata(path) {
            Ok(there) if there.is_dir() => Err(ErrorKind::IsADirectory.into()),
            Ok(there) if !there.is_file() => Ok(Self::Stream(path.to_owned())),
            Ok(_) => Self::in_place_of(path.canonicalize()?),
            Err(error) if error.kind() == ErrorKind::NotFound => Self::new_file(path),
            Err(error) => Err(error),
        }
    }

    fn in_place_of(file: PathBuf) -> io::Result<Self> {
        OpenOptions::new().append(true).open(&file)?;
        match probe(&file) {
            Ok(()) => Ok(Self::File(file)),
            Err(_) => Ok(Self::Held(file)),
        }
    }

    fn new_file(path: &Path) -> io::Result<Self> {
        if let Ok(elsewhere) = fs::read_link(path) {
            return Self::at(&folder_of(path).join(elsewhere));
        }
        let name = path.file_name().ok_or(ErrorKind::InvalidInput)?;
        let file = folder_of(path).canonicalize()?.join(name);
        probe(&file)?;
        Ok(Self::File(file))
    }

    /// The path that no other sink may have.
    pub(super) fn place(&self) -> &Path {
        match self {
            Self::Stdout => Path::new(STDOUT),
            Self::Stream(path) | Self::Held(path) | Self::File(path) => path,
        }
    }

    /// The regular file that the report will be in, absolute and without links.
    pub(super) fn file(&self) -> Option<&Path> {
        match self {
            Self::Stdout | Self::Stream(_) => None,
            Self::Held(path) | Self::File(path) => Some(path),
        }
    }

    /// Writes what `report` writes. A reader that has seen enough and closed its end is no failure.
    pub(super) fn take(
        &self,
        report: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        let written = match self {
            Self::Stdout => fill(io::stdout().lock(), report),
            Self::Stream(path) => {
                OpenOptions::new().append(true).open(path).and_then(|stream| fill(stream, report))
            }
            Self::Held(path) => File::create(path).and_then(|file| fill(file, report)),
            Self::File(path) => replace(path, report),
        };
        match written {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            written => written,
        }
    }
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn fill(to: impl Write, report: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::new(to);
    report(&mut out)?;
    out.flush()
}

/// Whether a file can be made beside `target`.
fn probe(target: &Path) -> io::Result<()> {
    let (part, _) = part_beside(target)?;
    fs::remove_file(part)
}

fn replace(target: &Path, report: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let (part, file) = part_beside(target)?;
    let kept = fs::metadata(target).map_or(Ok(()), |old| file.set_permissions(old.permissions()));
    let written = kept.and_then(|()| fill(file, report)).and_then(|()| put(&part, target));
    if written.is_err() {
        _ = fs::remove_file(&part);
    }
    written
}

/// Moves `part` to `target`, or copies it over a file that must stay where it is (a mount point).
fn put(part: &Path, target: &Path) -> io::Result<()> {
    if fs::rename(part, target).is_ok() {
        return Ok(());
    }
    fs::copy(part, target)?;
    fs::remove_file(part)
}

/// A new, empty file in the folder of `target`.
fn part_beside(target: &Path) -> io::Result<(PathBuf, File)> {
    let mut tries = 0..100;
    loop {
        let name = format!(".keytrail-{}-{}.part", process::id(), tries.next().unwrap_or_default());
        let part = target.with_file_name(name);
        match File::create_new(&part) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists && !tries.is_empty() => {}
            made => return Ok((part, made?)),
        }
    }
}
