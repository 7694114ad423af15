//! No raw value in any output, at any verbosity, unless it was asked for.

use std::fs;
use std::io::Write;

use crate::support::{findings, run};
use keytrail::rules::dice::Dice;
use keytrail::rules::{Catalogue, sample};

/// Every piece of the value that is long enough to matter, in the forms in which it could slip out.
fn holds_part_of(text: &[u8], value: &[u8]) -> bool {
    let body = &value[4..];
    let encoded = base64_simd::STANDARD.encode_to_string(body);
    let hex: String = body.iter().map(|b| format!("{b:02x}")).collect();
    [body, encoded.as_bytes(), hex.as_bytes()]
        .into_iter()
        .any(|form| form.windows(9).any(|part| text.windows(9).any(|there| there == part)))
}

#[test]
fn a_planted_value_shows_in_no_report() {
    let dir = tempfile::tempdir().expect("a folder");
    let catalogue = Catalogue::embedded();
    let rule = catalogue.find("github-pat-classic").expect("the rule is there");
    let mut dice = Dice::seeded(77);
    let values: Vec<_> = (0..3).map(|_| sample::sealed(rule, &mut dice).token).collect();
    let mut file = fs::File::create(dir.path().join("a.txt")).expect("ours");
    for value in &values {
        let text = String::from_utf8_lossy(value);
        writeln!(file, "a={text}, b=\"{text}\" {}", base64_simd::STANDARD.encode_to_string(value))
            .expect("ours");
        writeln!(file, "{}x and {}", text, &text[..39]).expect("ours");
    }
    for format in ["human", "json", "jsonl", "sarif"] {
        for flags in [&["--min-confidence", "low"][..], &["--color", "always"], &["--quiet"]] {
            let output = run(dir.path(), ["scan", ".", "--format", format].iter().chain(flags));
            for text in [&output.stdout, &output.stderr] {
                for value in &values {
                    assert!(!holds_part_of(text, value), "{format} {flags:?}");
                }
            }
        }
        let output = run(dir.path(), ["scan", ".", "--show-secrets", "--format", format]);
        let shown = holds_part_of(&output.stdout, &values[0]);
        assert_eq!(shown, format != "sarif", "{format} with --show-secrets");
    }
}

#[test]
fn a_value_in_a_path_shows_in_no_report() {
    let dir = tempfile::tempdir().expect("a folder");
    let catalogue = Catalogue::embedded();
    let rule = catalogue.find("github-pat-classic").expect("the rule is there");
    let value = sample::sealed(rule, &mut Dice::seeded(78)).token;
    let name = String::from_utf8_lossy(&value);
    let folder = dir.path().join(&*name);
    fs::create_dir(&folder).expect("ours");
    fs::write(folder.join(format!("{name}.env")), &value).expect("ours");
    #[cfg(unix)]
    std::os::unix::fs::symlink("/", folder.join(format!("{name}.lnk"))).expect("ours");
    for format in ["human", "json", "jsonl", "sarif"] {
        let scan = |at, path: &str, more: &[&str]| {
            let output = run(at, ["scan", path, "--format", format].iter().chain(more));
            assert_eq!(output.status.code(), Some(1));
            output.stdout
        };
        for (at, path) in
            [(dir.path(), "."), (dir.path(), &*name), (&*folder, "."), (&*folder, "..")]
        {
            let hidden = scan(at, path, &[]);
            assert!(!holds_part_of(&hidden, &value), "{format} of {path}");
        }
        let shown = scan(dir.path(), &name, &["--show-secrets"]);
        assert_eq!(holds_part_of(&shown, &value), format != "sarif", "{format}");
    }
    let found = findings(dir.path(), &[]);
    assert_eq!(found[0]["path"], "ghp_…(40)/ghp_…(40).env");
}

#[test]
fn debug_forms_are_silent() {
    let secret = keytrail::model::Secret::new(b"marker-value".to_vec());
    assert!(!format!("{secret:?} {secret:#?}").contains("marker"));
}
