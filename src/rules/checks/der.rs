//! Distinguished encoding (X.690), as much of it as keys need.

/// Tags of the elements that keys are made of.
pub(crate) const INTEGER: u8 = 2;
pub(crate) const BITS: u8 = 3;
pub(crate) const OCTETS: u8 = 4;
pub(crate) const OBJECT: u8 = 6;
pub(crate) const SEQUENCE: u8 = 0x30;

/// One element: its tag, its content, and what follows it.
pub(crate) struct Element<'d> {
    pub(crate) tag: u8,
    pub(crate) content: &'d [u8],
    pub(crate) rest: &'d [u8],
}

/// The first element of `bytes`; none if it is not whole.
pub(crate) fn element(bytes: &[u8]) -> Option<Element<'_>> {
    let (&tag, rest) = bytes.split_first()?;
    let (length, rest) = length(rest)?;
    let (content, rest) = rest.split_at_checked(length)?;
    Some(Element { tag, content, rest })
}

/// How long the first element says it is, its head included; none if that cannot be read.
pub(crate) fn announced(bytes: &[u8]) -> Option<usize> {
    let (content, rest) = length(bytes.get(1..)?)?;
    Some(bytes.len() - rest.len() + content)
}

fn length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (&first, rest) = bytes.split_first()?;
    if first < 128 {
        return Some((usize::from(first), rest));
    }
    let count = usize::from(first & 127);
    let digits = rest.get(..count).filter(|_| (1..=4).contains(&count))?;
    let length = digits.iter().fold(0, |length, &d| length << 8 | usize::from(d));
    Some((length, &rest[count..]))
}

/// The contents of all elements in `bytes` that have `tag`, up to the first that has not.
pub(crate) fn row(mut bytes: &[u8], tag: u8) -> Vec<&[u8]> {
    let mut row = Vec::new();
    while let Some(element) = element(bytes).filter(|element| element.tag == tag) {
        row.push(element.content);
        bytes = element.rest;
    }
    row
}

/// An element.
pub(crate) fn write(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![tag];
    match content.len() {
        short @ 0..128 => bytes.push(short as u8),
        length => {
            let digits: Vec<u8> =
                length.to_be_bytes().into_iter().skip_while(|digit| *digit == 0).collect();
            bytes.push(128 | digits.len() as u8);
            bytes.extend(digits);
        }
    }
    bytes.extend_from_slice(content);
    bytes
}

/// A positive number, from its bytes.
pub(crate) fn write_number(number: &[u8]) -> Vec<u8> {
    let first = number.iter().position(|&b| b != 0).unwrap_or(number.len());
    let mut content = number[first..].to_vec();
    if content.first().is_none_or(|&b| b >= 128) {
        content.insert(0, 0);
    }
    write(INTEGER, &content)
}
