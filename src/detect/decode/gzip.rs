//! Gzip (RFC 1952), inflated up to a limit: a bomb yields its first part.

use std::io::Read;

use flate2::read::MultiGzDecoder;

/// The most that is inflated, in bytes.
const MOST: u64 = 16 << 20;

/// The plain bytes; what came before damage or the limit if it does not end well, nothing if it is not
/// gzip at all.
pub(super) fn inflate(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut plain = Vec::new();
    let end = MultiGzDecoder::new(bytes).take(MOST).read_to_end(&mut plain);
    (end.is_ok() || !plain.is_empty()).then_some(plain)
}
