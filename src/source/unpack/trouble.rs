//! What could not be read of a container, and why.

use std::error::Error;
use std::{fmt, io};

/// Why something was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TroubleKind {
    /// A limit was met.
    Limit,
    /// Bytes are missing or not what they should be.
    Damaged,
    /// It needs a password.
    Encrypted,
    /// It is written in a way that is not read.
    Unsupported,
}

/// Something of a container that was not read, or not to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The member; none if it is about the container as a whole.
    pub member: Option<String>,
    /// Of what sort it is.
    pub kind: TroubleKind,
    /// What is wrong, without any text of the file.
    pub what: String,
}

/// Why a member's reading ended early: the error inside the `io::Error` that its reader gives. It is also
/// among the troubles of the container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Of what sort it is.
    pub kind: TroubleKind,
    /// What is wrong, without any text of the file.
    pub what: String,
}

impl Cut {
    /// The reason inside an error of a member's reader.
    pub fn of(error: &io::Error) -> Option<&Self> {
        error.get_ref()?.downcast_ref()
    }

    pub(super) fn damaged(what: &str) -> Self {
        Self { kind: TroubleKind::Damaged, what: what.to_owned() }
    }

    pub(super) fn error(&self) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidData, self.clone())
    }
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl Error for Cut {}

/// An error that says of bytes that they are damaged.
pub(super) fn damaged(what: &str) -> io::Error {
    Cut::damaged(what).error()
}
