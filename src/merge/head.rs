//! What a report says of itself, read before its findings: its key and its name.

use std::fmt;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::merge::cut::{CUT_OFF, Cut, Flaw};
use crate::model::{KeyId, KeyNote};

/// The only shape of reports that is read.
pub(super) const SCHEMA: &str = "keytrail/report/v1";

/// The longest field that a report's head may have.
pub(super) const LONGEST_FIELD: usize = 64 << 10;

/// The longest name of a report.
pub(super) const LONGEST_SOURCE: usize = 1024;

/// The longest line of a report in lines: its summary lists what was not read.
pub(super) const LONGEST_LINE: usize = 32 << 20;

/// How much of a report's end is looked at for its summary, before all of it is.
const END: u64 = 1 << 20;

/// A report to be read: a file, since it is read twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Where it lies.
    pub path: PathBuf,
    /// What it is called if it does not name itself.
    pub name: String,
}

impl Input {
    /// The report at `path`, called as it was given.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        Self { name: path.to_string_lossy().into_owned(), path }
    }

    /// A trouble with it.
    pub(super) fn trouble(&self, message: impl fmt::Display) -> Trouble {
        Trouble { path: self.name.clone(), message: message.to_string() }
    }

    pub(super) fn open(&self) -> Result<File, Trouble> {
        let cannot = |error| self.trouble(format!("it cannot be opened: {error}"));
        let file = File::open(&self.path).map_err(cannot)?;
        match file.metadata() {
            Ok(data) if data.is_file() => Ok(file),
            _ => Err(self.trouble("it is not a regular file")),
        }
    }
}

/// A report that was not taken, or not wholly.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Trouble {
    /// The report.
    pub path: String,
    /// What is wrong, and where; never what stands there.
    pub message: String,
}

/// What must be known of a report before its findings are taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    /// The key by which its ids are made.
    pub(super) key: Option<KeyId>,
    /// Its name.
    pub(super) source: String,
    /// Whether it has an object a line.
    pub(super) lines: bool,
    /// A report in lines has its summary.
    pub(super) whole: bool,
}

/// A line of a report in lines.
#[derive(Deserialize)]
pub(super) struct Typed {
    /// What it is: `finding`, `summary`.
    #[serde(rename = "type")]
    pub(super) kind: String,
}

#[derive(Default, Deserialize)]
struct Summary {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    schema: String,
    #[serde(default)]
    key: KeyNote,
    #[serde(default)]
    source: String,
}

/// Reads the head of `input`, wherever it stands in it.
pub(super) fn read(input: &Input) -> Result<Head, Trouble> {
    let mut file = input.open()?;
    let mut head = look(&mut file).map_err(|flaw| input.trouble(flaw))?;
    if head.source.is_empty() {
        head.source.clone_from(&input.name);
    }
    if head.source.len() > LONGEST_SOURCE {
        return Err(input.trouble("its source is too long a name"));
    }
    Ok(head)
}

fn look(file: &mut File) -> Result<Head, Flaw> {
    let mut cut = Cut::new(BufReader::new(&*file));
    if cut.blank()?.is_none() {
        return Err(cut.flaw("it is empty"));
    }
    let mut line = Vec::new();
    cut.line(&mut line, LONGEST_LINE)?;
    let typed = serde_json::from_slice::<Typed>(&line).is_ok();
    rewind(file, SeekFrom::Start(0))?;
    if typed { in_lines(file) } else { in_document(file) }
}

fn rewind(file: &mut File, to: SeekFrom) -> Result<u64, Flaw> {
    let lost = |error| Flaw { at: 0, text: format!("it cannot be read: {error}").into() };
    file.seek(to).map_err(lost)
}

/// The summary is the last line, and looked for everywhere if it is not.
fn in_lines(file: &mut File) -> Result<Head, Flaw> {
    let size = rewind(file, SeekFrom::End(0))?;
    rewind(file, SeekFrom::Start(size.saturating_sub(END)))?;
    let mut end = Vec::new();
    let read = (&*file).take(END).read_to_end(&mut end);
    read.map_err(|error| Flaw { at: 0, text: format!("it cannot be read: {error}").into() })?;
    let last = end.trim_ascii_end().rsplit(|&b| b == b'\n').next().unwrap_or_default();
    if let Some(found) = summary(last) {
        return of(found, 0);
    }
    rewind(file, SeekFrom::Start(0))?;
    let mut cut = Cut::new(BufReader::with_capacity(1 << 16, file));
    let (mut line, mut at) = (Vec::new(), 0);
    while let Some(whole) = cut.line(&mut line, LONGEST_LINE)? {
        if let Some(found) = summary(&line).filter(|_| whole) {
            return of(found, at);
        }
        at = cut.at();
    }
    // Its findings are taken as those of a report without a key.
    Ok(Head { lines: true, ..Head::default() })
}

fn summary(line: &[u8]) -> Option<Summary> {
    serde_json::from_slice(line).ok().filter(|line: &Summary| line.kind == "summary")
}

fn of(found: Summary, at: u64) -> Result<Head, Flaw> {
    if found.schema != SCHEMA {
        return Err(Flaw { at, text: NO_REPORT.into() });
    }
    Ok(Head { key: found.key.id, source: found.source, lines: true, whole: true })
}

/// What is said of JSON that is something else.
const NO_REPORT: &str = "it is no report of keytrail, or of a version that is not known";

fn in_document(file: &File) -> Result<Head, Flaw> {
    let mut cut = Cut::new(BufReader::with_capacity(1 << 16, file));
    let mut found = Summary::default();
    let mut seen = [false; 3];
    let told = cut.fields(&mut |name, cut| {
        match name {
            "schema" => (found.schema, seen[0]) = (field(cut)?, true),
            "key" => (found.key, seen[1]) = (field(cut)?, true),
            "source" => (found.source, seen[2]) = (field(cut)?, true),
            _ => cut.skip()?,
        }
        Ok(seen != [true; 3])
    });
    match told {
        // Without its key it cannot be said with what its ids compare.
        Err(flaw) if flaw.text == CUT_OFF && !seen[1] => {
            Err(Flaw { text: "it is cut off before its key is told".into(), ..flaw })
        }
        // What is wrong behind the head is told when the findings are taken.
        Err(flaw) if !seen[0] || !seen[1] => Err(flaw),
        _ if found.schema != SCHEMA => Err(cut.flaw(NO_REPORT)),
        _ => Ok(Head { key: found.key.id, source: found.source, lines: false, whole: true }),
    }
}

/// The field that comes next.
pub(super) fn field<R: std::io::BufRead, T: for<'de> Deserialize<'de>>(
    cut: &mut Cut<R>,
) -> Result<T, Flaw> {
    let mut raw = Vec::new();
    let at = cut.at();
    let whole = cut.keep(&mut raw, LONGEST_FIELD)?;
    let wrong = || Flaw { at, text: "a field of the report is damaged".into() };
    serde_json::from_slice(&raw).ok().filter(|_| whole).ok_or_else(wrong)
}

/// Whether `input`, of which `head` is known, is merged from others: it lists them.
pub(super) fn is_merged(input: &Input, head: &Head) -> bool {
    let Ok(file) = input.open() else { return false };
    if head.lines {
        return false;
    }
    let mut merged = false;
    let mut cut = Cut::new(BufReader::with_capacity(1 << 16, file));
    // What is wrong with it is told when its findings are taken.
    _ = cut.fields(&mut |name, cut| {
        if name == "sources" {
            cut.elements(&mut |cut| {
                merged = true;
                cut.skip()
            })?;
        } else {
            cut.skip()?;
        }
        Ok(!merged)
    });
    merged
}
