//! Reflogs: what a reference named before.

use crate::model::ObjectId;

/// What one log tells.
pub(super) struct Log {
    /// Each change, the oldest first: what the reference named before, and then. Either may be
    /// null.
    changes: Vec<[ObjectId; 2]>,
    /// The lines that are no changes.
    pub odd: OddLines,
}

/// Lines of a file that could not be read.
#[derive(Default)]
pub(super) struct OddLines {
    count: usize,
    first: usize,
}

impl Log {
    /// Reads `old new name <mail> time zone\tmessage`, line by line.
    pub(super) fn of(text: &[u8], hash_len: usize) -> Self {
        let (mut changes, mut odd) = (Vec::new(), OddLines::default());
        for (number, line) in lines(text) {
            match change(line, hash_len) {
                Some(change) => changes.push(change),
                None => odd.note(number),
            }
        }
        Self { changes, odd }
    }

    /// What the reference named `number` changes ago.
    pub(super) fn entry(&self, number: usize) -> Option<ObjectId> {
        let oldest = || self.changes.first().map(|[old, _]| *old);
        let last = self.changes.len();
        let id = match last.checked_sub(number)? {
            0 => oldest(),
            at => Some(self.changes[at - 1][1]),
        };
        id.filter(|id| !id.is_null())
    }

    /// All ids with the numbers of their entries, the newest first; what a change replaced is taken
    /// for the entry before it, which it is unless lines are missing.
    pub(super) fn ids(&self) -> impl Iterator<Item = (usize, ObjectId)> {
        let back = self.changes.iter().rev().enumerate();
        let ids = back.flat_map(|(n, [old, new])| [(n, *new), (n + 1, *old)]);
        ids.filter(|(_, id)| !id.is_null())
    }

    /// The ids that the reference was given, the newest first.
    pub(super) fn given(&self) -> impl Iterator<Item = (usize, ObjectId)> {
        let back = self.changes.iter().rev().enumerate();
        back.map(|(n, [_, new])| (n, *new)).filter(|(_, id)| !id.is_null())
    }
}

impl OddLines {
    /// Notes one of them by its number.
    pub(super) fn note(&mut self, number: usize) {
        self.first = if self.count == 0 { number } else { self.first };
        self.count += 1;
    }

    /// What to say about them; nothing if there are none.
    pub(super) fn message(&self) -> Option<String> {
        match self.count {
            0 => None,
            1 => Some(format!("line {} cannot be understood", self.first)),
            count => Some(format!("{count} lines cannot be understood, first line {}", self.first)),
        }
    }
}

/// The lines of a file that are not empty, with their numbers from 1 on.
pub(super) fn lines(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let lines = text.split(|b| *b == b'\n').zip(1..);
    lines.map(|(line, number)| (number, line.trim_ascii_end())).filter(|(_, line)| !line.is_empty())
}

/// The id at the beginning of a line, and what comes after the space behind it.
pub(super) fn id(line: &[u8], hash_len: usize) -> Option<(ObjectId, &[u8])> {
    let (hex, rest) = line.split_at_checked(hash_len * 2)?;
    let is_over = rest.first().is_none_or(u8::is_ascii_whitespace);
    let id = is_over.then(|| ObjectId::from_hex(hex)).flatten()?;
    Some((id, rest.get(1..).unwrap_or_default()))
}

fn change(line: &[u8], hash_len: usize) -> Option<[ObjectId; 2]> {
    let (old, rest) = id(line, hash_len)?;
    let (new, _) = id(rest, hash_len)?;
    Some([old, new])
}

#[cfg(test)]
mod tests {
    use super::super::noise::Noise;
    use super::Log;

    fn line(old: u8, new: u8) -> String {
        let hex = |digit: u8| digit.to_string().repeat(40);
        format!("{} {} A <a> 1 +0000\twhy\n", hex(old), hex(new))
    }

    fn told(log: &Log) -> Vec<(usize, u8)> {
        log.ids().map(|(number, id)| (number, id.as_bytes()[0] & 15)).collect()
    }

    #[test]
    fn entries_count_from_the_newest() {
        let text = [line(0, 1), line(1, 2), "odd\n\n".to_owned(), line(2, 3)].concat();
        let log = Log::of(text.as_bytes(), 20);
        assert_eq!(told(&log), [(0, 3), (1, 2), (1, 2), (2, 1), (2, 1)]);
        let entry = |number| log.entry(number).map(|id| id.as_bytes()[0] & 15);
        assert_eq!([0, 1, 2, 3, 4].map(entry), [Some(3), Some(2), Some(1), None, None]);
        assert_eq!(log.odd.message().as_deref(), Some("line 3 cannot be understood"));
    }

    #[test]
    fn what_the_oldest_change_replaced_is_an_entry_too() {
        let log = Log::of(line(8, 9).as_bytes(), 20);
        assert_eq!(told(&log), [(0, 9), (1, 8)]);
        assert_eq!(log.entry(1).map(|id| id.as_bytes()[0]), Some(0x88));
        assert_eq!(log.given().count(), 1);
        let other = Log::of(line(8, 9).repeat(2).as_bytes(), 32);
        let message = other.odd.message();
        assert_eq!(message.as_deref(), Some("2 lines cannot be understood, first line 1"));
    }

    #[test]
    fn noise_is_borne() {
        let mut noise = Noise::new(6);
        let good = [line(0, 1), line(1, 2)].concat();
        for _ in 0..3000 {
            let log = Log::of(&noise.spoil(good.as_bytes()), 20);
            assert!(log.ids().count() <= 4);
            _ = log.entry(noise.below(9));
        }
    }
}
