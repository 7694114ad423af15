//! A call that shows whether a new credential works, in which it is never an argument and never printed.

use crate::model::Trail;
use crate::runbook::data::Probe;
use crate::runbook::fill::fill;
use crate::runbook::shape::Paste;

/// The commands for `probe`.
pub(super) fn paste(probe: &Probe, trail: &Trail) -> Paste {
    let config = if probe.header.is_empty() {
        format!(r#"user = "{}:%s""#, fill(&probe.user, trail))
    } else {
        format!(r#"header = "{}%s""#, fill(&probe.header, trail))
    };
    let url = fill(&probe.url, trail);
    let content = format!(
        "# in bash or zsh: paste the new one and press Enter; it is not shown\nread -rs NEW\n\
         printf '{config}\\n' \"$NEW\" |\n  curl -sS -o /dev/null -w '%{{http_code}}\\n' --config - '{url}'\n\
         unset NEW"
    );
    Paste { language: "sh".to_owned(), into: String::new(), content }
}
