//! Where a finding lies.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::ObjectId;

/// What was opened to reach the bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// A file: the path as the user named its root, joined with the path below it.
    File(Arc<Path>),
    /// An object in a Git repository.
    Object(Arc<Object>),
    /// A member of an archive, an image, a compressed file or a database.
    Member(Arc<Member>),
    /// A running process.
    Process(Arc<Process>),
    /// Standard input.
    Stdin,
}

/// An object in a Git repository, and a name for it among files.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Object {
    /// For a file's content the path at which it is, or was last, checked out; for all else the path that
    /// it has in the object store when it is loose. The repository's own path stands in front.
    pub path: PathBuf,
    /// Its id.
    pub id: ObjectId,
}

/// A member of something that holds several.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Member {
    /// What it lies in.
    pub outer: Origin,
    /// Its name there, as that tells it.
    pub name: String,
    /// The outer path, `!/` and the name; names alone, it is never opened.
    pub path: PathBuf,
}

/// A running process.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Process {
    /// Its number, and which part of it: `process/1234/environment`.
    pub path: PathBuf,
    /// Its number.
    pub id: u32,
}

impl Origin {
    /// The path that a person would look at; none for standard input.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Object(object) => Some(&object.path),
            Self::Member(member) => Some(&member.path),
            Self::Process(process) => Some(&process.path),
            Self::Stdin => None,
        }
    }

    /// The path as reports write it: bytes that are no UTF-8 stand as U+FFFD; `-` is standard input.
    pub fn text(&self) -> String {
        self.path().map_or_else(|| "-".to_owned(), shown)
    }

    /// The same origin at another path.
    pub fn at(&self, path: &Path) -> Self {
        match self {
            Self::File(_) => Self::file(path),
            Self::Object(object) => {
                Self::Object(Arc::new(Object { path: path.to_owned(), id: object.id }))
            }
            Self::Member(member) => {
                let Member { outer, name, .. } = &**member;
                let path = path.to_owned();
                Self::Member(Arc::new(Member { outer: outer.clone(), name: name.clone(), path }))
            }
            Self::Process(process) => {
                Self::Process(Arc::new(Process { path: path.to_owned(), id: process.id }))
            }
            Self::Stdin => Self::Stdin,
        }
    }

    /// The member called `name` of what this is.
    pub fn member(&self, name: &str) -> Self {
        let outer = self.path().map_or_else(|| std::ffi::OsStr::new("-"), Path::as_os_str);
        let mut path = outer.to_owned();
        path.push("!/");
        path.push(name);
        let path = PathBuf::from(path);
        Self::Member(Arc::new(Member { outer: self.clone(), name: name.to_owned(), path }))
    }

    /// The file, object or stream that was opened first to come to this.
    pub fn outermost(&self) -> &Self {
        match self {
            Self::Member(member) => member.outer.outermost(),
            Self::File(_) | Self::Object(_) | Self::Process(_) | Self::Stdin => self,
        }
    }

    /// A file that was opened at `path`.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::File(path.into().into())
    }
}

/// A path as reports write it.
pub fn shown(path: &Path) -> String {
    let text = path.to_string_lossy().into_owned();
    match text.strip_prefix("./").filter(|below| !below.is_empty()) {
        Some(below) => below.to_owned(),
        None => text,
    }
}

/// A stretch of text. Lines and columns count from 1; columns count bytes; the end is exclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Span {
    /// Line of the first byte.
    pub line: u64,
    /// Column of the first byte.
    pub column: u64,
    /// Line of the last byte.
    pub end_line: u64,
    /// Column just behind the last byte.
    pub end_column: u64,
    /// Bytes before the first byte.
    pub offset: u64,
    /// Bytes covered.
    pub length: u64,
    /// The two columns counted in Unicode code points; none where the line began out of sight.
    #[serde(skip)]
    pub code_points: Option<(u64, u64)>,
}

/// One wrapping that had to be undone to see the credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// RFC 4648 base64, standard or URL-safe.
    Base64,
    /// Two hexadecimal digits a byte.
    Hex,
    /// `%41`.
    Percent,
    /// `\u0041`, `\x41`, `\/`, `\n`.
    Escapes,
    /// `&#65;`, `&amp;`.
    Entities,
    /// `=41`, soft line breaks (RFC 2045).
    QuotedPrintable,
    /// UTF-16, little endian.
    #[serde(rename = "utf-16le")]
    Utf16Le,
    /// UTF-16, big endian.
    #[serde(rename = "utf-16be")]
    Utf16Be,
    /// Gzip (RFC 1952).
    Gzip,
}

impl Layer {
    /// The name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Base64 => "base64",
            Self::Hex => "hex",
            Self::Percent => "percent",
            Self::Escapes => "escapes",
            Self::Entities => "entities",
            Self::QuotedPrintable => "quoted-printable",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Gzip => "gzip",
        }
    }
}

/// An origin and a stretch of it; for a wrapped credential the stretch of the wrapping.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// What was opened.
    pub origin: Origin,
    /// Where in it.
    pub span: Span,
    /// What was undone, outermost first; empty for plain text.
    pub layers: Vec<Layer>,
}
