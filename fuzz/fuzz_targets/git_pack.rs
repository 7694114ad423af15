//! Packs out of any bytes, walked and read: every object is shown or told of, and read as it is shown.

#![no_main]

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Mutex;

use keytrail::git::Damage;
use keytrail::git::entry::Kind;
use keytrail::git::forest::Forest;
use keytrail::git::layout::Layout;
use keytrail::git::store::Store;
use keytrail::git::walk::{Object, Visitor, Walk};
use keytrail::model::ObjectId;
use keytrail_fuzz::packs::{self, HASH_LEN};
use libfuzzer_sys::fuzz_target;

const ALL: [Kind; 4] = [Kind::Commit, Kind::Tree, Kind::Blob, Kind::Tag];

fuzz_target!(|data: &[u8]| {
    let Some(made) = packs::make(data) else { return };
    let dir = tempfile::tempdir().expect("a folder");
    let folder = dir.path().join("objects/pack");
    fs::create_dir_all(&folder).expect("made");
    fs::write(folder.join("fuzz.pack"), &made.pack).expect("written");
    fs::write(folder.join("fuzz.idx"), &made.index).expect("written");
    let store = store(dir.path());
    let [pack] = store.packs() else {
        assert!(!made.sound && store.faults().len() == 1);
        return;
    };
    let (forest, seen) = (Forest::of(pack), Mutex::new(Seen::default()));
    let bases = |id: &ObjectId| store.get(id).ok().flatten();
    let threads = 1 + data.len() % 2;
    Walk { pack, forest: &forest, kinds: &ALL, only: None, bases: &bases, threads }
        .run(|| Eye(&seen));
    let seen = seen.into_inner().expect("no visitor panics");
    // What is damaged here and sound in another place is told of and shown.
    let shown = seen.objects.iter().map(|(id, ..)| *id);
    let broken = forest.faults().iter().map(|(entry, _)| pack.index().id(forest.name(*entry)));
    let known: BTreeSet<_> = shown.chain(seen.others).chain(broken).collect();
    assert_eq!(known, (0..pack.index().len()).map(|n| pack.index().id(n)).collect());
    assert!(seen.objects.len() <= pack.index().len());
    for (id, kind, bytes) in seen.objects.iter().filter(|_| made.sound) {
        assert!(store.get(id).is_ok_and(|read| read.as_ref() == Some(&(*kind, bytes.clone()))));
    }
    (0..pack.index().len()).for_each(|n| _ = store.get(&pack.index().id(n)));
});

fn store(dir: &Path) -> Store {
    Store::open(&Layout {
        git_dir: dir.to_owned(),
        common_dir: dir.to_owned(),
        work_tree: None,
        bare: true,
        hash_len: HASH_LEN,
        partial: false,
        shallow: Vec::new(),
        ref_tables: false,
    })
}

#[derive(Default)]
struct Seen {
    objects: Vec<(ObjectId, Kind, Vec<u8>)>,
    /// What was told of or streamed.
    others: Vec<ObjectId>,
}

struct Eye<'e>(&'e Mutex<Seen>);

impl Visitor for Eye<'_> {
    type Note = Vec<u8>;

    fn object(&mut self, object: Object<'_, Vec<u8>>) -> Vec<u8> {
        let Object { id, kind, bytes, base, .. } = object;
        for piece in base.iter().flat_map(|(_, pieces)| *pieces) {
            let (new, (base, _)) = (&bytes[piece.range.clone()], base.expect("it has pieces"));
            assert!(piece.from.is_none_or(|from| base[from..from + new.len()] == *new));
        }
        let mut seen = self.0.lock().expect("no visitor panics");
        seen.objects.push((id, kind, bytes.to_vec()));
        bytes.to_vec()
    }

    fn large(&mut self, id: ObjectId, _: Kind, from: &mut dyn Read) {
        _ = io::copy(from, &mut io::sink());
        self.0.lock().expect("no visitor panics").others.push(id);
    }

    fn fault(&mut self, id: ObjectId, _: Damage) {
        self.0.lock().expect("no visitor panics").others.push(id);
    }

    fn goes_on(&self) -> bool {
        true
    }
}
