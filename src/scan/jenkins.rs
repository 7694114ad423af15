//! A Jenkins home that can be opened: its master key, the key sealed with that, and the values sealed with
//! the latter lie together.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::model::{Confidence, Finding, Origin, Reason, ReasonKind, Severity};

/// The key of all, in the folder `secrets` of a home.
const MASTER: &str = "master.key";
/// What it seals, beside it.
const SECOND: &str = "hudson.util.Secret";

/// Raises each master key that lies with all that it opens; `read` are files that were read.
pub(super) fn open_homes(findings: &mut [Finding], read: &[PathBuf]) {
    let mut sealed: HashMap<PathBuf, usize> = HashMap::new();
    let homes: Vec<PathBuf> = findings.iter().filter_map(home).collect();
    for finding in findings.iter().filter(|finding| is_sealed(finding)) {
        let Some(path) = finding.place.origin.path() else { continue };
        let around = homes.iter().filter(|home| path.starts_with(home));
        around.for_each(|home| *sealed.entry(home.clone()).or_default() += 1);
    }
    for finding in findings {
        let Some(home) = home(finding) else { continue };
        let Some(count) = sealed.get(&home) else { continue };
        let second = home.join("secrets").join(SECOND);
        let beside = match finding.place.origin.outermost() {
            Origin::File(_) if matches!(finding.place.origin, Origin::File(_)) => second.is_file(),
            _ => read.contains(&second),
        };
        if beside {
            let text = format!(
                "{SECOND} lies beside it and {count} sealed values around it: together they can be opened"
            );
            finding.severity = Severity::Critical;
            finding.confidence = finding.confidence.max(Confidence::High);
            finding.reasons.insert(0, Reason::new(ReasonKind::Structure, text));
        }
    }
}

/// The home of which a finding is the master key.
fn home(finding: &Finding) -> Option<PathBuf> {
    let path = finding.place.origin.path()?;
    let secrets = path.parent().filter(|dir| dir.ends_with("secrets"))?;
    path.ends_with(MASTER).then(|| secrets.parent().map(Path::to_owned))?
}

fn is_sealed(finding: &Finding) -> bool {
    finding.reasons.iter().any(|reason| reason.text.starts_with("sealed with Jenkins"))
}
