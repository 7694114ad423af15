//! Reports that are read back.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use anyhow::{Context, bail};

use crate::report::Record;

/// The report in `path`; `-` is standard input. Refused is what `--format json` did not write.
pub(super) fn read(path: &Path) -> anyhow::Result<Record> {
    let name = || path.display().to_string();
    let from: Box<dyn Read> = if path.as_os_str() == "-" {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(path).with_context(name)?)
    };
    let record: Record = serde_json::from_reader(BufReader::new(from)).map_err(|error| {
        let hint = "not a report of `keytrail scan --format json` (JSON Lines are taken by merge and diff)";
        anyhow::anyhow!("{}: {hint}: {error}", name())
    })?;
    if record.schema != "keytrail/report/v1" {
        bail!("{}: a report of another shape: {}", name(), record.schema);
    }
    Ok(record)
}
