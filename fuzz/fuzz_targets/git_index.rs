//! Any bytes as the index of a pack: every row is read, and what is found by its id has that id.

#![no_main]

use keytrail::git::{Index, Map};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((&first, rest)) = data.split_first() else { return };
    let hash_len = if first & 1 == 0 { 20 } else { 32 };
    look(rest.to_vec(), hash_len);
    // The same bytes behind a table that counts right.
    let row = if first & 2 == 0 { hash_len + 4 } else { hash_len + 8 };
    let count = (rest.len() / row) as u32;
    let magic: &[u8] = if first & 2 == 0 { b"" } else { b"\xfftOc\0\0\0\x02" };
    let from = u32::from(first);
    let fanout = (0..256).flat_map(|byte| if byte < from { 0 } else { count }.to_be_bytes());
    look([magic, &fanout.collect::<Vec<_>>(), rest].concat(), hash_len);
});

fn look(bytes: Vec<u8>, hash_len: usize) {
    let Ok(index) = Index::read(Map::from(bytes), hash_len) else { return };
    assert_eq!(index.is_empty(), index.len() == 0);
    for n in 0..index.len() {
        let id = index.id(n);
        _ = index.offset(n);
        assert!(index.find(&id).is_none_or(|found| index.id(found) == id));
        assert!(index.first_from(&id.to_string()) <= index.len());
    }
}
