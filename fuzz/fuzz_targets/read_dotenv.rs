//! Any bytes as assignments of a shell: all that is told of them stands in them.

#![no_main]

use keytrail::read::dotenv::dotenv;
use keytrail_fuzz::trees::sound;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    sound(text, &dotenv(text));
});
