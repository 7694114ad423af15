//! Why a finding is believed, or doubted.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// One argument for or against a finding, in words for a person. Never holds the value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Reason {
    /// What sort of argument this is.
    pub kind: ReasonKind,
    /// The argument, as half a sentence: `checksum holds (CRC-32, 32 bits)`.
    pub text: Cow<'static, str>,
}

impl Reason {
    /// Says `text` as an argument of sort `kind`.
    pub fn new(kind: ReasonKind, text: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, text: text.into() }
    }
}

/// The sorts of argument, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReasonKind {
    /// A checksum, digest or key pair holds.
    Proof,
    /// A checksum that should hold does not.
    Broken,
    /// The inside parses as its issuer builds it.
    Structure,
    /// Prefix, alphabet and length fit.
    Format,
    /// The name or words beside it say what it is.
    Context,
    /// How random the body is.
    Randomness,
    /// It was wrapped, and how.
    Wrapping,
    /// Its value is known from elsewhere.
    Trace,
    /// How open the place lies.
    Exposure,
    /// Known from documentation, or written as a stand-in.
    Placeholder,
}
