//! Wrapped text undone: what a run may hide, and the way back to where it stood.

mod base64;
mod contract;
mod escapes;
mod gzip;
mod hex;
mod utf16;

pub use contract::{Decoded, Decoder};
pub use utf16::each_region as each_utf16;

/// Every decoder that starts from a run, in the order in which they are tried.
pub const ALL: &[&Decoder] = &[
    &base64::DECODER,
    &hex::DECODER,
    &escapes::PERCENT,
    &escapes::BACKSLASH,
    &escapes::ENTITIES,
    &escapes::QUOTED_PRINTABLE,
];

/// The longest stretch that one decoder takes at a time, in bytes.
const LONGEST: usize = 16 << 20;
