//! Zips.

use std::io::Write;

use zip::CompressionMethod;

use super::super::made::{Dice, gzip, hex, unpack, unpack_within, zip, zip_by, zip_stream, zstd};
use super::super::{Limits, TroubleKind};

/// A file that a usual tool encrypted.
const ENCRYPTED: &str = "504b0304140009000800e514795da9665fb2330000002d00000001001c007455540900034d4a066b4d4a06\
    6b75780b000104000000000400000000556e0fb4c8c5dc78c56b6edcb57c65cdca80e3afe2a4f78e16500924994e8e25638a88c5ecada\
    aa972359074f0dd804bc52d35504b0708a9665fb2330000002d000000504b01021e03140009000800e514795da9665fb2330000002d00\
    0000010018000000000001000000a481000000007455540500034d4a066b75780b000104000000000400000000504b050600000000010\
    001004700 00007e0000000000";

fn find(bytes: &[u8], mark: &[u8]) -> usize {
    bytes.windows(mark.len()).position(|w| w == mark).expect("it is there")
}

#[test]
fn every_method_is_read() {
    use CompressionMethod as M;
    let text = b"password: one, one, one, one, one, one".repeat(50);
    for method in [M::Stored, M::Deflated, M::Bzip2, M::Xz] {
        let out = unpack("a.jar", &zip_by(method, &[("a/", b""), ("a/b", &text), ("c", b"")]));
        assert_eq!(out.names(), ["a/b", "c"], "{method:?}");
        assert!(out.text("a/b") == text, "{method:?}");
        assert_eq!(out.troubles, [], "{method:?}");
    }
}

/// A zip of one member whose packed bytes are given.
fn packed_by(method: u16, packed: &[u8], text: &[u8]) -> Vec<u8> {
    let mut bytes = zip_by(CompressionMethod::Stored, &[("a", packed)]);
    let listed = find(&bytes, b"PK\x01\x02");
    bytes[listed + 10..listed + 12].copy_from_slice(&method.to_le_bytes());
    bytes[listed + 16..listed + 20].copy_from_slice(&crc32fast::hash(text).to_le_bytes());
    bytes[listed + 24..listed + 28].copy_from_slice(&(text.len() as u32).to_le_bytes());
    bytes
}

#[test]
fn rarer_methods_are_read() {
    let text = b"password: one, one, one, one, one, one".repeat(50);
    let options = lzma_rust2::LzmaOptions::with_preset(1);
    let mut lzma =
        lzma_rust2::LzmaWriter::new_use_header(Vec::new(), &options, None).expect("opened");
    lzma.write_all(&text).expect("written");
    let lzma = lzma.finish().expect("finished");
    let lzma = [&[9, 4, 5, 0], &lzma[..5], &lzma[13..]].concat();
    for (method, packed) in [(14, &lzma), (93, &zstd(&text)), (20, &zstd(&text))] {
        let out = unpack("a.zip", &packed_by(method, packed, &text));
        assert_eq!(out.troubles, [], "{method}");
        assert!(out.text("a") == text, "{method}");
    }
}

#[test]
fn the_larger_deflate_is_read() {
    // Without long repeats, both deflates are the same.
    let text: Vec<u8> = Dice(19).bytes(5000).iter().map(|b| b % 16 + b'a').collect();
    let gzip = gzip(&text);
    let out = unpack("a.zip", &packed_by(9, &gzip[10..gzip.len() - 8], &text));
    assert_eq!((out.troubles.len(), out.text("a") == text), (0, true));
}

#[test]
fn names_are_only_names() {
    let names = ["../../etc/passwd", "/etc/shadow", "C:\\a", "a/../../b", ""];
    let files: Vec<_> = names.iter().map(|name| (*name, name.as_bytes())).collect();
    let out = unpack("a.zip", &zip(&files));
    assert_eq!(out.names(), names);
    assert_eq!(out.troubles, []);
}

#[test]
fn bytes_before_and_after_the_archive_do_not_matter() {
    let whole = [b"PK\x03\x04 no header", &zip(&[("a", b"one")])[..], b"a tail"].concat();
    assert_eq!(unpack("a.exe", &whole).text("a"), b"one");
    let crx = [b"Cr24\x03\0\0\0\x04\0\0\0abcd", &zip(&[("a", b"one")])[..]].concat();
    let out = unpack("a.crx", &crx);
    assert_eq!((out.text("a"), out.troubles.len()), (&b"one"[..], 0));
}

#[test]
fn sizes_may_stand_behind_members() {
    let files: [(&str, &[u8]); 2] = [("a", b"one one one"), ("b", b"two two two")];
    let bytes = zip_stream(&files);
    let out = unpack("a.zip", &bytes);
    assert_eq!((out.text("b"), out.troubles.len(), out.notes.len()), (files[1].1, 0, 0));
    let start = find(&bytes, b"PK\x01\x02");
    let out = unpack("a.zip", &bytes[..start]);
    assert_eq!((out.text("a"), out.text("b")), (files[0].1, files[1].1));
    assert_eq!(out.kinds(), [TroubleKind::Damaged]);
}

#[test]
fn a_member_that_was_taken_out_of_the_directory_is_read() {
    let one = zip(&[("gone", b"key")]);
    let gone = &one[..find(&one, b"PK\x01\x02")];
    let out = unpack("a.zip", &[gone, &zip(&[("a", b"one")])[..]].concat());
    assert_eq!((out.text("gone"), out.text("a")), (&b"key"[..], &b"one"[..]));
    assert_eq!((out.notes.len(), out.troubles.len()), (1, 0));
}

#[test]
fn a_wrong_checksum_or_size_is_told_and_the_text_read() {
    let mut bytes = zip(&[("a", b"one one one"), ("b", b"two")]);
    let listed = find(&bytes, b"PK\x01\x02");
    bytes[listed + 16] ^= 1;
    let out = unpack("a.zip", &bytes);
    assert_eq!((out.text("a"), out.text("b")), (&b"one one one"[..], &b"two"[..]));
    assert_eq!(out.kinds(), [TroubleKind::Damaged]);
    bytes[listed + 16] ^= 1;
    bytes[listed + 24] ^= 1;
    assert_eq!(unpack("a.zip", &bytes).kinds(), [TroubleKind::Damaged]);
}

#[test]
fn encrypted_and_unknown_members_are_told() {
    let encrypted = hex(&ENCRYPTED.replace(' ', ""));
    let out = unpack("a.zip", &encrypted);
    assert_eq!((out.kinds(), out.texts.len()), (vec![TroubleKind::Encrypted], 0));
    let mut bytes = zip(&[("a", b"one"), ("b", b"two")]);
    let listed = find(&bytes, b"PK\x01\x02");
    bytes[listed + 10] = 98;
    let out = unpack("a.zip", &bytes);
    assert_eq!((out.kinds(), out.names()), (vec![TroubleKind::Unsupported], vec!["b"]));
}

#[test]
fn a_truncated_zip_gives_what_it_has() {
    let noise = Dice(3).bytes(4000);
    let bytes = zip(&[("a", b"one"), ("b", &noise), ("c", b"two")]);
    let out = unpack("a.zip", &bytes[..2000]);
    assert_eq!((out.text("a"), out.names().len()), (&b"one"[..], 2));
    let read = out.text("b");
    assert!(noise.starts_with(read) && read.len() > 1000);
    assert!(
        out.kinds().iter().all(|kind| *kind == TroubleKind::Damaged) && !out.troubles.is_empty()
    );
    let read_on = [&bytes[..300], &[0; 100], &bytes[400..bytes.len() - 8]].concat();
    assert_eq!(unpack("a.zip", &read_on).text("c"), b"two");
}

/// A zip whose members all are the same bytes.
fn overlapping(count: u16) -> Vec<u8> {
    let mut bytes = zip(&[("a", &[0; 900_000])]);
    let listed = find(&bytes, b"PK\x01\x02");
    let end = find(&bytes, b"PK\x05\x06");
    let entry = bytes[listed..end].to_vec();
    bytes.truncate(listed);
    (0..count).for_each(|_| bytes.extend_from_slice(&entry));
    let length = (entry.len() * usize::from(count)) as u32;
    bytes.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    bytes.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
    bytes.extend([length.to_le_bytes(), (listed as u32).to_le_bytes()].concat());
    bytes.extend([0; 2]);
    bytes
}

#[test]
fn members_that_overlap_are_read_once_and_told() {
    let out = unpack("a.zip", &overlapping(60_000));
    assert_eq!((out.names(), out.kinds()), (vec!["a"], vec![TroubleKind::Damaged]));
    assert!(out.troubles[0].1.what.starts_with("59999 members"));
}

#[test]
fn jars_in_wars_in_zips_come_apart() {
    let jar = zip(&[("app.yml", b"key")]);
    let war = zip_by(CompressionMethod::Stored, &[("WEB-INF/lib/a.jar", &jar), ("index", b"one")]);
    let out = unpack("out.zip", &zip(&[("a.war", &war)]));
    assert_eq!(out.names(), ["a.war!WEB-INF/lib/a.jar!app.yml", "a.war!index"]);
    assert_eq!(out.troubles, []);
}

#[test]
fn a_word_in_several_runs_of_a_document_is_one() {
    let xml = b"<d xmlns='http://schemas.openxmlformats.org/x'><w:p><w:r><w:t>passw</w:t></w:r>\
        <w:r><w:t>ord: </w:t></w:r><w:r><w:t>one</w:t></w:r></w:p></d>";
    let files: [(&str, &[u8]); 2] = [("[Content_Types].xml", b"<t/>"), ("word/document.xml", xml)];
    for bytes in [zip(&files), zip_stream(&files)] {
        let out = unpack("a.docx", &bytes);
        let text = String::from_utf8_lossy(out.text("word/document.xml")).into_owned();
        assert!(text.contains("password: one\n"), "{text}");
        assert_eq!((out.names().len(), out.troubles.len()), (2, 0));
    }
}

#[test]
fn a_zip_in_a_zip_that_is_too_large_to_be_held_is_read_all_the_same() {
    let noise = Dice(5).bytes(70_000);
    let inner = zip(&[("first", b"one"), ("noise", &noise), ("last", b"two")]);
    let limits = Limits { member: 50_000, ..Limits::default() };
    let out = unpack_within("a.zip", &zip(&[("b.jar", &inner)]), limits);
    assert_eq!((out.text("b.jar!first"), out.text("b.jar!last")), (&b"one"[..], &b"two"[..]));
    assert_eq!(
        (out.text("b.jar!noise"), out.kinds()),
        (&noise[..50_000], vec![TroubleKind::Limit])
    );
}

#[test]
fn large_archives_numbers_are_read() {
    use std::io::Cursor;
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().large_file(true);
    for n in 0..70_000 {
        zip.start_file(format!("{n}"), options).expect("started");
    }
    zip.write_all(b"last").expect("written");
    let bytes = zip.finish().expect("finished").into_inner();
    let out = unpack("a.zip", &bytes);
    assert_eq!((out.names().len(), out.text("69999")), (70_000, &b"last"[..]));
    assert_eq!(out.troubles, []);
}
