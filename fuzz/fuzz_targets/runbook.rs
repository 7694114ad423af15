//! A report read back, and the CODEOWNERS file beside it: the runbook and the pages of it are written.

#![no_main]

use keytrail::report::Record;
use keytrail::runbook::{self, CodeOwners, Hints, OwnerHint};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let cut = data.iter().position(|byte| *byte == 0).unwrap_or(data.len());
    let (report, owners) = data.split_at(cut);
    let rules = CodeOwners::parse(&String::from_utf8_lossy(owners));
    let Ok(record) = serde_json::from_slice::<Record>(report) else { return };
    let hint = OwnerHint::CodeOwners { source: String::new(), root: String::new(), rules };
    let hints = Hints { owners: vec![hint], ..Hints::default() };
    let made = runbook::runbook(&record, &hints);
    let mut text = Vec::new();
    runbook::markdown(&made, &mut text).expect("memory takes all");
    runbook::json(&made, &mut text).expect("memory takes all");
});
