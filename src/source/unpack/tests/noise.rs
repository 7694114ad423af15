//! Damaged containers of every sort: whatever is done to them, reading ends and nothing panics.

use std::time::Duration;

use zip::CompressionMethod;

use super::super::made::{
    Dice, ar, asar, bzip2, cpio, deflate, gzip, lz4, rpm, seven_zip, tar, unpack_within, xz, zip,
    zip_by, zip_stream, zstd,
};
use super::super::{Limits, recognise};

const ROUNDS: usize = 300;

type Pack = fn(&[u8]) -> Vec<u8>;

fn spoil(good: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = good.to_vec();
    for _ in 0..=dice.below(4) {
        // The mark stays, so that the format is known.
        let at = 8 + dice.below(bytes.len().saturating_sub(8));
        match dice.below(5) {
            0 => bytes.truncate(at),
            1 => drop(bytes.splice(at.min(bytes.len()).., good.iter().skip(at / 2).copied())),
            2 => bytes.iter_mut().skip(at).take(4).for_each(|b| *b = 0xff),
            _ => {
                let value = dice.below(256) as u8;
                bytes.iter_mut().skip(at).take(1).for_each(|b| *b = value);
            }
        }
    }
    bytes
}

fn spoilt(name: &str, good: &[u8]) {
    let mut dice = Dice(0x9e37_79b9 + good.len() as u64);
    let limits = Limits {
        member: 1 << 20,
        total: 8 << 20,
        time: Duration::from_secs(20),
        ..Limits::default()
    };
    for _ in 0..ROUNDS {
        let bytes = spoil(good, &mut dice);
        if recognise(&bytes[..bytes.len().min(512)], name).is_some() {
            let out = unpack_within(name, &bytes, limits);
            assert!(out.largest <= 1 << 20);
        }
    }
}

fn text() -> Vec<u8> {
    Dice(17)
        .bytes(3000)
        .iter()
        .flat_map(|b| [b"abcdefgh"[usize::from(b % 8)], b' ', b'x'])
        .collect()
}

#[test]
fn compressed_files() {
    let text = text();
    let packs: [(&str, Pack); 5] =
        [("a.gz", gzip), ("a.bz2", bzip2), ("a.xz", xz), ("a.zst", zstd), ("a.lz4", lz4)];
    for (name, pack) in packs {
        spoilt(name, &pack(&text));
        spoilt(name, &pack(&tar(&[("a", &text), ("b.gz", &gzip(&text))])));
    }
}

#[test]
fn zips() {
    let text = text();
    let files: [(&str, &[u8]); 3] = [("a", &text), ("b.gz", &gzip(&text)), ("c", b"one")];
    use CompressionMethod as M;
    for method in [M::Stored, M::Deflated, M::Bzip2, M::Xz] {
        spoilt("a.zip", &zip_by(method, &files));
    }
    spoilt("a.zip", &zip_stream(&files));
    spoilt("a.zip", &zip(&[("a.zip", &zip(&files)), ("b", b"one")]));
}

#[test]
fn tars_and_packages() {
    let text = text();
    let files: [(&str, &[u8]); 3] = [("a", &text), (&"long/".repeat(40), b"two"), ("c", b"one")];
    let short: [(&str, &[u8]); 2] = [("a", &text), ("c", b"one")];
    spoilt("a.tar", &tar(&files));
    spoilt("a.deb", &ar(&[("a.tar.gz", &gzip(&tar(&files))), ("//", b"x/\n"), ("/0", &text)]));
    spoilt("a.cpio", &cpio(&short));
    spoilt("a.rpm", &rpm("one", &gzip(&cpio(&short))));
    spoilt(
        "a.asar",
        &asar(r#"{"files":{"a":{"size":3,"offset":"0"},"c":{"size":5,"offset":"3"}}}"#, &text),
    );
}

#[test]
fn documents() {
    let page = b"BT /F1 9 Tf [(one)-300(two)] TJ (\\(three\\)) ' <666f> Tj ET";
    let inside = b"7 0 8 28 <</Type/Font/ToUnicode 9 0 R>><</Font<</F1 7 0 R>>/Contents 2 0 R>>";
    let map = b"beginbfrange <01> <7f> <0001> <80> <81> [<0041> <0042>] endbfrange";
    let mut pdf = b"%PDF-1.7\n".to_vec();
    for (id, head, body) in
        [(6, "/Type/ObjStm/First 9", &inside[..]), (9, "", map), (2, "", page), (3, "", &text())]
    {
        pdf.extend(format!("{id} 0 obj<</Filter/FlateDecode{head}>>stream\n").bytes());
        pdf.extend(deflate(body));
        pdf.extend(b"\nendstream endobj\n");
    }
    spoilt("a.pdf", &pdf);
    let plain = [b"%PDF-1.7 1 0 obj<<>>stream\n", &page[..], b" endstream(a\\051)<feff0041>"];
    spoilt("a.pdf", &plain.concat());
}

#[test]
fn seven_zips() {
    let text = text();
    spoilt("a.7z", &seven_zip(&[("a", &text), ("b.gz", &gzip(&text)), ("c", b"one")]));
}
