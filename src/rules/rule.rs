//! A rule: one type of credential, everything that is known of it, as data.

use std::borrow::Cow;

use crate::model::{Confidence, Field, Kind, Life, RuleId, Severity};

/// Text that is embedded in the program or owned by a loaded rule.
pub type Text = Cow<'static, str>;
/// A list that is embedded in the program or owned by a loaded rule.
pub type List<T> = Cow<'static, [T]>;

/// One type of credential. Made by [`crate::rules::written::read`] only, so what stands
/// here is consistent: the format compiles, the check exists, there is a way to prefilter.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Stable slug.
    pub id: RuleId,
    /// Name for a person: `GitHub personal access token (classic)`.
    pub name: Text,
    /// Slug of the provider, the name of its rule file.
    pub provider: Text,
    /// The provider's own spelling.
    pub provider_name: Text,
    /// What sort of credential.
    pub kind: Kind,
    /// How bad a leak is.
    pub severity: Severity,
    /// How sure a match is when no check speaks for or against it.
    pub confidence: Confidence,
    /// What a thief can do with it, one sentence.
    pub grants: Text,
    /// Regular expression over bytes; a group named `secret` narrows the value.
    pub format: Text,
    /// Texts of which each match holds one; searched for first. Empty if `context` stands.
    pub literals: List<Text>,
    /// Words that must stand near a value which has no mark of its own.
    pub context: Option<Context>,
    /// Shannon entropy in bits a character below which a value is not believed; 0 asks for none.
    pub entropy: f32,
    /// Name of a structure check.
    pub check: Option<Text>,
    /// What the credential itself tells of its owner.
    pub identity: List<Field>,
    /// Values beside it that belong to it.
    pub pairs: List<Pair>,
    /// How long it lives where it does not tell that itself.
    pub life: Life,
    /// How to get it back.
    pub revoke: Advice,
    /// What makes it unnecessary.
    pub replace: Advice,
    /// Read off the format.
    pub shape: Shape,
}

/// Words that settle what an unmarked value is.
#[derive(Clone, Debug)]
pub struct Context {
    /// Lower-case words, matched without regard to case; one is enough.
    pub words: List<Text>,
    /// How many bytes may lie between the word's end and the value.
    pub within: u16,
    /// How many line ends may lie between them.
    pub lines: u8,
}

/// A public value that stands beside the credential and says whose it is.
#[derive(Clone, Debug)]
pub struct Pair {
    /// What it tells.
    pub field: Field,
    /// Regular expression; a group named `value` narrows it.
    pub format: Text,
    /// How many bytes away it may stand.
    pub within: u16,
}

/// What to do, and where the fact stands.
#[derive(Clone, Debug, Default)]
pub struct Advice {
    /// One or two sentences, or a command.
    pub text: Text,
    /// Where a person does it or reads on: `https://…`; empty if unknown.
    pub url: Text,
    /// Where the fact comes from: `vendor documentation`, `usual practice, not confirmed`.
    pub source: Text,
}

/// What the format guarantees, read off it once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Fewest bytes of a match.
    pub min: u32,
    /// Most bytes of a match; formats without an end count [`Shape::MOST`].
    pub max: u32,
    /// Fewest token bytes in a row that hold one of the literals, or what of it reaches into them; of formats
    /// without literals, fewest token bytes in a row without a separator.
    pub row: u32,
    /// Fewest letters and digits in a row that every match holds.
    pub word: u32,
    /// Every match begins with one of the literals.
    pub anchored: bool,
    /// Bits of randomness in the variable part of the shortest match.
    pub bits: u32,
    /// The bytes with which a match can end: if one of them follows, the match was cut short.
    pub tail: [u64; 4],
    /// The bytes that a match can hold, a bit each.
    pub alphabet: [u64; 4],
}

impl Shape {
    /// The longest match that is looked for, in bytes.
    pub const MOST: u32 = 16 * 1024;

    /// Whether a match could have gone on with `byte`.
    pub const fn continues_with(&self, byte: u8) -> bool {
        self.tail[(byte >> 6) as usize] >> (byte & 63) & 1 == 1
    }
}
