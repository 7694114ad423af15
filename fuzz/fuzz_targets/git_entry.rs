//! Any bytes as the head of a pack's entry: what is compressed begins inside of the pack.

#![no_main]

use keytrail::git::entry::{Entry, Held};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    for hash_len in [20, 32] {
        for at in (0..=data.len() as u64).chain([u64::MAX - 1, u64::MAX]) {
            let Ok(entry) = Entry::read(data, at, hash_len) else { continue };
            assert!(entry.data as u64 > at && entry.data <= data.len());
            assert!(entry.size >> 60 == 0);
            if let Held::Named(id) = entry.held {
                assert_eq!(id.as_bytes(), &data[entry.data - hash_len..entry.data]);
            }
        }
    }
});
