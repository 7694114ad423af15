//! Git's own files, read with care: regular ones only, and none beyond its limit.

use std::fs::{self, DirEntry, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

/// What could not be read, and why.
pub(super) type Fault = (PathBuf, String);

/// How deep folders are entered.
const DEPTH: usize = 64;

/// The bytes of a regular file, or of one that a link leads to; none where there is no file.
pub(super) fn read(path: &Path, limit: usize) -> Result<Option<Vec<u8>>, String> {
    match regular(path, limit) {
        Ok(bytes) => Ok(bytes),
        Err(error) if is_absence(&error) => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

/// The files below `top` in the order of their paths, without Git's locks. Links to folders are not
/// followed, for they may lead in a circle; `top` itself may be one.
pub(super) fn below(top: &Path, faults: &mut Vec<Fault>) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![(top.to_owned(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        for entry in list(&folder, faults) {
            let path = entry.path();
            match kind(&entry) {
                Kind::Folder if depth < DEPTH => folders.push((path, depth + 1)),
                Kind::Folder => faults.push((path, "lies too deep".to_owned())),
                Kind::Link => faults.push((path, "is a link to a folder".to_owned())),
                Kind::File if path.extension().is_some_and(|end| end == "lock") => {}
                Kind::File => files.push(path),
            }
        }
    }
    files.sort();
    files
}

/// The folders right in `top`, in order.
pub(super) fn folders(top: &Path, faults: &mut Vec<Fault>) -> Vec<PathBuf> {
    let is_folder = |entry: &DirEntry| matches!(kind(entry), Kind::Folder);
    let mut all: Vec<_> =
        list(top, faults).into_iter().filter(is_folder).map(|entry| entry.path()).collect();
    all.sort();
    all
}

/// The path that Git wrote in one of its files.
#[cfg(unix)]
pub fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

/// The path that Git wrote in one of its files.
#[cfg(not(unix))]
pub fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

enum Kind {
    File,
    Folder,
    /// A link to a folder; one to a file counts as that file.
    Link,
}

fn kind(entry: &DirEntry) -> Kind {
    match entry.file_type() {
        Ok(kind) if kind.is_dir() => Kind::Folder,
        Ok(kind) if kind.is_symlink() && entry.path().is_dir() => Kind::Link,
        _ => Kind::File,
    }
}

fn list(folder: &Path, faults: &mut Vec<Fault>) -> Vec<DirEntry> {
    match fs::read_dir(folder).and_then(Iterator::collect) {
        Ok(entries) => entries,
        Err(error) => {
            let fault = (!is_absence(&error)).then(|| (folder.to_owned(), error.to_string()));
            faults.extend(fault);
            Vec::new()
        }
    }
}

fn regular(path: &Path, limit: usize) -> io::Result<Option<Vec<u8>>> {
    let about = fs::metadata(path)?;
    if about.is_dir() {
        return Ok(None);
    }
    // To open a FIFO would be to wait for someone to write into it.
    if !about.is_file() {
        return Err(io::Error::other("is no regular file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > limit {
        return Err(io::Error::other(format!("is larger than {limit} bytes")));
    }
    Ok(Some(bytes))
}

fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{below, path_of, read};

    #[test]
    fn reads_no_more_than_the_limit() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("file");
        fs::write(&path, "12345").expect("written");
        assert_eq!(read(&path, 5), Ok(Some(b"12345".to_vec())));
        assert_eq!(read(&path, 4), Err("is larger than 4 bytes".to_owned()));
        assert_eq!(read(&dir.path().join("absent"), 4), Ok(None));
        assert_eq!(read(&path.join("below"), 4), Ok(None));
        assert_eq!(read(dir.path(), 4), Ok(None));
        assert_eq!(path_of(b"a/b"), std::path::Path::new("a/b"));
    }

    #[cfg(unix)]
    #[test]
    fn follows_no_links_to_folders_and_waits_for_no_fifo() {
        let dir = tempfile::tempdir().expect("a folder");
        let (top, mut faults) = (dir.path(), Vec::new());
        fs::create_dir(top.join("a")).expect("made");
        fs::write(top.join("a/file"), "").expect("written");
        fs::write(top.join("a/file.lock"), "").expect("written");
        std::os::unix::fs::symlink(top, top.join("a/circle")).expect("linked");
        let made = std::process::Command::new("mkfifo").arg(top.join("pipe")).status();
        assert!(made.expect("mkfifo runs").success());
        assert_eq!(below(top, &mut faults), [top.join("a/file"), top.join("pipe")]);
        assert_eq!(faults, [(top.join("a/circle"), "is a link to a folder".to_owned())]);
        assert_eq!(read(&top.join("pipe"), 9), Err("is no regular file".to_owned()));
    }
}
