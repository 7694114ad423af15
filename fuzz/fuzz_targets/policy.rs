//! A `keytrail.toml`: it is read, or refused with a line.

#![no_main]

use keytrail::policy::{Gates, Policies};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    _ = Policies::read(text, "keytrail.toml").map_err(|refusal| refusal.to_string());
    _ = Gates::read(text, "keytrail.toml").map_err(|refusal| refusal.to_string());
});
