//! The headers of a zip's members: those before the members, and those in its directory.

use super::bytes::Bytes;

/// The mark of a header before a member.
pub(super) const LOCAL: u32 = 0x0403_4b50;
/// The mark of a header in the directory.
pub(super) const LISTED: u32 = 0x0201_4b50;

/// The bytes of the fixed part of a header before a member, behind its mark.
pub(super) const LOCAL_LENGTH: usize = 26;
/// The bytes of the fixed part of a header in the directory, behind its mark.
pub(super) const LISTED_LENGTH: usize = 42;

/// The flags of a member: it is encrypted; its sizes follow it; it is encrypted more strongly.
const ENCRYPTED: u16 = 1 | 1 << 6 | 1 << 13;
const SIZES_FOLLOW: u16 = 1 << 3;

/// The number of the method that stands for AES.
const AES: u16 = 99;

/// What a size or place is if it stands in an extra field.
const ELSEWHERE: u32 = u32::MAX;

/// The extra field with large numbers.
const LARGE: u16 = 1;

/// What nothing may be compressed to.
const MOST_OF_NOTHING: u64 = 64;

/// A member as a header describes it.
#[derive(Clone, Debug, Default)]
pub(super) struct Header {
    /// Its name.
    pub name: String,
    /// The number of its method.
    pub method: u16,
    flags: u16,
    /// The checksum of its text.
    pub crc: u32,
    /// Its bytes in the archive.
    pub packed: u64,
    /// Its bytes of text.
    pub size: u64,
    /// Where the header before it stands, from where the archive starts; only in the directory.
    pub at: u64,
}

/// How many bytes of name, extra fields and comment follow a fixed part.
pub(super) struct Lengths {
    pub name: usize,
    pub extra: usize,
    pub comment: usize,
}

impl Header {
    /// Reads the fixed part of a header before a member.
    pub(super) fn local(fixed: &[u8]) -> Option<(Self, Lengths)> {
        let mut b = Bytes(fixed.get(2..)?);
        let mut header = Self { flags: b.two()?, method: b.two()?, ..Self::default() };
        b.take(4)?;
        header.sizes(&mut b)?;
        Some((header, Lengths { name: b.two()?.into(), extra: b.two()?.into(), comment: 0 }))
    }

    /// Reads the fixed part of a header in the directory.
    pub(super) fn listed(fixed: &[u8]) -> Option<(Self, Lengths)> {
        let mut b = Bytes(fixed.get(4..)?);
        let mut header = Self { flags: b.two()?, method: b.two()?, ..Self::default() };
        b.take(4)?;
        header.sizes(&mut b)?;
        let lengths =
            Lengths { name: b.two()?.into(), extra: b.two()?.into(), comment: b.two()?.into() };
        b.take(8)?;
        header.at = b.four()?.into();
        Some((header, lengths))
    }

    fn sizes(&mut self, b: &mut Bytes<'_>) -> Option<()> {
        self.crc = b.four()?;
        self.packed = b.four()?.into();
        self.size = b.four()?.into();
        Some(())
    }

    /// Takes the name and the extra fields that follow the fixed part.
    pub(super) fn name_and_extra(&mut self, name: &[u8], extra: &[u8]) {
        self.name = String::from_utf8_lossy(name).into_owned();
        let mut b = Bytes(extra);
        while let (Some(id), Some(length)) = (b.two(), b.two()) {
            let Some(field) = b.take(length.into()) else { return };
            if id == LARGE {
                let mut large = Bytes(field);
                for number in [&mut self.size, &mut self.packed, &mut self.at] {
                    if *number == u64::from(ELSEWHERE)
                        && let Some(value) = large.eight()
                    {
                        *number = value;
                    }
                }
            }
        }
    }

    /// Whether it needs a password.
    pub(super) fn is_encrypted(&self) -> bool {
        self.flags & ENCRYPTED != 0 || self.method == AES
    }

    /// Whether the header does not tell its sizes.
    pub(super) fn sizes_follow(&self) -> bool {
        self.flags & SIZES_FOLLOW != 0 && self.packed == 0
    }

    /// Whether it is a folder. Some writers compress the nothing that is in it.
    pub(super) fn is_folder(&self) -> bool {
        self.packed <= MOST_OF_NOTHING && self.size == 0 && self.name.ends_with('/')
    }
}
