//! Command lines: the words in which a secret is handed over.

use std::ops::Range;

use crate::holders::field::Field;
use crate::holders::names::{Bears, bears};
use crate::holders::{address, names};
use crate::read::{KeyPath, Node, Step};

/// A word of a command line: a part of a value's text.
#[derive(Clone, Debug)]
pub(super) struct Word<'t> {
    path: KeyPath,
    node: &'t Node,
    part: Range<usize>,
}

impl<'t> Word<'t> {
    /// All of a value; none if it is no text, or too long for a word.
    pub(super) fn whole(path: KeyPath, node: &'t Node) -> Option<Self> {
        let length = Some(node.text()?.len()).filter(|length| *length <= LONGEST)?;
        Some(Self { path, node, part: 0..length })
    }

    /// What a field holds.
    pub(super) fn of(field: &Field<'t>) -> Self {
        Self { path: field.path.clone(), node: field.node, part: field.part.clone() }
    }

    fn text(&self) -> &'t str {
        self.node.text().and_then(|text| text.get(self.part.clone())).unwrap_or_default()
    }

    fn field(&self, name: &str, bears: Bears, part: Range<usize>) -> Field<'t> {
        let path = if name.is_empty() { self.path.clone() } else { self.path.name(name) };
        let part = self.part.start + part.start..self.part.start + part.end;
        Field { path, bears, node: self.node, part }
    }
}

/// What a command line hands over.
#[derive(Default)]
pub(super) struct Handed<'t> {
    /// What may be secrets.
    pub(super) fields: Vec<Field<'t>>,
    /// Variables that are passed on by their names alone, and where.
    pub(super) passed: Vec<(String, KeyPath)>,
    /// Files of variables that are named.
    pub(super) files: Vec<String>,
}

/// Longer texts are no command lines, and no words of one.
const LONGEST: usize = 64 << 10;

/// How many lines within lines are followed: `sh -c "…"`.
const NESTED: usize = 3;

/// The words of a whole line in one value: split at spaces, quotes kept together. `Bash(…)`, as lists of
/// what is allowed have it, is the line in its brackets.
pub(super) fn split<'t>(path: &KeyPath, node: &'t Node) -> Vec<Word<'t>> {
    let text = node.text().filter(|text| text.len() <= LONGEST).unwrap_or_default();
    let called = text.strip_suffix(')').and_then(|inner| inner.split_once('('));
    let called = called.filter(|(name, _)| names::is_plain(name));
    let (start, line) = called.map_or((0, text), |(name, line)| (name.len() + 1, line));
    let within = |part: Range<usize>| start + part.start..start + part.end;
    let word = |part| Word { path: path.clone(), node, part: within(part) };
    parts(line).into_iter().map(word).collect()
}

/// What the words of a command hand over.
pub(super) fn handed<'t>(words: &[Word<'t>]) -> Handed<'t> {
    let mut handed = Handed::default();
    line(words, &mut handed, NESTED);
    handed
}

fn line<'t>(words: &[Word<'t>], handed: &mut Handed<'t>, depth: usize) {
    let mut rest = words;
    while let Some((word, behind)) = rest.split_first() {
        rest = behind;
        let text = word.text();
        if let Some(next) = behind.first() {
            // What stands behind a flag of another meaning is told by that, not by its looks.
            let other = text.starts_with("--") && !text.contains('=') && is_key(next.text());
            if flag(word, next, handed) || other {
                rest = &behind[1..];
                continue;
            }
        }
        if let Some(password) = text.strip_prefix("-p").filter(|p| p.len() > 3)
            && words.first().is_some_and(|word| is_database(word.text()))
        {
            let start = text.len() - password.len();
            handed.fields.push(word.field("", Bears::Password, start..text.len()));
            continue;
        }
        if text.contains(' ') && depth > 0 && !speaks(text) {
            let inner: Vec<_> = parts(text)
                .into_iter()
                .map(|part| Word {
                    part: word.part.start + part.start..word.part.start + part.end,
                    ..word.clone()
                })
                .collect();
            line(&inner, handed, depth - 1);
            continue;
        }
        alone(word, handed);
    }
}

/// Programs whose flag for a password goes without a blank.
fn is_database(program: &str) -> bool {
    let name = program.rsplit('/').next().unwrap_or(program);
    ["mysql", "mysqldump", "mysqladmin", "mariadb", "mariadb-dump"].contains(&name)
}

/// A flag and the word behind it; tells whether they belong together.
fn flag<'t>(word: &Word<'t>, next: &Word<'t>, handed: &mut Handed<'t>) -> bool {
    let text = word.text();
    let value = next.text();
    match text {
        "-e" | "--env" => {
            match value.split_once('=') {
                Some(_) => assignment(next, handed),
                None if names::is_plain(value) => {
                    handed.passed.push((value.to_owned(), next.path.clone()));
                }
                None => {}
            }
            true
        }
        "--env-file" => {
            handed.files.push(value.to_owned());
            true
        }
        "-H" | "--header" => {
            header(next, handed);
            true
        }
        "-u" | "--user" if value.contains(':') => {
            let at = value.find(':').map_or(0, |at| at + 1);
            handed.fields.push(next.field("user", Bears::Password, at..value.len()));
            true
        }
        _ => {
            let Some(name) = text.strip_prefix("--").filter(|name| !name.contains('=')) else {
                return false;
            };
            let bears = bears(name);
            if value.starts_with('-') || !matches!(bears, Bears::Secret | Bears::Password) {
                return false;
            }
            let name = name.to_owned();
            handed.fields.push(next.field(&name, bears, 0..value.len()));
            true
        }
    }
}

/// Whether a text says all itself: a JSON document with names, or a header.
pub(super) fn speaks(text: &str) -> bool {
    is_document(text) || is_header(text)
}

/// A word that says all itself.
fn alone<'t>(word: &Word<'t>, handed: &mut Handed<'t>) {
    let text = word.text();
    if is_document(text) {
        return document(word, handed);
    }
    if is_header(text) {
        return header(word, handed);
    }
    let lead = text.len() - text.trim_start_matches('-').len();
    if let Some((name, value)) = text[lead..].split_once('=')
        && names::is_name(name)
    {
        let behind = Word { part: word.part.end - value.len()..word.part.end, ..word.clone() };
        return match name.to_ascii_lowercase().as_str() {
            "env-file" => handed.files.push(value.to_owned()),
            "header" => header(&behind, handed),
            "env" if value.contains('=') => assignment(&behind, handed),
            _ => assignment(word, handed),
        };
    }
    if address::is_address(text) {
        let field = word.field("", Bears::Address, 0..text.len());
        handed.fields.extend(address::secrets(&field));
    } else if is_key(text) {
        handed.fields.push(word.field("", Bears::Secret, 0..text.len()));
    }
}

/// Whether a word that no name tells of is as long and random as only a key is.
fn is_key(text: &str) -> bool {
    const LENGTH: std::ops::RangeInclusive<usize> = 24..=256;
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    LENGTH.contains(&text.len())
        && digits >= 3
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
        && !text.starts_with('-')
        && !text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
        && crate::detect::surprise(text.as_bytes()) > 0.3
}

/// `NAME=value`, dashes in front or not.
fn assignment<'t>(word: &Word<'t>, handed: &mut Handed<'t>) {
    let text = word.text();
    let Some((name, value)) = text.split_once('=') else { return };
    let name = name.trim_start_matches('-');
    let quoted = value.len() >= 2
        && (value.starts_with('"') && value.ends_with('"')
            || value.starts_with('\'') && value.ends_with('\''));
    let inset = usize::from(quoted);
    let part = text.len() - value.len() + inset..text.len() - inset;
    let bears = bears(name);
    let field = word.field(name, bears, part);
    match bears {
        Bears::Address | Bears::Other if address::is_address(value) => {
            handed.fields.extend(address::secrets(&field));
        }
        Bears::Secret | Bears::Password | Bears::Address => handed.fields.push(field),
        Bears::Other => {}
    }
}

/// `Name: value`.
fn header<'t>(word: &Word<'t>, handed: &mut Handed<'t>) {
    let text = word.text();
    let trimmed = text.trim_matches(['"', '\'']);
    let inset = text.len() - text.trim_start_matches(['"', '\'']).len();
    let Some((name, value)) = trimmed.split_once(':') else { return };
    let bears = bears(name);
    if matches!(bears, Bears::Secret | Bears::Password) {
        let start = inset + name.len() + 1;
        let start = start + value.len() - value.trim_start().len();
        handed.fields.push(word.field(name, bears, start..inset + trimmed.len()));
    }
}

/// `{"apiKey": "…"}`, in quotes of its own or not: the values of its secret fields.
fn document<'t>(word: &Word<'t>, handed: &mut Handed<'t>) {
    let text = word.text();
    let outer = crate::read::json(text.as_bytes());
    let inner = outer.root.text().map(|text| crate::read::json(text.as_bytes()));
    let tree = inner.as_ref().unwrap_or(&outer);
    let mut todo = vec![(KeyPath::default(), &tree.root)];
    while let Some((path, node)) = todo.pop() {
        node.each_child(&mut |step, child| {
            let bears = match &step {
                Step::Name(name) => bears(name),
                Step::Element(_) => Bears::Other,
            };
            let inside = path.then(step);
            let secret = child.text().filter(|_| matches!(bears, Bears::Secret | Bears::Password));
            let Some(value) = secret else { return todo.push((inside, child)) };
            let part = match &inner {
                None => Some(child.span.clone()),
                Some(_) => text.find(value).map(|at| at..at + value.len()),
            };
            handed.fields.extend(part.map(|part| {
                let part = word.part.start + part.start..word.part.start + part.end;
                Field { path: inside.below(&word.path), bears, node: word.node, part }
            }));
        });
    }
}

/// Whether a text is a JSON document with names.
fn is_document(text: &str) -> bool {
    let text = text.strip_prefix('"').unwrap_or(text);
    text.strip_prefix('{').is_some_and(|inner| inner.trim_start().starts_with(['"', '\\']))
}

/// Whether a word reads `Name: value`, as headers do.
fn is_header(text: &str) -> bool {
    let Some((name, value)) = text.split_once(':') else { return false };
    names::is_name(name)
        && !value.starts_with("//")
        && matches!(bears(name), Bears::Secret | Bears::Password)
}

/// Where the words of a line stand, without the quotes around them.
fn parts(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let (mut parts, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        if bytes[at].is_ascii_whitespace() || b"&|;".contains(&bytes[at]) {
            at += 1;
            continue;
        }
        if matches!(bytes[at], b'"' | b'\'') {
            let end = memchr::memchr(bytes[at], &bytes[at + 1..]);
            let end = end.map_or(bytes.len(), |end| at + 1 + end);
            parts.push(at + 1..end);
            at = end + 1;
            continue;
        }
        let (start, mut quote) = (at, None);
        while at < bytes.len() && (quote.is_some() || !is_over(&bytes[at..])) {
            match quote {
                Some(open) if open == bytes[at] => quote = None,
                None if matches!(bytes[at], b'"' | b'\'') => quote = Some(bytes[at]),
                _ => {}
            }
            at += 1;
        }
        parts.push(start..at);
    }
    parts
}

/// Whether a word ends in front of `rest`: at a space, and where a shell ends a command.
fn is_over(rest: &[u8]) -> bool {
    match rest {
        [b'&', b'&', ..] | [b'|', b'|', ..] => true,
        [b';', behind @ ..] => behind.first().is_none_or(u8::is_ascii_whitespace),
        [first, ..] => first.is_ascii_whitespace(),
        [] => true,
    }
}

#[cfg(test)]
mod tests {
    use super::{handed, split};
    use crate::read::{KeyPath, json};

    /// The secrets that a command line hands over.
    fn secrets(line: &str) -> Vec<String> {
        let text = serde_json::Value::from(line).to_string();
        let tree = json(text.as_bytes());
        let handed = handed(&split(&KeyPath::default(), &tree.root));
        handed.fields.iter().map(|field| field.text().to_owned()).collect()
    }

    #[test]
    fn flags_variables_and_headers_hand_over_their_values() {
        for line in [
            "run --api-key q8Zr1vW0",
            "run --api-key=q8Zr1vW0",
            "docker run -e API_KEY=q8Zr1vW0 image",
            "docker run --env API_KEY=q8Zr1vW0 image",
            "docker run --env=API_KEY=q8Zr1vW0 image",
            "curl -H 'X-Api-Key: q8Zr1vW0' https://example.org",
            "curl --header='X-Api-Key: q8Zr1vW0' https://example.org",
            "curl -u ann:q8Zr1vW0 https://example.org",
            "API_KEY=q8Zr1vW0 run",
            "API_KEY='q8Zr1vW0' run",
            "Bash(API_KEY=q8Zr1vW0 run)",
            "Bash(run --api-key q8Zr1vW0)",
            "sh -c 'export API_KEY=q8Zr1vW0; exec run'",
            "cmd /c \"set API_KEY=q8Zr1vW0&& run\"",
            "run --config '{\"apiKey\":\"q8Zr1vW0\"}'",
            "run --config '\"{\\\"apiKey\\\":\\\"q8Zr1vW0\\\"}\"'",
            "run postgres://ann:q8Zr1vW0@db/shop",
            "run 'Server=db;User=sa;Password=q8Zr1vW0;Encrypt=true'",
        ] {
            assert_eq!(secrets(line), ["q8Zr1vW0"], "{line}");
        }
    }

    #[test]
    fn other_words_hand_over_nothing() {
        for line in [
            "npx -y @scope/name@1.2.3 --port 8080",
            "docker run -e API_KEY image",
            "run --token-file /run/secrets/token --log-level=debug",
            "run https://example.org/mcp?region=eu",
            "run --token --verbose",
        ] {
            assert_eq!(secrets(line), Vec::<String>::new(), "{line}");
        }
    }
}
