//! What a user relies on at the command line: exit codes, formats, help, order.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use crate::support::{findings, jsonl, keytrail, run};
use keytrail::rules::dice::Dice;
use keytrail::rules::{Catalogue, sample};

fn token(rule: &str, seed: u64) -> String {
    let catalogue = Catalogue::embedded();
    let rule = catalogue.find(rule).expect("the rule is there");
    String::from_utf8(sample::sealed(rule, &mut Dice::seeded(seed)).token).expect("ASCII")
}

fn code(dir: &Path, args: &[&str]) -> i32 {
    run(dir, args).status.code().expect("it was not killed")
}

fn write(dir: &Path, path: &str, text: impl AsRef<[u8]>) {
    let path = dir.join(path);
    fs::create_dir_all(path.parent().expect("it has one")).expect("ours");
    fs::write(path, text).expect("ours");
}

#[test]
fn exit_codes_are_as_documented() {
    let dir = tempfile::tempdir().expect("a folder");
    let at = dir.path();
    assert_eq!(code(at, &["scan"]), 0, "an empty folder is clean");
    write(at, "a.txt", "nothing here\n");
    assert_eq!(code(at, &["scan", "."]), 0);
    write(at, "b.env", token("github-pat-classic", 1));
    assert_eq!(code(at, &["scan"]), 1);
    assert_eq!(code(at, &["scan", "--fail-on", "none"]), 0);
    assert_eq!(code(at, &["scan", "--fail-on", "severity=critical"]), 1);
    assert_eq!(code(at, &["scan", "a.txt"]), 0);
    assert_eq!(code(at, &["scan", "missing"]), 2);
    assert_eq!(code(at, &["scan", "--formt", "json"]), 2);
    assert_eq!(code(at, &["scan", "--format", "yaml"]), 2);
    assert_eq!(code(at, &["scan", "--rules", "a.txt"]), 2);
    assert_eq!(code(at, &["rules", "show", "no-such-rule"]), 2);
    write(at, "c.env", token("stripe-secret-key", 1));
    assert_eq!(code(at, &["scan", "c.env", "--only", "github"]), 0);
}

#[cfg(unix)]
#[test]
fn links_out_of_the_root_are_left_out_on_purpose() {
    use std::os::unix::fs::symlink;
    let dir = tempfile::tempdir().expect("a folder");
    let at = dir.path();
    write(at, "open.txt", "nothing here\n");
    symlink("/", at.join("outside")).expect("ours");
    symlink(".", at.join("loop")).expect("ours");
    let output = run(at, ["scan", ".", "--format", "jsonl"]);
    assert_eq!(output.status.code(), Some(0), "what is skipped on purpose does not count");
    let (_, summary) = jsonl(&output);
    assert_eq!(summary["coverage"]["skipped"][0]["reason"], "link-outside");
}

#[test]
fn ignored_files_are_read_and_ignored_dependencies_are_not() {
    let dir = tempfile::tempdir().expect("a folder");
    let at = dir.path();
    fs::create_dir_all(at.join(".git/refs")).expect("ours");
    write(at, ".git/HEAD", "ref: refs/heads/main\n");
    write(at, ".git/config", "[core]\n");
    write(at, ".git/objects/aa/loose", token("github-pat-classic", 9));
    write(at, ".gitignore", ".env\nnode_modules\n/build/\n");
    write(at, "package.json", "{}\n");
    write(at, ".env", token("github-pat-classic", 1));
    write(at, "node_modules/x/index.js", token("github-pat-classic", 2));
    write(at, "sub/build/kept.txt", token("github-pat-classic", 3));
    write(at, "build/out.txt", token("github-pat-classic", 4));
    let paths = |flags: &[&str]| -> Vec<String> {
        let flags = [flags, &["--no-history"]].concat();
        findings(at, &flags)
            .iter()
            .map(|f| f["path"].as_str().expect("a path").to_owned())
            .collect()
    };
    assert_eq!(paths(&[]), [".env", "sub/build/kept.txt"]);
    let all = [".env", "build/out.txt", "node_modules/x/index.js", "sub/build/kept.txt"];
    assert_eq!(paths(&["--all"]), all);
    assert_eq!(paths(&["--respect-gitignore"]), ["sub/build/kept.txt"]);
    let (_, summary) = jsonl(&run(at, ["scan", "--no-history", "--format", "jsonl"]));
    let skipped = summary["coverage"]["skipped"].to_string();
    for reason in ["git-store", "dependencies"] {
        assert!(skipped.contains(reason), "{reason}: {skipped}");
    }
}

#[test]
fn standard_input_is_scanned() {
    let mut child = keytrail(["scan", "-", "--format", "jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let text = format!("TOKEN={}\n", token("github-pat-classic", 4));
    child.stdin.take().expect("piped").write_all(text.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    let (found, _) = jsonl(&output);
    assert_eq!(found.len(), 1);
    assert_eq!((&found[0]["path"], &found[0]["column"]), (&"-".into(), &7.into()));
}

#[test]
fn several_formats_go_to_several_files() {
    let dir = tempfile::tempdir().expect("a folder");
    let at = dir.path();
    write(at, "a.env", token("github-pat-classic", 1));
    let output =
        run(at, ["scan", "a.env", "-f", "sarif=x.sarif", "-f", "json=x.json", "-f", "human"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("GitHub personal access token"));
    for name in ["x.sarif", "x.json"] {
        let text = fs::read_to_string(at.join(name)).expect("it was written");
        serde_json::from_str::<serde_json::Value>(&text).expect("it is JSON");
    }
    assert_eq!(code(at, &["scan", "-f", "json", "-f", "human"]), 2, "two formats for one place");
}

#[test]
fn one_thread_and_many_write_the_same_bytes() {
    let dir = tempfile::tempdir().expect("a folder");
    let at = dir.path();
    for n in 0..300 {
        let text = format!("a={}\nb={}\n", token("github-pat-classic", n), token("npm-token", n));
        write(at, &format!("d{}/f{n}.txt", n % 17), text);
    }
    for format in ["human", "json", "jsonl", "sarif"] {
        let one = run(at, ["scan", "--format", format, "--threads", "1"]).stdout;
        let many = run(at, ["scan", "--format", format, "--threads", "8"]).stdout;
        assert!(one.len() > 1000);
        assert_eq!(one, many, "{format}");
    }
}

#[test]
fn a_match_across_a_window_border_is_found_once() {
    let dir = tempfile::tempdir().expect("a folder");
    const WINDOW: usize = 8 << 20;
    let secret = token("github-pat-classic", 3);
    let mut text = vec![b'.'; 3 * WINDOW];
    let mut expected = Vec::new();
    for at in
        [0, WINDOW - 64 * 1024 - 20, WINDOW - 20, WINDOW + 100, 2 * WINDOW - 7, text.len() - 40]
    {
        text[at..at + 40].copy_from_slice(secret.as_bytes());
        if at > 0 {
            text[at - 1] = b'\n';
        }
        expected.push(at as u64);
    }
    write(dir.path(), "big.txt", &text);
    let found = findings(dir.path(), &[]);
    let offsets: Vec<u64> = found.iter().map(|f| f["offset"].as_u64().expect("a number")).collect();
    assert_eq!(offsets, expected);
    let lines: Vec<u64> = found.iter().map(|f| f["line"].as_u64().expect("a number")).collect();
    assert_eq!(lines, [1, 2, 3, 4, 5, 6]);
    assert!(found[1..].iter().all(|f| f["column"] == 1));
}

#[test]
fn the_same_credential_has_one_id_in_every_wrapping() {
    let dir = tempfile::tempdir().expect("a folder");
    let at = dir.path();
    let secret = token("github-pat-classic", 8);
    let base64 = |text: &str| base64_simd::STANDARD.encode_to_string(text);
    let hex = |text: &str| text.bytes().map(|b| format!("{b:02x}")).collect::<String>();
    let each = |text: &str, f: fn(u8) -> String| text.bytes().map(f).collect::<String>();
    let utf16 = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
        format!("token={secret}\r\n").encode_utf16().flat_map(order).collect()
    };
    let sentence = format!("the token is {secret}, keep it");
    let mut zipped = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    zipped.write_all(sentence.as_bytes()).expect("memory");
    let zipped = base64_simd::STANDARD.encode_to_string(zipped.finish().expect("memory"));
    let wrapped: [(&str, Vec<u8>); 14] = [
        ("plain", sentence.clone().into()),
        ("base64-0", base64(&sentence).into()),
        ("base64-1", base64(&format!("x{sentence}")).into()),
        ("base64-2", base64(&format!("xy{sentence}")).into()),
        ("glued", format!("/q{}", base64(&sentence)).into()),
        ("thrice", base64(&base64(&base64(&sentence))).into()),
        ("helm", base64(&zipped).into()),
        ("hex", hex(&sentence).into()),
        ("percent", each(&secret, |b| format!("%{b:02X}")).into()),
        ("unicode", format!("\"{}\"", each(&secret, |b| format!("\\u{:04x}", b))).into()),
        ("entities", each(&secret, |b| format!("&#{b};")).into()),
        ("quoted", format!("token: {}=\r\n{}\r\n", &secret[..9], &secret[9..]).into()),
        ("utf16le", utf16(u16::to_le_bytes)),
        ("utf16be", utf16(u16::to_be_bytes)),
    ];
    for (name, text) in &wrapped {
        write(at, name, text);
    }
    let found = findings(at, &[]);
    let names: Vec<_> = found.iter().map(|f| f["path"].as_str().expect("a path")).collect();
    let mut expected: Vec<_> = wrapped.iter().map(|(name, _)| *name).collect();
    expected.sort_unstable();
    assert_eq!(names, expected);
    assert!(found.iter().all(|f| f["secret_id"] == found[0]["secret_id"]));
    assert!(found.iter().all(|f| f["confidence"] == "certain"));
}

#[test]
fn finding_ids_survive_lines_added_above() {
    let dir = tempfile::tempdir().expect("a folder");
    let text = format!("key = \"{}\"\n", token("github-pat-classic", 5));
    write(dir.path(), "a.txt", &text);
    let before = findings(dir.path(), &[]);
    write(dir.path(), "a.txt", format!("one\ntwo\nthree\n{text}"));
    let after = findings(dir.path(), &[]);
    assert_eq!(before[0]["finding_id"], after[0]["finding_id"]);
    assert_ne!(before[0]["line"], after[0]["line"]);
}

#[test]
fn sarif_results_have_fingerprints_of_their_own() {
    let dir = tempfile::tempdir().expect("a folder");
    let secret = token("github-pat-classic", 5);
    write(dir.path(), "a.txt", format!("one {secret}\ntwo {secret}\n"));
    let found = findings(dir.path(), &[]);
    assert_eq!(found[0]["finding_id"], found[1]["finding_id"]);
    let sarif = run(dir.path(), ["scan", "--format", "sarif"]).stdout;
    let sarif: serde_json::Value = serde_json::from_slice(&sarif).expect("it is JSON");
    let prints = |n: usize| &sarif["runs"][0]["results"][n]["partialFingerprints"];
    let own = |n: usize| prints(n)["keytrailFinding/v1"].as_str().expect("a text").to_owned();
    assert_eq!(own(0), found[0]["finding_id"].as_str().expect("a text"));
    assert_eq!(own(1), own(0) + ":2");
    assert_ne!(prints(0)["primaryLocationLineHash"], prints(1)["primaryLocationLineHash"]);
    let run = &sarif["runs"][0];
    assert_eq!(run["results"][0]["properties"]["frameworks"], found[0]["frameworks"]);
    let tags = run["tool"]["driver"]["rules"][0]["properties"]["tags"].as_array();
    let tags = tags.expect("a list");
    for tag in ["security", "external/cwe/cwe-798", "nhi-2"] {
        assert!(tags.iter().any(|known| known == tag), "{tag} in {tags:?}");
    }
    assert!(tags.len() <= 10, "GitHub shows ten: {tags:?}");
}

#[test]
fn rules_of_ones_own_are_used_and_checked() {
    let dir = tempfile::tempdir().expect("a folder");
    let at = dir.path();
    let rule = r#"
name = "Acme"
[[rule]]
id = "acme-key"
name = "Acme key"
kind = "api-key"
severity = "high"
grants = "Acts as the application."
format = 'acme_[a-z0-9]{32}'
literals = ["acme_"]
"#;
    write(at, "rules/acme.toml", rule);
    write(at, "src/a.txt", "acme_k3v9x0q7m2z8r4t6y1w5u3p0s9d7f2g4\n");
    assert_eq!(code(at, &["rules", "check", "rules"]), 0);
    assert_eq!(code(at, &["scan", "src", "--rules", "rules"]), 1);
    write(at, "rules/more.toml", rule);
    for args in [&["rules", "check", "rules"][..], &["scan", "src", "--rules", "rules"]] {
        let output = run(at, args);
        assert_eq!(output.status.code(), Some(2), "two rules of one id");
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            ["acme.toml", "more.toml", "acme-key"].iter().all(|w| error.contains(w)),
            "{error}"
        );
    }
    fs::remove_file(at.join("rules/more.toml")).expect("ours");
    write(at, "rules/acme.toml", rule.replace("acme_\"", "zzz_\""));
    assert_eq!(code(at, &["rules", "check", "rules"]), 1, "a literal that no sample holds");
    write(at, "rules/acme.toml", rule.replace("severity = \"high\"", "severity = \"huge\""));
    let output = run(at, ["scan", "src", "--rules", "rules"]);
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(error.contains("acme.toml") && error.contains("acme-key"), "{error}");
    assert_eq!(error.matches("severity").count(), 1, "said once: {error}");
}

#[test]
fn help_reads_as_it_did() {
    let dir = tempfile::tempdir().expect("a folder");
    for (name, args) in
        [("help", &["--help"][..]), ("scan", &["scan", "--help"]), ("rules", &["rules", "--help"])]
    {
        let output = run(dir.path(), args);
        assert_eq!(output.status.code(), Some(0));
        insta::assert_snapshot!(name, String::from_utf8_lossy(&output.stdout));
    }
}

#[test]
fn the_rule_list_reads_as_it_did() {
    let dir = tempfile::tempdir().expect("a folder");
    let output = run(dir.path(), ["rules", "list"]);
    insta::assert_snapshot!("rule-list", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn completions_exist_for_every_shell() {
    let dir = tempfile::tempdir().expect("a folder");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = run(dir.path(), ["completions", shell]);
        assert!(String::from_utf8_lossy(&output.stdout).contains("show-secrets"), "{shell}");
    }
}

#[test]
fn reports_keep_to_their_schema() {
    let dir = tempfile::tempdir().expect("a folder");
    let at = dir.path();
    write(at, "a.env", token("github-pat-classic", 1));
    let wrapped = base64_simd::STANDARD.encode_to_string(token("gitlab-pat-routable", 2));
    write(at, "b.b64", format!("x {wrapped}\n"));
    write(at, "c.txt", format!("{}9zzzzz\n", &token("github-pat-classic", 3)[..34]));
    let schema = serde_json::from_str(include_str!("../../docs/report.schema.json"))
        .expect("the schema is JSON");
    let schema = jsonschema::validator_for(&schema).expect("the schema is a schema");
    for flags in [&[][..], &["--show-secrets"]] {
        let json = run(at, ["scan", ".", "--format", "json"].iter().chain(flags)).stdout;
        let document = serde_json::from_slice(&json).expect("it is JSON");
        schema.validate(&document).expect("the document keeps to the schema");
        let lines = run(at, ["scan", ".", "--format", "jsonl"].iter().chain(flags)).stdout;
        let lines = String::from_utf8(lines).expect("it is UTF-8");
        assert_eq!(lines.lines().count(), 4, "three findings and a summary");
        for line in lines.lines() {
            let line = serde_json::from_str(line).expect("it is JSON");
            schema.validate(&line).expect("the line keeps to the schema");
        }
    }
}
