//! Any bytes as a tree: the entries stand in it one after the other.

#![no_main]

use keytrail::git::tree;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    for hash_len in [20, 32] {
        let (mut end, mut is_over) = (0, false);
        for entry in tree::entries(data, hash_len) {
            assert!(!is_over, "something comes after an error");
            let Ok(entry) = entry else {
                is_over = true;
                continue;
            };
            let mode = data[end..].iter().position(|b| *b == b' ').expect("a mode ends so");
            let name = end + mode + 1;
            end = name + entry.name.len() + 1 + hash_len;
            assert_eq!(entry.name, &data[name..name + entry.name.len()]);
            assert_eq!(entry.id.as_bytes(), &data[end - hash_len..end]);
            let kinds = [entry.is_tree(), entry.is_link(), entry.is_blob()];
            assert!(kinds.into_iter().filter(|is| *is).count() <= 1);
        }
        assert!(is_over || end == data.len());
    }
});
