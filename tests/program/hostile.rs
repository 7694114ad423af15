//! Input that nobody would write by hand: no panic, bounded time, honest exit codes.

use std::fs;

use crate::support::{jsonl, run};
use keytrail::detect::{Detector, Options};
use keytrail::rules::dice::Dice;
use keytrail::rules::{Catalogue, sample};

#[test]
fn random_bytes_hold_nothing() {
    let dir = tempfile::tempdir().expect("a folder");
    let bytes = Dice::seeded(5).bytes(4 << 20);
    fs::write(dir.path().join("noise"), bytes).expect("ours");
    let output = run(dir.path(), ["scan", ".", "--format", "jsonl"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(jsonl(&output).0.len(), 0);
}

#[test]
fn mutilated_samples_never_panic() {
    let catalogue = Catalogue::embedded();
    let detector = Detector::new(&catalogue, Options::default());
    let mut dice = Dice::seeded(21);
    for rule in catalogue.rules() {
        for _ in 0..4 {
            let sealed = sample::sealed(rule, &mut dice);
            let mut text = sample::line(rule, &sealed, &mut dice);
            for _ in 0..1 + dice.below(6) {
                text.extend_from_slice(b"\n");
                let at = dice.below(text.len());
                match dice.below(4) {
                    0 => text[at] = (dice.roll() >> 56) as u8,
                    1 => drop(text.remove(at)),
                    2 => text.truncate(at.max(1)),
                    _ => text.insert(at, *dice.pick(b"\0\n\\%=&\xff")),
                }
            }
            _ = detector.detect(&text);
        }
    }
}

#[test]
fn wrapped_bombs_end_and_are_reported() {
    let dir = tempfile::tempdir().expect("a folder");
    use std::io::Write;
    let mut zip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    (0..64).for_each(|_| zip.write_all(&[b'a'; 1 << 20]).expect("memory"));
    let bomb = base64_simd::STANDARD.encode_to_string(zip.finish().expect("memory"));
    let text = vec![bomb; 40].join("\n\n");
    fs::write(dir.path().join("bomb.txt"), text).expect("ours");
    let output = run(dir.path(), ["scan", ".", "--format", "jsonl"]);
    assert_eq!(output.status.code(), Some(3), "too much to unwrap is said");
    assert_eq!(jsonl(&output).1["coverage"]["issues"][0]["kind"], "limit");
}

#[test]
fn one_endless_line_is_scanned() {
    let dir = tempfile::tempdir().expect("a folder");
    let catalogue = Catalogue::embedded();
    let rule = catalogue.find("github-pat-classic").expect("the rule is there");
    let token = sample::sealed(rule, &mut Dice::seeded(2)).token;
    let mut text = b"ab1cd2 ".repeat(3 << 20);
    let at = text.len() - 1000;
    text[at..at + 40].copy_from_slice(&token);
    text[at + 40] = b' ';
    fs::write(dir.path().join("line.txt"), &text).expect("ours");
    let (found, _) = jsonl(&run(dir.path(), ["scan", ".", "--format", "jsonl"]));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["line"], 1);
    assert_eq!(found[0]["column"], at as u64 + 1);
}

#[cfg(unix)]
#[test]
fn special_files_do_not_stop_a_scan() {
    use std::os::unix::net::UnixListener;
    let dir = tempfile::tempdir().expect("a folder");
    let _socket = UnixListener::bind(dir.path().join("socket")).expect("ours");
    let made = std::process::Command::new("mkfifo").arg(dir.path().join("fifo")).status();
    let output = run(dir.path(), ["scan", ".", "--format", "jsonl"]);
    assert_eq!(output.status.code(), Some(0));
    let skipped = jsonl(&output).1["coverage"]["skipped"].as_array().map_or(0, Vec::len);
    assert_eq!(skipped, 1 + usize::from(made.is_ok_and(|status| status.success())));
}

#[cfg(unix)]
#[test]
fn names_that_are_not_utf8_are_told_in_full() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let dir = tempfile::tempdir().expect("a folder");
    let catalogue = Catalogue::embedded();
    let rule = catalogue.find("github-pat-classic").expect("the rule is there");
    let token = sample::sealed(rule, &mut Dice::seeded(2)).token;
    let name = OsStr::from_bytes(b"a\xff\x1b[2J\n.txt");
    fs::write(dir.path().join(name), token).expect("ours");
    let (found, _) = jsonl(&run(dir.path(), ["scan", ".", "--format", "jsonl"]));
    assert!(found[0]["path_hex"].as_str().expect("hex").ends_with("61ff1b5b324a0a2e747874"));
    let human = run(dir.path(), ["scan", "."]).stdout;
    assert!(!human.contains(&0x1b), "no escape sequence of a scanned place reaches a terminal");
}
