//! LZW as PDF writes it: codes of nine to twelve bits, the highest bit first.

use std::io::{self, BufRead, Bytes, Read};

use super::super::trouble::damaged;

const CLEAR: u16 = 256;
const END: u16 = 257;
const FIRST: u16 = 258;
const MOST: usize = 4096;

/// Reads what was compressed.
pub(super) struct Lzw<R> {
    from: Bytes<R>,
    /// How many codes earlier than needed they grow.
    early: usize,
    bits: u32,
    held: u32,
    /// Of each code from the first on: the code of all but its last byte, and that byte.
    codes: Vec<(u16, u8)>,
    last: Option<u16>,
    /// What was read and not given yet, its first byte last.
    made: Vec<u8>,
    ended: bool,
}

impl<R: BufRead> Lzw<R> {
    pub(super) fn new(from: R, early: bool) -> Self {
        let (codes, made) = (Vec::new(), Vec::new());
        let early = usize::from(early);
        Self { from: from.bytes(), early, bits: 0, held: 0, codes, last: None, made, ended: false }
    }

    fn width(&self) -> u32 {
        match usize::from(FIRST) + self.codes.len() + self.early {
            ..512 => 9,
            512..1024 => 10,
            1024..2048 => 11,
            _ => 12,
        }
    }

    fn code(&mut self) -> io::Result<Option<u16>> {
        let width = self.width();
        while self.held < width {
            let Some(byte) = self.from.next().transpose()? else { return Ok(None) };
            self.bits = self.bits << 8 | u32::from(byte);
            self.held += 8;
        }
        self.held -= width;
        let code = self.bits >> self.held & ((1 << width) - 1);
        Ok(u16::try_from(code).ok())
    }

    /// Reads the text of the next code.
    fn fill(&mut self) -> io::Result<()> {
        match self.code()? {
            None | Some(END) => self.ended = true,
            Some(CLEAR) => {
                self.codes.clear();
                self.last = None;
            }
            Some(code) => self.text(code)?,
        }
        Ok(())
    }

    fn text(&mut self, code: u16) -> io::Result<()> {
        let next = usize::from(FIRST) + self.codes.len();
        // A code may be the one that it completes: then it ends as it begins.
        let own = usize::from(code) == next;
        let known = if own { self.last } else { Some(code) };
        let known = known.filter(|known| usize::from(*known) < next).ok_or_else(|| {
            self.ended = true;
            damaged("its compressed bytes are damaged")
        })?;
        self.spell(known);
        let first = self.made.last().copied().unwrap_or_default();
        if own {
            self.made.insert(0, first);
        }
        if let Some(last) = self.last.filter(|_| next < MOST) {
            self.codes.push((last, first));
        }
        self.last = Some(code);
        Ok(())
    }

    /// The text of a code, backwards.
    fn spell(&mut self, mut code: u16) {
        while let Some(&(before, byte)) =
            code.checked_sub(FIRST).and_then(|n| self.codes.get(usize::from(n)))
        {
            self.made.push(byte);
            code = before;
        }
        self.made.extend(u8::try_from(code).ok());
    }
}

impl<R: BufRead> Read for Lzw<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while self.made.is_empty() && !self.ended && !buf.is_empty() {
            self.fill()?;
        }
        let count = buf.len().min(self.made.len());
        for place in &mut buf[..count] {
            *place = self.made.pop().unwrap_or_default();
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::Lzw;

    /// Compresses without any cleverness: each byte is a code, and codes grow with what a reader adds.
    fn packed(text: &[u8]) -> Vec<u8> {
        let (mut bits, mut held, mut bytes) = (0_u64, 0, Vec::new());
        let mut put = |code: u64, width: u32| {
            bits = bits << width | code;
            held += width;
            while held >= 8 {
                held -= 8;
                bytes.push((bits >> held) as u8);
                bits &= (1 << held) - 1;
            }
        };
        put(256, 9);
        let mut known = 258;
        for (n, byte) in text.iter().enumerate() {
            known += usize::from(n > 1);
            put(u64::from(*byte), usize::BITS - (known + 1).min(4095).leading_zeros());
        }
        known += 1;
        put(257, usize::BITS - (known + 1).min(4095).leading_zeros());
        put(0, 16);
        bytes
    }

    #[test]
    fn texts_are_read() {
        // The example of the format's own description.
        let packed_by_others = [0x80, 0x0b, 0x60, 0x50, 0x22, 0x0c, 0x0c, 0x85, 0x01];
        let mut text = Vec::new();
        Lzw::new(&packed_by_others[..], true).read_to_end(&mut text).expect("it is whole");
        assert_eq!(text, [45, 45, 45, 45, 45, 65, 45, 45, 45, 66]);
        let long: Vec<u8> = (0..6000).map(|n| (n * n % 251) as u8).collect();
        let mut text = Vec::new();
        Lzw::new(&packed(&long)[..], true).read_to_end(&mut text).expect("it is whole");
        assert!(text == long);
    }

    #[test]
    fn damage_is_an_error() {
        assert!(Lzw::new(&[0xff; 9][..], true).read_to_end(&mut Vec::new()).is_err());
    }
}
