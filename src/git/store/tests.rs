//! Trials of a store, of packs that hang together as Git would not have it.

use std::fs;

use super::{LARGEST, LONGEST_CHAIN, Left, MOST_MADE};
use crate::git::Damage;
use crate::git::entry::Kind;
use crate::git::loose;
use crate::git::made::{self, Made};

fn copy() -> Vec<u8> {
    made::delta(3, 3, b"\x90\x03")
}

#[test]
fn bases_are_found_in_other_packs_and_among_loose_objects() {
    let dir = tempfile::tempdir().expect("a folder");
    let objects = dir.path().join("objects");
    let (mut one, mut two) = (Made::new(20), Made::new(20));
    one.named(1, 2, &made::delta(3, 4, b"\x90\x03\x01d"));
    two.named(2, 3, &copy());
    two.named(4, 9, &copy());
    let path = loose::path_of(&objects, &one.id(3));
    one.write(&objects, "one");
    two.write(&objects, "two");
    fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    fs::write(path, made::deflated(b"blob 3\0abc")).expect("written");
    let store = made::store(dir.path(), 20);
    assert_eq!(store.get(&one.id(1)), Ok(Some((Kind::Blob, b"abcd".to_vec()))));
    assert_eq!(store.get(&one.id(2)), Ok(Some((Kind::Blob, b"abc".to_vec()))));
    let missing = Err(Damage("the object that it is told from is missing"));
    assert_eq!((store.get(&one.id(4)), store.get(&one.id(9))), (missing, Ok(None)));
}

#[test]
fn circles_are_left() {
    let dir = tempfile::tempdir().expect("a folder");
    let objects = dir.path().join("objects");
    let (mut one, mut two) = (Made::new(20), Made::new(20));
    one.named(1, 2, &copy());
    two.named(2, 1, &copy());
    two.named(3, 3, &copy());
    two.entry(4, &[&made::head(made::BEFORE, 6), b"\0", &made::deflated(&copy())]);
    one.write(&objects, "one");
    two.write(&objects, "two");
    let store = made::store(dir.path(), 20);
    let endless = Err(Damage("its chain of bases has no end"));
    assert!([1, 2, 3].into_iter().all(|n| store.get(&one.id(n)) == endless));
    let before = Err(Damage("its base lies before all packs"));
    assert_eq!(store.get(&one.id(4)), before);
}

#[test]
fn a_chain_that_makes_too_much_is_left_before_it_does() {
    let mut made = Made::new(20);
    let mut base = made.blob(0, b"abc");
    for n in 1..=10 {
        let distance = made::distance(made.pack().len() as u64 - 20 - base);
        let head = made::head(made::BEFORE, LARGEST);
        base = made.entry(n, &[&head, &distance, &made::deflated(&copy())]);
    }
    let (_dir, store) = made.store();
    let much = Err(Damage("what it is told from is too large altogether"));
    assert_eq!(store.get(&made.id(10)), much);
    assert_eq!(store.get(&made.id(1)), Err(Damage("it inflates to less than its size")));
    let mut left = Left(MOST_MADE);
    assert_eq!(left.take(LARGEST + 1), Err(Damage("it is too large to be held")));
    assert!((0..8).all(|_| left.take(LARGEST).is_ok()));
    assert!(left.take(1).is_err() && left.take(0).is_ok());
}

#[test]
fn a_long_chain_is_followed_to_its_end() {
    let mut made = Made::new(20);
    let first = made.blob(0, b"abc");
    let mut base = first;
    for n in 1..=LONGEST_CHAIN as u64 + 2 {
        base = made.before(if n == LONGEST_CHAIN as u64 { 1 } else { 2 }, base, &copy());
    }
    let (_dir, store) = made.store();
    assert_eq!(store.get(&made.id(1)), Ok(Some((Kind::Blob, b"abc".to_vec()))));
    let last = store.rebuild(&store.packs()[0], base);
    assert_eq!(last, Err(Damage("its chain of bases has no end")));
}
