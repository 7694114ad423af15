//! The sorts of archive and compressed file, told by their first bytes.

use std::fmt;

/// A sort of container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Zip and its kin: jar, war, whl, nupkg, apk, docx, crx.
    Zip,
    /// Tape archives.
    Tar,
    /// A file compressed with gzip.
    Gzip,
    /// A file compressed with bzip2.
    Bzip2,
    /// A file compressed with xz.
    Xz,
    /// A file compressed with LZMA, the elder form of xz.
    Lzma,
    /// A file compressed with Zstandard.
    Zstd,
    /// A file compressed with LZ4.
    Lz4,
    /// 7z archives.
    SevenZip,
    /// Unix archives: Debian's packages, static libraries.
    Ar,
    /// Red Hat's packages.
    Rpm,
    /// What is inside Red Hat's packages and boot images.
    Cpio,
    /// Electron's archives.
    Asar,
    /// Documents of text and pictures.
    Pdf,
    /// Rar archives, which are told but not read.
    Rar,
    /// Microsoft's cabinets, which are told but not read.
    Cab,
    /// A file compressed with lzip, which is told but not read.
    Lzip,
    /// A file compressed with compress, which is told but not read.
    Compress,
}

impl Format {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Zip => "zip",
            Self::Tar => "tar",
            Self::Gzip => "gzip",
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
            Self::Lzma => "lzma",
            Self::Zstd => "zstd",
            Self::Lz4 => "lz4",
            Self::SevenZip => "7z",
            Self::Ar => "ar",
            Self::Rpm => "rpm",
            Self::Cpio => "cpio",
            Self::Asar => "asar",
            Self::Pdf => "pdf",
            Self::Rar => "rar",
            Self::Cab => "cab",
            Self::Lzip => "lzip",
            Self::Compress => "compress",
        }
    }

    /// Whether it is one compressed file rather than many files.
    pub fn is_single(self) -> bool {
        !self.suffixes().is_empty() || matches!(self, Self::Lzip | Self::Compress)
    }

    /// Whether it is read from its first byte to its last, without being held in memory.
    pub(super) fn flows(self) -> bool {
        !matches!(self, Self::SevenZip | Self::Asar | Self::Pdf)
    }

    /// Endings of the names of compressed files, and what they become.
    fn suffixes(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Gzip => &[(".gz", ""), (".tgz", ".tar"), (".taz", ".tar"), (".svgz", ".svg")],
            Self::Bzip2 => &[(".bz2", ""), (".tbz2", ".tar"), (".tbz", ".tar")],
            Self::Xz => &[(".xz", ""), (".txz", ".tar")],
            Self::Lzma => &[(".lzma", ""), (".tlz", ".tar")],
            Self::Zstd => &[(".zst", ""), (".zstd", ""), (".tzst", ".tar")],
            Self::Lz4 => &[(".lz4", ""), (".tlz4", ".tar")],
            _ => &[],
        }
    }

    /// What the file inside a compressed file of that name is called: `x.tar` in `a/x.tar.gz`.
    pub(super) fn inner_name(self, name: &str) -> String {
        let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
        for (suffix, instead) in self.suffixes() {
            if let Some(stem) = without_suffix(name, suffix)
                && !stem.is_empty()
            {
                return format!("{stem}{instead}");
            }
        }
        name.to_owned()
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

fn without_suffix<'n>(name: &'n str, suffix: &str) -> Option<&'n str> {
    let (stem, end) = name.split_at_checked(name.len().checked_sub(suffix.len())?)?;
    end.eq_ignore_ascii_case(suffix).then_some(stem)
}

/// What sort of container a file is; `head` is its first 512 bytes, or all of it if it is shorter. A
/// name alone never makes a container.
pub fn recognise(head: &[u8], name: &str) -> Option<Format> {
    let starts = |mark: &[u8]| head.starts_with(mark);
    let told = match head.first()? {
        b'P' if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") || starts(b"PK\x07\x08") => {
            Format::Zip
        }
        b'C' if starts(b"Cr24") => Format::Zip,
        0x1f if starts(b"\x1f\x8b\x08") && head.get(3)? & 0xe0 == 0 => Format::Gzip,
        0x1f if starts(b"\x1f\x9d") && name.ends_with(".Z") => Format::Compress,
        b'B' if is_bzip2(head) => Format::Bzip2,
        0xfd if starts(b"\xfd7zXZ\0") => Format::Xz,
        0x5d if starts(b"\x5d\0\0") && is_lzma_name(name) => Format::Lzma,
        0x28 if starts(b"\x28\xb5\x2f\xfd") => Format::Zstd,
        0x50..=0x5f if head.get(1..4)? == b"\x2a\x4d\x18" => after_skippable(head),
        0x04 if starts(b"\x04\x22\x4d\x18") => Format::Lz4,
        0x04 if starts(b"\x04\0\0\0") && head.get(16..25)? == b"{\"files\":" => Format::Asar,
        b'7' if starts(b"7z\xbc\xaf\x27\x1c") => Format::SevenZip,
        b'!' if starts(b"!<arch>\n") => Format::Ar,
        0xed if starts(b"\xed\xab\xee\xdb") => Format::Rpm,
        b'0' if is_cpio(head) => Format::Cpio,
        b'R' if starts(b"Rar!\x1a\x07") => Format::Rar,
        b'M' if starts(b"MSCF\0\0\0\0") => Format::Cab,
        b'L' if starts(b"LZIP\x01") => Format::Lzip,
        _ if is_tar(head, name) => Format::Tar,
        _ if is_pdf(head, name) => Format::Pdf,
        _ => return None,
    };
    Some(told)
}

/// Text may start with `BZh9`; only what starts a block or ends the file may follow in a real one.
fn is_bzip2(head: &[u8]) -> bool {
    let Some((mark, rest)) = head.split_at_checked(4) else { return false };
    mark.starts_with(b"BZh")
        && matches!(mark[3], b'1'..=b'9')
        && (rest.starts_with(b"\x31\x41\x59\x26\x53\x59")
            || rest.starts_with(b"\x17\x72\x45\x38\x50\x90"))
}

fn is_lzma_name(name: &str) -> bool {
    [".lzma", ".tlz"].iter().any(|suffix| without_suffix(name, suffix).is_some())
}

/// Zstandard and LZ4 share their frames that are passed over; Zstandard's tools write them.
fn after_skippable(head: &[u8]) -> Format {
    let length = head.get(4..8).and_then(|l| l.try_into().ok()).map_or(0, u32::from_le_bytes);
    let next = usize::try_from(length).ok().and_then(|l| head.get(l.checked_add(8)?..));
    if next.is_some_and(|n| n.starts_with(b"\x04\x22\x4d\x18")) {
        Format::Lz4
    } else {
        Format::Zstd
    }
}

fn is_cpio(head: &[u8]) -> bool {
    (head.starts_with(b"070701") || head.starts_with(b"070702"))
        && head.get(6..110).is_some_and(|h| h.iter().all(u8::is_ascii_hexdigit))
}

fn is_tar(head: &[u8], name: &str) -> bool {
    match head.get(257..262) {
        Some(b"ustar") => super::tar::is_header(head),
        Some(_) => without_suffix(name, ".tar").is_some() && super::tar::is_header(head),
        None => false,
    }
}

/// Some writers put other bytes before the mark. What is called otherwise may be a text about it.
fn is_pdf(head: &[u8], name: &str) -> bool {
    let is_called = without_suffix(name, ".pdf").is_some();
    let mut marks = memchr::memmem::find_iter(head, b"%PDF-");
    marks.next().is_some_and(|at| at == 0 || is_called)
}

#[cfg(test)]
mod tests {
    use super::{Format, recognise};

    #[test]
    fn texts_that_look_like_marks_are_no_containers() {
        for text in [
            "",
            "P",
            "PK",
            "BZh9 is a mark",
            "070701 is another",
            "7z",
            "Rar!",
            "!<arch>",
            "ustar",
            " %PDF-1.7",
        ] {
            assert_eq!(recognise(text.as_bytes(), "a.tar.gz"), None, "{text}");
        }
    }

    #[test]
    fn a_compressed_file_names_what_is_in_it() {
        let named = |format: Format, name: &str| format.inner_name(name);
        assert_eq!(named(Format::Gzip, "a/x.tar.GZ"), "x.tar");
        assert_eq!(named(Format::Gzip, "x.tgz"), "x.tar");
        assert_eq!(named(Format::Zstd, "cache.tzst"), "cache.tar");
        assert_eq!(named(Format::Xz, ".xz"), ".xz");
        assert_eq!(named(Format::Bzip2, "b\\däta"), "däta");
    }
}
