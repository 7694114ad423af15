//! The contract of a structure check: bytes in, verdict out, and its inverse, which makes valid samples.

use std::borrow::Cow;

use crate::model::Claim;
use crate::rules::dice::Dice;

/// A named check of what is inside a credential. Pure: no clock, no network, no files.
pub struct Check {
    /// Name in rule files.
    pub name: &'static str,
    /// What it verifies, for `rules show`; half a sentence.
    pub about: &'static str,
    /// How unlikely it is that random text of the right shape passes, in bits; 0 if no figure is known.
    pub bits: u16,
    /// Whether it looks at the text around the match.
    pub around: bool,
    /// Judges one sighting. Total: any bytes are allowed, nothing panics, time is linear.
    pub judge: fn(&Sighting<'_>) -> Verdict,
    /// Rewrites a random sample of the rule's format so that `judge` accepts it.
    pub seal: fn(&mut Sample, &mut Dice),
}

/// How much text around a match a check may look at, in bytes on each side.
pub const AROUND: usize = 4096;

/// What a check sees of a match.
#[derive(Clone, Copy)]
pub struct Sighting<'a> {
    /// The whole match of the format.
    pub whole: &'a [u8],
    /// The credential: the group `secret` of the format, or the whole match.
    pub value: &'a [u8],
    /// The text around, the match included: up to [`AROUND`] bytes on both sides.
    pub around: &'a [u8],
}

impl<'a> Sighting<'a> {
    /// A value that stands alone.
    pub const fn alone(value: &'a [u8]) -> Self {
        Self { whole: value, value, around: value }
    }
}

/// A made-up credential.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sample {
    /// A match of the rule's format.
    pub token: Vec<u8>,
    /// Text that must stand on a line beside it for the check to hold; mostly empty.
    pub beside: Vec<u8>,
}

/// What a check says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// For or against.
    pub state: State,
    /// Half a sentence for the report: `checksum holds (CRC-32)`. Never holds the value.
    pub note: Cow<'static, str>,
    /// Identity that was read on the way.
    pub claims: Vec<Claim>,
}

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Arithmetic holds: a real or once real credential.
    Proven,
    /// The structure parses strictly; random text would not.
    Parsed,
    /// Nothing to say: an older generation without checksum, or what the check needs is not there.
    Silent,
    /// It should hold and does not: made up, redacted or damaged.
    Broken,
    /// Not a credential of this type at all; another rule may claim it.
    Foreign,
}

impl Verdict {
    /// A verdict without identity.
    pub fn new(state: State, note: impl Into<Cow<'static, str>>) -> Self {
        Self { state, note: note.into(), claims: Vec::new() }
    }

    /// Adds what was read of the owner.
    pub fn with(mut self, claims: impl IntoIterator<Item = Claim>) -> Self {
        self.claims.extend(claims);
        self
    }

    /// Arithmetic holds.
    pub fn proven(note: impl Into<Cow<'static, str>>) -> Self {
        Self::new(State::Proven, note)
    }

    /// The structure parses.
    pub fn parsed(note: impl Into<Cow<'static, str>>) -> Self {
        Self::new(State::Parsed, note)
    }

    /// Nothing to say.
    pub fn silent(note: impl Into<Cow<'static, str>>) -> Self {
        Self::new(State::Silent, note)
    }

    /// Should hold and does not.
    pub fn broken(note: impl Into<Cow<'static, str>>) -> Self {
        Self::new(State::Broken, note)
    }

    /// Not of this type.
    pub fn foreign(note: impl Into<Cow<'static, str>>) -> Self {
        Self::new(State::Foreign, note)
    }
}
