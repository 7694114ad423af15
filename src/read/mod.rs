//! What a text's format tells of its parts: every value with its name, and where it stands.

mod assignments;
#[cfg(test)]
mod check;
mod code_point;
pub mod dotenv;
pub mod dump;
mod entities;
mod flaws;
pub mod http;
pub mod ini;
pub mod json;
mod lines;
pub mod log;
pub mod netrc;
mod parts;
pub mod path;
pub mod plist;
mod quotes;
pub mod toml;
mod tree;
#[cfg(test)]
mod trial;
mod wide;
mod words;
pub mod xml;
pub mod yaml;

pub use json::{json, json_values};
pub use path::{KeyPath, KeyPattern, Step, Way};
pub use tree::{DEEPEST, Entry, Flaw, Node, Tree, Value};
pub use wide::{Wide, wide};

/// A format, and how it is read.
type Reader = (&'static str, fn(&[u8]) -> Tree);

/// Every format that is a tree.
const ALL: [Reader; 11] = [
    ("github-command", |text| dump::dump(text, dump::Shape::CommandFile)),
    ("json", json),
    ("toml", toml::toml),
    ("yaml", yaml::yaml),
    ("xml", xml::xml),
    ("plist", plist::plist),
    ("ini", ini::ini),
    ("dotenv", dotenv::dotenv),
    ("shell", dotenv::dotenv),
    ("netrc", netrc::netrc),
    ("http", http::http),
];

/// Reads `text` as `format`; none if that is no format of trees.
pub fn tree(format: &str, text: &[u8]) -> Option<Tree> {
    ALL.iter().find(|(name, _)| *name == format).map(|(_, read)| read(text))
}

/// How file names end, and the formats that they have.
const ENDINGS: [(&str, &str); 21] = [
    ("json", "json"),
    ("jsonc", "json"),
    ("json5", "json"),
    ("ipynb", "json"),
    ("har", "json"),
    ("tfstate", "json"),
    ("jsonl", "jsonl"),
    ("ndjson", "jsonl"),
    ("yaml", "yaml"),
    ("yml", "yaml"),
    ("toml", "toml"),
    ("xml", "xml"),
    ("config", "xml"),
    ("plist", "plist"),
    ("ini", "ini"),
    ("cfg", "ini"),
    ("conf", "ini"),
    ("properties", "ini"),
    ("env", "dotenv"),
    ("http", "http"),
    ("rest", "http"),
];

/// The format of a text that nobody is known to keep: by its name, else by its first sign.
pub fn format_of(path: &str, text: &[u8]) -> Option<&'static str> {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let known = ENDINGS.iter().find(|(end, _)| end.eq_ignore_ascii_case(ending));
    let sniffed = || {
        let first = text.iter().find(|b| !b.is_ascii_whitespace())?;
        matches!(first, b'{' | b'[').then_some("json")
    };
    known.map(|(_, format)| *format).or_else(sniffed)
}
