//! Packages and the other archives.

use super::super::TroubleKind;
use super::super::made::{ar, asar, cpio, gzip, rpm, seven_zip, tar, unpack, xz, zstd};

#[test]
fn debian_packages_come_apart() {
    let control = xz(&tar(&[("./postinst", b"one")]));
    let data = zstd(&tar(&[("./etc/app.conf", b"two")]));
    let deb =
        ar(&[("debian-binary", b"2.0\n"), ("control.tar.xz", &control), ("data.tar.zst/", &data)]);
    let out = unpack("a.deb", &deb);
    let names = [
        "debian-binary",
        "control.tar.xz!control.tar!postinst",
        "data.tar.zst!data.tar!etc/app.conf",
    ];
    assert_eq!((out.names(), out.text(names[2])), (names.to_vec(), &b"two"[..]));
    assert_eq!(out.troubles, []);
}

#[test]
fn long_names_in_unix_archives_are_read() {
    let table = b"a_very_long_name_of_a_file.o/\nother.o/\n";
    let bytes = ar(&[
        ("//", table),
        ("/0", b"one"),
        ("/30", b"two"),
        ("#1/4", b"bsd\0three"),
        ("/999", b"four"),
    ]);
    let out = unpack("a.a", &bytes);
    assert_eq!(out.names(), ["a_very_long_name_of_a_file.o", "other.o", "bsd", "/999"]);
    assert_eq!((out.text("bsd"), out.text("other.o")), (&b"three"[..], &b"two"[..]));
    let out = unpack("a.a", &bytes[..bytes.len() - 2]);
    assert_eq!((out.text("/999"), out.kinds()), (&b"fo"[..], vec![TroubleKind::Damaged]));
}

#[test]
fn red_hat_packages_give_their_scripts_and_files() {
    let files = cpio(&[("./etc/app.conf", b"one"), ("./b", b"three")]);
    let out = unpack("a.rpm", &rpm("echo script", &gzip(&files)));
    assert_eq!(out.names(), ["tags", "payload!payload!./etc/app.conf", "payload!payload!./b"]);
    assert_eq!(out.text("tags"), b"echo script");
    assert_eq!(out.troubles, []);
    assert_eq!(unpack("a.rpm", &rpm("x", &[])[..100]).kinds(), [TroubleKind::Damaged]);
}

#[test]
fn a_truncated_cpio_gives_what_it_has() {
    let bytes = cpio(&[("a", b"one"), ("b", &[b'x'; 300])]);
    let out = unpack("a", &bytes[..116 + 112 + 100]);
    assert_eq!((out.text("a"), out.text("b").len() >= 90), (&b"one"[..], true));
    assert!(out.kinds().contains(&TroubleKind::Damaged));
}

#[test]
fn electrons_archives_are_read() {
    let table = r#"{"files":{"a":{"files":{"b.js":{"size":3,"offset":"0"}}},"c":{"size":5,"offset":"3"},
        "out":{"size":9,"unpacked":true},"far":{"size":5,"offset":"99"}}}"#;
    let bytes = asar(table, b"onethree");
    let out = unpack("app.asar", &bytes);
    assert_eq!((out.text("a/b.js"), out.text("c")), (&b"one"[..], &b"three"[..]));
    assert_eq!(out.kinds(), [TroubleKind::Damaged]);
    assert_eq!(unpack("app.asar", &bytes[..60]).kinds(), [TroubleKind::Damaged]);
}

#[test]
fn seven_zips_are_read() {
    let files: [(&str, &[u8]); 3] = [("a/b.env", b"one"), ("c", &[b'x'; 9000]), ("../d", b"two")];
    let bytes = seven_zip(&files);
    let out = unpack("a.7z", &bytes);
    assert_eq!(out.texts, files.map(|(name, text)| (name.to_owned(), text.to_vec())));
    assert_eq!(out.troubles, []);
    assert_eq!(unpack("a.7z", &bytes[..bytes.len() - 5]).kinds(), [TroubleKind::Damaged]);
    let out = unpack("a.tar.gz", &gzip(&tar(&[("a.7z", &bytes)])));
    assert_eq!(out.text("a.tar!a.7z!../d"), b"two");
}

#[test]
fn damage_in_one_block_of_a_7z_leaves_the_others() {
    use std::io::Cursor;
    let mut archive = sevenz_rust2::ArchiveWriter::new(Cursor::new(Vec::new())).expect("opened");
    let noise = super::super::made::Dice(9).bytes(3000);
    for name in ["a", "b", "c"] {
        let entry = sevenz_rust2::ArchiveEntry::new_file(name);
        archive.push_archive_entry(entry, Some(&noise[..])).expect("pushed");
    }
    let mut bytes = archive.finish().expect("finished").into_inner();
    bytes[32 + 1000] ^= 1;
    let out = unpack("a.7z", &bytes);
    assert_eq!(out.kinds(), [TroubleKind::Damaged], "{:?}", out.troubles);
    assert!(out.text("b") == noise && out.text("c") == noise);
    assert_eq!(out.troubles[0].1.member.as_deref(), Some("a"));
}

#[test]
fn encrypted_7z_files_are_told() {
    use sevenz_rust2::encoder_options::AesEncoderOptions;
    use sevenz_rust2::{ArchiveEntry, ArchiveWriter, EncoderMethod};
    for hidden in [false, true] {
        let mut archive = ArchiveWriter::new(std::io::Cursor::new(Vec::new())).expect("opened");
        let aes = AesEncoderOptions::new("word".into());
        archive.set_content_methods(vec![aes.into(), EncoderMethod::LZMA2.into()]);
        archive.set_encrypt_header(hidden);
        archive.push_archive_entry(ArchiveEntry::new_file("a"), Some(&b"one"[..])).expect("pushed");
        let bytes = archive.finish().expect("finished").into_inner();
        let out = unpack("a.7z", &bytes);
        assert_eq!((out.kinds(), out.texts.len()), (vec![TroubleKind::Encrypted], 0), "{hidden}");
    }
}
