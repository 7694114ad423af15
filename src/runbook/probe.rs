//! Calls that only read, in which a credential is never an argument and never printed.

use crate::model::Trail;
use crate::runbook::data::Probe;
use crate::runbook::fill::fill;
use crate::runbook::shape::Paste;

/// The commands that show whether the new one works.
pub(super) fn paste(probe: &Probe, trail: &Trail) -> Paste {
    call(probe, trail, "NEW", "-o /dev/null -w '%{http_code}\\n' ", "")
}

/// The commands that show whose the old one is; none if the answer does not tell.
pub(super) fn whose(probe: &Probe, trail: &Trail) -> Option<Paste> {
    let fields = probe.says.join("|");
    let shown = format!(" |\n  grep -oE '\"({fields})\" *: *(\"[^\"]*\"|[0-9]+)|^[0-9]{{3}}$'");
    (!fields.is_empty()).then(|| call(probe, trail, "OLD", "-w '\\n%{http_code}\\n' ", &shown))
}

fn call(probe: &Probe, trail: &Trail, name: &str, options: &str, shown: &str) -> Paste {
    let config = if probe.header.is_empty() {
        format!(r#"user = "{}:%s""#, fill(&probe.user, trail))
    } else {
        format!(r#"header = "{}%s""#, fill(&probe.header, trail))
    };
    let url = fill(&probe.url, trail);
    let more = if probe.options.is_empty() { "" } else { " " };
    let more = format!("{}{more}", probe.options);
    let which = name.to_ascii_lowercase();
    let content = format!(
        "# paste the {which} one and press Enter; it is not shown\n(\nread -rs {name}\n\
         printf '{config}\\n' \"${name}\" |\n  curl -sS {options}{more}--config - '{url}'{shown}\n\
         unset {name}\n)"
    );
    Paste { language: "sh".to_owned(), into: String::new(), content }
}
