//! Trials of walks, over packs that Git makes and over packs that nobody should.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use sha1::Digest;

use super::{Bases, Object, Visitor, Walk};
use crate::git::entry::Kind;
use crate::git::forest::Forest;
use crate::git::made::{self, Made};
use crate::git::noise::Noise;
use crate::git::trial::Trial;
use crate::git::{Damage, Pack};
use crate::model::ObjectId;

const ALL: [Kind; 4] = [Kind::Commit, Kind::Tree, Kind::Blob, Kind::Tag];

/// What came of a walk.
#[derive(Default)]
struct Seen {
    /// Each object that was shown, and whether its name is the digest of what was shown.
    shown: Vec<(ObjectId, bool)>,
    /// How many bytes all had.
    bytes: u64,
    /// Each stream, and what it held or how it ended.
    large: Vec<(ObjectId, Result<u64, String>)>,
    faults: Vec<(ObjectId, &'static str)>,
}

impl Seen {
    fn right(&self) -> BTreeSet<ObjectId> {
        self.shown.iter().filter(|(_, is_right)| *is_right).map(|(id, _)| *id).collect()
    }

    /// Everything was shown or told of, and nothing twice.
    fn is_complete(&self, pack: &Pack) -> bool {
        let shown = self.shown.iter().map(|(id, _)| *id);
        let large = self.large.iter().map(|(id, _)| *id);
        let all = shown.chain(large).chain(self.faults.iter().map(|(id, _)| *id));
        let mut all: Vec<_> = all.collect();
        all.sort_unstable();
        let index = pack.index();
        all == (0..index.len()).map(|n| index.id(n)).collect::<Vec<_>>()
    }
}

/// Notes what it is shown.
struct Eye<'e> {
    all: &'e Mutex<Seen>,
    is_counting: bool,
}

impl Visitor for Eye<'_> {
    type Note = Vec<u8>;

    fn object(&mut self, object: Object<'_, Vec<u8>>) -> Vec<u8> {
        let mut all = self.all.lock().expect("no visitor panics");
        all.bytes += object.bytes.len() as u64;
        if self.is_counting {
            all.shown.push((object.id, true));
            return Vec::new();
        }
        if let Some((base, pieces)) = object.base {
            let ends = std::iter::once(0).chain(pieces.iter().map(|piece| piece.range.end));
            assert!(ends.eq(pieces.iter().map(|p| p.range.start).chain([object.bytes.len()])));
            for piece in pieces {
                let new = &object.bytes[piece.range.clone()];
                assert!(piece.from.is_none_or(|from| base[from..from + new.len()] == *new));
            }
        }
        all.shown.push((object.id, digest(&object) == object.id));
        object.bytes.to_vec()
    }

    fn large(&mut self, id: ObjectId, _: Kind, from: &mut dyn Read) {
        let read = std::io::copy(from, &mut std::io::sink()).map_err(|error| error.to_string());
        self.all.lock().expect("no visitor panics").large.push((id, read));
    }

    fn fault(&mut self, id: ObjectId, damage: Damage) {
        self.all.lock().expect("no visitor panics").faults.push((id, damage.0));
    }

    fn goes_on(&self) -> bool {
        true
    }
}

/// The name that Git gives to an object.
fn digest<N>(object: &Object<'_, N>) -> ObjectId {
    let kind = match object.kind {
        Kind::Commit => "commit",
        Kind::Tree => "tree",
        Kind::Blob => "blob",
        Kind::Tag => "tag",
    };
    let text = [format!("{kind} {}\0", object.bytes.len()).as_bytes(), object.bytes].concat();
    let raw = match object.id.as_bytes().len() {
        20 => sha1::Sha1::digest(&text).to_vec(),
        _ => sha2::Sha256::digest(&text).to_vec(),
    };
    ObjectId::from_bytes(&raw).expect("a length of Git's")
}

fn walked(pack: &Pack, threads: usize, is_counting: bool, bases: &Bases<'_>) -> Seen {
    let all = Mutex::default();
    let forest = Forest::of(pack);
    let walk = Walk { pack, forest: &forest, kinds: &ALL, only: None, bases, threads };
    walk.run_within(4 << 30, || Eye { all: &all, is_counting });
    let mut seen = all.into_inner().expect("no visitor panics");
    let fault = |(entry, damage): &(u32, Damage)| (pack.index().id(forest.name(*entry)), damage.0);
    seen.faults.extend(forest.faults().iter().map(fault));
    seen
}

fn seen(pack: &Pack, threads: usize) -> Seen {
    let seen = walked(pack, threads, false, &|_| None);
    assert!(seen.is_complete(pack));
    seen
}

/// A repository whose files are much like each other, packed with `arguments`; and its pack.
fn packed(init: &[&str], files: usize, arguments: &[&str]) -> (Trial, PathBuf) {
    let (trial, mut noise) = (Trial::new(init), Noise::new(21));
    let mut lines: Vec<String> = (0..60).map(|n| format!("line {n} {}\n", n * 7919)).collect();
    for n in 0..files {
        let at = noise.below(lines.len());
        lines[at] = format!("changed {n} {}\n", noise.below(1 << 30));
        lines.insert(noise.below(lines.len()), format!("{}\n", noise.below(1 << 30)));
        let path = file(&trial, n);
        fs::create_dir(path.parent().expect("a folder")).expect("made");
        fs::write(path, lines.concat()).expect("written");
        if n % 50 == 0 {
            trial.git(&["add", "."]);
            trial.commit("more");
        }
    }
    trial.git(&["add", "."]);
    trial.commit("last");
    trial.git(&["tag", "-a", "-m", "a tag", "v1"]);
    let settings = ["-c", "pack.threads=1"];
    let repack = ["repack", "-adfq", "--depth=250", "--window=50"];
    trial.git(&[&settings, arguments, &repack].concat());
    let folder = fs::read_dir(trial.top.join(".git/objects/pack")).expect("it is there");
    let mut paths = folder.map(|entry| entry.expect("an entry").path());
    let pack = paths.find(|path| path.extension().is_some_and(|end| end == "pack"));
    (trial, pack.expect("Git made one"))
}

/// Git takes files for versions of each other whose paths end alike.
fn file(trial: &Trial, n: usize) -> PathBuf {
    trial.top.join(format!("{n:04}/a-long-name-for-a-file"))
}

fn depth(forest: &Forest) -> usize {
    let mut deepest = 0;
    let mut left: Vec<_> = forest.roots().iter().map(|root| (root.entry, 0)).collect();
    while let Some((entry, depth)) = left.pop() {
        deepest = deepest.max(depth);
        left.extend(forest.children(entry).map(|child| (child, depth + 1)));
    }
    deepest
}

#[test]
fn all_that_git_packed_comes_out_as_it_went_in() {
    let named = ["-c", "repack.useDeltaBaseOffset=false"];
    let cases: [(&[&str], usize, &[&str]); 3] =
        [(&[], 300, &[]), (&[], 300, &named), (&["--object-format=sha256"], 60, &[])];
    for (init, files, arguments) in cases {
        let (trial, path) = packed(init, files, arguments);
        let hash_len = if init.is_empty() { 20 } else { 32 };
        let pack = Pack::open(&path, hash_len).expect("a pack");
        assert!(depth(&Forest::of(&pack)) > files / 2);
        let format = "--batch-check=%(objectname)";
        let known = trial.git(&["cat-file", "--batch-all-objects", format]);
        let known: BTreeSet<_> =
            known.lines().map(|id| ObjectId::from_hex(id.as_bytes()).expect("an id")).collect();
        for threads in [1, 4] {
            let seen = seen(&pack, threads);
            assert_eq!((seen.faults.len(), seen.large.len()), (0, 0));
            assert_eq!((&seen.right(), seen.shown.len()), (&known, known.len()));
        }
        let id = trial.id("HEAD:0007/a-long-name-for-a-file");
        let store = made::store(&trial.top.join(".git"), hash_len);
        let (_, bytes) = store.get(&id).expect("it is whole").expect("it is there");
        assert_eq!(bytes, fs::read(file(&trial, 7)).expect("it is there"));
    }
}

/// A pack of damaged bytes, with the index of the sound one.
fn damaged(sound: &Path, dir: &Path, bytes: &[u8]) -> Option<Pack> {
    let path = dir.join("damaged.pack");
    fs::copy(sound.with_extension("idx"), path.with_extension("idx")).expect("copied");
    fs::write(&path, bytes).expect("written");
    Pack::open(&path, 20).ok()
}

/// The objects whose entries reach into what lies between `from` and `to`, and all that are told from them.
fn touched(pack: &Pack, forest: &Forest, from: usize, to: usize) -> BTreeSet<ObjectId> {
    let count = pack.index().len() as u32;
    let end = |entry| forest.end(entry).unwrap_or(pack.bytes().len() as u64);
    let reaches = |entry: &u32| forest.offset(*entry) < to as u64 && end(*entry) > from as u64;
    let mut left: Vec<u32> = (0..count).filter(reaches).collect();
    let mut touched = BTreeSet::new();
    while let Some(entry) = left.pop() {
        touched.insert(pack.index().id(forest.name(entry)));
        left.extend(forest.children(entry));
    }
    touched
}

#[test]
fn damage_reaches_no_further_than_what_is_told_from_it() {
    let dir = tempfile::tempdir().expect("a folder");
    for arguments in [&[][..], &["-c", "repack.useDeltaBaseOffset=false"]] {
        let (_trial, path) = packed(&[], 40, arguments);
        let (bytes, pack) = (fs::read(&path).expect("read"), Pack::open(&path, 20).expect("one"));
        let (forest, all) = (Forest::of(&pack), seen(&pack, 1).right());
        let mut noise = Noise::new(22);
        for at in (0..bytes.len()).step_by(11) {
            let mut spoilt = bytes.clone();
            spoilt[at] ^= 1 << noise.below(8) | 1;
            let Some(spoilt) = damaged(&path, dir.path(), &spoilt) else { continue };
            let lost = touched(&pack, &forest, at, at + 1);
            let right = seen(&spoilt, 1).right();
            assert!(all.difference(&lost).all(|id| right.contains(id)), "{at}");
        }
        for end in (0..bytes.len()).step_by(97) {
            let Some(cut) = damaged(&path, dir.path(), &bytes[..end]) else { continue };
            let lost = touched(&pack, &forest, end - 20, bytes.len());
            let seen = seen(&cut, 2);
            assert_eq!(seen.right(), &all - &lost);
            assert_eq!(seen.faults.len(), lost.len());
        }
    }
}

#[test]
fn damage_to_an_index_is_borne() {
    let dir = tempfile::tempdir().expect("a folder");
    let (_trial, path) = packed(&[], 20, &[]);
    let index = fs::read(path.with_extension("idx")).expect("read");
    let copy = dir.path().join("copy.pack");
    fs::copy(&path, &copy).expect("copied");
    let mut noise = Noise::new(23);
    for _ in 0..300 {
        fs::write(copy.with_extension("idx"), noise.spoil(&index)).expect("written");
        let Ok(pack) = Pack::open(&copy, 20) else { continue };
        let seen = walked(&pack, 1, false, &|_| None);
        // A place that is no entry's may read as a large one's.
        let told = seen.shown.len() + seen.large.len() + seen.faults.len();
        assert_eq!(told, pack.index().len());
    }
}

#[test]
fn an_object_without_a_place_is_told() {
    let mut made = Made::new(20);
    made.blob(1, b"one");
    made.blob(2, b"two");
    let mut index = made.index();
    let offsets = 8 + 1024 + 2 * 24;
    index[offsets] = 0xff;
    let dir = tempfile::tempdir().expect("a folder");
    made::write(dir.path(), "odd", &made.pack(), &index);
    let pack = Pack::open(&dir.path().join("pack/odd.pack"), 20).expect("a pack");
    assert_eq!(seen(&pack, 1).faults, [(made.id(1), "the entry is cut off")]);
}

const CIRCLE: &str = "its chain of bases has no end";
const HANGS: &str = "the object that it is told from is damaged";
const MISSING: &str = "the object that it is told from is missing";

fn faults(made: &Made, threads: usize) -> Vec<(ObjectId, &'static str)> {
    let (_dir, store) = made.store();
    let mut faults = seen(&store.packs()[0], threads).faults;
    faults.sort_unstable();
    faults
}

#[test]
fn chains_of_bases_may_not_be_circles() {
    let mut made = Made::new(20);
    let delta = made::delta(3, 3, b"\x90\x03");
    made.blob(9, b"abc");
    made.named(1, 2, &delta);
    let two = made.named(2, 1, &delta);
    made.before(3, two, &delta);
    made.named(4, 4, &delta);
    let itself = [&made::head(made::BEFORE, delta.len() as u64)[..], b"\0"].concat();
    made.entry(5, &[&itself, &made::deflated(&delta)]);
    for threads in [1, 4] {
        assert_eq!(faults(&made, threads), [1, 2, 3, 4, 5].map(|n| (made.id(n), CIRCLE)));
    }
}

#[test]
fn what_hangs_on_a_base_that_is_not_there_is_told() {
    let mut made = Made::new(32);
    let delta = made::delta(3, 3, b"\x90\x03");
    let one = made.named(1, 99, &delta);
    let two = made.before(2, one, &delta);
    made.before(3, two, &delta);
    let between = made.before(4, two + 1, &delta);
    made.before(5, between, &delta);
    let outside = [(1, MISSING), (2, HANGS), (3, HANGS), (5, HANGS)];
    let mut expected = outside.map(|(n, damage)| (made.id(n), damage)).to_vec();
    expected.insert(3, (made.id(4), "its base is not in the pack"));
    assert_eq!(faults(&made, 1), expected);
    let (_dir, store) = made.store();
    let base = |id: &ObjectId| (*id == made.id(99)).then(|| (Kind::Blob, b"abc".to_vec()));
    let seen = walked(&store.packs()[0], 2, false, &base);
    assert_eq!((seen.shown.len(), seen.faults.len()), (3, 2));
}

#[test]
fn sizes_that_cannot_be_are_not_believed() {
    let mut made = Made::new(20);
    let data = made::deflated(b"abc");
    let change = made::deflated(&made::delta(3, 3, b"\x90\x03"));
    let alone = made.entry(1, &[&made::head(made::BLOB, (1 << 60) - 1), &data]);
    let base = made.entry(2, &[&made::head(made::BLOB, 1 << 30), &data]);
    made.before(3, base, &made::delta(3, 3, b"\x90\x03"));
    let sound = made.blob(4, b"abc");
    for n in 5..105 {
        let distance = made::distance(made.pack().len() as u64 - 20 - sound);
        made.entry(n, &[&made::head(made::BEFORE, 1 << 30), &distance, &change]);
    }
    for n in 105..205 {
        made.before(n, sound, &made::delta(3, 1 << 30, b"\x90\x03"));
    }
    assert!(alone < base);
    let (_dir, store) = made.store();
    let seen = seen(&store.packs()[0], 1);
    let less = "it inflates to less than its size";
    assert_eq!(seen.large, [(made.id(1), Err(less.to_owned()))]);
    assert_eq!(seen.shown, [(made.id(4), false)]);
    let mut faults = seen.faults;
    faults.sort_unstable();
    assert_eq!(faults[..2], [(made.id(2), less), (made.id(3), HANGS)]);
    assert!(faults[2..102].iter().all(|(_, damage)| *damage == less));
    assert!(faults[102..].iter().all(|(_, damage)| *damage == "the delta makes less than it says"));
    assert!([1, 2, 5, 105].into_iter().all(|n| store.get(&made.id(n)).is_err()));
}

#[test]
fn a_bomb_is_not_let_go_off() {
    let (mut made, side) = (Made::new(20), 0x10000);
    let base = made.blob(0, &vec![b'a'; side]);
    let each: u64 = 256 << 20;
    let copies = vec![0x80; each as usize / side];
    for n in 1..=30 {
        made.before(n, base, &made::delta(side as u64, each, &copies));
    }
    assert!(made.pack().len() < 4096);
    let (_dir, store) = made.store();
    let seen = walked(&store.packs()[0], 2, true, &|id| store.get(id).ok().flatten());
    assert!(seen.is_complete(&store.packs()[0]));
    assert_eq!(seen.bytes, side as u64 + 15 * each);
    assert_eq!(seen.faults.len(), 15);
    assert!(seen.faults.iter().all(|(_, damage)| damage.contains("a thousand times its size")));
}

#[test]
fn one_base_may_have_many_changes() {
    let mut made = Made::new(20);
    let base = made.blob(0, b"abc");
    for n in 0..20_000_u32 {
        made.before(n as u8, base, &made::delta(3, 3, b"\x90\x03"));
    }
    let (_dir, store) = made.store();
    for threads in [1, 4] {
        let seen = seen(&store.packs()[0], threads);
        assert_eq!((seen.shown.len(), seen.faults.len()), (20_001, 0));
    }
}

/// Gives up after some objects.
struct Weak<'w>(&'w AtomicUsize);

impl Visitor for Weak<'_> {
    type Note = ();

    fn object(&mut self, _: Object<'_, ()>) {
        assert!(self.0.fetch_add(1, Ordering::Relaxed) < 9, "meant to happen");
    }

    fn large(&mut self, _: ObjectId, _: Kind, _: &mut dyn Read) {}

    fn fault(&mut self, _: ObjectId, _: Damage) {}

    fn goes_on(&self) -> bool {
        true
    }
}

#[test]
fn nobody_waits_for_a_visitor_that_panics() {
    let mut made = Made::new(20);
    let mut base = made.blob(0, b"abc");
    for n in 1..200 {
        base = made.before(n, base, &made::delta(3, 3, b"\x90\x03"));
    }
    let (_dir, store) = made.store();
    let pack = &store.packs()[0];
    let forest = Forest::of(pack);
    for threads in [1, 4] {
        let walk =
            Walk { pack, forest: &forest, kinds: &ALL, only: None, bases: &|_| None, threads };
        let count = AtomicUsize::new(0);
        let run = || walk.run(|| Weak(&count));
        assert!(catch_unwind(AssertUnwindSafe(run)).is_err());
        let (made, objects) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let run = || {
            walk.run(|| {
                assert!(made.fetch_add(1, Ordering::Relaxed) + 1 < threads, "meant to happen");
                Weak(&objects)
            });
        };
        assert!(catch_unwind(AssertUnwindSafe(run)).is_err());
    }
}
