//! What makes a run fail, as it is written in flags and in `keytrail.toml`.

use crate::model::{Confidence, Severity};
use crate::policy::refusal::{Refusal, Source, brief};
use crate::policy::value::keys;

/// A condition under which a run fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Gate {
    /// Never.
    Nothing,
    /// A finding of at least this confidence.
    Confidence(Confidence),
    /// A finding of at least this severity.
    Severity(Severity),
    /// A credential in several tools or zones.
    Reused,
    /// A credential in several tools.
    CrossTool,
    /// A credential in several zones.
    CrossZone,
    /// A holder that an earlier report does not know.
    NewHolder,
    /// A statement of policy that does not hold.
    Policy,
}

/// Conditions of which any makes a run fail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gates {
    /// The conditions, no two equal; empty if nothing was said.
    pub gates: Vec<Gate>,
}

impl Gate {
    /// Every condition with its word.
    pub const ALL: [(&str, Self); 15] = [
        ("any", Self::Confidence(Confidence::Low)),
        ("none", Self::Nothing),
        ("low", Self::Confidence(Confidence::Low)),
        ("medium", Self::Confidence(Confidence::Medium)),
        ("high", Self::Confidence(Confidence::High)),
        ("certain", Self::Confidence(Confidence::Certain)),
        ("severity=low", Self::Severity(Severity::Low)),
        ("severity=medium", Self::Severity(Severity::Medium)),
        ("severity=high", Self::Severity(Severity::High)),
        ("severity=critical", Self::Severity(Severity::Critical)),
        ("reused", Self::Reused),
        ("cross-tool", Self::CrossTool),
        ("cross-zone", Self::CrossZone),
        ("new-holder", Self::NewHolder),
        ("policy", Self::Policy),
    ];

    /// Reads one word; if it is none of a condition, the error lists those there are.
    pub fn parse(text: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|(word, _)| *word == text).map(|(_, gate)| *gate);
        found.ok_or_else(|| {
            let words: Vec<_> = Self::ALL.iter().map(|(word, _)| *word).collect();
            format!("unknown `{}`; known: {}", brief(text), words.join(", "))
        })
    }
}

impl Gates {
    /// Reads words that are joined by commas, as a flag has them; white space around them is passed over.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut all = Self::default();
        text.split(',').try_for_each(|word| all.add(Gate::parse(word.trim())?))?;
        Ok(all)
    }

    /// Adds a condition; `none` and others exclude each other.
    pub fn add(&mut self, gate: Gate) -> Result<(), String> {
        if self.gates.contains(&gate) {
            return Ok(());
        }
        if !self.gates.is_empty() && (gate == Gate::Nothing || self.gates.contains(&Gate::Nothing))
        {
            return Err("`none` stands alone".to_owned());
        }
        self.gates.push(gate);
        Ok(())
    }

    /// Reads `fail-on` in the `[gate]` of a `keytrail.toml`: a word or a list of words. All else in the file is
    /// for others. `path` is how errors name the file.
    pub fn read(text: &str, path: &str) -> Result<Self, Refusal> {
        let source = Source { text, path };
        let table = source.table()?;
        let mut all = Self::default();
        let Some(gate) = table.get("gate") else { return Ok(all) };
        for (key, span, value) in keys(source.of_table(gate, "`gate`")?) {
            if key != "fail-on" {
                return Err(source.unknown(&key, &span, &["fail-on"]));
            }
            for word in source.list(value, "`fail-on`")? {
                let read = Self::parse(source.text(word, "`fail-on`")?);
                let added =
                    read.and_then(|read| read.gates.into_iter().try_for_each(|gate| all.add(gate)));
                let refuse = |wrong| source.refuse(&word.span(), format!("`fail-on`: {wrong}"));
                added.map_err(refuse)?;
            }
        }
        Ok(all)
    }
}
