//! Archives that tests make, and what comes out of them.

use std::cell::RefCell;
use std::io::{Cursor, Write};
use std::ops::ControlFlow;

use flate2::Compression;
use flate2::write::GzEncoder;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{
    Budget, Container, Cut, Input, Limits, Member, Trouble, TroubleKind, each_member, recognise,
};

/// All that came out of a file.
#[derive(Default)]
pub(super) struct Out {
    /// The files, each with the names that lead to it.
    pub texts: Vec<(String, Vec<u8>)>,
    /// The troubles, each with the names that lead to its container.
    pub troubles: Vec<(String, Trouble)>,
    /// What was said of members.
    pub notes: Vec<String>,
    /// The largest file.
    pub largest: usize,
}

impl Out {
    pub(super) fn names(&self) -> Vec<&str> {
        self.texts.iter().map(|(name, _)| name.as_str()).collect()
    }

    pub(super) fn text(&self, name: &str) -> &[u8] {
        self.texts.iter().find(|(n, _)| n == name).map_or(b"(it is missing)", |(_, text)| text)
    }

    pub(super) fn kinds(&self) -> Vec<TroubleKind> {
        self.troubles.iter().map(|(_, trouble)| trouble.kind).collect()
    }
}

/// Unpacks a file and all in it, as a scan does.
pub(super) fn unpack(name: &str, bytes: &[u8]) -> Out {
    unpack_within(name, bytes, Limits::default())
}

pub(super) fn unpack_within(name: &str, bytes: &[u8], limits: Limits) -> Out {
    let out = RefCell::default();
    let budget = Budget::new(limits, Some(bytes.len() as u64));
    let format = recognise(&bytes[..bytes.len().min(512)], name).expect("it is a container");
    let mut bytes = Cursor::new(bytes);
    open(Container { format, name, input: Input::Seek(&mut bytes) }, "", (&budget, &out));
    out.into_inner()
}

fn open(container: Container<'_>, path: &str, (budget, out): (&Budget, &RefCell<Out>)) {
    let troubles = each_member(container, budget, &mut |member| {
        show(member, path, (budget, out));
        ControlFlow::Continue(())
    });
    out.borrow_mut()
        .troubles
        .extend(troubles.into_iter().map(|trouble| (path.to_owned(), trouble)));
}

fn show(member: Member<'_>, path: &str, (budget, out): (&Budget, &RefCell<Out>)) {
    let path =
        if path.is_empty() { member.name.clone() } else { format!("{path}!{}", member.name) };
    out.borrow_mut().notes.extend(member.note);
    if let Some(format) = member.format {
        let input = Input::Stream(member.from);
        return open(Container { format, name: &member.name, input }, &path, (budget, out));
    }
    let mut text = Vec::new();
    if let Err(error) = member.from.read_to_end(&mut text) {
        assert!(Cut::of(&error).is_some(), "a reader's errors are told");
    }
    let mut out = out.borrow_mut();
    out.largest = out.largest.max(text.len());
    text.truncate(1 << 20);
    out.texts.push((path, text));
}

/// A format that is read, by its files.
pub(super) type Files<'f> = &'f [(&'f str, &'f [u8])];

pub(super) fn zip(files: Files<'_>) -> Vec<u8> {
    zip_by(CompressionMethod::Deflated, files)
}

pub(super) fn zip_by(method: CompressionMethod, files: Files<'_>) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        let options = SimpleFileOptions::default().compression_method(method);
        zip.start_file(*name, options).expect("started");
        zip.write_all(text).expect("written");
    }
    zip.finish().expect("finished").into_inner()
}

/// A zip that was written without going back, with sizes behind the members.
pub(super) fn zip_stream(files: Files<'_>) -> Vec<u8> {
    let mut zip = ZipWriter::new_stream(Vec::new());
    for (name, text) in files {
        zip.start_file(*name, SimpleFileOptions::default()).expect("started");
        zip.write_all(text).expect("written");
    }
    zip.finish().expect("finished").into_inner()
}

pub(super) fn tar(files: Files<'_>) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, text) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, name, *text).expect("appended");
    }
    tar.into_inner().expect("finished")
}

pub(super) fn gzip(text: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(text).expect("written");
    gzip.finish().expect("finished")
}

/// What a stream of PDF holds.
pub(super) fn deflate(text: &[u8]) -> Vec<u8> {
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), Compression::default());
    zlib.write_all(text).expect("written");
    zlib.finish().expect("finished")
}

pub(super) fn bzip2(text: &[u8]) -> Vec<u8> {
    let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    bzip2.write_all(text).expect("written");
    bzip2.finish().expect("finished")
}

pub(super) fn xz(text: &[u8]) -> Vec<u8> {
    let options = lzma_rust2::XzOptions::with_preset(1);
    let mut xz = lzma_rust2::XzWriter::new(Vec::new(), options).expect("opened");
    xz.write_all(text).expect("written");
    xz.finish().expect("finished")
}

pub(super) fn zstd(text: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(text, ruzstd::encoding::CompressionLevel::Fastest)
}

pub(super) fn lz4(text: &[u8]) -> Vec<u8> {
    let info = lz4_flex::frame::FrameInfo::new().block_size(lz4_flex::frame::BlockSize::Max64KB);
    let mut lz4 = lz4_flex::frame::FrameEncoder::with_frame_info(info, Vec::new());
    lz4.write_all(text).expect("written");
    lz4.finish().expect("finished")
}

pub(super) fn seven_zip(files: Files<'_>) -> Vec<u8> {
    let mut archive = sevenz_rust2::ArchiveWriter::new(Cursor::new(Vec::new())).expect("opened");
    let entry = |name: &str| sevenz_rust2::ArchiveEntry::new_file(name);
    let entries = files.iter().map(|(name, _)| entry(name)).collect();
    let texts = files.iter().map(|(_, text)| (*text).into()).collect();
    archive.push_archive_entries(entries, texts).expect("pushed");
    archive.finish().expect("finished").into_inner()
}

pub(super) fn ar(files: Files<'_>) -> Vec<u8> {
    let mut ar = b"!<arch>\n".to_vec();
    for (name, text) in files {
        ar.extend(
            format!("{name:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n", 0, 0, 0, 100_644, text.len())
                .bytes(),
        );
        ar.extend_from_slice(text);
        ar.resize(ar.len().next_multiple_of(2), b'\n');
    }
    ar
}

pub(super) fn cpio(files: Files<'_>) -> Vec<u8> {
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

pub(super) fn rpm(script: &str, payload: &[u8]) -> Vec<u8> {
    let header = |store: &[u8]| {
        let mut header = b"\x8e\xad\xe8\x01\0\0\0\0\0\0\0\x01".to_vec();
        header.extend((store.len() as u32).to_be_bytes());
        header.extend([0; 16]);
        header.extend_from_slice(store);
        header
    };
    let mut rpm = b"\xed\xab\xee\xdb\x03".to_vec();
    rpm.resize(96, 0);
    rpm.extend(header(b"odd"));
    rpm.resize(rpm.len().next_multiple_of(8), 0);
    rpm.extend(header(script.as_bytes()));
    rpm.extend_from_slice(payload);
    rpm
}

pub(super) fn asar(table: &str, files: &[u8]) -> Vec<u8> {
    let length = table.len() as u32;
    let padded = length.next_multiple_of(4);
    let numbers = [4, padded + 8, padded + 4, length];
    let mut asar: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
    asar.extend(table.bytes());
    asar.resize(16 + padded as usize, 0);
    asar.extend_from_slice(files);
    asar
}

/// The bytes of a hex text.
pub(super) fn hex(text: &str) -> Vec<u8> {
    let digit =
        |pair: &[u8]| u8::from_str_radix(str::from_utf8(pair).expect("ASCII"), 16).expect("hex");
    text.as_bytes().chunks(2).map(digit).collect()
}

/// Numbers that look random.
pub(super) struct Dice(pub u64);

impl Dice {
    pub(super) fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most.max(1) as u64) as usize
    }

    /// Bytes that do not compress.
    pub(super) fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.below(256) as u8).collect()
    }
}
