//! A repository's objects: its packs, its loose objects, and the stores that it borrows from.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::git::entry::{Held, Kind};
use crate::git::layout::Layout;
use crate::git::loose::{self, Loose};
use crate::git::zlib::{self, Inflater};
use crate::git::{Damage, Pack, Trouble, delta, file};
use crate::model::ObjectId;

/// Every place in which a repository's objects lie.
pub struct Store {
    hash_len: usize,
    folders: Vec<PathBuf>,
    packs: Vec<Pack>,
    faults: Vec<(PathBuf, String)>,
}

/// The largest object that is held, in bytes: Git tells none above 512 MiB as a change of another.
pub const LARGEST: u64 = 1 << 30;

/// The largest list of stores to borrow from that is read, in bytes.
const ALTERNATES: usize = 1 << 20;

/// How many stores are read, those included that others borrow from.
const MOST_STORES: usize = 64;

/// The longest chain of deltas that is followed.
const LONGEST_CHAIN: usize = 1 << 14;

/// The most bytes that are made for one object, all that it is told from included.
const MOST_MADE: u64 = 8 << 30;

const TOO_LARGE: Damage = Damage("it is too large to be held");

/// How many of them are left.
struct Left(u64);

impl Left {
    fn take(&mut self, size: u64) -> Result<(), Damage> {
        if size > LARGEST {
            return Err(TOO_LARGE);
        }
        let left = self.0.checked_sub(size);
        self.0 = left.ok_or(Damage("what it is told from is too large altogether"))?;
        Ok(())
    }
}

impl Store {
    /// Opens all packs of the repository; what cannot be opened is among the faults.
    pub fn open(layout: &Layout) -> Self {
        let hash_len = layout.hash_len;
        let mut store =
            Self { hash_len, folders: Vec::new(), packs: Vec::new(), faults: Vec::new() };
        store.add(layout.common_dir.join("objects"));
        store
    }

    /// How many bytes an id has.
    pub const fn hash_len(&self) -> usize {
        self.hash_len
    }

    /// The packs.
    pub fn packs(&self) -> &[Pack] {
        &self.packs
    }

    /// What could not be opened, and why.
    pub fn faults(&self) -> &[(PathBuf, String)] {
        &self.faults
    }

    /// The loose objects and where they lie; what cannot be listed is told.
    pub fn loose(&self, mut tell: impl FnMut(&Path, String)) -> Vec<(ObjectId, PathBuf)> {
        let mut tell = |path: &Path, error: &std::io::Error| tell(path, error.to_string());
        let list = |folder: &PathBuf| loose::list(folder, self.hash_len, &mut tell);
        self.folders.iter().flat_map(list).collect()
    }

    /// Whether an object of this name is there.
    pub fn holds(&self, id: &ObjectId) -> bool {
        self.packs.iter().any(|pack| pack.index().find(id).is_some())
            || self.folders.iter().any(|folder| loose::path_of(folder, id).is_file())
    }

    /// The objects whose ids begin with these hexadecimal digits.
    pub fn beginning_with(&self, digits: &str) -> Vec<ObjectId> {
        let begins = |id: &ObjectId| id.to_string().starts_with(digits);
        let packed = self.packs.iter().flat_map(|pack| {
            let index = pack.index();
            let from = index.first_from(digits);
            (from..index.len()).map(|n| index.id(n)).take_while(begins)
        });
        let folder = |folder: &PathBuf| fs::read_dir(folder.join(&digits[..2])).ok();
        let loose = self.folders.iter().filter_map(folder).flatten().flatten();
        let loose = loose.filter_map(|entry| {
            let name = [&digits.as_bytes()[..2], entry.file_name().as_encoded_bytes()].concat();
            ObjectId::from_hex(&name)
        });
        packed.chain(loose.filter(begins)).collect()
    }

    /// The object `id`; none if it is not there.
    pub fn get(&self, id: &ObjectId) -> Result<Option<(Kind, Vec<u8>)>, Damage> {
        let mut damage = None;
        for pack in &self.packs {
            let Some(offset) = pack.offset_of(id) else { continue };
            match self.rebuild(pack, offset) {
                Ok(object) => return Ok(Some(object)),
                Err(found) => damage = Some(found),
            }
        }
        for folder in &self.folders {
            match Loose::open(&loose::path_of(folder, id)) {
                Ok(object) => {
                    let kind = object.kind;
                    match object.bytes(LARGEST) {
                        Ok(bytes) => return Ok(Some((kind, bytes))),
                        Err(trouble) => damage = Some(trouble.damage()),
                    }
                }
                Err(Trouble::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(trouble) => damage = Some(trouble.damage()),
            }
        }
        damage.map_or(Ok(None), Err)
    }

    /// The object that begins at `offset` in `pack`, from the whole one at the end of its chain on.
    fn rebuild<'s>(&'s self, pack: &'s Pack, offset: u64) -> Result<(Kind, Vec<u8>), Damage> {
        let (mut chain, mut at) = (Vec::new(), (pack, offset));
        let (mut inflater, mut left) = (Inflater::default(), Left(MOST_MADE));
        let (kind, mut bytes) = loop {
            let (pack, offset) = at;
            let entry = pack.entry_at(offset)?;
            if chain.len() > LONGEST_CHAIN {
                return Err(Damage("its chain of bases has no end"));
            }
            let room = left.take(entry.size);
            let base = match entry.held {
                Held::Whole(kind) => {
                    match room.and_then(|()| inflate(pack, &entry, &mut inflater)) {
                        Ok(bytes) => break (kind, bytes),
                        Err(damage) => break self.elsewhere(pack, offset).ok_or(damage)?,
                    }
                }
                Held::Before(distance) => {
                    let base = offset.checked_sub(distance).filter(|_| distance > 0);
                    Some((pack, base.ok_or(Damage("its base lies before all packs"))?))
                }
                Held::Named(id) => self.place_of(pack, &id),
            };
            room?;
            chain.push((pack, entry));
            let Some(base) = base else {
                let Some(Held::Named(id)) = chain.last().map(|(_, entry)| entry.held) else {
                    return Err(Damage("its base is missing"));
                };
                break self.loose_object(&id)?;
            };
            at = base;
        };
        let mut pieces = Vec::new();
        for (pack, entry) in chain.iter().rev() {
            let change = inflate(pack, entry, &mut inflater)?;
            let sizes = delta::sizes(&bytes, &change)?;
            left.take(sizes.result)?;
            let mut result = vec![0; sizes.result as usize];
            delta::apply(&bytes, &change, &sizes, &mut result, &mut pieces)?;
            bytes = result;
        }
        Ok((kind, bytes))
    }

    /// Another copy of the object that begins at `offset` in `pack`, where it is loose or whole.
    fn elsewhere(&self, pack: &Pack, offset: u64) -> Option<(Kind, Vec<u8>)> {
        let id = pack.index().id(pack.name_at(offset)?);
        let whole = |other: &Pack| {
            let entry = other.entry_at(other.offset_of(&id)?).ok()?;
            let Held::Whole(kind) = entry.held else { return None };
            Some((kind, inflate(other, &entry, &mut Inflater::default()).ok()?))
        };
        self.loose_object(&id).ok().or_else(|| self.packs.iter().find_map(whole))
    }

    /// Where the packed object `id` begins: rather in `pack` than in another.
    fn place_of<'s>(&'s self, pack: &'s Pack, id: &ObjectId) -> Option<(&'s Pack, u64)> {
        let mut packs = std::iter::once(pack).chain(&self.packs);
        packs.find_map(|pack| Some((pack, pack.offset_of(id)?)))
    }

    fn loose_object(&self, id: &ObjectId) -> Result<(Kind, Vec<u8>), Damage> {
        let missing = Damage("the object that it is told from is missing");
        let open = |folder: &PathBuf| Loose::open(&loose::path_of(folder, id)).ok();
        let object = self.folders.iter().find_map(open).ok_or(missing)?;
        let kind = object.kind;
        object.bytes(LARGEST).map(|bytes| (kind, bytes)).map_err(|trouble| trouble.damage())
    }

    /// Adds the store in `folder` and those that it borrows from, each once.
    fn add(&mut self, folder: PathBuf) {
        let (mut left, mut known) = (vec![folder], BTreeSet::new());
        while let Some(folder) = left.pop() {
            let Ok(real) = folder.canonicalize() else {
                self.faults.push((folder, "the store of objects is not there".to_owned()));
                continue;
            };
            if !known.insert(real) {
                continue;
            }
            if known.len() > MOST_STORES {
                self.faults.push((folder, "borrows from too many stores".to_owned()));
                return;
            }
            self.open_packs(&folder);
            left.extend(self.borrowed(&folder));
            self.folders.push(folder);
        }
    }

    fn open_packs(&mut self, folder: &Path) {
        let Ok(entries) = fs::read_dir(folder.join("pack")) else { return };
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.extension().is_some_and(|end| end == "pack") {
                match Pack::open(&path, self.hash_len) {
                    Ok(pack) => {
                        self.faults.extend(unlisted(&pack).map(|message| (path, message)));
                        self.packs.push(pack);
                    }
                    Err(trouble) => self.faults.push((path, trouble.to_string())),
                }
            } else if name.starts_with("tmp_") {
                let message = "left over from a transfer that was cut off; not read".to_owned();
                self.faults.push((path, message));
            }
        }
    }

    /// The stores from which the one in `folder` borrows.
    fn borrowed(&mut self, folder: &Path) -> Vec<PathBuf> {
        let list = folder.join("info/alternates");
        match file::read(&list, ALTERNATES) {
            Ok(text) => {
                let text = text.unwrap_or_default();
                let lines = text.split(|&byte| byte == b'\n');
                let lines = lines.map(<[u8]>::trim_ascii);
                let paths = lines.filter(|line| !line.is_empty() && line[0] != b'#');
                paths.map(|path| folder.join(file::path_of(path))).collect()
            }
            Err(message) => {
                self.faults.push((list, message));
                Vec::new()
            }
        }
    }
}

/// What the index of `pack` does not lead to, if there is such.
fn unlisted(pack: &Pack) -> Option<String> {
    let index = pack.index();
    let lost = (0..index.len()).filter(|&n| index.offset(n).is_none()).count();
    if lost > 0 {
        return Some(format!("its index does not say where {lost} objects begin"));
    }
    let count = pack.bytes().get(8..12).map(|word| word.try_into().expect("four bytes"));
    let count = count.map_or(0, u32::from_be_bytes) as usize;
    let listed = index.len();
    (count != listed)
        .then(|| format!("it says that it has {count} objects, its index has {listed}"))
}

fn inflate(
    pack: &Pack,
    entry: &crate::git::entry::Entry,
    inflater: &mut Inflater,
) -> Result<Vec<u8>, Damage> {
    let data = pack.bytes().get(entry.data..).unwrap_or_default();
    zlib::may_fill(data, entry.size)?;
    if entry.size > LARGEST {
        return Err(TOO_LARGE);
    }
    let mut bytes = vec![0; entry.size as usize];
    inflater.fill(data, &mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;
