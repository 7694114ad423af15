//! Archives that tests make.

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use zip::write::SimpleFileOptions;

/// Files by name.
pub type Files<'f> = &'f [(&'f str, &'f [u8])];

pub fn zip(files: Files<'_>) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        zip.start_file(*name, SimpleFileOptions::default()).expect("started");
        zip.write_all(text).expect("written");
    }
    zip.finish().expect("finished").into_inner()
}

pub fn tar(files: Files<'_>) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, text) in files {
        let mut header = tar::Header::new_gnu();
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        tar.append(&header, *text).expect("appended");
    }
    tar.into_inner().expect("finished")
}

pub fn gzip(text: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(text).expect("written");
    gzip.finish().expect("finished")
}

/// What a stream of PDF holds.
pub fn deflate(text: &[u8]) -> Vec<u8> {
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
    zlib.write_all(text).expect("written");
    zlib.finish().expect("finished")
}

pub fn bzip2(text: &[u8]) -> Vec<u8> {
    let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    bzip2.write_all(text).expect("written");
    bzip2.finish().expect("finished")
}

pub fn xz(text: &[u8]) -> Vec<u8> {
    let options = lzma_rust2::XzOptions::with_preset(1);
    let mut xz = lzma_rust2::XzWriter::new(Vec::new(), options).expect("opened");
    xz.write_all(text).expect("written");
    xz.finish().expect("finished")
}

pub fn zstd(text: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(text, ruzstd::encoding::CompressionLevel::Fastest)
}

pub fn seven_zip(files: Files<'_>) -> Vec<u8> {
    let mut archive = sevenz_rust2::ArchiveWriter::new(Cursor::new(Vec::new())).expect("opened");
    for (name, text) in files {
        let entry = sevenz_rust2::ArchiveEntry::new_file(name);
        archive.push_archive_entry(entry, Some(*text)).expect("pushed");
    }
    archive.finish().expect("finished").into_inner()
}

pub fn ar(files: Files<'_>) -> Vec<u8> {
    let mut ar = b"!<arch>\n".to_vec();
    for (name, text) in files {
        let head =
            format!("{name:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n", 0, 0, 0, 100_644, text.len());
        ar.extend(head.bytes());
        ar.extend_from_slice(text);
        ar.resize(ar.len().next_multiple_of(2), b'\n');
    }
    ar
}

pub fn cpio(files: Files<'_>) -> Vec<u8> {
    let mut cpio = Vec::new();
    for (name, text) in files.iter().chain(&[("TRAILER!!!", &b""[..])]) {
        let fields = [1, 0o100_644, 0, 0, 1, 0, text.len(), 0, 0, 0, 0, name.len() + 1, 0];
        cpio.extend_from_slice(b"070701");
        fields.iter().for_each(|field| cpio.extend(format!("{field:08x}").bytes()));
        cpio.extend(name.bytes().chain([0]));
        cpio.resize(cpio.len().next_multiple_of(4), 0);
        cpio.extend_from_slice(text);
        cpio.resize(cpio.len().next_multiple_of(4), 0);
    }
    cpio
}

/// A package of Red Hat's with two headers that tell nothing.
pub fn rpm(payload: &[u8]) -> Vec<u8> {
    let header = b"\x8e\xad\xe8\x01\0\0\0\0\0\0\0\0\0\0\0\0";
    let mut rpm = b"\xed\xab\xee\xdb\x03".to_vec();
    rpm.resize(96, 0);
    rpm.extend([&header[..], header, payload].concat());
    rpm
}
