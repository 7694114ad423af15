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

/// Reads the sizes with which `delta` begins.
pub fn sizes(delta: &[u8]) -> Result<Sizes, Damage> {
    let mut at = 0;
    let base = size(delta, &mut at)?;
    let result = size(delta, &mut at)?;
    Ok(Sizes { base, result, start: at })
}

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
    if base.len() as u64 != sizes.base {
        return Err(Damage("the delta is for a base of another size"));
    }
    let (mut at, mut end) = (sizes.start, 0);
    while let Some(&op) = delta.get(at) {
        at += 1;
        let (source, from) = if op & 128 != 0 {
            let (offset, length) = copy(delta, &mut at, op)?;
            let source = base.get(offset..offset + length);
            (source.ok_or(Damage("the delta copies beyond its base"))?, Some(offset))
        } else if op > 0 {
            let source = delta.get(at..at + usize::from(op));
            at += usize::from(op);
            (source.ok_or(Damage("the delta is cut off"))?, None)
        } else {
            return Err(Damage("the delta holds an instruction of no known sort"));
        };
        let range = end..end + source.len();
        let place = out.get_mut(range.clone());
        place.ok_or(Damage("the delta makes more than it says"))?.copy_from_slice(source);
        end = range.end;
        push(pieces, Piece { range, from });
    }
    if end == out.len() { Ok(()) } else { Err(Damage("the delta makes less than it says")) }
}

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

fn push(pieces: &mut Vec<Piece>, piece: Piece) {
    let goes_on = |last: &Piece| match (last.from, piece.from) {
        (Some(last_from), Some(from)) => last_from + last.range.len() == from,
        (None, None) => true,
        _ => false,
    };
    match pieces.last_mut() {
        Some(last) if goes_on(last) => last.range.end = piece.range.end,
        _ => pieces.push(piece),
    }
}
