//! MessagePack values, as far as Fly's tokens use them.

/// A decoded value.
#[derive(Debug, PartialEq)]
pub(super) enum Value<'a> {
    /// A whole number.
    Number(i64),
    /// Text or bytes.
    Bytes(&'a [u8]),
    /// A list.
    List(Vec<Value<'a>>),
    /// A map, keys before their values.
    Map(Vec<(Value<'a>, Value<'a>)>),
    /// A truth value.
    Bool(bool),
    /// Nothing, a fraction, or a number too great.
    Other,
}

impl<'a> Value<'a> {
    /// The list.
    pub(super) fn list(&self) -> Option<&[Self]> {
        if let Self::List(items) = self { Some(items) } else { None }
    }

    /// The text or bytes.
    pub(super) const fn bytes(&self) -> Option<&'a [u8]> {
        if let Self::Bytes(bytes) = self { Some(bytes) } else { None }
    }

    /// The whole number.
    pub(super) const fn number(&self) -> Option<i64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }
}

/// The one value that `bytes` are; none where something is cut, left over, or nested too deep.
pub(super) fn read(bytes: &[u8]) -> Option<Value<'_>> {
    const DEPTH: usize = 12;
    let mut rest = Rest(bytes);
    let value = rest.value(DEPTH)?;
    rest.0.is_empty().then_some(value)
}

struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (data, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(data)
    }

    /// A big-endian number of `width` bytes, at most 8.
    fn number(&mut self, width: usize) -> Option<u64> {
        Some(self.take(width)?.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
    }

    fn count(&mut self, width: usize) -> Option<usize> {
        usize::try_from(self.number(width)?).ok()
    }

    fn value(&mut self, depth: usize) -> Option<Value<'a>> {
        let depth = depth.checked_sub(1)?;
        let head = self.number(1)? as u8;
        let low = usize::from(head & 0x0f);
        Some(match head {
            0x00..=0x7f => Value::Number(i64::from(head)),
            0x80..=0x8f => self.map(low, depth)?,
            0x90..=0x9f => self.list(low, depth)?,
            0xa0..=0xbf => Value::Bytes(self.take(usize::from(head & 0x1f))?),
            0xc2 | 0xc3 => Value::Bool(head == 0xc3),
            0xc4..=0xc6 => self.bytes(1 << (head - 0xc4))?,
            0xca | 0xcb => self.skip(4 << (head - 0xca))?,
            0xcc..=0xcf => {
                i64::try_from(self.number(1 << (head - 0xcc))?).map_or(Value::Other, Value::Number)
            }
            0xd0..=0xd3 => self.signed(1 << (head - 0xd0))?,
            0xd9..=0xdb => self.bytes(1 << (head - 0xd9))?,
            0xdc | 0xdd => self.counted_list(2 << (head - 0xdc), depth)?,
            0xde | 0xdf => self.counted_map(2 << (head - 0xde), depth)?,
            0xe0..=0xff => Value::Number(i64::from(head as i8)),
            0xc0 => Value::Other,
            _ => return None,
        })
    }

    fn bytes(&mut self, width: usize) -> Option<Value<'a>> {
        let length = self.count(width)?;
        self.take(length).map(Value::Bytes)
    }

    fn skip(&mut self, length: usize) -> Option<Value<'a>> {
        self.take(length).map(|_| Value::Other)
    }

    fn signed(&mut self, width: usize) -> Option<Value<'a>> {
        let unused = 64 - 8 * width as u32;
        Some(Value::Number((self.number(width)? << unused) as i64 >> unused))
    }

    fn counted_list(&mut self, width: usize, depth: usize) -> Option<Value<'a>> {
        let count = self.count(width)?;
        self.list(count, depth)
    }

    fn counted_map(&mut self, width: usize, depth: usize) -> Option<Value<'a>> {
        let count = self.count(width)?;
        self.map(count, depth)
    }

    fn list(&mut self, count: usize, depth: usize) -> Option<Value<'a>> {
        // Each item takes a byte at least: a count beyond that is a lie, told to fill the memory.
        (count <= self.0.len()).then_some(())?;
        (0..count).map(|_| self.value(depth)).collect::<Option<_>>().map(Value::List)
    }

    fn map(&mut self, count: usize, depth: usize) -> Option<Value<'a>> {
        (count <= self.0.len() / 2).then_some(())?;
        let pairs = (0..count).map(|_| Some((self.value(depth)?, self.value(depth)?)));
        pairs.collect::<Option<_>>().map(Value::Map)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_form() {
        let text = Value::Bytes(b"ab");
        for (bytes, value) in [
            (&b"\x07"[..], Value::Number(7)),
            (b"\xff", Value::Number(-1)),
            (b"\xcd\x01\x00", Value::Number(256)),
            (b"\xd1\xff\xfe", Value::Number(-2)),
            (b"\xcf\xff\xff\xff\xff\xff\xff\xff\xff", Value::Other),
            (b"\xa2ab", Value::Bytes(b"ab")),
            (b"\xc4\x02ab", Value::Bytes(b"ab")),
            (b"\xda\x00\x02ab", Value::Bytes(b"ab")),
            (b"\xc3", Value::Bool(true)),
            (b"\xc0", Value::Other),
            (b"\xcb\0\0\0\0\0\0\0\0", Value::Other),
            (b"\x91\xa2ab", Value::List(vec![text])),
            (b"\xdc\x00\x01\x01", Value::List(vec![Value::Number(1)])),
            (b"\x81\x01\x02", Value::Map(vec![(Value::Number(1), Value::Number(2))])),
        ] {
            assert_eq!(read(bytes), Some(value), "{bytes:x?}");
        }
    }

    #[test]
    fn refuses_cut_lying_and_deep_values() {
        let cases: [&[u8]; 6] = [
            b"",
            b"\xa2a",
            b"\xdd\xff\xff\xff\xff\x01",
            b"\xdf\xff\xff\xff\xff",
            b"\x01\x01",
            b"\xc1",
        ];
        for bytes in cases {
            assert_eq!(read(bytes), None, "{bytes:x?}");
        }
        assert_eq!(read(&[0x91; 10_000]), None);
    }
}
