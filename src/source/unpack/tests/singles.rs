//! Compressed files.

use super::super::made::{Dice, bzip2, gzip, hex, lz4, tar, unpack, xz, zstd};
use super::super::{Format, TroubleKind, recognise};

type Pack = fn(&[u8]) -> Vec<u8>;

const ALL: [(&str, Format, Pack); 5] = [
    ("gz", Format::Gzip, gzip),
    ("bz2", Format::Bzip2, bzip2),
    ("xz", Format::Xz, xz),
    ("zst", Format::Zstd, zstd),
    ("lz4", Format::Lz4, lz4),
];

/// One text, compressed by the usual tools.
const BY_TOOLS: [(&str, &str); 6] = [
    (
        "xz",
        "fd377a585a000004e6d6b4460200210116000000742fe5a3e0002c00285d00341949ee8de912e6140ebfb91f5bfedd28e7332\
         758615f391928a2bb23a8bf7f2d4c30b18c0e600000880b6a02f69aab370001442d5f634cf11fb6f37d010000000004595a",
    ),
    (
        "lzma",
        "5d00008000ffffffffffffffff00341949ee8de912e6140ebfb91f5bfedd28e7332758615f391928a2bb23a8bf7f2d4c30b1\
         aad007ffffeff07000",
    ),
    (
        "bz2",
        "425a6839314159265359c39fdb320000099180400423469c2020003100d000d1946d21a3b42e9baa7607922489717049\
         0a5777ccac913f177245385090c39fdb32",
    ),
    (
        "zst",
        "28b52ffd242d69010068656c6c6f2066726f6d206120746f6f6c206f66207468652073797374656d2c2068656c6c6f2c20\
         68656c6c6fd140584c",
    ),
    (
        "lz4",
        "04224d186440a72d00008068656c6c6f2066726f6d206120746f6f6c206f66207468652073797374656d2c2068656c6c6f\
         2c2068656c6c6f00000000f5e25080",
    ),
    (
        "gz",
        "1f8b08084d4a066b00037400cb48cdc9c957482bcacf55485428c9cfcf51c84f5328c9485528ae2c2e49cdd551c80029805\
         200a9665fb22d000000",
    ),
];

#[test]
fn what_the_usual_tools_compress_is_read() {
    for (suffix, bytes) in BY_TOOLS {
        let out = unpack(&format!("t.{suffix}"), &hex(bytes));
        assert_eq!(out.text("t"), b"hello from a tool of the system, hello, hello", "{suffix}");
        assert_eq!(out.troubles, [], "{suffix}");
    }
}

#[test]
fn a_compressed_tar_comes_apart_by_itself() {
    let tar = tar(&[("etc/app.env", b"one"), ("b", &[b'x'; 5000])]);
    for (suffix, format, pack) in ALL {
        let packed = pack(&tar);
        assert_eq!(recognise(&packed, "any"), Some(format));
        let out = unpack(&format!("a/x.tar.{suffix}"), &packed);
        assert_eq!(out.names(), ["x.tar!etc/app.env", "x.tar!b"], "{suffix}");
        assert_eq!((out.text("x.tar!etc/app.env"), out.text("x.tar!b").len()), (&b"one"[..], 5000));
        assert_eq!(out.troubles, [], "{suffix}");
    }
}

#[test]
fn files_of_several_parts_are_read_to_their_end() {
    for (suffix, _, pack) in ALL {
        let mut parts = [pack(b"one "), pack(b""), pack(b"two")].concat();
        parts.extend([0; 40]);
        let out = unpack(&format!("x.{suffix}"), &parts);
        assert_eq!(out.text("x"), b"one two", "{suffix}");
        assert_eq!(out.troubles, [], "{suffix}");
        let out = unpack(&format!("x.{suffix}"), &[&parts, &b"Zmore"[..]].concat());
        assert_eq!(out.text("x"), b"one two", "{suffix}");
        assert_eq!(out.kinds(), [TroubleKind::Damaged], "{suffix}");
    }
}

#[test]
fn frames_that_are_passed_over_are_passed_over() {
    let skip = b"\x53\x2a\x4d\x18\x03\0\0\0abc";
    for (suffix, pack) in [("zst", zstd as Pack), ("lz4", lz4)] {
        let out = unpack(&format!("x.{suffix}"), &[skip, &pack(b"text")[..], skip].concat());
        if suffix == "zst" {
            assert_eq!((out.text("x"), out.kinds().len()), (&b"text"[..], 0));
        } else {
            assert!(out.text("x") == b"text" || out.kinds() == [TroubleKind::Damaged]);
        }
    }
}

#[test]
fn what_comes_before_a_break_is_read() {
    let text: Vec<u8> =
        Dice(7).bytes(300_000).iter().map(|b| b"abcdefgh"[usize::from(b % 8)]).collect();
    for (suffix, _, pack) in ALL {
        let packed = pack(&text);
        let out = unpack(&format!("x.{suffix}"), &packed[..packed.len() - 9]);
        assert_eq!(out.kinds(), [TroubleKind::Damaged], "{suffix}");
        let read = out.text("x");
        assert!(text.starts_with(read), "{suffix}");
        let least = if suffix == "bz2" { 0 } else { 100_000 };
        assert!(read.len() >= least, "{suffix} {}", read.len());
    }
}

#[test]
fn a_wrong_checksum_is_told() {
    for (suffix, pack) in [("gz", gzip as Pack), ("zst", |_| hex(BY_TOOLS[3].1)), ("xz", xz)] {
        let mut packed = pack(b"some text that is some text");
        let at = if suffix == "xz" {
            packed.len() - 24
        } else {
            packed.len() - if suffix == "gz" { 6 } else { 2 }
        };
        packed[at] ^= 1;
        let out = unpack(&format!("x.{suffix}"), &packed);
        assert_eq!(out.kinds(), [TroubleKind::Damaged], "{suffix}");
        assert!(!out.text("x").is_empty(), "{suffix}");
    }
}

#[test]
fn what_is_not_read_is_told() {
    for (name, head) in [
        ("a.rar", &b"Rar!\x1a\x07\x01\0"[..]),
        ("a.cab", b"MSCF\0\0\0\0"),
        ("a.Z", b"\x1f\x9d\x90"),
    ] {
        let out = unpack(name, head);
        assert_eq!(out.kinds(), [TroubleKind::Unsupported], "{name}");
        assert!(out.texts.is_empty());
    }
}
