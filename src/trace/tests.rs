//! Values are found in every form, and nothing else is.

use base64_simd::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::{Hit, Tracer, Wanted};
use crate::model::Layer;

/// Numbers that look random.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn text(&mut self, alphabet: &[u8], length: usize) -> Vec<u8> {
        (0..length).map(|_| alphabet[(self.next() % alphabet.len() as u64) as usize]).collect()
    }
}

const TOKEN: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const SIGNS: &[u8] = b"ABCDEFGHabcdefgh0123456789/+=&<>\"'\\ %!$";

fn hits(value: &[u8], rare: bool, text: &[u8]) -> Vec<Hit> {
    let tracer = Tracer::new(&[Wanted { id: 7, value, rare }]);
    let mut all = Vec::new();
    tracer.search(text, &mut |hit| all.push(hit));
    all
}

fn each(bytes: &[u8], write: impl Fn(u8) -> String) -> Vec<u8> {
    bytes.iter().map(|&byte| write(byte)).collect::<String>().into_bytes()
}

/// `value` as other encoders than ours write it.
fn written(value: &[u8], before: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let text = std::str::from_utf8(value).expect("ASCII");
    let json = serde_json::to_string(text).expect("a string");
    let twice = serde_json::to_string(&json).expect("a string");
    let joined = [before, value, b"tail"].concat();
    let wide: Vec<u8> = joined.iter().flat_map(|b| [*b, 0]).collect();
    let wide_behind: Vec<u8> = joined.iter().flat_map(|b| [0, *b]).collect();
    let inner = STANDARD.encode_to_string(&joined);
    let lines = inner.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line).into_owned());
    let lines = lines.collect::<Vec<_>>().join("\r\n  ");
    vec![
        ("as it is", value.to_vec()),
        ("JSON", json.into_bytes()),
        ("JSON twice", twice.into_bytes()),
        (
            "JSON with slashes",
            serde_json::to_string(text).expect("a string").replace('/', "\\/").into_bytes(),
        ),
        (
            "percent",
            each(value, |b| match b {
                b if b.is_ascii_alphanumeric() => char::from(b).to_string(),
                b => format!("%{b:02X}"),
            }),
        ),
        (
            "percent, lower case",
            each(value, |b| match b {
                b if b.is_ascii_alphanumeric() => char::from(b).to_string(),
                b => format!("%{b:02x}"),
            }),
        ),
        (
            "entities",
            each(value, |b| match b {
                b'&' => "&amp;".into(),
                b'<' => "&lt;".into(),
                b'>' => "&gt;".into(),
                b'"' => "&quot;".into(),
                b => char::from(b).to_string(),
            }),
        ),
        ("base64", inner.clone().into_bytes()),
        ("base64 of addresses", URL_SAFE_NO_PAD.encode_to_string(&joined).into_bytes()),
        ("base64 in lines", lines.into_bytes()),
        (
            "base64 twice",
            STANDARD_NO_PAD.encode_to_string([b"x=", inner.as_bytes()].concat()).into_bytes(),
        ),
        ("UTF-16", wide.clone()),
        ("UTF-16, higher byte first", wide_behind),
        ("base64 of UTF-16", STANDARD.encode_to_string(&wide).into_bytes()),
        ("hexadecimal", each(value, |b| format!("{b:02x}"))),
        ("HEXADECIMAL", each(value, |b| format!("{b:02X}"))),
        ("hexadecimal escapes", each(value, |b| format!("\\x{b:02x}"))),
        (
            "quoted-printable",
            each(value, |b| if b == b'=' { "=3D".into() } else { char::from(b).to_string() }),
        ),
    ]
}

#[test]
fn a_value_is_found_however_it_is_written() {
    let mut numbers = Numbers(0x1234_5678_9abc_def1);
    for round in 0..200_usize {
        let signs = if round % 2 == 0 { TOKEN } else { SIGNS };
        let mut value = numbers.text(signs, 16 + round % 30);
        value.splice(4..4, *b"x7Q");
        let before = b"key=:;"[..round % 6].to_vec();
        for (name, form) in written(&value, &before) {
            let noise = numbers.text(TOKEN, round % 40);
            let lead = [&noise[..], b" = '"].concat();
            let text = [&lead[..], &form, b"' ; ", &noise].concat();
            let found = hits(&value, round % 3 == 0, &text);
            assert!(!found.is_empty(), "{name}: {}", String::from_utf8_lossy(&value));
            let inside = found.iter().all(|hit| {
                hit.id == 7
                    && hit.range.start >= lead.len()
                    && hit.range.end <= lead.len() + form.len()
            });
            assert!(inside, "{name}: {found:?}");
        }
    }
}

#[test]
fn what_looks_like_it_is_not_it() {
    let mut numbers = Numbers(77);
    for _ in 0..200 {
        let value = numbers.text(TOKEN, 24);
        let mut other = value.clone();
        let at = (numbers.next() % 24) as usize;
        other[at] = if other[at] == b'x' { b'y' } else { b'x' };
        for text in
            [&other[..], &value[..23], &[b"q", &value[..]].concat(), &[&value[..], b"9"].concat()]
        {
            assert_eq!(hits(&value, false, text), [], "{}", String::from_utf8_lossy(text));
        }
        for (name, form) in written(&other, b"k:") {
            // Twice in base64 the first and the last byte are not seen whole.
            if name == "base64 twice" && matches!(at, 0 | 23) {
                continue;
            }
            assert_eq!(hits(&value, false, &form), [], "{name}");
        }
    }
}

#[test]
fn values_of_several_lines_are_found_however_they_are_wrapped() {
    let mut numbers = Numbers(5);
    let body = numbers.text(TOKEN, 640);
    let pem = |width: usize, end: &str| {
        let lines: Vec<_> =
            body.chunks(width).map(|line| String::from_utf8_lossy(line).into_owned()).collect();
        format!("-----BEGIN X-----{end}{}{end}-----END X-----{end}", lines.join(end)).into_bytes()
    };
    let value = pem(64, "\n");
    for (width, end) in
        [(64, "\r\n"), (64, "\\n"), (64, "\\r\\n"), (76, "\n"), (640, "\n"), (48, "\n    ")]
    {
        let text = [b"key: \"", &pem(width, end)[..], b"\""].concat();
        assert!(!hits(&value, true, &text).is_empty(), "{width} {end:?}");
        let wrapped = STANDARD.encode_to_string(&text);
        assert!(!hits(&value, true, wrapped.as_bytes()).is_empty(), "{width} {end:?} in base64");
    }
    assert_eq!(hits(&value, true, &numbers.text(TOKEN, 4000)), []);
}

#[test]
fn many_values_are_told_apart() {
    let mut numbers = Numbers(9);
    let values: Vec<_> = (0..6000).map(|_| numbers.text(TOKEN, 20)).collect();
    let wanted: Vec<_> =
        (0..).zip(&values).map(|(id, value)| Wanted { id, value, rare: true }).collect();
    let tracer = Tracer::new(&wanted);
    let text = values.join(&b"\n"[..]);
    let mut ids = Vec::new();
    tracer.search(&text, &mut |hit| ids.push(hit.id));
    assert_eq!(ids, (0..6000).collect::<Vec<_>>());
    assert_eq!(tracer.left_out(), [2000, 0]);
}

#[test]
fn the_order_of_bytes_is_told() {
    let value = b"Vq7mZt4xKp9wLd2s";
    for (layer, order) in
        [(Layer::Utf16Le, u16::to_le_bytes as fn(u16) -> _), (Layer::Utf16Be, u16::to_be_bytes)]
    {
        for before in ["", "\u{feff}", "\u{feff}note "] {
            let text = format!("{before}{} and more", str::from_utf8(value).expect("ASCII"));
            let text: Vec<u8> = text.encode_utf16().flat_map(order).collect();
            let start = 2 * before.chars().count();
            let range = start..start + 2 * value.len();
            assert_eq!(hits(value, false, &text), [Hit { id: 7, range, layers: vec![layer] }]);
        }
    }
}

#[test]
fn any_bytes_are_allowed() {
    let mut numbers = Numbers(3);
    let value = numbers.text(TOKEN, 20);
    for text in [vec![], vec![0], vec![b'A'; 100_000], value[..10].repeat(3000), value.repeat(3000)]
    {
        for cut in [0, 1, 2, 3, 7] {
            hits(&value, false, text.get(cut..).unwrap_or_default());
        }
    }
    let apart = [&value[..], b";"].concat().repeat(3000);
    assert_eq!(hits(&value, true, &apart).len(), 3000);
}

/// The file of an OpenSSH key that is not encrypted (openssh-key-v1), of made-up bytes.
fn key_file(numbers: &mut Numbers, check: u8) -> Vec<u8> {
    let mut number = |length: usize| (0..length).map(|_| numbers.next() as u8).collect::<Vec<_>>();
    let sized = |bytes: &[u8]| [&(bytes.len() as u32).to_be_bytes()[..], bytes].concat();
    let public = number(32);
    let shown = [sized(b"ssh-ed25519"), sized(&public)].concat();
    let mut checks = number(4);
    checks[3] = check;
    let hidden = sized(&[number(32), public].concat());
    let comment = sized(b"user@host");
    let private = [&checks[..], &checks, &shown, &hidden, &comment, &[1, 2, 3, 4]].concat();
    let head = [sized(b"none"), sized(b"none"), sized(b""), vec![0, 0, 0, 1]].concat();
    let all = [&b"openssh-key-v1\0"[..], &head, &sized(&shown), &sized(&private)].concat();
    let body = STANDARD.encode_to_string(&all);
    let lines: Vec<_> = body.as_bytes().chunks(70).map(String::from_utf8_lossy).collect();
    format!("-----BEGIN X-----\n{}\n-----END X-----\n", lines.join("\n")).into_bytes()
}

#[test]
fn keys_of_a_kind_are_told_apart() {
    let mut numbers = Numbers(21);
    let (one, other) = (key_file(&mut numbers, 9), key_file(&mut numbers, 9));
    assert!(!hits(&one, true, &one).is_empty());
    assert_eq!(hits(&one, true, &other), []);
    let wrapped = STANDARD.encode_to_string(&other);
    assert_eq!(hits(&one, true, wrapped.as_bytes()), []);
}

#[test]
fn keys_are_found_at_every_width() {
    let mut numbers = Numbers(34);
    let value = key_file(&mut numbers, 3);
    let lines: Vec<_> = value.split(|b| *b == b'\n').collect();
    let body = lines[1..lines.len() - 2].concat();
    for width in 48..80 {
        for end in ["\n", "\r\n", "\\n", "\\r\\n", " ", "\n      ", "\\\\n"] {
            let cut: Vec<_> = body.chunks(width).map(String::from_utf8_lossy).collect();
            let text = format!("-----BEGIN X-----{end}{}{end}-----END X-----", cut.join(end));
            assert!(!hits(&value, true, text.as_bytes()).is_empty(), "{width} {end:?}");
        }
    }
}
