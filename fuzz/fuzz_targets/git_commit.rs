//! Any bytes as a commit and as a tag: all ids have one length, and the message is the end of it.

#![no_main]

use keytrail::git::commit;
use keytrail::git::commit::Person;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    for hash_len in [20, 32] {
        look(data, hash_len);
        look(&[b"tree ", &b"1".repeat(2 * hash_len)[..], b"\n", data].concat(), hash_len);
        look(&[b"object ", &b"1".repeat(2 * hash_len)[..], b"\n", data].concat(), hash_len);
    }
});

fn look(data: &[u8], hash_len: usize) {
    if let Ok(commit) = commit::read(data, hash_len) {
        let ids = commit.parents.iter().chain([&commit.tree]);
        assert!(ids.into_iter().all(|id| id.as_bytes().len() == hash_len));
        assert!(data.ends_with(commit.message));
        could_be(&commit.author);
        could_be(&commit.committer);
    }
    if let Ok(tag) = commit::read_tag(data, hash_len) {
        assert_eq!(tag.target.as_bytes().len(), hash_len);
        assert!(data.ends_with(tag.message));
        could_be(&tag.tagger);
    }
}

fn could_be(person: &Person<'_>) {
    assert!(person.zone.abs() < 24 * 60);
    assert!(!person.name.contains(&b'\n') && !person.mail.contains(&b'\n'));
}
