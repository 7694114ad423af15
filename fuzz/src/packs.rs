//! Packs out of the fuzzer's bytes: they need lengths, checksums and an index, which no mutation comes upon.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

/// How many bytes an id has.
pub const HASH_LEN: usize = 20;

/// The most bytes of an object.
const MOST: usize = 1 << 20;

/// A pack and its index.
pub struct Made {
    /// The pack.
    pub pack: Vec<u8>,
    /// Its index.
    pub index: Vec<u8>,
    /// Whether both are as they were made: each object has a place and a name of its own.
    pub sound: bool,
}

/// Makes a pack of `data`. The first byte says how: the rest is index and pack as they are, or entries, or
/// entries and four bytes that say what to spoil. None if objects were to become too large.
pub fn make(data: &[u8]) -> Option<Made> {
    let (how, rest) = data.split_first()?;
    match how % 3 {
        0 => raw(rest),
        1 => entries(rest),
        _ => {
            let (rest, spoil) = rest.split_last_chunk::<4>()?;
            entries(rest).map(|made| spoilt(made, *spoil))
        }
    }
}

fn raw(data: &[u8]) -> Option<Made> {
    let (length, rest) = data.split_first_chunk()?;
    let (index, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
    let pack = [b"PACK\0\0\0\x02", rest].concat();
    Some(Made { pack, index: index.to_vec(), sound: false })
}

fn spoilt(mut made: Made, [high, low, file, bits]: [u8; 4]) -> Made {
    let bytes = if file % 2 == 0 { &mut made.pack } else { &mut made.index };
    let at = usize::from(u16::from_be_bytes([high, low])) % bytes.len();
    bytes[at] ^= bits;
    Made { sound: false, ..made }
}

/// Entries of a sort, a base, a length and as many bytes: content, instructions of a delta, a delta, or an
/// entry as it is. A sort's highest bit makes its size a lie.
fn entries(mut data: &[u8]) -> Option<Made> {
    let mut writer = Writer::default();
    while let Some(([sort, base, length], rest)) = data.split_first_chunk() {
        let (text, rest) = rest.split_at(rest.len().min(usize::from(*length)));
        writer.entry(*sort, *base, text);
        data = rest;
        if writer.lengths.last().is_some_and(|length| *length > MOST) {
            return None;
        }
    }
    let header = [&b"PACK\0\0\0\x02"[..], &(writer.offsets.len() as u32).to_be_bytes()].concat();
    let pack = [header, writer.bytes, vec![0; HASH_LEN]].concat();
    Some(Made { pack, index: index(&writer.offsets), sound: writer.offsets.len() <= 256 })
}

const HEADER: usize = 12;

#[derive(Default)]
struct Writer {
    bytes: Vec<u8>,
    /// Where each entry begins in the pack.
    offsets: Vec<usize>,
    /// How long each object is, if it is one.
    lengths: Vec<usize>,
}

impl Writer {
    fn entry(&mut self, sort: u8, base: u8, text: &[u8]) {
        let at = HEADER + self.bytes.len();
        let known = usize::from(base).checked_rem(self.offsets.len());
        let distance = distance(known.map_or(at, |n| at - self.offsets[n]));
        let base_length = known.map_or(0, |n| self.lengths[n]);
        let length = made_by(text);
        let told = || [number(base_length), number(length), text.to_vec()].concat();
        let name = known.map_or(base, |n| n as u8);
        let (length, kind, whence, held) = match sort & 7 {
            sort @ 0..=3 => (text.len(), sort + 1, Vec::new(), text.to_vec()),
            4 => (length, 6, distance, told()),
            5 => (length, 7, vec![name; HASH_LEN], told()),
            6 => (0, 7, vec![base; HASH_LEN], text.to_vec()),
            _ => (0, 0, Vec::new(), Vec::new()),
        };
        self.offsets.push(at);
        self.lengths.push(length);
        if kind == 0 {
            return self.bytes.extend(text);
        }
        let lie = if sort & 128 == 0 { 0 } else { 1_u64 << (sort >> 3 & 15) << (base & 31) };
        self.bytes.extend(head(kind, held.len() as u64 ^ lie));
        self.bytes.extend(whence);
        self.bytes.extend(deflated(&held));
    }
}

/// How much the instructions of a delta make.
fn made_by(code: &[u8]) -> usize {
    let (mut at, mut made) = (0, 0);
    while let Some(&op) = code.get(at) {
        at += 1;
        if op & 128 == 0 {
            at += usize::from(op);
            made += usize::from(op);
            continue;
        }
        at += (op & 15).count_ones() as usize;
        let mut length = 0;
        for n in (0..3).filter(|n| op >> (4 + n) & 1 == 1) {
            length |= usize::from(code.get(at).copied().unwrap_or_default()) << (8 * n);
            at += 1;
        }
        made += if length == 0 { 0x10000 } else { length };
    }
    made
}

fn head(kind: u8, size: u64) -> Vec<u8> {
    let first = kind << 4 | (size & 15) as u8;
    if size >> 4 == 0 {
        vec![first]
    } else {
        [vec![first | 128], number((size >> 4) as usize)].concat()
    }
}

fn number(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number > 127 {
        bytes.push(number as u8 | 128);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

fn distance(mut distance: usize) -> Vec<u8> {
    let mut bytes = vec![(distance & 127) as u8];
    while distance > 127 {
        distance = (distance >> 7) - 1;
        bytes.insert(0, distance as u8 | 128);
    }
    bytes
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut to = ZlibEncoder::new(Vec::new(), Compression::fast());
    to.write_all(bytes).expect("memory takes everything");
    to.finish().expect("memory takes everything")
}

/// An index of version 2: entry `n` is of the object whose id is `n` in every byte.
fn index(offsets: &[usize]) -> Vec<u8> {
    let count = offsets.len().min(256);
    let mut index = b"\xfftOc\0\0\0\x02".to_vec();
    (1..=256).for_each(|n: usize| index.extend((n.min(count) as u32).to_be_bytes()));
    (0..count).for_each(|n| index.extend([n as u8; HASH_LEN]));
    index.extend(vec![0; 4 * count]);
    offsets[..count].iter().for_each(|at| index.extend((*at as u32).to_be_bytes()));
    index.extend([0; 2 * HASH_LEN]);
    index
}
