//! The filters that streams of PDF went through, undone.

use std::io::{self, BufReader, Bytes, Read};

use flate2::bufread::ZlibDecoder;

use super::super::decode::Guard;
use super::lexer::is_blank;
use super::lzw::Lzw;
use super::value::Value;

/// How much is taken in at once: so little that a small stream's ratio is seen early.
const TAKEN: usize = 8 << 10;

/// The most filters that one stream goes through.
const MOST: usize = 4;

/// A filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Filter {
    Flate,
    /// Whether codes grow one early.
    Lzw(bool),
    Hex,
    Base85,
}

/// How a stream is written.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Coding {
    /// By these filters, of which the first is undone first.
    Read(Vec<Filter>),
    /// As a picture, which holds no text.
    Picture,
    /// In a way that is not read.
    Unknown,
}

impl Coding {
    /// How the stream is written that `head` describes.
    pub(super) fn of(head: &Value<'_>) -> Self {
        let names = head.get(b"Filter").map(Value::items).unwrap_or_default();
        let parameters = head.get(b"DecodeParms").map(Value::items).unwrap_or_default();
        let mut filters = Vec::new();
        for (n, name) in names.iter().enumerate() {
            let Value::Name(name) = name else { return Self::Unknown };
            let parameter = parameters.get(n);
            let count = |key: &[u8]| parameter.and_then(|parameter| parameter.count(key));
            if n == MOST || count(b"Predictor").is_some_and(|predictor| predictor > 1) {
                return Self::Unknown;
            }
            filters.push(match *name {
                b"FlateDecode" | b"Fl" => Filter::Flate,
                b"LZWDecode" | b"LZW" => Filter::Lzw(count(b"EarlyChange") != Some(0)),
                b"ASCIIHexDecode" | b"AHx" => Filter::Hex,
                b"ASCII85Decode" | b"A85" => Filter::Base85,
                b"DCTDecode" | b"JPXDecode" | b"CCITTFaxDecode" | b"JBIG2Decode" => {
                    return Self::Picture;
                }
                _ => return Self::Unknown,
            });
        }
        Self::Read(filters)
    }
}

/// What `from` was before it went through `filters`.
pub(super) fn plain<'p>(from: &'p mut dyn Read, filters: &[Filter]) -> Box<dyn Read + 'p> {
    let mut from: Box<dyn Read + 'p> = Box::new(from);
    for filter in filters {
        let packed = BufReader::with_capacity(TAKEN, from);
        from = match filter {
            Filter::Flate => Box::new(Guard::new(Unfinished(ZlibDecoder::new(packed)))),
            Filter::Lzw(early) => Box::new(Lzw::new(packed, *early)),
            Filter::Hex => Box::new(Hexed { from: packed.bytes(), ended: false }),
            Filter::Base85 => {
                Box::new(Base85 { from: packed.bytes(), group: [0; 4], left: 0, ended: false })
            }
        };
    }
    from
}

/// A compressed text that may lack its last bytes, as some writers leave it. That a stream has no end is
/// told of the whole.
struct Unfinished<R>(R);

impl<R: Read> Read for Unfinished<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buf) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(0),
            read => read,
        }
    }
}

/// A byte in two digits.
struct Hexed<R> {
    from: Bytes<R>,
    ended: bool,
}

impl<R: Read> Hexed<R> {
    /// The next digit; none at the end.
    fn digit(&mut self) -> io::Result<Option<u8>> {
        while !self.ended {
            match self.from.next().transpose()? {
                Some(byte) if is_blank(byte) => {}
                Some(byte) if byte.is_ascii_hexdigit() => {
                    return Ok(char::from(byte).to_digit(16).map(|digit| digit as u8));
                }
                _ => self.ended = true,
            }
        }
        Ok(None)
    }
}

impl<R: Read> Read for Hexed<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        for (n, place) in buf.iter_mut().enumerate() {
            let Some(high) = self.digit()? else { return Ok(n) };
            *place = high << 4 | self.digit()?.unwrap_or(0);
        }
        Ok(buf.len())
    }
}

/// Four bytes in five letters.
struct Base85<R> {
    from: Bytes<R>,
    /// What was read last; what of it was not given yet stands at its end.
    group: [u8; 4],
    /// How much was not given yet.
    left: usize,
    ended: bool,
}

impl<R: Read> Base85<R> {
    fn fill(&mut self) -> io::Result<()> {
        let (mut value, mut letters) = (0_u32, 0);
        while letters < 5 && !self.ended {
            match self.from.next().transpose()? {
                Some(byte @ b'!'..=b'u') => {
                    value = value.wrapping_mul(85).wrapping_add(u32::from(byte - b'!'));
                    letters += 1;
                }
                Some(b'z') if letters == 0 => letters = 5,
                Some(byte) if is_blank(byte) => {}
                _ => self.ended = true,
            }
        }
        for _ in letters..5 {
            value = value.wrapping_mul(85).wrapping_add(84);
        }
        self.left = usize::saturating_sub(letters, 1);
        self.group = value.to_be_bytes();
        self.group.copy_within(..self.left, 4 - self.left);
        Ok(())
    }
}

impl<R: Read> Read for Base85<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        for (n, place) in buf.iter_mut().enumerate() {
            if self.left == 0 {
                self.fill()?;
            }
            if self.left == 0 {
                return Ok(n);
            }
            *place = self.group[4 - self.left];
            self.left -= 1;
        }
        Ok(buf.len())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::{Coding, Filter, Value, plain};

    fn undone(mut packed: &[u8], filters: &[Filter]) -> Vec<u8> {
        let mut text = Vec::new();
        plain(&mut packed, filters).read_to_end(&mut text).expect("it is whole");
        text
    }

    #[test]
    fn letters_are_undone() {
        assert_eq!(undone(b"41 4\n2 5> 43", &[Filter::Hex]), b"ABP");
        assert_eq!(undone(b"CLqcP+E)\n./+T~> x", &[Filter::Base85]), b"key: one!");
        assert_eq!(undone(b"z5l~>", &[Filter::Base85]), b"\0\0\0\0A");
    }

    #[test]
    fn filters_are_told() {
        let coding = |head: &str| Coding::of(&Value::read(head.as_bytes()));
        let both = vec![Filter::Base85, Filter::Flate];
        assert_eq!(coding("<</Filter[/A85/FlateDecode]>>"), Coding::Read(both));
        assert_eq!(coding("<</Length 1>>"), Coding::Read(Vec::new()));
        assert_eq!(coding("<</Filter/DCTDecode>>"), Coding::Picture);
        assert_eq!(coding("<</Filter/Crypt>>"), Coding::Unknown);
        let predicted = "<</Filter/FlateDecode/DecodeParms<</Predictor 12>>>>";
        assert_eq!(coding(predicted), Coding::Unknown);
    }
}
