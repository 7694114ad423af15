//! Input that nobody would write by hand: no panic, bounded time, honest exit codes.

use std::fs;
use std::io;
use std::path::Path;
use std::process::Output;
#[cfg(unix)]
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::support::{jsonl, keytrail, run};
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
    let made = Command::new("mkfifo").arg(dir.path().join("fifo")).status();
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

#[test]
fn names_that_deceive_are_told_plainly() {
    let dir = tempfile::tempdir().expect("a folder");
    let catalogue = Catalogue::embedded();
    let rule = catalogue.find("github-pat-classic").expect("the rule is there");
    let token = sample::sealed(rule, &mut Dice::seeded(2)).token;
    fs::write(dir.path().join("a\u{202e}b\u{200b}.txt"), token).expect("ours");
    for format in ["human", "sarif"] {
        let output = run(dir.path(), ["scan", ".", "--format", format]).stdout;
        let text = String::from_utf8(output).expect("it is UTF-8");
        assert!(!text.contains(['\u{202e}', '\u{200b}']), "{format}");
        assert!(text.contains("u{202e}b"), "{format}");
    }
    for args in [&["scan", "no\x1b[31mred"][..], &["scan", "-f", "\x1b[31mred"], &["\x1b[31mred"]] {
        let output = run(dir.path(), args);
        assert_eq!(output.status.code(), Some(2));
        assert!(!output.stderr.contains(&0x1b), "{args:?}");
    }
}

#[cfg(unix)]
#[test]
fn what_is_left_out_may_have_a_name_that_is_not_utf8() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let dir = tempfile::tempdir().expect("a folder");
    let root = dir.path().join(OsStr::from_bytes(b"r\xff"));
    fs::create_dir(&root).expect("ours");
    let link = root.join(OsStr::from_bytes(b"l\xfe"));
    std::os::unix::fs::symlink("/etc/passwd", link).expect("ours");
    let args = [OsStr::new("scan"), root.as_os_str(), OsStr::new("--format")];
    let scan = |format| run(dir.path(), args.into_iter().chain([OsStr::new(format)]));
    let output = scan("jsonl");
    assert_eq!(output.status.code(), Some(0));
    let coverage = &jsonl(&output).1["coverage"];
    let ends =
        |value: &serde_json::Value, end| value.as_str().is_some_and(|text| text.ends_with(end));
    assert!(ends(&coverage["roots"][0], "r\u{fffd}") && ends(&coverage["roots_hex"][0], "72ff"));
    let skipped = &coverage["skipped"][0];
    assert!(ends(&skipped["path"], "l\u{fffd}") && ends(&skipped["path_hex"], "2f6cfe"));
    let schema = serde_json::from_str(include_str!("../../docs/report.schema.json"))
        .expect("the schema is JSON");
    let document = serde_json::from_slice(&scan("json").stdout).expect("it is JSON");
    jsonschema::validate(&schema, &document).expect("the document keeps to the schema");
}

#[test]
fn a_tree_that_changes_under_the_scan_is_scanned() {
    let dir = tempfile::tempdir().expect("a folder");
    let catalogue = Catalogue::embedded();
    let rule = catalogue.find("github-pat-classic").expect("the rule is there");
    let token = sample::sealed(rule, &mut Dice::seeded(2)).token;
    let done = AtomicBool::new(false);
    let outputs: Vec<Output> = std::thread::scope(|scope| {
        scope.spawn(|| {
            for round in (0..).take_while(|_| !done.load(Ordering::Relaxed)) {
                _ = churn(dir.path(), &token, round);
            }
        });
        let runs = (0..16).map(|_| run(dir.path(), ["scan", ".", "--format", "jsonl"])).collect();
        done.store(true, Ordering::Relaxed);
        runs
    });
    for output in outputs {
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!said.contains("panicked"), "{said}");
        assert!(matches!(output.status.code(), Some(0 | 1 | 3)), "{:?}: {said}", output.status);
        let issues = jsonl(&output).1["coverage"]["issues"].to_string();
        assert!(!issues.contains("internal error"), "{issues}");
    }
}

/// Makes folders, files and links that lead in circles, and takes away, cuts and moves others. What is
/// not there any more, or already, fails, and is meant to.
fn churn(dir: &Path, token: &[u8], round: usize) -> io::Result<()> {
    let slot = |n: usize| dir.join(format!("slot{}", n % 7));
    let (fresh, old) = (slot(round), slot(round + 3));
    let deep = fresh.join("a/b/c");
    fs::create_dir_all(&deep)?;
    fs::write(deep.join("key.txt"), token)?;
    fs::write(fresh.join("long.txt"), [token, b"\n"].concat().repeat(100))?;
    #[cfg(unix)]
    {
        _ = std::os::unix::fs::symlink("../..", deep.join("up"));
        _ = std::os::unix::fs::symlink("self", fresh.join("self"));
    }
    _ = fs::write(slot(round + 1).join("long.txt"), b"short");
    _ = fs::rename(slot(round + 2).join("a"), fresh.join("moved"));
    _ = fs::remove_dir_all(&old);
    fs::write(old, token).and_then(|()| fs::remove_file(slot(round + 3)))
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_is_said_and_makes_the_exit_code_3() {
    use std::os::unix::fs::PermissionsExt;
    let allow = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode));
    let tree = tempfile::tempdir().expect("a folder");
    let (folder, file) = (tree.path().join("folder"), tree.path().join("file.txt"));
    fs::create_dir(&folder).expect("ours");
    fs::write(folder.join("inside.txt"), "nothing here").expect("ours");
    fs::write(&file, "nothing here").expect("ours");
    fs::write(tree.path().join("open.txt"), "nothing here").expect("ours");
    allow(tree.path(), 0o755).expect("ours");
    [&folder, &file].iter().for_each(|path| allow(path, 0o000).expect("ours"));
    let home = tempfile::tempdir().expect("a folder");
    allow(home.path(), 0o755).expect("ours");
    let scan = |more: &[&str]| {
        let mut command = unprivileged(home.path());
        command.args(["scan", ".", "--format", "jsonl"]).args(more).current_dir(tree.path());
        command.output().expect("the program starts")
    };
    let (output, allowed) = (scan(&[]), scan(&["--allow-partial"]));
    allow(&folder, 0o755).expect("ours");
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(allowed.status.code(), Some(0));
    let coverage = &jsonl(&output).1["coverage"];
    assert_eq!(coverage["files"], 1, "what may be read is read");
    let issues = coverage["issues"].as_array().expect("a list");
    assert_eq!(issues.len(), 2, "{issues:?}");
    for (issue, name) in issues.iter().zip(["file.txt", "folder"]) {
        assert_eq!(issue["kind"], "unreadable");
        assert!(issue["path"].as_str().is_some_and(|path| path.ends_with(name)), "{issue}");
    }
}

/// The program as a user whom permissions bind: root reads everything, so in its stead nobody runs a copy
/// that lies in `home`.
#[cfg(unix)]
fn unprivileged(home: &Path) -> Command {
    use std::os::unix::fs::MetadataExt;
    use std::os::unix::process::CommandExt;
    const NOBODY: u32 = 65534;
    let program = keytrail([""; 0]);
    if fs::metadata(home).expect("ours").uid() != 0 {
        return program;
    }
    let copy = home.join("keytrail");
    // Not fs::copy: while this process has the copy open for writing, a child that another test starts
    // inherits that, and the copy cannot be executed.
    let copied = Command::new("cp").arg(program.get_program()).arg(&copy).status();
    assert!(copied.is_ok_and(|status| status.success()), "cp works");
    let mut command = Command::new(copy);
    command.env_clear().stdin(Stdio::null()).uid(NOBODY).gid(NOBODY);
    command
}
