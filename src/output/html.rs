//! The report that people look at: one page that needs no network and lets nothing run but its own script.

mod data;
mod harmless;

use std::io::{self, Write};

use sha2::{Digest, Sha256};

use crate::model::Confidence;
use crate::output::{Format, Style};
use crate::report::{Record, Report};
use crate::runbook::{self, Hints};

/// The format.
pub(super) const FORMAT: Format = Format {
    name: "html",
    about: "a page to look at, in one file that needs no network",
    least: Confidence::Medium,
    write: page,
};

fn page(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let record = Record::of(report, style.least);
    let mut text = Vec::new();
    runbook::markdown(&runbook::runbook(&record, &Hints::default()), &mut text)?;
    write(&record, Some(&String::from_utf8_lossy(&text)), out)
}

const PAGE: &str = include_str!("html/page.html");
const STYLE: &str = include_str!("html/style.css");
const SCRIPT: &str = concat!(
    include_str!("html/elements.js"),
    include_str!("html/filters.js"),
    include_str!("html/trails.js"),
    include_str!("html/graph.js"),
    include_str!("html/overview.js"),
    include_str!("html/runbook.js"),
    include_str!("html/page.js"),
);

/// Writes `record` as a page that works from disk, with the runbook (Markdown) if there is one. Equal
/// records give equal bytes.
pub fn write(record: &Record, runbook: Option<&str>, out: &mut dyn Write) -> io::Result<()> {
    // Browsers read line ends as LF before they check digests.
    let [page, style, script] = [PAGE, STYLE, SCRIPT].map(|text| text.replace("\r\n", "\n"));
    let mut rest = page.as_str();
    while let Some((before, mark, after)) = next(rest) {
        out.write_all(before.as_bytes())?;
        match mark {
            "policy" => out.write_all(policy(&style, &script).as_bytes())?,
            "style" => out.write_all(style.as_bytes())?,
            "script" => out.write_all(script.as_bytes())?,
            _ => harmless::write(&data::page(record, runbook), out)?,
        }
        rest = after;
    }
    out.write_all(rest.as_bytes())
}

/// The text before the next `{{mark}}` of the page, the mark, and what follows.
fn next(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("{{")?;
    let (mark, after) = rest.split_once("}}")?;
    Some((before, mark, after))
}

/// What the browser is told to allow: this very style and script, and nothing from anywhere.
fn policy(style: &str, script: &str) -> String {
    let [style, script] = [style, script].map(|text| {
        let digest = Sha256::digest(text.as_bytes());
        base64_simd::STANDARD.encode_to_string(&digest[..])
    });
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; \
         base-uri 'none'; form-action 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::{PAGE, SCRIPT, STYLE, write};
    use crate::output::made_up;

    fn page(trails: usize) -> String {
        let mut out = Vec::new();
        write(&made_up::record(trails), Some(made_up::RUNBOOK), &mut out).expect("written");
        String::from_utf8(out).expect("a page is UTF-8")
    }

    #[test]
    fn equal_records_give_equal_bytes() {
        assert_eq!(page(40), page(40));
    }

    #[test]
    fn every_mark_is_filled() {
        let page = page(1);
        for mark in ["{{policy}}", "{{style}}", "{{script}}", "{{data}}"] {
            assert!(PAGE.contains(mark) && !page.contains(mark), "{mark}");
        }
    }

    #[test]
    fn nothing_in_the_record_can_end_the_data() {
        let mut record = made_up::record(1);
        let hostile = "</script><img src=x onerror=alert(1)>&\u{2028}\u{202e}\x1b[0m";
        record.trails[0].holders[0].path = hostile.to_owned();
        record.source = hostile.to_owned();
        let mut out = Vec::new();
        write(&record, Some(hostile), &mut out).expect("written");
        let page = String::from_utf8(out).expect("a page is UTF-8");
        assert!(!page.contains("<img") && !page.contains("\u{2028}") && !page.contains('\x1b'));
        assert_eq!(page.matches("</script>").count(), 2, "the data's and the script's own");
        assert!(page.contains(r"\u003c/script\u003e\u003cimg"));
        assert!(page.contains(r"\\u{202e}\\x1b[0m"), "reordering and controls are shown");
    }

    #[test]
    fn the_page_names_no_other_place() {
        for text in [PAGE, STYLE, SCRIPT] {
            let text = text.replace("http://www.w3.org/2000/svg", "");
            let calls = ["http:", "src=", "@import", "url(", "fetch(", "XMLHttp", "innerHTML"];
            for call in calls {
                assert!(!text.contains(call), "{call}");
            }
        }
        assert!(!SCRIPT.contains("</") && !STYLE.contains("</"), "they cannot end themselves");
        assert!(SCRIPT.len() < 40_000 && STYLE.len() < 20_000);
    }
}
