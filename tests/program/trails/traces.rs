//! The second look: what is known from anywhere is found everywhere, unless it could stand there by chance.

use std::collections::BTreeSet;

use super::{password, paths, report, servers, trail, trails};
use crate::repository::{Repo, write};

const SERVERS: &str = "home/.cursor/mcp.json";

/// A home whose agent is given `value`, and a repository with `files`.
fn placed(value: &str, files: &[(String, String)]) -> Repo {
    let repo = Repo::new();
    for (path, text) in files {
        repo.write(path, text);
    }
    repo.commit("begin");
    write(&repo.beside(SERVERS), servers("SEARCH_PASSWORD", value));
    repo
}

/// The paths of the credential that the agent is given.
fn spread(repo: &Repo, flags: &[&str]) -> BTreeSet<String> {
    let report = report(&repo.beside(""), &[&["top", "--home", "home"], flags].concat());
    paths(trail(&report, SERVERS)).into_iter().map(str::to_owned).collect()
}

#[test]
fn a_password_that_an_agent_is_given_is_found_where_no_rule_would_look() {
    let word = password(40);
    let base64 = base64_simd::STANDARD.encode_to_string(format!("x:{word} and more"));
    let escaped: String = word.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let files = [
        ("src/search.py", format!("call(\"{word}\")\n")),
        ("docs/search.md", format!("Then say {word}.\n")),
        ("data/packed.txt", format!("{base64}\n")),
        ("data/link.txt", format!("https://search.example.org/?q={escaped}\n")),
        ("src/other.py", format!("call(\"{}\")\n", password(41))),
    ]
    .map(|(path, text)| (path.to_owned(), text));
    let repo = placed(&word, &files);
    let found = ["data/link.txt", "data/packed.txt", "docs/search.md", "src/search.py"];
    let found = found.map(|path| format!("top/{path}"));
    let all: BTreeSet<_> = found.into_iter().chain([SERVERS.to_owned()]).collect();
    assert_eq!(spread(&repo, &[]), all);
    assert_eq!(spread(&repo, &["--no-trace"]), BTreeSet::from([SERVERS.to_owned()]));
}

#[test]
fn a_deleted_file_of_a_history_is_searched_as_well() {
    let word = password(42);
    let files = [("src/search.py".to_owned(), format!("call(\"{word}\")\n"))];
    let repo = placed(&word, &files);
    repo.git(["rm", "--quiet", "src/search.py"]);
    repo.plant("README.md", "A shop.\n");
    let both = BTreeSet::from([SERVERS.to_owned(), "top/src/search.py".to_owned()]);
    assert_eq!(spread(&repo, &[]), both);
}

#[test]
fn a_longer_word_is_another() {
    let word = password(43);
    let files = ["{}9", "x{}", "{}_old", "{}{}"].into_iter().enumerate().map(|(n, form)| {
        (format!("src/{n}.py"), format!("call(\"{}\")\n", form.replace("{}", &word)))
    });
    let repo = placed(&word, &files.collect::<Vec<_>>());
    assert_eq!(spread(&repo, &[]), BTreeSet::from([SERVERS.to_owned()]));
}

#[test]
fn a_common_word_joins_nothing() {
    for word in ["password", "true", "production", "changeme", "localhost", "12345678", "admin123"]
    {
        let files: Vec<_> = (0..200)
            .map(|n| {
                let text = format!("mode = {word}\nif {word} then\n  say \"{word}\" # {n}\nend\n");
                (format!("src/{n}.rb"), text)
            })
            .collect();
        let repo = placed(word, &files);
        let report = report(&repo.beside(""), &["top", "--home", "home"]);
        let widest = trails(&report).iter().map(|trail| paths(trail).len()).max();
        assert!(widest.unwrap_or(0) <= 1, "{word}: {widest:?} places");
    }
}
