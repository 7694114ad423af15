//! Tars.

use super::super::TroubleKind;
use super::super::made::{tar as made, unpack};

#[test]
fn long_names_of_both_sorts_are_read() {
    let long = "a/".repeat(120) + "name";
    let out = unpack("a.tar", &made(&[(&long, b"one"), ("b", b"two")]));
    assert_eq!((out.text(&long), out.text("b")), (&b"one"[..], &b"two"[..]));
    assert_eq!(out.troubles, []);
    let mut tar = tar::Builder::new(Vec::new());
    let records: [(&str, &[u8]); 2] = [("path", long.as_bytes()), ("size", b"3")];
    tar.append_pax_extensions(records).expect("appended");
    let mut header = tar::Header::new_ustar();
    header.set_path("short").expect("set");
    header.set_size(0);
    header.set_cksum();
    tar.append(&header, &b"one"[..]).expect("appended");
    let out = unpack("a.tar", &tar.into_inner().expect("finished"));
    assert_eq!((out.text(&long), out.troubles.len()), (&b"one"[..], 0));
}

fn header(name: &str, kind: tar::EntryType, size: u64) -> Vec<u8> {
    let mut header = tar::Header::new_gnu();
    header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
    header.set_entry_type(kind);
    header.set_size(size);
    header.set_cksum();
    header.as_bytes().to_vec()
}

fn block(text: &[u8]) -> Vec<u8> {
    let mut block = text.to_vec();
    block.resize(text.len().next_multiple_of(512), 0);
    block
}

#[test]
fn links_folders_and_whiteouts_are_no_files() {
    use tar::EntryType as E;
    let bytes = [
        header("folder/", E::Directory, 0),
        header("link", E::Symlink, 0),
        header("hard", E::Link, 700),
        header("fifo", E::Fifo, 0),
        header("etc/.wh.shadow", E::Regular, 0),
        header("/etc/passwd", E::Regular, 3),
        block(b"one"),
        header("../../up", E::Regular, 3),
        block(b"two"),
        vec![0; 1024],
    ];
    let out = unpack("a.tar", &bytes.concat());
    assert_eq!(out.names(), ["/etc/passwd", "../../up"]);
    assert_eq!(out.troubles, []);
}

#[test]
fn files_with_holes_are_read_without_them() {
    let mut sparse = tar::Header::new_gnu();
    sparse.as_mut_bytes()[..4].copy_from_slice(b"hole");
    sparse.set_entry_type(tar::EntryType::GNUSparse);
    sparse.set_size(3);
    let gnu = sparse.as_gnu_mut().expect("it is GNU's");
    gnu.isextended[0] = 1;
    gnu.realsize[..11].copy_from_slice(b"77777777777");
    sparse.set_cksum();
    let bytes = [
        sparse.as_bytes().to_vec(),
        vec![0; 512],
        block(b"one"),
        header("b", tar::EntryType::Regular, 0),
        vec![0; 1024],
    ];
    let out = unpack("a.tar", &bytes.concat());
    assert_eq!(
        (out.text("hole"), out.names(), out.troubles.len()),
        (&b"one"[..], vec!["hole", "b"], 0)
    );
}

#[test]
fn reading_goes_on_behind_damage() {
    let mut bytes = made(&[("a", b"one"), ("b", b"two"), ("c", b"three")]);
    bytes[1024 + 5] ^= 0x40;
    let out = unpack("a.tar", &bytes);
    assert_eq!(out.names(), ["a", "c"]);
    assert_eq!(out.kinds(), [TroubleKind::Damaged]);
    assert!(out.troubles[0].1.what.contains("1024"));
}

#[test]
fn tars_in_a_row_are_all_read() {
    let out = unpack("a.tar", &[made(&[("a", b"one")]), made(&[("b", b"two")])].concat());
    assert_eq!((out.names(), out.troubles.len()), (vec!["a", "b"], 0));
}

#[test]
fn a_truncated_tar_gives_what_it_has() {
    let bytes = made(&[("a", b"one"), ("b", &[b'x'; 5000])]);
    let out = unpack("a.tar", &bytes[..1024 + 512 + 1000]);
    assert_eq!((out.text("a"), out.text("b")), (&b"one"[..], &[b'x'; 1000][..]));
    assert!(out.kinds().contains(&TroubleKind::Damaged));
    let out = unpack("a.tar", &bytes[..1024 + 100]);
    assert_eq!((out.names(), out.kinds()), (vec!["a"], vec![TroubleKind::Damaged]));
    assert_eq!(unpack("a.tar", &bytes[..1024]).kinds(), [TroubleKind::Damaged]);
}

#[test]
fn old_tars_are_known_by_their_names_and_checksums() {
    let mut header = tar::Header::new_old();
    header.set_path("a").expect("set");
    header.set_size(3);
    header.set_cksum();
    let bytes = [header.as_bytes().to_vec(), block(b"one"), vec![0; 1024]].concat();
    assert_eq!(super::super::recognise(&bytes, "a.bin"), None);
    assert_eq!(unpack("A.TAR", &bytes).text("a"), b"one");
}
