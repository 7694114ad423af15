//! Bombs, and other things that never end.

use std::io::Cursor;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use flate2::{Compress, Compression, FlushCompress};
use zip::CompressionMethod;

use super::super::made::{Dice, Out, gzip, seven_zip, tar, unpack, unpack_within, zip, zip_by};
use super::super::{Budget, Container, Format, Input, Limits, TroubleKind, each_member};

/// A gzip file of so many MiB of zeros.
fn zeros(mib: usize) -> Vec<u8> {
    let mut deflate = Compress::new(Compression::best(), false);
    let mut piece = Vec::with_capacity(1 << 16);
    let text = vec![0; 1 << 20];
    deflate.compress_vec(&text, &mut piece, FlushCompress::Full).expect("deflated");
    let mut bytes = b"\x1f\x8b\x08\0\0\0\0\0\0\xff".to_vec();
    (0..mib).for_each(|_| bytes.extend_from_slice(&piece));
    bytes
}

fn only_limit(out: &Out) {
    assert_eq!(out.kinds(), [TroubleKind::Limit], "{:?}", out.troubles);
}

#[test]
fn a_bomb_ends_fast() {
    let start = Instant::now();
    let bomb = zeros(1024);
    assert!(bomb.len() < 2 << 20);
    let out = unpack("a.gz", &bomb);
    only_limit(&out);
    assert!(out.largest < 8 << 20 && start.elapsed() < Duration::from_secs(5));
    let out = unpack("a.zip", &zip(&[("bomb", &vec![0; 30 << 20]), ("a", b"one")]));
    only_limit(&out);
    assert_eq!((out.text("a"), out.largest < 20 << 20), (&b"one"[..], true));
}

#[test]
fn a_bomb_in_an_archive_in_an_archive_is_told_once() {
    let bomb = tar(&[("bomb.gz", &zeros(64)), ("a", b"one")]);
    let out =
        unpack("a.zip", &zip_by(CompressionMethod::Stored, &[("b.tar", &bomb), ("c", b"two")]));
    only_limit(&out);
    assert_eq!((out.text("b.tar!a"), out.text("c")), (&b"one"[..], &b"two"[..]));
}

#[test]
fn what_needs_too_much_memory_is_not_read() {
    let mut zstd = vec![0x28, 0xb5, 0x2f, 0xfd, 0, 0xa0];
    zstd.extend([0; 100]);
    only_limit(&unpack("a.zst", &zstd));
    let lzma = [&[0x5d, 0, 0, 0, 0x20][..], &[0xff; 8], &[0; 100]].concat();
    only_limit(&unpack("a.lzma", &lzma));
}

#[test]
fn a_nest_ends_at_the_deepest_level() {
    let mut nest = b"one".to_vec();
    for _ in 0..40 {
        nest = zip_by(CompressionMethod::Stored, &[("a.zip", &nest)]);
    }
    let out = unpack("a.zip", &nest);
    only_limit(&out);
    assert_eq!(out.troubles[0].0, "a.zip!a.zip!a.zip!a.zip!a.zip");
    let mut nest = b"one".to_vec();
    (0..40).for_each(|_| nest = gzip(&nest));
    only_limit(&unpack("a.gz", &nest));
}

#[test]
fn a_text_is_read_up_to_the_limit_and_others_go_on() {
    let limits = Limits { member: 10_000, ..Limits::default() };
    let noise = Dice(11).bytes(25_000);
    let files: [(&str, &[u8]); 3] = [("a", &noise), ("exact", &noise[..10_000]), ("b", b"one")];
    let archives: [(&str, Vec<u8>); 3] =
        [("a.zip", zip(&files)), ("a.tar", tar(&files)), ("a.7z", seven_zip(&files))];
    for (name, bytes) in archives {
        let out = unpack_within(name, &bytes, limits);
        only_limit(&out);
        assert_eq!(out.text("a"), &noise[..10_000], "{name}");
        assert_eq!((out.text("exact"), out.text("b")), (&noise[..10_000], &b"one"[..]), "{name}");
    }
    let out = unpack_within("a.tar.gz", &gzip(&tar(&files)), limits);
    only_limit(&out);
    assert_eq!(out.text("a.tar!b"), b"one");
}

#[test]
fn what_ends_it_all_is_told_once() {
    let noise = Dice(13).bytes(30_000);
    let inner = zip(&[("a", &noise), ("b", &noise), ("c", &noise)]);
    let outer = zip(&[("one.zip", &inner), ("two.zip", &inner), ("three", &noise)]);
    let out = unpack_within("a.zip", &outer, Limits { total: 150_000, ..Limits::default() });
    only_limit(&out);
    let out = unpack_within("a.zip", &outer, Limits { members: 3, ..Limits::default() });
    only_limit(&out);
    assert_eq!(out.names().len(), 2);
    let out = unpack_within("a.zip", &outer, Limits { time: Duration::ZERO, ..Limits::default() });
    only_limit(&out);
}

#[test]
fn the_whole_may_not_outgrow_the_outermost_file() {
    let plain = vec![b'x'; 900_000];
    let files: Vec<(String, &[u8])> = (0..200).map(|n| (format!("{n}"), &plain[..])).collect();
    let files: Vec<(&str, &[u8])> =
        files.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    let out = unpack("a.zip", &zip(&files));
    only_limit(&out);
    assert!(out.names().len() > 70 && out.names().len() < 120);
}

#[test]
fn a_caller_may_break_off() {
    let bytes = tar(&[("a", b"one"), ("b", b"two")]);
    let budget = Budget::new(Limits::default(), None);
    let mut names = Vec::new();
    let container =
        Container { format: Format::Tar, name: "a.tar", input: Input::Stream(&mut &bytes[..]) };
    let troubles = each_member(container, &budget, &mut |member| {
        names.push(member.name);
        ControlFlow::Break(())
    });
    assert_eq!((names, troubles), (vec!["a".to_owned()], Vec::new()));
}

#[test]
fn a_caller_need_not_read() {
    for (name, bytes) in [
        ("a.tar", tar(&[("a", b"one"), ("b", b"two")])),
        ("a.7z", seven_zip(&[("a", b"one"), ("b", b"two")])),
    ] {
        let budget = Budget::new(Limits::default(), None);
        let format = super::super::recognise(&bytes, name).expect("it is a container");
        let mut last = Vec::new();
        let container = Container { format, name, input: Input::Seek(&mut Cursor::new(&bytes)) };
        let troubles = each_member(container, &budget, &mut |member| {
            if member.name == "b" {
                member.from.read_to_end(&mut last).expect("read");
            }
            ControlFlow::Continue(())
        });
        assert_eq!((&last[..], troubles), (&b"two"[..], Vec::new()), "{name}");
    }
}

#[test]
#[should_panic(expected = "the caller's own")]
fn a_callers_panic_is_not_taken_for_damage() {
    let bytes = seven_zip(&[("a", b"one")]);
    let budget = Budget::new(Limits::default(), None);
    let container =
        Container { format: Format::SevenZip, name: "", input: Input::Stream(&mut &bytes[..]) };
    each_member(container, &budget, &mut |_| panic!("the caller's own"));
}
