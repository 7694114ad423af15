//! Damage: what cannot be read is told, and nothing beside it is lost.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use serde_json::Value;
use sha1::{Digest, Sha1};

use super::{scan, secrets, told};
use crate::repository::{Repo, line, token};
use crate::support::jsonl;

/// What a scan of a damaged repository gives: the findings and the paths of its issues.
struct Outcome {
    found: Vec<Value>,
    issues: Vec<String>,
    code: Option<i32>,
}

/// Scans a history, which must be told to be incomplete.
fn outcome(repo: &Repo) -> Outcome {
    let output = scan(&repo.top(), &["--history-only", "--fail-on", "none"]);
    let (found, summary) = jsonl(&output);
    let issues = told(&summary, "issues", "kind").into_iter().map(|(path, _)| path.to_owned());
    let outcome = Outcome { issues: issues.collect(), code: output.status.code(), found };
    let complete = summary["coverage"]["complete"] == true;
    assert_eq!(complete, outcome.issues.is_empty());
    let again = scan(&repo.top(), &["--history-only"]).status.code();
    assert_eq!(again == Some(1), !outcome.found.is_empty(), "findings come before gaps");
    outcome
}

impl Outcome {
    fn holds(&self, tokens: impl Iterator<Item = u64>) {
        let mut all: Vec<String> = tokens.map(token).collect();
        all.sort();
        assert_eq!(secrets(&self.found), all);
        assert_eq!(self.code, Some(3));
    }

    fn tells_of(&self, ids: &[String]) {
        for id in ids {
            let path = format!(".git/objects/{}/{}", &id[..2], &id[2..]);
            assert!(self.issues.contains(&path), "{path}: {:?}", self.issues);
        }
    }
}

fn loose_path(repo: &Repo, id: &str) -> PathBuf {
    repo.own(&format!("objects/{}/{}", &id[..2], &id[2..]))
}

/// Puts `bytes` in place of a file that Git made read-only.
fn put(path: &Path, bytes: &[u8]) {
    fs::remove_file(path).expect("it is there");
    fs::write(path, bytes).expect("ours");
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

fn inflated(bytes: &[u8]) -> Vec<u8> {
    let mut all = Vec::new();
    ZlibDecoder::new(bytes).read_to_end(&mut all).expect("Git wrote it");
    all
}

/// Makes something else of a file.
type Spoil = fn(&[u8]) -> Vec<u8>;

/// Ways to spoil a loose object.
const SPOILERS: [Spoil; 10] = [
    |_| Vec::new(),
    |file| file[..file.len() / 2].to_vec(),
    |file| file[..file.len() - 3].to_vec(),
    |file| [b"blob 5\0", file].concat(),
    |file| file.iter().map(|byte| !byte).collect(),
    |file| [&file[..file.len() - 1], &[!file[file.len() - 1]]].concat(),
    |file| deflated(&[&inflated(file)[..], b"more"].concat()),
    |file| deflated(&inflated(file)[..30]),
    |file| deflated(&[b"bulb", &inflated(file)[4..]].concat()),
    |file| deflated(&inflated(file).iter().map(|b| b.max(&1)).copied().collect::<Vec<_>>()),
];

/// The first byte behind the head of the whole object that begins at `at`.
fn data_of(pack: &[u8], at: usize) -> usize {
    let more = pack[at..].iter().take_while(|byte| **byte & 0x80 != 0).count();
    at + more + 1
}

/// Where each object of the only pack begins.
fn offset_of(repo: &Repo, pack: &Path, id: &str) -> usize {
    let list = repo.git(["verify-pack".as_ref(), "-v".as_ref(), pack.as_os_str()]);
    let line = list.lines().find(|line| line.starts_with(id)).expect("it is packed");
    line.split_whitespace().nth(4).and_then(|at| at.parse().ok()).expect("an offset")
}

/// The only file in the folder of packs that ends so.
fn packed(repo: &Repo, end: &str) -> PathBuf {
    let files = fs::read_dir(repo.own("objects/pack")).expect("it is there").flatten();
    let mut files = files.map(|file| file.path());
    files.find(|path| path.extension().is_some_and(|is| is == end)).expect("it is there")
}

/// A repository with tokens 1 to `count`, all in one pack and none told from another.
fn one_pack(count: u64) -> Repo {
    let repo = Repo::new();
    (1..=count).for_each(|n| repo.write(format!("{n}.txt"), line(n)));
    repo.commit("all");
    repo.git(["repack", "-adfq", "--window=0"]);
    repo
}

#[test]
fn of_forty_objects_twenty_are_damaged() {
    let repo = one_pack(20);
    let pack = packed(&repo, "pack");
    let mut bytes = fs::read(&pack).expect("it is there");
    let mut damaged = Vec::new();
    for n in 1..=10 {
        let id = repo.id(&format!("HEAD:{n}.txt"));
        let at = data_of(&bytes, offset_of(&repo, &pack, &id));
        bytes[at + 2 + n * 3] ^= 0x5a;
        damaged.push(id);
    }
    let loose: Vec<String> = (21..=40).map(|n| repo.blob(&line(n))).collect();
    put(&pack, &bytes);
    for (id, spoil) in loose.iter().zip(SPOILERS) {
        let path = loose_path(&repo, id);
        let spoilt = spoil(&fs::read(&path).expect("it is there"));
        put(&path, &spoilt);
        damaged.push(id.clone());
    }
    let outcome = outcome(&repo);
    outcome.holds((11..=20).chain(31..=40));
    outcome.tells_of(&damaged);
    assert_eq!(outcome.issues.len(), damaged.len());
}

/// A repository of which a pack holds tokens 1 to 6 in one chain of changes, and token 9 apart; the whole
/// object at the end of the chain is damaged. Gives the ids of the chain, and the damaged one with the file
/// that it was when it was loose.
fn broken_chain() -> (Repo, Vec<String>, (String, Vec<u8>)) {
    let repo = Repo::new();
    let noise: String = (0..300).map(|n| format!("{:x}\n", n * 7919)).collect();
    let change = |n: u64| {
        repo.plant("chain.txt", format!("{noise}{}{}", line(n), "end\n".repeat(n as usize)));
        let id = repo.id("HEAD:chain.txt");
        let file = fs::read(loose_path(&repo, &id)).expect("it is loose");
        (id, file)
    };
    let chain: Vec<(String, Vec<u8>)> = (1..=6).map(change).collect();
    repo.plant("other.txt", line(9));
    repo.git(["repack", "-adfq", "--depth=50"]);
    let pack = packed(&repo, "pack");
    let list = repo.git(["verify-pack".as_ref(), "-v".as_ref(), pack.as_os_str()]);
    let whole = |(id, _): &&(String, Vec<u8>)| {
        list.lines().any(|line| line.starts_with(id) && line.split_whitespace().count() == 5)
    };
    let roots: Vec<_> = chain.iter().filter(whole).cloned().collect();
    assert_eq!(roots.len(), 1, "all but one are told from another");
    let mut bytes = fs::read(&pack).expect("it is there");
    let at = data_of(&bytes, offset_of(&repo, &pack, &roots[0].0));
    bytes[at + 40] ^= 1;
    put(&pack, &bytes);
    (repo, chain.into_iter().map(|(id, _)| id).collect(), roots[0].clone())
}

#[test]
fn what_is_told_from_a_damaged_object_is_told_of() {
    let (repo, chain, _) = broken_chain();
    let outcome = outcome(&repo);
    outcome.holds([9].into_iter());
    outcome.tells_of(&chain);
}

#[test]
fn another_copy_of_a_damaged_base_is_used() {
    let (repo, _, (id, file)) = broken_chain();
    let path = loose_path(&repo, &id);
    fs::create_dir_all(path.parent().expect("it has one")).expect("ours");
    fs::write(path, file).expect("ours");
    let outcome = outcome(&repo);
    outcome.holds((1..=6).chain([9]));
    outcome.tells_of(&[id]);
}

/// A repository with tokens 1 to 5 in a pack and 6 to 9 loose.
fn pack_and_loose() -> Repo {
    let repo = one_pack(5);
    (6..=9).for_each(|n| _ = repo.blob(&line(n)));
    repo
}

/// Changes the index of the only pack.
fn spoil_index(repo: &Repo, spoil: impl Fn(&mut Vec<u8>)) {
    let path = packed(repo, "idx");
    let mut bytes = fs::read(&path).expect("it is there");
    spoil(&mut bytes);
    put(&path, &bytes);
}

/// Where an index of version 2 keeps the offset of object `n`.
fn offset_at(index: &[u8], n: usize) -> usize {
    let count = u32::from_be_bytes(index[8 + 255 * 4..8 + 256 * 4].try_into().expect("four"));
    8 + 256 * 4 + count as usize * 24 + n * 4
}

#[test]
fn a_pack_without_a_whole_index_is_told_of() {
    let spoilers: [fn(&mut Vec<u8>); 4] = [
        |index| index.truncate(index.len() / 2),
        |index| index.truncate(600),
        |index| index.clear(),
        |index| index[8..8 + 256 * 4].fill(0xff),
    ];
    for (n, spoil) in spoilers.into_iter().enumerate() {
        let repo = pack_and_loose();
        spoil_index(&repo, spoil);
        let outcome = outcome(&repo);
        outcome.holds(6..=9);
        assert!(outcome.issues.iter().any(|path| path.ends_with(".pack")), "{n}");
    }
    let repo = pack_and_loose();
    fs::remove_file(packed(&repo, "idx")).expect("it is there");
    let outcome = outcome(&repo);
    outcome.holds(6..=9);
    assert!(outcome.issues.iter().any(|path| path.ends_with(".pack")));
}

#[test]
fn a_pack_that_is_none_is_told_of() {
    let spoilers: [fn(&mut Vec<u8>); 4] =
        [|pack| pack.clear(), |pack| pack.truncate(20), |pack| pack[0] = b'K', |pack| pack[7] = 9];
    for spoil in spoilers {
        let repo = pack_and_loose();
        let path = packed(&repo, "pack");
        let mut bytes = fs::read(&path).expect("it is there");
        spoil(&mut bytes);
        put(&path, &bytes);
        let outcome = outcome(&repo);
        outcome.holds(6..=9);
        assert!(outcome.issues.iter().any(|path| path.ends_with(".pack")));
    }
}

#[test]
fn offsets_that_lead_nowhere_are_told_of() {
    for offset in [0_u32, 11, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff] {
        let repo = pack_and_loose();
        let id = repo.id("HEAD:3.txt");
        spoil_index(&repo, |index| {
            let raw: Vec<u8> = (0..20)
                .map(|n| u8::from_str_radix(&id[n * 2..n * 2 + 2], 16).expect("hexadecimal"))
                .collect();
            let names = &index[8 + 256 * 4..offset_at(index, 0)];
            let n = names.chunks(20).position(|name| name == raw).expect("it is listed");
            let at = offset_at(index, n);
            index[at..at + 4].copy_from_slice(&offset.to_be_bytes());
        });
        let outcome = outcome(&repo);
        outcome.holds((1..=9).filter(|n| *n != 3));
        assert!(!outcome.issues.is_empty(), "{offset:x}");
    }
}

#[test]
fn a_pack_of_which_the_index_lists_too_little_is_told_of() {
    let repo = pack_and_loose();
    let path = packed(&repo, "pack");
    let mut bytes = fs::read(&path).expect("it is there");
    bytes[11] += 1;
    put(&path, &bytes);
    let outcome = outcome(&repo);
    outcome.holds(1..=9);
    assert_eq!(outcome.issues.len(), 1);
}

#[test]
fn the_index_of_another_pack_is_borne() {
    let (repo, other) = (pack_and_loose(), one_pack(7));
    put(&packed(&repo, "idx"), &fs::read(packed(&other, "idx")).expect("it is there"));
    let outcome = outcome(&repo);
    assert_eq!(outcome.code, Some(3));
    let found = secrets(&outcome.found);
    assert!((6..=9).all(|n| found.contains(&&*token(n))));
}

/// A hand-made pack, of objects that claim to be changes of others: each an id and that of its base.
fn put_pack(repo: &Repo, objects: &[([u8; 20], [u8; 20])]) {
    let delta = deflated(&[10, 10, 0x90, 10]);
    let mut pack = [&b"PACK\0\0\0\x02"[..], &(objects.len() as u32).to_be_bytes()].concat();
    let mut index = b"\xfftOc\0\0\0\x02".to_vec();
    for first in 0..=255 {
        let count = objects.iter().filter(|(id, _)| id[0] <= first).count() as u32;
        index.extend(count.to_be_bytes());
    }
    objects.iter().for_each(|(id, _)| index.extend(id));
    objects.iter().for_each(|_| index.extend([0; 4]));
    for (_, base) in objects {
        index.extend((pack.len() as u32).to_be_bytes());
        pack.push(7 << 4 | 4);
        pack.extend(base);
        pack.extend(&delta);
    }
    let sum = Sha1::digest(&pack);
    pack.extend(sum);
    index.extend(sum);
    index.extend(Sha1::digest(&index));
    let name: String = sum.iter().map(|byte| format!("{byte:02x}")).collect();
    let folder = repo.own("objects/pack");
    fs::write(folder.join(format!("pack-{name}.pack")), pack).expect("ours");
    fs::write(folder.join(format!("pack-{name}.idx")), index).expect("ours");
}

#[test]
fn circles_of_changes_end() {
    let (a, b, c) = ([0x11; 20], [0x22; 20], [0x33; 20]);
    let hex = |id: [u8; 20]| format!("{:02x}", id[0]).repeat(20);
    for packs in [
        &[&[(a, b), (b, a)][..]][..],
        &[&[(a, a)]],
        &[&[(a, b)], &[(b, a)]],
        &[&[(a, b), (b, c)], &[(c, a)]],
        &[&[(a, b), (b, b), (c, a)]],
    ] {
        let repo = pack_and_loose();
        packs.iter().for_each(|pack| put_pack(&repo, pack));
        let outcome = outcome(&repo);
        outcome.holds(1..=9);
        let mut ids: Vec<String> = packs.concat().iter().map(|(id, _)| hex(*id)).collect();
        ids.sort();
        outcome.tells_of(&ids);
    }
}

#[test]
fn a_damaged_commit_hides_no_content() {
    let repo = Repo::new();
    let commits: Vec<String> = (1..=5).map(|n| repo.plant("file.txt", line(n))).collect();
    put(&loose_path(&repo, &commits[2]), b"garbage");
    let outcome = outcome(&repo);
    outcome.holds(1..=5);
    outcome.tells_of(&commits[2..3]);
}

#[test]
fn a_damaged_tree_is_told_of() {
    let repo = Repo::new();
    repo.plant("folder/file.txt", line(1));
    repo.plant("other.txt", line(2));
    let tree = repo.id("HEAD:folder");
    let path = loose_path(&repo, &tree);
    let spoilt = SPOILERS[2](&fs::read(&path).expect("it is there"));
    put(&path, &spoilt);
    let outcome = outcome(&repo);
    outcome.holds(1..=2);
    outcome.tells_of(&[tree]);
}

#[test]
fn content_that_is_not_there_is_told_of() {
    let repo = Repo::new();
    repo.plant("file.txt", line(1));
    repo.plant("other.txt", line(2));
    let blob = repo.id("HEAD:file.txt");
    fs::remove_file(loose_path(&repo, &blob)).expect("it is there");
    let outcome = outcome(&repo);
    outcome.holds([2].into_iter());
    outcome.tells_of(&[blob]);
}

#[test]
fn damaged_references_and_indexes_are_told_of() {
    for path in ["refs/heads/broken", "packed-refs", "index", "logs/HEAD"] {
        let repo = Repo::new();
        (1..=3).for_each(|n| _ = repo.plant("file.txt", line(n)));
        fs::write(repo.own(path), b"garbage \xff\n").expect("ours");
        let outcome = outcome(&repo);
        outcome.holds(1..=3);
        assert_eq!(outcome.issues, [format!(".git/{path}")]);
    }
}
