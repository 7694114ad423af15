//! Loose objects: each compressed into a file of its own.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::ZlibDecoder;

use crate::git::entry::Kind;
use crate::git::{Damage, Trouble, zlib};
use crate::model::ObjectId;

/// A loose object that was opened.
pub struct Loose {
    /// What it is.
    pub kind: Kind,
    /// How many bytes it says that it has.
    pub size: u64,
    /// They.
    pub from: Box<dyn Read>,
}

const DAMAGED: Damage = Damage("its compressed bytes are damaged");

/// The longest head of a loose object, in bytes: a kind, a blank, twenty digits, a zero.
const HEAD: u64 = 32;

impl Loose {
    /// Opens the file at `path`; refuses what Git would not have written.
    pub fn open(path: &Path) -> Result<Self, Trouble> {
        if !path.metadata()?.is_file() {
            return Err(Damage("not a regular file").into());
        }
        let mut from = BufReader::new(ZlibDecoder::new(File::open(path)?));
        let mut head = Vec::new();
        let read = from.by_ref().take(HEAD).read_until(0, &mut head);
        read.map_err(|_| DAMAGED)?;
        let (kind, size) = read_head(&head).ok_or(Damage("it is no object"))?;
        Ok(Self { kind, size, from: Box::new(zlib::exactly(from, size)) })
    }

    /// All of it; refuses what is longer or shorter than it says, or longer than `most`.
    pub fn bytes(mut self, most: u64) -> Result<Vec<u8>, Trouble> {
        if self.size > most {
            return Err(Damage("it is too large to be held").into());
        }
        let mut bytes = Vec::new();
        let damage = |error: io::Error| error.downcast::<Damage>().unwrap_or(DAMAGED);
        self.from.read_to_end(&mut bytes).map_err(damage)?;
        Ok(bytes)
    }
}

fn read_head(head: &[u8]) -> Option<(Kind, u64)> {
    let (kind, size) =
        head.strip_suffix(b"\0")?.split_at_checked(head.iter().position(|&b| b == b' ')?)?;
    let size = size[1..].iter().all(u8::is_ascii_digit).then_some(&size[1..])?;
    let size = std::str::from_utf8(size).ok()?;
    Some((Kind::named(kind)?, size.parse().ok()?))
}

/// The loose objects in the folder `objects`; what cannot be listed is told.
pub fn list(
    objects: &Path,
    hash_len: usize,
    tell: &mut dyn FnMut(&Path, &io::Error),
) -> Vec<(ObjectId, PathBuf)> {
    let mut all = Vec::new();
    for first in 0..=255_u8 {
        let name = format!("{first:02x}");
        let folder = objects.join(&name);
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                if error.kind() != io::ErrorKind::NotFound {
                    tell(&folder, &error);
                }
                continue;
            }
        };
        for entry in entries.flatten() {
            let rest = entry.file_name();
            let id = ObjectId::from_hex(&[name.as_bytes(), rest.as_encoded_bytes()].concat());
            all.extend(
                id.filter(|id| id.as_bytes().len() == hash_len).map(|id| (id, entry.path())),
            );
        }
    }
    all.sort();
    all
}

/// Where the object `id` lies if it is loose.
pub fn path_of(objects: &Path, id: &ObjectId) -> PathBuf {
    let hex = id.to_string();
    objects.join(&hex[..2]).join(&hex[2..])
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::super::made::deflated;
    use super::super::noise::Noise;
    use super::{DAMAGED, Loose, list, path_of};
    use crate::git::entry::Kind;
    use crate::git::trial::Trial;
    use crate::git::{Damage, Trouble};

    const MOST: u64 = 1 << 20;

    fn read(path: &Path, file: &[u8]) -> Result<(Kind, Vec<u8>), Damage> {
        fs::write(path, file).expect("written");
        let bytes = |object: Loose| Ok((object.kind, object.bytes(MOST)?));
        Loose::open(path).and_then(bytes).map_err(|trouble| trouble.damage())
    }

    #[test]
    fn what_git_wrote_is_read() {
        let trial = Trial::new(&[]);
        fs::write(trial.top.join("file"), "text").expect("written");
        trial.git(&["add", "file"]);
        trial.commit("one");
        let objects = trial.top.join(".git/objects");
        let all = list(&objects, 20, &mut |_, _| unreachable!());
        assert_eq!((all.len(), list(&objects, 32, &mut |_, _| unreachable!()).len()), (3, 0));
        for (id, path) in all {
            assert_eq!(path_of(&objects, &id), path);
            let object = Loose::open(&path).expect("an object");
            let kind = Kind::named(trial.git(&["cat-file", "-t", &id.to_string()]).as_bytes());
            let size = trial.git(&["cat-file", "-s", &id.to_string()]);
            assert_eq!((Some(object.kind), object.size.to_string()), (kind, size));
        }
        let blob = Loose::open(&path_of(&objects, &trial.id("HEAD:file"))).expect("it is there");
        assert_eq!(blob.bytes(4).expect("four bytes"), b"text");
    }

    #[test]
    fn what_is_no_object_is_refused() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("file");
        let no = |text: &[u8]| read(&path, &deflated(text)).expect_err("it is refused").0;
        assert_eq!(no(b"blob 3\0ab"), "it inflates to less than its size");
        assert_eq!(no(b"blob 3\0abcd"), "it inflates to more than its size");
        assert_eq!(no(b"blob 999999999\0abcd"), "it is too large to be held");
        let heads = [
            "",
            "blob",
            "blob 3",
            "blob\0abc",
            "blob +3\0abc",
            "blob -3\0abc",
            "blob \0",
            "blub 3\0abc",
            " 3\0abc",
            "blob 3 \0abc",
            "blob 99999999999999999999\0abc",
            "blob 00000000000000000000000000003\0abc",
        ];
        heads.iter().for_each(|head| assert_eq!(no(head.as_bytes()), "it is no object", "{head}"));
        assert_eq!(read(&path, b"blob 3\0abc"), Err(DAMAGED));
        let mut data = deflated(b"blob 3\0abc");
        assert_eq!(read(&path, &data), Ok((Kind::Blob, b"abc".to_vec())));
        *data.last_mut().expect("it is not empty") ^= 1;
        assert_eq!(read(&path, &data), Err(DAMAGED));
        let folder = Loose::open(dir.path()).err();
        assert!(matches!(folder, Some(Trouble::Damage(Damage("not a regular file")))));
    }

    #[test]
    fn noise_is_borne() {
        let dir = tempfile::tempdir().expect("a folder");
        let (path, mut noise) = (dir.path().join("file"), Noise::new(16));
        let good = deflated(b"tag 26\0abcdefghijklmnopqrstuvwxyz");
        for _ in 0..1000 {
            _ = read(&path, &noise.spoil(&good));
            _ = read(&path, &deflated(&noise.bytes_of(b"blob treg 0123456789\0\0", 30)));
        }
    }
}
