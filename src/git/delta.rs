//! Deltas: an object told as copies from another and what is new in it (gitformat-pack).

use crate::git::Damage;
use crate::model::Piece;

/// The two sizes that stand before the instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// Bytes of the base.
    pub base: u64,
    /// Bytes of what is rebuilt.
    pub result: u64,
    /// Where the instructions begin.
    start: usize,
}

/// Up to this size of a result a delta is believed before it is followed, in bytes.
const BELIEVED: u64 = 1 << 20;

/// Reads the sizes with which `delta` begins. Where much memory would be asked for on its word, its
/// instructions are followed first, to see that it makes as much from `base` as it says.
pub fn sizes(base: &[u8], delta: &[u8]) -> Result<Sizes, Damage> {
    let mut at = 0;
    let base_size = size(delta, &mut at)?;
    let result = size(delta, &mut at)?;
    if base.len() as u64 != base_size {
        return Err(Damage("the delta is for a base of another size"));
    }
    let sizes = Sizes { base: base_size, result, start: at };
    if result <= BELIEVED {
        return Ok(sizes);
    }
    let mut left = result;
    while let Some((source, _)) = step(base, delta, &mut at)? {
        left = left.checked_sub(source.len() as u64).ok_or(MORE)?;
    }
    if left == 0 { Ok(sizes) } else { Err(LESS) }
}

const MORE: Damage = Damage("the delta makes more than it says");
const LESS: Damage = Damage("the delta makes less than it says");

fn size(delta: &[u8], at: &mut usize) -> Result<u64, Damage> {
    let (mut size, mut shift) = (0, 0);
    loop {
        let byte = *delta.get(*at).ok_or(Damage("the delta is cut off"))?;
        *at += 1;
        if shift > 56 {
            return Err(Damage("the delta's size has no end"));
        }
        size |= u64::from(byte & 127) << shift;
        if byte & 128 == 0 {
            return Ok(size);
        }
        shift += 7;
    }
}

/// Rebuilds into `out`, which is as long as `sizes` say, what `delta` makes of `base`, and lists in
/// `pieces` where each stretch of it comes from; stretches that follow each other in both are one.
pub fn apply(
    base: &[u8],
    delta: &[u8],
    sizes: &Sizes,
    out: &mut [u8],
    pieces: &mut Vec<Piece>,
) -> Result<(), Damage> {
    pieces.clear();
    let (mut at, mut end) = (sizes.start, 0);
    while let Some((source, from)) = step(base, delta, &mut at)? {
        let range = end..end + source.len();
        out.get_mut(range.clone()).ok_or(MORE)?.copy_from_slice(source);
        end = range.end;
        push(pieces, Piece { range, from });
    }
    if end == out.len() { Ok(()) } else { Err(LESS) }
}

/// What the instruction at `at` adds, and where in the base that stands; none behind the last.
fn step<'d>(base: &'d [u8], delta: &'d [u8], at: &mut usize) -> Result<Option<Step<'d>>, Damage> {
    let Some(&op) = delta.get(*at) else { return Ok(None) };
    *at += 1;
    if op & 128 != 0 {
        let (offset, length) = copy(delta, at, op)?;
        let source = base.get(offset..).and_then(|base| base.get(..length));
        return Ok(Some((source.ok_or(Damage("the delta copies beyond its base"))?, Some(offset))));
    }
    if op == 0 {
        return Err(Damage("the delta holds an instruction of no known sort"));
    }
    let source = delta.get(*at..*at + usize::from(op));
    *at += usize::from(op);
    Ok(Some((source.ok_or(Damage("the delta is cut off"))?, None)))
}

type Step<'d> = (&'d [u8], Option<usize>);

/// Where an instruction copies from, and how much.
fn copy(delta: &[u8], at: &mut usize, op: u8) -> Result<(usize, usize), Damage> {
    let mut read = |first: u8, bytes: u8| {
        let mut number = 0;
        for n in 0..bytes {
            if op >> (first + n) & 1 == 1 {
                let byte = *delta.get(*at).ok_or(Damage("the delta is cut off"))?;
                *at += 1;
                number |= usize::from(byte) << (8 * n);
            }
        }
        Ok(number)
    };
    let offset = read(0, 4)?;
    let length = read(4, 3)?;
    Ok((offset, if length == 0 { 0x10000 } else { length }))
}

/// The most pieces that are listed; what comes after them counts as new.
const MOST_PIECES: usize = 1 << 22;

fn push(pieces: &mut Vec<Piece>, piece: Piece) {
    let goes_on = |last: &Piece| match (last.from, piece.from) {
        (Some(last_from), Some(from)) => last_from + last.range.len() == from,
        (None, None) => true,
        _ => false,
    };
    let full = pieces.len() >= MOST_PIECES;
    match pieces.last_mut() {
        Some(last) if goes_on(last) => last.range.end = piece.range.end,
        Some(last) if full => (last.range.end, last.from) = (piece.range.end, None),
        _ => pieces.push(piece),
    }
}

#[cfg(test)]
mod tests {
    use super::super::made::{delta, number};
    use super::super::noise::Noise;
    use super::{apply, sizes};
    use crate::git::Damage;
    use crate::model::Piece;

    fn made(base: &[u8], delta: &[u8]) -> Result<(Vec<u8>, Vec<Piece>), Damage> {
        let sizes = sizes(base, delta)?;
        let (mut out, mut pieces) = (vec![0; sizes.result as usize], Vec::new());
        apply(base, delta, &sizes, &mut out, &mut pieces)?;
        leads_back(base, &out, &pieces);
        Ok((out, pieces))
    }

    /// Pieces follow each other without gaps, and say where each is from.
    fn leads_back(base: &[u8], out: &[u8], pieces: &[Piece]) {
        let mut end = 0;
        for Piece { range, from } in pieces {
            assert_eq!(range.start, end);
            end = range.end;
            let same = |from: usize| base[from..from + range.len()] == out[range.clone()];
            assert!(from.is_none_or(same));
        }
        assert_eq!(end, out.len());
    }

    fn refusal(base: &[u8], delta: &[u8]) -> &'static str {
        made(base, delta).expect_err("it is refused").0
    }

    #[test]
    fn copies_leave_out_bytes_that_are_zero() {
        let base: Vec<u8> =
            (0..(1_u32 << 24) + (1 << 18)).map(|n| (n.wrapping_mul(n) >> 7) as u8).collect();
        let values = [3, 2, 1, 1, 5, 4, 1];
        for op in 128..=255_u8 {
            let has = |n: &usize| op >> n & 1 == 1;
            let value = |range: std::ops::Range<usize>| {
                let first = range.start;
                range.filter(has).map(|n| values[n] << (8 * (n - first))).sum::<usize>()
            };
            let (offset, mut length) = (value(0..4), value(4..7));
            if length == 0 {
                length = 0x10000;
            }
            let bytes = (0..7).filter(has).map(|n| values[n] as u8);
            let code: Vec<u8> = std::iter::once(op).chain(bytes).collect();
            let (out, pieces) =
                made(&base, &delta(base.len() as u64, length as u64, &code)).expect("a copy");
            assert!(out == base[offset..offset + length], "{op:#x}");
            assert_eq!(pieces, [Piece { range: 0..length, from: Some(offset) }]);
        }
    }

    #[test]
    fn stretches_that_follow_each_other_are_one_piece() {
        let code = b"\x90\x02\x91\x02\x03\x01x\x02yz\x91\x01\x04\x91\x01\x04\x90\x00";
        let base = vec![7; 0x10000];
        let (out, pieces) = made(&base, &delta(0x10000, 16 + 0x10000, code)).expect("a delta");
        assert_eq!(&out[..9], b"\x07\x07\x07\x07\x07xyz\x07");
        let piece = |range, from| Piece { range, from };
        let all = [
            piece(0..5, Some(0)),
            piece(5..8, None),
            piece(8..12, Some(1)),
            piece(12..16, Some(1)),
            piece(16..16 + 0x10000, Some(0)),
        ];
        assert_eq!(pieces, all);
        assert_eq!(made(b"", &delta(0, 0, b"")).expect("nothing"), (Vec::new(), Vec::new()));
    }

    #[test]
    fn what_is_no_delta_is_refused() {
        let base = b"0123456789";
        let no = |base_size, result, code: &[u8]| refusal(base, &delta(base_size, result, code));
        assert_eq!(no(11, 3, b"\x90\x03"), "the delta is for a base of another size");
        assert_eq!(no(10, 2, b"\x90\x03"), "the delta makes more than it says");
        assert_eq!(no(10, 4, b"\x90\x03"), "the delta makes less than it says");
        assert_eq!(no(10, 1 << 60, b"\x90\x03"), "the delta makes less than it says");
        assert_eq!(no(10, 3, b"\x90\x03\x00"), "the delta holds an instruction of no known sort");
        assert_eq!(no(10, 3, b"\x91\x08\x03"), "the delta copies beyond its base");
        assert_eq!(no(10, 3, b"\x8f\xff\xff\xff\xff"), "the delta copies beyond its base");
        assert_eq!(no(10, 0x10000, b"\x80"), "the delta copies beyond its base");
        assert_eq!(no(10, 3, b"\x03ab"), "the delta is cut off");
        assert_eq!(no(10, 3, b"\xff\x01\x02"), "the delta is cut off");
        for bytes in [&b""[..], b"\x80", b"\x0a", b"\x0a\x83"] {
            assert_eq!(refusal(base, bytes), "the delta is cut off");
        }
        assert_eq!(refusal(base, &[0xff; 30]), "the delta's size has no end");
        let endless = [number(10), vec![0xff; 30]].concat();
        assert_eq!(refusal(base, &endless), "the delta's size has no end");
    }

    #[test]
    fn room_of_another_length_is_not_overrun() {
        let (base, delta) = (b"0123456789", delta(10, 3, b"\x90\x03"));
        let sizes = sizes(base, &delta).expect("a delta");
        for (length, damage) in [(2, super::MORE), (4, super::LESS)] {
            let applied = apply(base, &delta, &sizes, &mut vec![0; length], &mut Vec::new());
            assert_eq!(applied, Err(damage));
        }
    }

    #[test]
    fn pieces_beyond_counting_are_taken_for_new() {
        let copies = super::MOST_PIECES as u64 + 50;
        let code = b"\x90\x01".repeat(copies as usize);
        let (out, pieces) = made(b"aa", &delta(2, copies, &code)).expect("a delta");
        assert_eq!((out.len() as u64, pieces.len()), (copies, super::MOST_PIECES));
        assert_eq!(pieces.last().map(|piece| piece.from), Some(None));
    }

    #[test]
    fn noise_is_borne() {
        let mut noise = Noise::new(13);
        let base = noise.bytes(900);
        let size = base.len() as u64;
        let good = delta(size, 33, b"\x91\x05\x09\x04abcd\x90\x0c\x02ef\xb1\x10\x06\x00");
        made(&base, &good).expect("a delta");
        for _ in 0..10_000 {
            _ = made(&base, &noise.spoil(&good));
            let code = noise.bytes_of(b"\x90\x91\xb1\x01\x02\x03\x00\x80", 12);
            _ = made(&base, &delta(size, noise.below(40) as u64, &code));
        }
    }
}
