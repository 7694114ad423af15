//! 7z archives.

use std::any::Any;
use std::cell::Cell;
use std::io::{self, Cursor, Read, Seek};
use std::panic::resume_unwind;

use sevenz_rust2::{Archive, ArchiveEntry, BlockDecoder, EncoderMethod, Error, Password};

use super::decode::{Guard, MOST_MEMORY};
use super::feed::{Anywhere, Feed};
use super::trouble::TroubleKind;
use super::visit::{Entry, Seen, Visit};
use crate::guard::{guarded, unguarded};

/// The most memory for the directory's bytes, in KiB: what is made of them may be a hundred times as large.
const LONGEST_DIRECTORY: usize = 10 << 10;

/// What is said of files that lie in one block behind one that could not be read.
const BEHIND_DAMAGE: &str = "it lies behind damage in its block";
const BEHIND_LIMIT: &str = "it lies in its block behind a member that met a limit";

/// Reads an archive.
pub(super) fn read(archive: Anywhere<'_>, visit: &mut Visit<'_>) {
    let (gauge, budget) = (visit.gauge, visit.budget);
    match archive {
        Anywhere::Given(file) => all(&mut Feed::new(file, gauge, budget), visit),
        Anywhere::Held(mut held) => all(&mut Feed::new(&mut held, gauge, budget), visit),
        Anywhere::TooLarge(held, _) => {
            let what = "its directory stands at its end, and it is too large to be held";
            visit.trouble(None, TroubleKind::Limit, what);
            all(&mut Feed::new(&mut Cursor::new(held), gauge, budget), visit);
        }
    }
}

fn all<F: Read + Seek>(file: &mut F, visit: &mut Visit<'_>) {
    let password = Password::empty();
    let open = || Archive::read_with_memory_limit(file, &password, LONGEST_DIRECTORY);
    let archive = match guarded(open) {
        Ok(Ok(archive)) => archive,
        Ok(Err(error)) => {
            let (kind, what) = why(&error, "its directory is missing or damaged");
            return visit.trouble(None, kind, what);
        }
        Err(_) => return visit.trouble(None, TroubleKind::Damaged, "its directory is damaged"),
    };
    for (index, block) in archive.blocks.iter().enumerate() {
        let memory = MOST_MEMORY as usize;
        let decoder =
            BlockDecoder::new_with_memory_limit(1, memory, index, &archive, &password, file);
        let files = decoder.entries().iter().filter(|file| file.has_stream);
        let files: Vec<_> = files.map(|file| file.name.clone()).collect();
        let aes = EncoderMethod::ID_AES256_SHA256;
        let seen = if block.coders.iter().any(|coder| coder.encoder_method_id() == aes) {
            refuse(&files, TroubleKind::Encrypted, "it is encrypted", visit);
            Seen::Whole
        } else {
            one(decoder, &files, visit)
        };
        if seen == Seen::Stop {
            return;
        }
    }
}

/// Reads one block, in which files lie one behind the other.
fn one<F: Read + Seek>(
    decoder: BlockDecoder<'_, F>,
    files: &[String],
    visit: &mut Visit<'_>,
) -> Seen {
    let (shown, showing) = (Cell::new(0), Cell::new(false));
    let mut last = Seen::Whole;
    let mut each = |file: &ArchiveEntry, from: &mut dyn Read| {
        if !file.has_stream {
            return Ok(true);
        }
        let solid = shown.replace(shown.get() + 1) > 0;
        showing.set(true);
        last = unguarded(|| show(file, solid, &mut Guard::new(from), visit));
        showing.set(false);
        Ok(matches!(last, Seen::Whole | Seen::Damaged))
    };
    let read = guarded(|| decoder.for_each_entries(&mut each));
    let read = match read {
        Err(panic) if showing.get() => again(panic),
        Err(_) => Err(Error::Other(BEHIND_DAMAGE.into())),
        Ok(read) => read,
    };
    let left = files.get(shown.get()..).unwrap_or_default();
    match (last, &read) {
        (Seen::Stop, _) => {}
        (Seen::TooLarge | Seen::Swollen, _) => {
            refuse(left, TroubleKind::Limit, BEHIND_LIMIT, visit);
        }
        (Seen::Whole, Err(_)) if left.is_empty() => {
            visit.trouble(None, TroubleKind::Damaged, "a block does not end where it should");
        }
        (_, Err(error)) => {
            let (kind, what) = why(error, BEHIND_DAMAGE);
            refuse(left, kind, what, visit);
        }
        (_, Ok(_)) => {}
    }
    last
}

/// A panic that is not the decoder's goes on.
fn again(panic: Box<dyn Any + Send>) -> ! {
    resume_unwind(panic)
}

/// Shows a file. What is too large of it is passed, since others may lie behind it.
fn show(file: &ArchiveEntry, solid: bool, from: &mut dyn Read, visit: &mut Visit<'_>) -> Seen {
    let entry =
        Entry { name: file.name.clone(), size: Some(file.size), note: None, expands: true, solid };
    match visit.member(entry, from) {
        Seen::TooLarge => visit.pass(from),
        seen => seen,
    }
}

fn refuse(files: &[String], kind: TroubleKind, what: &str, visit: &mut Visit<'_>) {
    files.iter().for_each(|file| visit.trouble(Some(file), kind, what));
}

/// What is said of the decoder's error; its own words may be of the file.
fn why<'w>(error: &Error, damage: &'w str) -> (TroubleKind, &'w str) {
    match error {
        Error::PasswordRequired | Error::MaybeBadPassword(_) => {
            (TroubleKind::Encrypted, "it is encrypted")
        }
        Error::UnsupportedCompressionMethod(name) if name.contains("AES256") => {
            (TroubleKind::Encrypted, "it is encrypted")
        }
        Error::UnsupportedCompressionMethod(_)
        | Error::Unsupported(_)
        | Error::ExternalUnsupported
        | Error::UnsupportedVersion { .. } => {
            (TroubleKind::Unsupported, "it is compressed in a way that is not read")
        }
        Error::MaxMemLimited { .. } => (TroubleKind::Limit, "unpacking it needs too much memory"),
        Error::Io(error, _) if error.kind() == io::ErrorKind::OutOfMemory => {
            (TroubleKind::Limit, "unpacking it needs too much memory")
        }
        _ => (TroubleKind::Damaged, damage),
    }
}
