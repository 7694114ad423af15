//! Any bytes as a property list, of text or binary: all that is told of them stands in them.

#![no_main]

use keytrail::read::plist::plist;
use keytrail_fuzz::trees::sound;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    sound(text, &plist(text));
});
