//! Reads CODEOWNERS files: GitHub's, where the last pattern that fits decides, and GitLab's sections.

use std::collections::BTreeSet;

use crate::runbook::glob;

/// How many lines are read, and how many parts a pattern may have.
const MOST_LINES: usize = 50_000;
const MOST_PARTS: usize = 64;

/// Who owns which paths of a repository.
#[derive(Clone, Debug, Default)]
pub struct CodeOwners(Vec<Part>);

/// A section of GitLab; GitHub's files have one without a name.
#[derive(Clone, Debug, Default)]
struct Part {
    defaults: Vec<String>,
    rules: Vec<Rule>,
}

#[derive(Clone, Debug)]
struct Rule {
    /// One pattern for what is named itself, another for what lies below it.
    patterns: Vec<Vec<String>>,
    /// A path that fits has no owner.
    except: bool,
    owners: Vec<String>,
}

impl CodeOwners {
    /// Reads the text of a file. Lines that mean nothing are passed over.
    pub fn parse(text: &str) -> Self {
        let mut parts = vec![Part::default()];
        for line in text.lines().take(MOST_LINES) {
            let words = words(line);
            let Some(first) = words.first() else { continue };
            if let Some(defaults) = section(line) {
                parts.push(Part { defaults, rules: Vec::new() });
                continue;
            }
            let (except, pattern) = match first.strip_prefix('!') {
                Some(pattern) => (true, pattern),
                None => (false, first.as_str()),
            };
            let owners = words.iter().skip(1).filter(|word| is_owner(word)).cloned().collect();
            let patterns = patterns(pattern);
            if let Some(part) = parts.last_mut()
                && !patterns.is_empty()
            {
                part.rules.push(Rule { patterns, except, owners });
            }
        }
        Self(parts)
    }

    /// The owners of `path`, from the root of the repository, each once and in order.
    pub fn owners(&self, path: &str) -> Vec<&str> {
        let path: Vec<_> = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
        let owners: BTreeSet<_> = self.0.iter().flat_map(|part| part.owners(&path)).collect();
        owners.into_iter().map(String::as_str).collect()
    }
}

impl Part {
    fn owners(&self, path: &[&str]) -> &[String] {
        match self.rules.iter().rev().find(|rule| rule.fits(path)) {
            Some(rule) if rule.except => &[],
            Some(rule) if rule.owners.is_empty() => &self.defaults,
            Some(rule) => &rule.owners,
            None => &[],
        }
    }
}

impl Rule {
    fn fits(&self, path: &[&str]) -> bool {
        let one = |pattern: &String, part: &&str| name_fits(pattern, part);
        self.patterns.iter().any(|pattern| glob::fits(pattern, path, |part| part == "**", one))
    }
}

fn name_fits(pattern: &str, name: &str) -> bool {
    let one = |p: &u8, b: &u8| *p == b'?' || p == b;
    glob::fits(pattern.as_bytes(), name.as_bytes(), |p| *p == b'*', one)
}

/// The words of a line up to a comment; a backslash keeps a space or a hash in its word.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word) = (Vec::new(), String::new());
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => word.extend(chars.next()),
            '#' if word.is_empty() => break,
            c if c.is_whitespace() => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            c => word.push(c),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// The default owners of the section that `line` opens: `[Name]`, `^[Name][2] @owner`.
fn section(line: &str) -> Option<Vec<String>> {
    let line = line.trim();
    let (_, rest) = line.strip_prefix('^').unwrap_or(line).strip_prefix('[')?.split_once(']')?;
    Some(words(rest).into_iter().filter(|word| is_owner(word)).collect())
}

fn is_owner(word: &str) -> bool {
    word.contains('@') && word.len() <= 256
}

/// What a pattern stands for, as rows of names in which `**` is any number of folders.
fn patterns(pattern: &str) -> Vec<Vec<String>> {
    let folder = pattern.ends_with('/');
    let names: Vec<_> =
        pattern.split('/').filter(|name| !name.is_empty()).map(str::to_owned).collect();
    let Some(last) = names.last() else { return Vec::new() };
    if names.len() > MOST_PARTS {
        return Vec::new();
    }
    let literal = !last.contains(['*', '?']);
    let anchored = pattern.trim_end_matches('/').contains('/');
    let start = if anchored { None } else { Some("**".to_owned()) };
    let itself: Vec<_> = start.into_iter().chain(names).collect();
    let mut below = itself.clone();
    below.extend(["*".to_owned(), "**".to_owned()]);
    match (folder, literal) {
        (true, _) => vec![below],
        (false, true) => vec![itself, below],
        (false, false) => vec![itself],
    }
}

#[cfg(test)]
mod tests {
    use super::CodeOwners;

    #[test]
    fn the_last_pattern_that_fits_decides() {
        let owners = CodeOwners::parse(
            "# all\n*       @acme/all\n*.js    @js # inline\n/build/logs/ @doctocat\ndocs/*  docs@example.org\n\
             apps/ @octocat\n/scripts/ @a @b\n**/logs @logs\n/apps/github\nwith\\ space.txt @space\n",
        );
        for (path, expected) in [
            ("README", vec!["@acme/all"]),
            ("src/deep/x.js", vec!["@js"]),
            ("docs/a.md", vec!["docs@example.org"]),
            ("docs/deep/a.md", vec!["@acme/all"]),
            ("x/apps/y", vec!["@octocat"]),
            ("scripts/x/y", vec!["@a", "@b"]),
            ("x/scripts/y", vec!["@acme/all"]),
            ("deep/nested/logs/today", vec!["@logs"]),
            ("apps/github/x", vec![]),
            ("with space.txt", vec!["@space"]),
        ] {
            assert_eq!(owners.owners(path), expected, "{path}");
        }
    }

    #[test]
    fn sections_add_up_and_have_default_owners() {
        let owners = CodeOwners::parse(
            "* @root\n[Docs][2] @writers\ndocs/\nREADME.md @lead\n^[Data]\n*.sql @dba\n!old.sql\n",
        );
        assert_eq!(owners.owners("docs/a.md"), ["@root", "@writers"]);
        assert_eq!(owners.owners("README.md"), ["@lead", "@root"]);
        assert_eq!(owners.owners("x/a.sql"), ["@dba", "@root"]);
        assert_eq!(owners.owners("old.sql"), ["@root"]);
    }

    #[test]
    fn hostile_files_take_no_time() {
        let pattern = format!("{}x @a\n", "**/*a*".repeat(30)).repeat(200);
        let owners = CodeOwners::parse(&format!("[\n]\n!\n\\\n/ @a\n{pattern}"));
        assert!(owners.owners(&"aaaa/".repeat(200)).is_empty());
    }
}
