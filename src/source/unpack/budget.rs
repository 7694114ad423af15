//! How much may be unpacked of one outermost file, and how much of that is left.

use std::cell::Cell;
use std::time::{Duration, Instant};

use super::Format;

/// What bounds the unpacking of one outermost file.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How many archives may lie in one another; as many compressed files may lie between them.
    pub depth: u8,
    /// Bytes of one member that are read; also what is held of a container that must be held whole.
    pub member: u64,
    /// Bytes of all members together that are read, those aside that lie uncompressed in their archive.
    pub total: u64,
    /// How many times its compressed size a member may have, after its first MiB.
    pub member_ratio: u64,
    /// How many times the size of the outermost file all members may have, after the first 64 MiB.
    pub total_ratio: u64,
    /// Members of all containers together.
    pub members: u32,
    /// Time from the first container to the last.
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 5,
            member: 64 << 20,
            total: 1 << 30,
            member_ratio: 200,
            total_ratio: 100,
            members: 100_000,
            time: Duration::from_secs(60),
        }
    }
}

/// A limit that was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Limit {
    Depth,
    Member,
    MemberRatio,
    Total,
    TotalRatio,
    Members,
    Time,
}

/// Up to here a member's ratio does not count.
const SMALL_MEMBER: u64 = 1 << 20;

/// Up to here the ratio of all members does not count.
const SMALL_TOTAL: u64 = 64 << 20;

/// What is left of the limits of one outermost file, for it and all containers in it.
pub struct Budget {
    limits: Limits,
    size: Option<u64>,
    since: Instant,
    expanded: Cell<u64>,
    members: Cell<u32>,
    archives: Cell<u8>,
    singles: Cell<u8>,
    over: Cell<Option<Limit>>,
    told: Cell<bool>,
}

impl Budget {
    /// All of the limits for an outermost file of that size, if it is known. Time runs from here.
    pub fn new(limits: Limits, size: Option<u64>) -> Self {
        Self {
            limits,
            size,
            since: Instant::now(),
            expanded: Cell::new(0),
            members: Cell::new(0),
            archives: Cell::new(0),
            singles: Cell::new(0),
            over: Cell::new(None),
            told: Cell::new(false),
        }
    }

    /// Whether the outermost file's limits are used up, so that nothing more of it is read.
    pub fn is_over(&self) -> bool {
        self.over.get().is_some()
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The limit that ended it all, if time or another one did.
    pub(super) fn over(&self) -> Option<Limit> {
        if self.over.get().is_none() && self.since.elapsed() > self.limits.time {
            self.over.set(Some(Limit::Time));
        }
        self.over.get()
    }

    /// Whether the limit that ended it all must still be told; true once.
    pub(super) fn tell(&self) -> bool {
        !self.told.replace(true)
    }

    /// Goes one deeper for as long as the guard lives.
    pub(super) fn enter(&self, format: Format) -> Option<Deeper<'_>> {
        let level = if format.is_single() { &self.singles } else { &self.archives };
        if level.get() >= self.limits.depth {
            return None;
        }
        level.set(level.get() + 1);
        Some(Deeper(level))
    }

    /// Counts a member.
    pub(super) fn meet(&self) -> Option<Limit> {
        if self.members.get() >= self.limits.members {
            self.end(Limit::Members);
        }
        self.members.set(self.members.get().saturating_add(1));
        self.over()
    }

    /// Ends it all.
    pub(super) fn end(&self, limit: Limit) {
        if self.over.get().is_none() {
            self.over.set(Some(limit));
        }
    }

    /// Counts bytes that were made by decompression.
    pub(super) fn expand(&self, bytes: u64) {
        let expanded = self.expanded.get().saturating_add(bytes);
        self.expanded.set(expanded);
        let most = self.size.map_or(u64::MAX, |s| s.saturating_mul(self.limits.total_ratio));
        if expanded >= self.limits.total {
            self.end(Limit::Total);
        } else if expanded > SMALL_TOTAL && expanded > most {
            self.end(Limit::TotalRatio);
        }
    }

    /// Whether `made` bytes out of `taken` are more than a member may grow.
    pub(super) fn swells(&self, made: u64, taken: u64) -> bool {
        made > SMALL_MEMBER && made > taken.saturating_mul(self.limits.member_ratio)
    }

    /// What is said of a limit.
    pub(super) fn says(&self, limit: Limit) -> String {
        let Limits { depth, member, total, member_ratio, total_ratio, members, time } = self.limits;
        match limit {
            Limit::Depth => format!("it lies deeper than {depth} containers"),
            Limit::Member => format!("what lies after its first {} is not read", size(member)),
            Limit::MemberRatio => format!("it unpacks to more than {member_ratio} times its size"),
            Limit::Total => {
                format!("no more than {} of the outermost file are unpacked", size(total))
            }
            Limit::TotalRatio => {
                format!("the outermost file unpacks to more than {total_ratio} times its size")
            }
            Limit::Members => format!("no more than {members} members are read"),
            Limit::Time => format!("unpacking took longer than {} s", time.as_secs()),
        }
    }
}

fn size(bytes: u64) -> String {
    match bytes {
        0..0x400 => format!("{bytes} bytes"),
        0x400..0x10_0000 => format!("{} KiB", bytes >> 10),
        0x10_0000..0x4000_0000 => format!("{} MiB", bytes >> 20),
        _ => format!("{} GiB", bytes >> 30),
    }
}

/// One level of depth, given back when dropped.
pub(super) struct Deeper<'b>(&'b Cell<u8>);

impl Drop for Deeper<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get().saturating_sub(1));
    }
}
