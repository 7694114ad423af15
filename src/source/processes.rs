//! Running processes of one's own user: what they were started with, and what their environment holds.
//!
//! Only what the system tells anyone who asks is read: no process is attached to, stopped or written to.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;

use std::collections::{BTreeMap, BTreeSet};
use std::iter;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

#[cfg(not(target_os = "linux"))]
use elsewhere as system;
#[cfg(target_os = "linux")]
use linux as system;

/// The most that is read of a process's arguments, and of its environment, in bytes.
const LONGEST: usize = 4 << 20;

/// A running process.
pub struct Process {
    /// Its number.
    pub pid: u32,
    /// The number of the process that started it; 0 if none is known.
    pub parent: u32,
    /// What the system calls it; where that is cut short, the name that it was started by.
    pub name: String,
    /// What it was started with, the name first: each ends in a zero byte.
    pub arguments: Zeroizing<Vec<u8>>,
    /// Its environment as it was when it started: each variable ends in a zero byte.
    pub environment: Zeroizing<Vec<u8>>,
    /// The program that it runs, if that is known.
    pub program: Option<PathBuf>,
    /// Whether it is this very process.
    pub own: bool,
}

/// Something of a process that was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The process's number; 0 if not even a list of processes was to be had.
    pub pid: u32,
    /// Its name, if known.
    pub name: String,
    /// What was not read, and why: `environment: permission denied`.
    pub why: String,
}

/// Visits all processes that belong to the user whose rights this one has, in the order of their numbers;
/// tells of what could not be read or was cut. A process of which a part could not be read is visited with
/// the rest; one that ends meanwhile is passed over. To the superuser, too, only the superuser's own are
/// shown. `root` is where Linux lists processes, `/proc`; other systems have no such place and ignore it.
pub fn each_process(root: &Path, visit: &mut dyn FnMut(Process) -> ControlFlow<()>) -> Vec<Unread> {
    system::each_process(root, visit)
}

/// The process that started `pid`, the one that started that, and so on, by a list of processes and their
/// parents; ends where the list does, or where it goes in a circle.
pub fn ancestry(all: &BTreeMap<u32, u32>, pid: u32) -> impl Iterator<Item = u32> {
    let mut seen = BTreeSet::from([pid]);
    let parent = |pid: &u32| all.get(pid).copied().filter(|&parent| parent > 0);
    iter::successors(parent(&pid), move |pid| parent(pid)).take_while(move |&pid| seen.insert(pid))
}

/// Bytes that are wiped, with no copy left behind by their growth, and whether more were not taken.
#[derive(Default)]
struct Secret {
    bytes: Zeroizing<Vec<u8>>,
    cut: bool,
}

impl Secret {
    /// Makes room for `more` bytes, as far as there may be any, and tells for how many there is room.
    fn reserve(&mut self, more: usize) -> usize {
        let needed = self.bytes.len().saturating_add(more).min(LONGEST);
        if needed > self.bytes.capacity() {
            let mut larger = Vec::with_capacity(needed.max(2 * self.bytes.capacity()).min(LONGEST));
            larger.extend_from_slice(&self.bytes);
            self.bytes = Zeroizing::new(larger);
        }
        needed - self.bytes.len()
    }

    /// Adds `piece`, as far as it may grow.
    fn add(&mut self, piece: &[u8]) {
        let room = self.reserve(piece.len());
        self.cut |= room < piece.len();
        self.bytes.extend_from_slice(&piece[..room.min(piece.len())]);
    }
}

/// The last part of the path that a process was started by.
fn base_name(arguments: &[u8]) -> String {
    let first = arguments.split(|&byte| byte == 0).next().unwrap_or_default();
    let is_edge = |byte: &u8| *byte == b'/' || (cfg!(windows) && *byte == b'\\');
    let base = first.rsplit(is_edge).next().unwrap_or_default();
    String::from_utf8_lossy(base).into_owned()
}

/// What is told of a part that is longer than is read.
fn cut(part: &str) -> String {
    format!("{part}: longer than {} MiB, the rest was left out", LONGEST >> 20)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{LONGEST, Secret, ancestry};

    #[test]
    fn ancestors_are_named_once_even_in_a_circle() {
        let all = BTreeMap::from([(9, 5), (5, 2), (2, 1), (1, 0), (20, 21), (21, 22), (22, 21)]);
        let of = |pid| ancestry(&all, pid).collect::<Vec<u32>>();
        assert_eq!(of(9), [5, 2, 1]);
        assert_eq!(of(20), [21, 22]);
        assert_eq!(of(21), [22]);
        assert!(of(1).is_empty() && of(77).is_empty());
    }

    #[test]
    fn secrets_grow_to_their_limit() {
        let mut secret = Secret::default();
        for n in 0..5 {
            secret.add(&vec![n; 1 << 20]);
            assert_eq!(secret.cut, n == 4);
        }
        assert_eq!((secret.bytes.len(), secret.bytes.last()), (LONGEST, Some(&3)));
    }
}
