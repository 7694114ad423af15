//! Electron's archives: a JSON text that tells where each file lies, then the files.

use std::io::{Read, Seek, SeekFrom};

use serde_json::{Map, Value};

use super::feed::{Anywhere, Exactly, Feed};
use super::trouble::TroubleKind;
use super::visit::{Entry, Seen, Visit};

/// The longest JSON text.
const LONGEST: u32 = 16 << 20;

/// A file of the archive.
struct Place {
    name: String,
    at: u64,
    size: u64,
}

/// Reads an archive.
pub(super) fn read(archive: Anywhere<'_>, visit: &mut Visit<'_>) {
    let (gauge, budget) = (visit.gauge, visit.budget);
    match archive {
        Anywhere::Given(file) => all(&mut Feed::new(file, gauge, budget), visit),
        Anywhere::Held(mut held) => all(&mut Feed::new(&mut held, gauge, budget), visit),
        Anywhere::TooLarge(mut held, _) => {
            let what = "only its first part is read, for it is too large to be held";
            visit.trouble(None, TroubleKind::Limit, what);
            held.shrink_to_fit();
            all(&mut Feed::new(&mut std::io::Cursor::new(held), gauge, budget), visit);
        }
    }
}

fn all<F: Read + Seek>(file: &mut F, visit: &mut Visit<'_>) {
    let Some((start, top)) = table(file) else {
        return visit.trouble(None, TroubleKind::Damaged, "its table of files cannot be read");
    };
    let mut places = places(top);
    places.sort_by_key(|place| place.at);
    for Place { name, at, size } in places {
        if file.seek(SeekFrom::Start(start.saturating_add(at))).is_err() {
            visit.trouble(Some(&name), TroubleKind::Damaged, "it lies outside of the archive");
            continue;
        }
        // Files may be told to share their bytes, so they count as expanded.
        let entry = Entry { name, size: Some(size), expands: true, ..Entry::default() };
        if visit.member(entry, &mut Exactly::new(file, size)) == Seen::Stop {
            return;
        }
    }
}

/// Where the files' bytes start, and the outermost folder.
fn table<F: Read + Seek>(file: &mut F) -> Option<(u64, Map<String, Value>)> {
    file.seek(SeekFrom::Start(0)).ok()?;
    let mut head = [0; 16];
    file.read_exact(&mut head).ok()?;
    let number = |at: usize| Some(u32::from_le_bytes(head.get(at..at + 4)?.try_into().ok()?));
    let (whole, length) = (number(4)?, number(12)?);
    if length > LONGEST {
        return None;
    }
    let mut json = Vec::new();
    file.take(length.into()).read_to_end(&mut json).ok()?;
    match serde_json::from_slice(&json).ok()? {
        Value::Object(top) => Some((8 + u64::from(whole), top)),
        _ => None,
    }
}

fn places(top: Map<String, Value>) -> Vec<Place> {
    let mut places = Vec::new();
    let mut open = vec![(String::new(), top)];
    while let Some((path, mut folder)) = open.pop() {
        let Some(Value::Object(files)) = folder.remove("files") else { continue };
        for (name, value) in files {
            let Value::Object(value) = value else { continue };
            let name = if path.is_empty() { name } else { format!("{path}/{name}") };
            if value.contains_key("files") {
                open.push((name, value));
                continue;
            }
            let at = value.get("offset").and_then(Value::as_str).and_then(|at| at.parse().ok());
            if let (Some(at), Some(size)) = (at, value.get("size").and_then(Value::as_u64)) {
                places.push(Place { name, at, size });
            }
        }
    }
    places
}
