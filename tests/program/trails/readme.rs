//! The README shows what the program says of `testdata`.

use std::fs;
use std::path::Path;

use crate::support::run;

#[test]
fn the_trail_in_the_readme_is_the_programs_own() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).expect("a README");
    let command = "$ cd testdata/trail; keytrail scan shop --home home\n…\n";
    let (_, shown) = readme.split_once(command).expect("the README shows the command");
    let (shown, _) = shown.split_once("```").expect("the block ends");
    let output = run(&root.join("testdata/trail"), ["scan", "shop", "--home", "home", "--quiet"]);
    let said = String::from_utf8(output.stdout).expect("text");
    let (shown, said) = (without_rank(shown), without_rank(&said));
    assert!(said.ends_with(&shown), "README:\n{shown}\nprogram:\n{said}");
}

/// Who may read the files, and so the rank, is up to whoever copied them.
fn without_rank(text: &str) -> String {
    let mut parts = text.split("  rank ");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| {
        all + "  rank " + part.trim_start_matches(|c: char| c.is_ascii_digit())
    })
}
