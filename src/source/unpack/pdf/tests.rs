//! What a scan relies on when it opens PDFs.

use super::super::made::{Dice, Out, deflate, gzip, tar, unpack, unpack_within, zip};
use super::super::{Limits, TroubleKind};

/// A stream as an object of that number.
fn stream(id: u32, entries: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("{id} 0 obj\n<<{entries}/Length {}>>\nstream\n", body.len());
    [head.as_bytes(), body, b"\nendstream\nendobj\n"].concat()
}

fn flate(id: u32, entries: &str, body: &[u8]) -> Vec<u8> {
    stream(id, &format!("{entries}/Filter/FlateDecode"), &deflate(body))
}

fn pdf(objects: &[Vec<u8>]) -> Vec<u8> {
    [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", &objects.concat()[..], b"trailer <</Root 1 0 R>>\n%%EOF\n"]
        .concat()
}

fn told(objects: &[Vec<u8>]) -> Out {
    unpack("a.pdf", &pdf(objects))
}

fn text(out: &Out, name: &str) -> String {
    String::from_utf8_lossy(out.text(name)).into_owned()
}

#[test]
fn the_text_of_pages_is_read_through_every_filter() {
    let page = b"BT /F1 9 Tf [(pass)-20(word: o)10(ne)] TJ ET";
    let hex: String = page.iter().map(|byte| format!("{byte:02x}")).collect();
    let twice: String = deflate(page).iter().map(|byte| format!("{byte:02x}")).collect();
    let out = told(&[
        flate(1, "", page),
        stream(2, "", page),
        stream(3, "/Filter/ASCIIHexDecode", hex.as_bytes()),
        stream(4, "/Filter[/ASCIIHexDecode /FlateDecode]", twice.as_bytes()),
    ]);
    for n in 1..=4 {
        assert_eq!(text(&out, &format!("object {n}")), "password: one");
    }
    assert_eq!(out.names().len(), 5);
    assert_eq!(out.troubles, []);
}

#[test]
fn what_lies_outside_of_streams_is_read_once() {
    let form =
        b"5 0 obj <</T (key) /V <FEFF006F006E0065> /URI (https://a.b/?k=two)>> endobj\n".to_vec();
    let out = told(&[stream(1, "", b"plain three"), form]);
    let document = text(&out, "document");
    assert!(document.contains("/V (one)") && document.contains("k=two"), "{document}");
    assert!(!document.contains("three") && text(&out, "object 1") == "plain three");
}

#[test]
fn object_streams_tell_of_fonts_and_strings() {
    let font = "<</Type/Font/ToUnicode 9 0 R>>";
    let page = "<</Type/Page/Contents 2 0 R/Resources<</Font<</F1 7 0 R>>>>/V(one \\(1\\))>>";
    let numbers = format!("7 0 8 {} ", font.len());
    let (first, inside) = (numbers.len(), [&numbers, font, page].concat());
    let map = b"1 begincodespacerange <0000> <ffff> endcodespacerange 1 beginbfrange <0001> \
        <001a> <0061> endbfrange";
    let out = told(&[
        flate(2, "", b"BT /F1 9 Tf <000B0005> Tj <0019> Tj ET"),
        flate(9, "", map),
        flate(6, &format!("/Type/ObjStm/N 2/First {first}"), inside.as_bytes()),
    ]);
    assert_eq!(text(&out, "object 2"), "key");
    assert!(text(&out, "object 6").contains("(one (1))"));
    assert_eq!((out.names().len(), out.troubles.len()), (3, 0));
}

#[test]
fn other_streams_are_read_as_they_are_and_pictures_passed() {
    let out = told(&[
        flate(1, "/Type/Metadata", b"<x>one</x>"),
        flate(2, "/Type/EmbeddedFile", &zip(&[("a", b"two")])),
        flate(3, "", &gzip(b"three")),
        stream(4, "/Subtype/Image/Filter/DCTDecode", b"\xff\xd8"),
        flate(5, "/Subtype/Image", b"\xff\xd8"),
    ]);
    let names = ["document", "object 1", "object 2!a", "object 3!object 3"];
    assert_eq!(out.names(), names);
    assert_eq!((text(&out, names[1]), text(&out, names[2])), ("<x>one</x>".into(), "two".into()));
    assert_eq!((text(&out, names[3]), out.troubles.len()), ("three".into(), 0));
}

#[test]
fn what_is_not_read_is_told() {
    let out = unpack(
        "a.pdf",
        b"%PDF-1.7 1 0 obj <</Length 3>> stream\nabc\nendstream trailer <</Encrypt 2 0 R>>",
    );
    assert_eq!((out.kinds(), out.names()), (vec![TroubleKind::Encrypted], vec!["document"]));
    let font = b"7 0 obj <</Subtype/Type0/Encoding/Identity-H>> endobj\
        8 0 obj <</Font<</F1 7 0 R>>>> endobj "
        .to_vec();
    let out =
        told(&[font, stream(1, "", b"BT /F1 9 Tf <0102> Tj ET"), stream(2, "/Filter/Own", b"")]);
    assert_eq!(out.kinds(), [TroubleKind::Unsupported, TroubleKind::Unsupported]);
    let whole = pdf(&[flate(1, "", &Dice(5).bytes(4000)), flate(2, "", b"two")]);
    let out = unpack("a.pdf", &whole[..3000]);
    assert!(out.text("object 1").len() > 2000, "what is there is read");
    assert_eq!(out.kinds(), [TroubleKind::Damaged]);
    let text = b"text of a page ".repeat(40);
    let packed = deflate(&text);
    let out = told(&[stream(1, "/Filter/FlateDecode", &packed[..packed.len() - 4])]);
    assert_eq!((out.text("object 1") == text, out.troubles.len()), (true, 0));
}

#[test]
fn a_bomb_is_cut_and_others_are_read() {
    let bomb = flate(1, "", &vec![b' '; 30 << 20]);
    let out = told(&[bomb, flate(2, "", b"two")]);
    assert_eq!((out.kinds(), text(&out, "object 2")), (vec![TroubleKind::Limit], "two".into()));
    assert!(out.largest < 8 << 20);
    let noise = Dice(7).bytes(20_000);
    let limits = Limits { member: 10_000, ..Limits::default() };
    let long = pdf(&[flate(1, "", b"one"), stream(2, "", &noise)]);
    for (name, bytes) in [("a.pdf", long.clone()), ("a.tar", tar(&[("a.pdf", &long)]))] {
        let out = unpack_within(name, &bytes, limits);
        assert!(out.texts.iter().any(|(_, text)| text == b"one"), "{name}");
        assert!(out.kinds().contains(&TroubleKind::Limit), "{name}");
    }
}

#[test]
fn long_nonsense_is_read_in_no_time() {
    let start = std::time::Instant::now();
    for word in
        ["(", "<<", "[", "1 0 obj ", "1 0 obj<<>>stream ", "<", "endstream ", "\\", "((\\", "BT "]
    {
        let mut bytes = b"%PDF-1.7\n".to_vec();
        bytes.extend(word.repeat((2 << 20) / word.len()).bytes());
        _ = unpack("a.pdf", &bytes);
        _ = unpack("a.pdf", &pdf(&[flate(1, "", &[&b"BT (x) Tj ET "[..], &bytes].concat())]));
    }
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
}
