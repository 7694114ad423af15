//! What holds several things: archives, compressed files, images and databases, member by member.

use std::collections::HashSet;
use std::fs::File;
use std::io::{Cursor, Read, Seek};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use crate::detect;
use crate::holders::Kept;
use crate::inspect::chunk::Reading;
use crate::inspect::{Inspected, Inspector, Whence};
use crate::model::{Finding, Holder, HolderKind, IssueKind, Origin};
use crate::source::unpack::image::{self, Image};
use crate::source::unpack::{self, Budget, Container, Cut, Format, Input, Member, TroubleKind};
use crate::source::unpack::{ReadSeek, sqlite};
use crate::source::{Buffer, Ended};

/// What sort of thing holds members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Archive(Format),
    Database,
}

impl Sort {
    /// What begins with `head` and is called `name`; none if it holds no members.
    pub(super) fn of(head: &[u8], name: &str) -> Option<Self> {
        if sqlite::recognise(head) {
            return Some(Self::Database);
        }
        unpack::recognise(head, name).map(Self::Archive)
    }
}

/// The way down from an outermost file.
pub(super) struct Descent<'d, 'i, 'c> {
    pub(super) inspector: &'d Inspector<'i, 'c>,
    pub(super) budget: &'d Budget,
    /// Room for streams within streams.
    pub(super) buffers: Vec<Buffer>,
    pub(super) goes_on: &'d mut dyn FnMut(u64) -> bool,
    pub(super) into: &'d mut Inspected,
    /// The layer that all is in.
    pub(super) holder: Option<Holder>,
    /// Members met so far.
    pub(super) met: u64,
    pub(super) stopped: bool,
}

/// The most of a database that comes as a stream, in bytes.
const MOST_HELD: u64 = 64 << 20;

impl<'d, 'i, 'c> Descent<'d, 'i, 'c> {
    /// A way down for which nothing was read yet.
    pub(super) fn new(
        inspector: &'d Inspector<'i, 'c>,
        budget: &'d Budget,
        goes_on: &'d mut dyn FnMut(u64) -> bool,
        into: &'d mut Inspected,
    ) -> Self {
        let (buffers, holder) = (Vec::new(), None);
        Self { inspector, budget, buffers, goes_on, into, holder, met: 0, stopped: false }
    }

    /// Reads all members of `input`, which is called `name`.
    pub(super) fn open<'x>(
        &mut self,
        sort: Sort,
        name: &'x str,
        input: Input<'x>,
        whence: Whence<'_>,
    ) {
        match sort {
            Sort::Archive(format) => self.archive(format, name, input, whence),
            Sort::Database => self.database(input, whence),
        }
    }

    fn archive<'x>(
        &mut self,
        format: Format,
        name: &'x str,
        mut input: Input<'x>,
        whence: Whence<'_>,
    ) {
        let images = match &mut input {
            Input::Seek(from) if format == Format::Tar => {
                let images = image::describe(*from, self.budget);
                if from.rewind().is_err() { Vec::new() } else { images }
            }
            _ => Vec::new(),
        };
        let budget = self.budget;
        let container = Container { format, name, input };
        let troubles = unpack::each_member(container, budget, &mut |mut member| {
            self.met += 1;
            self.member(&mut member, whence, &images);
            if self.stopped { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        for trouble in troubles {
            let origin = match &trouble.member {
                Some(member) => whence.origin.member(member),
                None => whence.origin.clone(),
            };
            self.into.trouble(origin, kind(trouble.kind), trouble.what);
        }
    }

    /// Notes that what is at `origin` could not be read.
    pub(super) fn failed(&mut self, origin: &Origin, error: &std::io::Error) {
        self.into.trouble(origin.clone(), IssueKind::Unreadable, error.to_string());
    }

    fn member(&mut self, member: &mut Member<'_>, outer: Whence<'_>, images: &[Image]) {
        let origin = outer.origin.member(&member.name);
        let logical = format!("{}!/{}", outer.logical, member.name);
        let whence = Whence { origin: &origin, logical: &logical };
        let layer = layer(images, &member.name);
        let around = layer.map(|layer| self.holder.replace(layer));
        match member.format {
            Some(format) => {
                let input = Input::Stream(&mut *member.from);
                self.open(Sort::Archive(format), &member.name, input, whence);
            }
            None => self.stream(&mut *member.from, whence),
        }
        if let Some(around) = around {
            self.holder = around;
        }
    }

    /// Reads a member that is no archive.
    fn stream(&mut self, from: &mut dyn Read, whence: Whence<'_>) {
        let kept = self.inspector.kept(whence.origin);
        if kept.iter().any(Kept::is_sealed_key) {
            self.into.keys.extend(whence.origin.path().map(Path::to_owned));
        }
        let mut buffer = self.buffers.pop().unwrap_or_default();
        let met = self.reading(whence, &kept, None, |reading, goes_on| {
            reading.stream(from, &mut buffer, goes_on)
        });
        match met {
            None => self.end(whence.origin),
            Some((sort, begun)) => {
                let begun = buffer.filled(begun).to_vec();
                let mut rest = Cursor::new(begun).chain(from);
                let name = whence.origin.path().map(|path| path.to_string_lossy().into_owned());
                let name = name.unwrap_or_default();
                self.open(sort, &name, Input::Stream(&mut rest), whence);
            }
        }
        self.buffers.push(buffer);
    }

    fn reading<R>(
        &mut self,
        whence: Whence<'_>,
        kept: &[Kept<'c>],
        cell: Option<&str>,
        read: impl FnOnce(&mut Reading<'_, '_, 'c>, &mut dyn FnMut(u64) -> bool) -> R,
    ) -> R {
        let mut reading = Reading {
            inspector: self.inspector,
            whence,
            kept,
            cell,
            holder: self.holder.as_ref(),
            into: self.into,
        };
        read(&mut reading, self.goes_on)
    }

    /// Takes note of how a member's stream ended.
    fn end(&mut self, origin: &Origin) {
        match std::mem::replace(&mut self.into.ended, Ended::Whole(0)) {
            Ended::Whole(_) => {}
            Ended::Stopped => self.stopped = true,
            // What cut it is among the troubles of its container.
            Ended::Failed(_, error) if Cut::of(&error).is_some() => {}
            Ended::Failed(_, error) => {
                self.failed(origin, &error);
            }
        }
    }

    fn database(&mut self, input: Input<'_>, whence: Whence<'_>) {
        match input {
            Input::Seek(mut db) => self.rows(&mut db, whence),
            Input::Stream(from) => {
                let mut held = Vec::new();
                if let Err(error) = from.take(MOST_HELD + 1).read_to_end(&mut held)
                    && Cut::of(&error).is_none()
                {
                    self.failed(whence.origin, &error);
                }
                if held.len() as u64 > MOST_HELD {
                    let message =
                        format!("a database of more than {} MiB in another file", MOST_HELD >> 20);
                    self.into.trouble(whence.origin.clone(), IssueKind::Limit, message);
                }
                self.rows(&mut Cursor::new(held), whence);
            }
        }
    }

    /// Reads the values of all rows, and then what is left of others between them.
    fn rows(&mut self, db: &mut dyn ReadSeek, whence: Whence<'_>) {
        let kept = self.inspector.kept(whence.origin);
        let mut log = log_of(whence.origin);
        let log = log.as_mut().map(|log| -> &mut dyn sqlite::ReadSeek { log });
        let first = self.into.findings.len();
        let mut buffer = self.buffers.pop().unwrap_or_default();
        let mut db = db;
        let troubles = sqlite::each_cell(&mut db, log, &sqlite::Limits::default(), &mut |cell| {
            self.met += 1;
            self.cell(&cell, (whence, &kept), &mut buffer);
            if self.stopped { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        for trouble in troubles {
            let kind = match trouble.kind {
                sqlite::Kind::Limit => IssueKind::Limit,
                sqlite::Kind::Encrypted => IssueKind::Encrypted,
                sqlite::Kind::Damaged => IssueKind::Malformed,
                sqlite::Kind::Unsupported => IssueKind::Unreadable,
            };
            self.into.trouble(whence.origin.clone(), kind, trouble.what);
        }
        if !self.stopped && db.rewind().is_ok() {
            self.left(db, (whence, &kept), first, &mut buffer);
        }
        self.buffers.push(buffer);
    }

    fn cell(
        &mut self,
        cell: &sqlite::Cell<'_>,
        (whence, kept): (Whence<'_>, &[Kept<'c>]),
        buffer: &mut Buffer,
    ) {
        let mut bytes = cell.bytes;
        let head = &bytes[..bytes.len().min(512)];
        if let Some(sort) = Sort::of(head, "") {
            let origin = whence.origin.member(cell.name);
            let logical = format!("{}!/{}", whence.logical, cell.name);
            let whence = Whence { origin: &origin, logical: &logical };
            return self.open(sort, cell.name, Input::Seek(&mut Cursor::new(bytes)), whence);
        }
        self.reading(whence, kept, Some(cell.name), |reading, goes_on| {
            reading.text(&mut bytes, buffer, goes_on);
        });
        self.end(whence.origin);
    }

    /// Looks at a database's bytes as they lie: what was deleted may still stand there. What the rows told,
    /// from the finding numbered `first` on, is not told again.
    fn left(
        &mut self,
        mut db: &mut dyn ReadSeek,
        (whence, kept): (Whence<'_>, &[Kept<'c>]),
        first: usize,
        buffer: &mut Buffer,
    ) {
        let told = self.into.findings.len();
        self.reading(whence, kept, None, |reading, goes_on| {
            reading.text(&mut db, buffer, goes_on);
        });
        self.end(whence.origin);
        let left = self.into.findings.split_off(told);
        let rows: HashSet<_> = self.into.findings[first..]
            .iter()
            .map(|row| (row.secret_id, row.rule.clone()))
            .collect();
        let is_new = |left: &Finding| !rows.contains(&(left.secret_id, left.rule.clone()));
        let left: Vec<_> = left.into_iter().filter(is_new).collect();
        self.into.findings.extend(left);
    }
}

/// The write-ahead log beside a database that is a file.
fn log_of(origin: &Origin) -> Option<File> {
    let Origin::File(path) = origin else { return None };
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    let path = PathBuf::from(name);
    let own = path.symlink_metadata().is_ok_and(|about| about.is_file());
    own.then(|| File::open(path).ok()).flatten()
}

/// The holder of what lies in a member, if that is a layer of an image or its configuration.
fn layer(images: &[Image], member: &str) -> Option<Holder> {
    let plain = member.strip_prefix("./").unwrap_or(member);
    images.iter().find_map(|image| {
        let of = |what: String| {
            let image = image.name.as_ref().map(|name| format!(" of {name}")).unwrap_or_default();
            let name = Some(format!("{what}{image}"));
            let holder = Holder::of(HolderKind::Image, "container-image".into(), "".into());
            Some(Holder { name, ..holder })
        };
        if image.config == plain {
            return of("configuration".to_owned());
        }
        let n = image.layers.iter().position(|layer| layer.blob == plain)?;
        let (layer, count) = (&image.layers[n], image.layers.len());
        let step = layer.created_by.as_deref().map(step).unwrap_or_default();
        of(format!("layer {} of {count}{step}", n + 1))
    })
}

/// The instruction that made a layer, without its build arguments and without values: those may be secrets.
fn step(created_by: &str) -> String {
    const LONGEST: usize = 60;
    let text = created_by.strip_prefix("RUN ").unwrap_or(created_by);
    let text = match text.strip_prefix('|') {
        Some(arguments) => arguments.find(" /").map_or("", |at| &arguments[at + 1..]),
        None => text,
    };
    let words: String = detect::without_values(text.as_bytes()).chars().take(LONGEST).collect();
    if words.trim().is_empty() { String::new() } else { format!(", made by {}", words.trim()) }
}

const fn kind(kind: TroubleKind) -> IssueKind {
    match kind {
        TroubleKind::Limit => IssueKind::Limit,
        TroubleKind::Damaged => IssueKind::Malformed,
        TroubleKind::Encrypted => IssueKind::Encrypted,
        TroubleKind::Unsupported => IssueKind::Unreadable,
    }
}
