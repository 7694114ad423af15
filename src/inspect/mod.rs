//! Bytes to findings: a stream window by window, and all that it holds, member by member.

mod chunk;
mod found;
mod members;
mod silence;

use std::fs::File;
use std::io::{Cursor, Read, Seek};

use crate::detect::{Detector, Fingerprinter};
use crate::holders::{Kept, Places};
use crate::model::Origin;
use crate::source::unpack::{Budget, Input, Limits};
use crate::source::{Buffer, Ended};

pub use found::{Inspected, Within};

use chunk::Reading;
use members::{Descent, Sort};

/// What is said of a stream of which wrapped text was left unread.
pub const CUT_SHORT: &str =
    "wrapped text was not all read: there is too much of it, or it breaks off";

/// Looks into one stream after the other.
#[derive(Clone, Copy)]
pub struct Inspector<'i, 'c> {
    /// What finds credentials.
    pub detector: &'i Detector<'c>,
    /// What knows who keeps what where.
    pub places: &'i Places<'c>,
    /// What names them.
    pub ids: &'i Fingerprinter,
    /// Whether findings keep their raw value.
    pub keep_secrets: bool,
    /// Whether all is looked at as text alone: nothing is opened, no key and no holder told.
    pub as_text: bool,
}

/// Where a stream comes from.
#[derive(Clone, Copy)]
pub struct Whence<'w> {
    /// What was opened.
    pub origin: &'w Origin,
    /// A name of the place that is the same wherever its root lies.
    pub logical: &'w str,
}

/// What is looked into.
pub enum Bytes<'b> {
    /// What comes once, in order.
    Stream(&'b mut dyn Read),
    /// A file, from its start.
    File(&'b mut File),
    /// What is at hand.
    Held(&'b [u8]),
}

/// What content without a path is taken to be called by what it looks like: so a configuration of servers,
/// or a file of variables, is read as one; none if it looks like neither.
fn likely_name(bytes: &[u8]) -> Option<&'static str> {
    /// Larger ones are no configurations.
    const LARGEST: usize = 1 << 20;
    if bytes.len() > LARGEST {
        return None;
    }
    let first = bytes.iter().find(|b| !b.is_ascii_whitespace())?;
    let is_document = matches!(first, b'{' | b'/');
    if is_document && memchr::memmem::find(bytes, b"mcpServers\"").is_some() {
        return Some(".mcp.json");
    }
    begins_with_variable(bytes).then_some(".env")
}

/// Whether the first line of a text that is no comment reads `NAME=value`, as in files of variables.
fn begins_with_variable(bytes: &[u8]) -> bool {
    const HEAD: usize = 2048;
    let head = &bytes[..bytes.len().min(HEAD)];
    let mut lines = head.split(|b| *b == b'\n').map(<[u8]>::trim_ascii);
    let line = lines.find(|line| !line.is_empty() && !line.starts_with(b"#"));
    let Some(line) = line else { return false };
    let line = line.strip_prefix(b"export ").unwrap_or(line);
    let name =
        line.iter().take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || **b == b'_');
    let length = name.count();
    length >= 2 && line.get(length) == Some(&b'=')
}

impl<'i, 'c> Inspector<'i, 'c> {
    /// Reads `from` to its end, and what it holds if it is an archive, a compressed file or a database;
    /// `goes_on` hears how many bytes were read, and says whether to go on.
    pub fn read(
        &self,
        from: Bytes<'_>,
        whence: Whence<'_>,
        buffer: &mut Buffer,
        goes_on: &mut dyn FnMut(u64) -> bool,
    ) -> Inspected {
        let kept = self.kept(whence.origin);
        self.read_as(&kept, from, whence, (buffer, goes_on))
    }

    /// Reads `from` as what is kept by `kept`, wherever it lies.
    pub fn read_as(
        &self,
        kept: &[Kept<'c>],
        mut from: Bytes<'_>,
        whence: Whence<'_>,
        (buffer, goes_on): (&mut Buffer, &mut dyn FnMut(u64) -> bool),
    ) -> Inspected {
        let mut into = Inspected::default();
        let met = match &mut from {
            Bytes::Stream(stream) => {
                self.reading(whence, kept, &mut into).stream(*stream, buffer, goes_on)
            }
            Bytes::File(file) => {
                self.reading(whence, kept, &mut into).stream(*file, buffer, goes_on)
            }
            Bytes::Held(bytes) => {
                self.reading(whence, kept, &mut into).stream(&mut &**bytes, buffer, goes_on)
            }
        };
        let Some((sort, begun)) = met else { return into };
        let begun = match &from {
            Bytes::Stream(_) => buffer.filled(begun).to_vec(),
            Bytes::File(_) | Bytes::Held(_) => Vec::new(),
        };
        let size = match &from {
            Bytes::Stream(_) => None,
            Bytes::File(file) => file.metadata().ok().map(|about| about.len()),
            Bytes::Held(bytes) => Some(bytes.len() as u64),
        };
        let budget = Budget::new(Limits::default(), size);
        let mut descent = Descent::new(self, &budget, goes_on, &mut into);
        descent.buffers = std::mem::take(buffer.spare());
        let path = whence.origin.path().map(|path| path.to_string_lossy()).unwrap_or_default();
        match &mut from {
            Bytes::Stream(stream) => {
                let mut all = Cursor::new(begun).chain(&mut **stream);
                descent.open(sort, &path, Input::Stream(&mut all), whence);
            }
            Bytes::File(file) => match file.rewind() {
                Ok(()) => descent.open(sort, &path, Input::Seek(*file), whence),
                Err(error) => descent.failed(whence.origin, &error),
            },
            Bytes::Held(bytes) => {
                descent.open(sort, &path, Input::Seek(&mut Cursor::new(*bytes)), whence);
            }
        }
        let Descent { met, stopped, buffers, .. } = descent;
        *buffer.spare() = buffers;
        into.ended = if stopped { Ended::Stopped } else { Ended::Whole(size.unwrap_or_default()) };
        // What only looks like an archive, and gives nothing, is text.
        if met == 0 && !into.within.is_empty() {
            match &mut from {
                Bytes::File(file) => {
                    if file.rewind().is_ok() {
                        self.reading(whence, kept, &mut into).text(*file, buffer, goes_on);
                    }
                }
                Bytes::Held(bytes) => {
                    self.reading(whence, kept, &mut into).text(&mut &**bytes, buffer, goes_on);
                }
                Bytes::Stream(_) => {}
            }
        }
        into
    }

    /// Who keeps what is at `origin`. In a second look that is asked only where something is found.
    pub fn kept(&self, origin: &Origin) -> Vec<Kept<'c>> {
        let asks = !self.as_text && !self.detector.only_traces();
        if asks { self.places.at_origin(origin) } else { Vec::new() }
    }

    /// Whether content without a path is to be read as a file is, since looking at it as text does not tell
    /// all: it holds members, servers or variables.
    pub fn reads_more(&self, bytes: &[u8]) -> bool {
        let holds_members = || Sort::of(&bytes[..bytes.len().min(512)], "").is_some();
        !self.as_text && (holds_members() || likely_name(bytes).is_some())
    }

    /// Reads content of which no path is known.
    pub fn unnamed(
        &self,
        bytes: &[u8],
        buffer: &mut Buffer,
        goes_on: &mut dyn FnMut(u64) -> bool,
    ) -> Inspected {
        let origin = Origin::file(likely_name(bytes).unwrap_or("-"));
        let whence = Whence { origin: &origin, logical: "" };
        self.read(Bytes::Held(bytes), whence, buffer, goes_on)
    }

    /// The reading of one stream of its own.
    const fn reading<'r>(
        &'r self,
        whence: Whence<'r>,
        kept: &'r [Kept<'c>],
        into: &'r mut Inspected,
    ) -> Reading<'r, 'i, 'c> {
        Reading { inspector: self, whence, kept, cell: None, holder: None, into }
    }
}
