//! Base64 (RFC 4648), both alphabets, at every alignment, over line ends; gzip inside it.

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::detect::decode::contract::{Decoded, Decoder, Map};
use crate::detect::decode::{LONGEST, gzip};
use crate::detect::runs::Signs;
use crate::model::Layer;

/// Undoes base64.
pub(super) const DECODER: Decoder =
    Decoder { may: |run| run.length >= SHORTEST && run.upper > 0 && run.lower > 0, decode };

/// Fewest characters that are worth decoding.
const SHORTEST: usize = 24;

/// Fewest characters of a line that may go on in the next one.
const FULL_LINE: usize = 56;

/// Groups of four characters in a row that must decode to ASCII: what a token of 16 bytes fills.
const GROUPS: usize = 5;

/// The base64 of gzip's magic number and method.
const GZIP: &[u8] = b"H4sI";

static GZIP_FINDER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(GZIP));

/// Which places of a group of four a character may take if the group decodes to ASCII; 8 marks the
/// alphabet. ASCII leaves the top bit of each byte 0: bit 5 of the first character's value, bit 3 of
/// the second's, bit 1 of the third's.
const PLACES: [u8; 256] = {
    let mut places = [0; 256];
    let mut value = 0_u8;
    while value < 64 {
        let flags = 8
            | (value & 32 == 0) as u8
            | ((value & 8 == 0) as u8) << 1
            | ((value & 2 == 0) as u8) << 2;
        let letter = match value {
            0..26 => b'A' + value,
            26..52 => b'a' + value - 26,
            52..62 => b'0' + value - 52,
            62 => b'+',
            _ => b'/',
        };
        places[letter as usize] = flags;
        match letter {
            b'+' => places[b'-' as usize] = flags,
            b'/' => places[b'_' as usize] = flags,
            _ => {}
        }
        value += 1;
    }
    places
};

fn is_base64(byte: u8) -> bool {
    PLACES[usize::from(byte)] != 0
}

fn decode(text: &[u8], run: &Range<usize>) -> Vec<Decoded> {
    let mut all = Vec::new();
    let whole = &text[run.clone()];
    if !(hides_any(whole) || GZIP_FINDER.find(whole).is_some()) {
        return all;
    }
    let mut from = run.start;
    while let Some(piece) = next_piece(text, from, run.end) {
        from = piece.end;
        let plain = &text[piece.clone()];
        if piece.len() < SHORTEST || !(plain.starts_with(GZIP) || hides_any(plain)) {
            continue;
        }
        let joined = Joined::lines(text, piece);
        from = from.max(joined.end);
        if joined.text.starts_with(GZIP) {
            all.extend(joined.gunzip());
        }
        all.extend((0..4).filter(|&a| hides_ascii(&joined.text, a)).map(|a| joined.decode(a)));
    }
    all
}

fn hides_any(text: &[u8]) -> bool {
    (0..4).any(|alignment| hides_ascii(text, alignment))
}

fn next_piece(text: &[u8], from: usize, end: usize) -> Option<Range<usize>> {
    let run = text.get(from..end)?;
    let start = from + run.iter().position(|&b| is_base64(b))?;
    let length = text[start..end].iter().position(|&b| !is_base64(b)).unwrap_or(end - start);
    Some(start..start + length)
}

/// Whether enough groups in a row, counted from `alignment`, decode to ASCII.
fn hides_ascii(text: &[u8], alignment: usize) -> bool {
    let (groups, _) = text.get(alignment..).unwrap_or_default().as_chunks::<4>();
    let is_ascii = |g: &[u8; 4]| {
        PLACES[usize::from(g[0])] & 1 != 0
            && PLACES[usize::from(g[1])] & 2 != 0
            && PLACES[usize::from(g[2])] & 4 != 0
    };
    let mut n = GROUPS - 1;
    while n < groups.len() {
        if !is_ascii(&groups[n]) {
            n += GROUPS;
            continue;
        }
        let before = groups[..n].iter().rev().take_while(|g| is_ascii(g)).count();
        let behind = groups[n + 1..].iter().take(GROUPS).take_while(|g| is_ascii(g)).count();
        if before + 1 + behind >= GROUPS {
            return true;
        }
        n += GROUPS;
    }
    false
}

/// Base64 characters without the line ends between them.
struct Joined {
    text: Vec<u8>,
    pieces: Vec<(usize, usize)>,
    end: usize,
}

impl Joined {
    /// Takes `piece` and, where it is a full line of wrapped base64, the lines that go on from it.
    fn lines(text: &[u8], piece: Range<usize>) -> Self {
        let width = piece.len();
        let mut joined = Self {
            text: text[piece.clone()].to_vec(),
            pieces: vec![(0, piece.start)],
            end: piece.end,
        };
        while width >= FULL_LINE && joined.text.len() < LONGEST {
            let Some(line) = next_line(text, joined.end, width) else { break };
            joined.pieces.push((joined.text.len(), line.start));
            joined.text.extend_from_slice(&text[line.clone()]);
            joined.end = line.end;
            if line.len() < width {
                break;
            }
        }
        joined
    }

    fn decode(&self, alignment: usize) -> Decoded {
        let text = bytes(&self.text[alignment..]);
        let shifted = self.pieces.iter().map(|&(at, source)| match at.checked_sub(alignment) {
            Some(at) => (at, source),
            None => (0, source + alignment),
        });
        let map = Map::pieces(shifted.collect(), 4, 3, self.end);
        Decoded {
            layers: vec![Layer::Base64],
            text,
            open: Signs::ALL,
            cut: false,
            map,
            end: self.end,
        }
    }

    fn gunzip(&self) -> Option<Decoded> {
        let gzip::Inflated { text, cut } = gzip::inflate(&bytes(&self.text))?;
        let map = Map::whole(self.pieces[0].1..self.end);
        Some(Decoded {
            layers: vec![Layer::Base64, Layer::Gzip],
            text,
            open: Signs::ALL,
            cut,
            map,
            end: self.end,
        })
    }
}

/// The next line's base64, after a line end (raw or escaped), quotes and indentation.
fn next_line(text: &[u8], end: usize, width: usize) -> Option<Range<usize>> {
    let rest = &text[end..];
    let feed =
        [&b"\r\n"[..], b"\n", b"\\r\\n", b"\\n"].into_iter().find(|f| rest.starts_with(f))?;
    let indent = rest[feed.len()..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    let start = end + feed.len() + indent;
    let line = text[start..].iter().take(width).take_while(|&&b| is_base64(b)).count();
    let goes_on = text.get(start + line).is_some_and(|&b| is_base64(b));
    (line > 0 && !goes_on).then(|| start..start + line)
}

/// The bytes of base64 characters; what does not fill a byte at the end is dropped.
fn bytes(text: &[u8]) -> Vec<u8> {
    let whole = if text.len() % 4 == 1 { text.len() - 1 } else { text.len() };
    let standard = text[..whole].iter().map(|b| match b {
        b'-' => b'+',
        b'_' => b'/',
        b => *b,
    });
    let mut bytes: Vec<u8> = standard.collect();
    let tail = bytes.split_off(bytes.len() / 4 * 4);
    let length = base64_simd::STANDARD_NO_PAD.decode_inplace(&mut bytes).map_or(0, |b| b.len());
    bytes.truncate(length);
    bytes.extend(last_bytes(&tail));
    bytes
}

/// The one or two bytes of a last group of two or three characters, whatever its spare bits.
fn last_bytes(tail: &[u8]) -> Vec<u8> {
    let mut group = [b'A'; 4];
    group[..tail.len()].copy_from_slice(tail);
    let mut decoded = base64_simd::STANDARD_NO_PAD.decode_to_vec(group).unwrap_or_default();
    decoded.truncate(tail.len().saturating_sub(1));
    decoded
}

#[cfg(test)]
mod tests {
    use super::{bytes, decode, hides_ascii};
    use crate::rules::dice::Dice;

    #[test]
    fn every_alignment_and_length_of_ascii_is_seen_and_decoded() {
        let mut dice = Dice::seeded(3);
        for length in 20..90 {
            let plain = dice.text(b"abcXYZ0189_-.:= {}", length);
            let encoded = base64_simd::URL_SAFE_NO_PAD.encode_to_string(&plain);
            for glue in ["", "x", "-_", "abc"] {
                let text = format!("{glue}{encoded} ");
                assert!(hides_ascii(text.trim_end().as_bytes(), glue.len()));
                let all = decode(text.as_bytes(), &(0..text.len() - 1));
                assert!(all.iter().any(|d| d.text.starts_with(&plain)), "{length} {glue}");
            }
        }
    }

    #[test]
    fn wrapped_lines_are_joined_and_lead_back() {
        let plain: Vec<u8> = (0..300).map(|n| b'a' + (n % 26) as u8).collect();
        let encoded = base64_simd::STANDARD.encode_to_string(&plain);
        let lines: Vec<_> = encoded.as_bytes().chunks(76).map(String::from_utf8_lossy).collect();
        let text = format!("data: |\n  {}\n", lines.join("\n  "));
        let all = decode(text.as_bytes(), &(10..86));
        let decoded = all.first().expect("it is base64 of ASCII");
        assert_eq!(decoded.text, plain);
        let back = decoded.map.back(&(57..60));
        assert_eq!(&text[back], &encoded[76..80]);
    }

    #[test]
    fn odd_lengths_do_not_stop_decoding() {
        assert_eq!(bytes(b"YWJjZ"), b"abc");
        assert_eq!(bytes(b"YWJjZGU"), b"abcde");
    }
}
