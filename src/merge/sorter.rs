//! Sorting more records than memory holds: sorted runs in one nameless file, merged as they are read.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;

/// How many bytes are held before they are sorted and written out.
const HELD: usize = 24 << 20;

/// How many bytes all runs together are read ahead.
const AHEAD: usize = 24 << 20;

/// The longest record.
const LONGEST: usize = 64 << 20;

/// The lengths of key and body.
const LENGTHS: usize = 8;

/// Takes records in any order. The same records come out in the same order, however they were put in.
pub(super) struct Sorter {
    held: Vec<u8>,
    // The key's first bytes, which settle most comparisons, and where the record begins.
    index: Vec<(u64, usize)>,
    most: usize,
    file: File,
    runs: Vec<Range<u64>>,
}

/// Records that were sorted; they can be walked through more than once.
pub(super) struct Sorted {
    file: File,
    runs: Vec<Range<u64>>,
}

/// A walk through sorted records.
pub(super) struct Walk<'s> {
    file: &'s File,
    runs: Vec<Run>,
    heads: BinaryHeap<Reverse<Head>>,
    last: Record,
}

/// A key, by which records are sorted, and what belongs to it.
#[derive(Default)]
pub(super) struct Record {
    bytes: Vec<u8>,
    key: usize,
}

impl Record {
    /// The key.
    pub(super) fn key(&self) -> &[u8] {
        self.bytes.get(..self.key).unwrap_or_default()
    }

    /// The rest.
    pub(super) fn body(&self) -> &[u8] {
        self.bytes.get(self.key..).unwrap_or_default()
    }
}

impl Sorter {
    /// A sorter that holds little memory and writes into the folder for temporary files.
    pub(super) fn new() -> io::Result<Self> {
        Self::holding(HELD)
    }

    /// A sorter that holds `most` bytes.
    pub(super) fn holding(most: usize) -> io::Result<Self> {
        let file = tempfile::tempfile()?;
        Ok(Self { held: Vec::new(), index: Vec::new(), most, file, runs: Vec::new() })
    }

    /// Takes a record.
    pub(super) fn push(&mut self, key: &[u8], body: &[u8]) -> io::Result<()> {
        let size = key.len().saturating_add(body.len());
        if size > LONGEST {
            return Err(io::Error::other("a record is too long to be sorted"));
        }
        let used = self.held.len() + self.index.len() * size_of::<(u64, usize)>();
        if !self.held.is_empty() && used + size + LENGTHS > self.most {
            self.spill()?;
        }
        self.index.push((first(key), self.held.len()));
        // Both fit: they are below the longest record.
        self.held.extend((key.len() as u32).to_le_bytes());
        self.held.extend((body.len() as u32).to_le_bytes());
        self.held.extend(key);
        self.held.extend(body);
        Ok(())
    }

    /// All records, sorted.
    pub(super) fn finish(mut self) -> io::Result<Sorted> {
        self.spill()?;
        Ok(Sorted { file: self.file, runs: self.runs })
    }

    fn spill(&mut self) -> io::Result<()> {
        if self.index.is_empty() {
            return Ok(());
        }
        let held = &self.held;
        let parts = |at: usize| {
            let (lengths, rest) = held.get(at..)?.split_first_chunk::<LENGTHS>()?;
            let (key, body) = split(*lengths);
            Some((rest.get(..key)?, rest.get(key..key + body)?))
        };
        self.index.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| parts(a.1).cmp(&parts(b.1))));
        let start = self.file.stream_position()?;
        let mut out = io::BufWriter::with_capacity(1 << 18, &self.file);
        for &(_, at) in &self.index {
            let Some((key, body)) = parts(at) else { continue };
            let end = at + LENGTHS + key.len() + body.len();
            out.write_all(held.get(at..end).unwrap_or_default())?;
        }
        out.flush()?;
        drop(out);
        self.runs.push(start..self.file.stream_position()?);
        self.held.clear();
        self.index.clear();
        Ok(())
    }
}

/// The first bytes of `key`, in an order that agrees with the order of keys.
fn first(key: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    bytes.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    u64::from_be_bytes(bytes)
}

fn split(lengths: [u8; LENGTHS]) -> (usize, usize) {
    let [a, b, c, d, e, f, g, h] = lengths;
    (u32::from_le_bytes([a, b, c, d]) as usize, u32::from_le_bytes([e, f, g, h]) as usize)
}

impl Sorted {
    /// A walk from the start.
    pub(super) fn walk(&self) -> io::Result<Walk<'_>> {
        let ahead = (AHEAD / self.runs.len().max(1)).clamp(4 << 10, 256 << 10);
        let runs = self.runs.iter();
        let runs: Vec<_> =
            runs.map(|run| Run { rest: run.clone(), ahead, held: Vec::new(), at: 0 }).collect();
        let mut walk =
            Walk { file: &self.file, runs, heads: BinaryHeap::new(), last: Record::default() };
        for run in 0..walk.runs.len() {
            let mut record = Record::default();
            if walk.runs[run].next(walk.file, &mut record)? {
                walk.heads.push(Reverse(Head { record, run }));
            }
        }
        Ok(walk)
    }
}

impl Walk<'_> {
    /// The next record.
    pub(super) fn next(&mut self) -> io::Result<Option<&Record>> {
        let Some(mut top) = self.heads.peek_mut() else { return Ok(None) };
        let Reverse(Head { record, run }) = &mut *top;
        std::mem::swap(&mut self.last, record);
        let more = match self.runs.get_mut(*run) {
            Some(run) => run.next(self.file, record)?,
            None => false,
        };
        if !more {
            PeekMut::pop(top);
        }
        Ok(Some(&self.last))
    }
}

/// The part of the file that one run takes, and what was read of it.
struct Run {
    rest: Range<u64>,
    ahead: usize,
    held: Vec<u8>,
    at: usize,
}

impl Run {
    /// Reads the next record into `record`; false at the end.
    fn next(&mut self, file: &File, record: &mut Record) -> io::Result<bool> {
        if self.held.len() == self.at && self.rest.is_empty() {
            return Ok(false);
        }
        self.have(LENGTHS, file)?;
        let lengths = self.held.get(self.at..).and_then(|rest| rest.first_chunk::<LENGTHS>());
        let (key, body) = split(*lengths.ok_or(io::ErrorKind::UnexpectedEof)?);
        self.have(LENGTHS + key + body, file)?;
        let start = self.at + LENGTHS;
        record.bytes.clear();
        record.bytes.extend(self.held.get(start..start + key + body).unwrap_or_default());
        record.key = key;
        self.at = start + key + body;
        Ok(true)
    }

    /// Sees to it that `count` bytes are held.
    fn have(&mut self, count: usize, mut file: &File) -> io::Result<()> {
        if self.held.len() - self.at >= count {
            return Ok(());
        }
        self.held.drain(..self.at);
        self.at = 0;
        let missing = count.saturating_sub(self.held.len());
        let size = (missing.max(self.ahead) as u64).min(self.rest.end - self.rest.start);
        file.seek(SeekFrom::Start(self.rest.start))?;
        file.take(size).read_to_end(&mut self.held)?;
        self.rest.start += size;
        if self.held.len() < count { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }
}

/// The next record of a run.
struct Head {
    record: Record,
    run: usize,
}

impl Ord for Head {
    fn cmp(&self, other: &Self) -> Ordering {
        let by = |head: &Self| head.run;
        (self.record.key().cmp(other.record.key()))
            .then_with(|| self.record.body().cmp(other.record.body()))
            .then(by(self).cmp(&by(other)))
    }
}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Head {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Head {}

#[cfg(test)]
mod tests {
    use super::Sorter;
    use crate::merge::trial::Dice;

    #[test]
    fn what_goes_in_comes_out_sorted() {
        let mut dice = Dice::new(1);
        for most in [1, 100, 5000, 1 << 20] {
            let mut sorter = Sorter::holding(most).expect("a file");
            let mut all = Vec::new();
            for _ in 0..300 {
                let (key, body) =
                    (vec![7; dice.below(12)], vec![dice.below(256) as u8; dice.below(40)]);
                let key: Vec<u8> = key.iter().map(|_| dice.below(3) as u8).collect();
                sorter.push(&key, &body).expect("pushed");
                all.push((key, body));
            }
            all.sort();
            let sorted = sorter.finish().expect("sorted");
            for _ in 0..2 {
                let mut walk = sorted.walk().expect("a walk");
                let mut seen = Vec::new();
                while let Some(record) = walk.next().expect("read") {
                    seen.push((record.key().to_vec(), record.body().to_vec()));
                }
                assert_eq!(seen, all, "{most}");
            }
        }
    }

    #[test]
    fn nothing_is_sorted_too() {
        let sorted = Sorter::new().and_then(Sorter::finish).expect("sorted");
        assert!(sorted.walk().expect("a walk").next().expect("read").is_none());
    }
}
