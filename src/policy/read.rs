//! The statements of policy of a configuration, and those that are ready-made.

use std::ops::Range;
use std::sync::OnceLock;

use toml::de::{DeTable, DeValue};

use crate::model::{Trail, Verdict};
use crate::policy::judge::Judge;
use crate::policy::refusal::{Refusal, Source, brief};
use crate::policy::statement::Statement;
use crate::policy::value::{Value, keys};

/// Statements of policy, in the order in which they were written; no two have one id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policies {
    /// The statements.
    pub statements: Vec<Statement>,
}

impl Policies {
    /// Reads the `policy` of a `keytrail.toml`: `[policy]` with `use` and `statement`, or `[[policy]]` with a
    /// statement or `use` each. All else in the file is for others. `path` is how errors name the file.
    pub fn read(text: &str, path: &str) -> Result<Self, Refusal> {
        let source = Source { text, path };
        let table = source.table()?;
        let mut all = Self::default();
        let Some((key, value)) = table.get_key_value("policy") else { return Ok(all) };
        match value.get_ref() {
            DeValue::Table(table) => all.read_table(source, table)?,
            DeValue::Array(_) => {
                for part in source.list(value, "`policy`")? {
                    all.read_part(source, part)?;
                }
            }
            _ => return Err(source.refuse(&key.span(), "`policy` must be a table or tables")),
        }
        Ok(all)
    }

    /// The statements that can be taken up by name.
    pub fn ready_made() -> &'static Self {
        static ALL: OnceLock<Policies> = OnceLock::new();
        ALL.get_or_init(|| {
            let text = include_str!("../../rules/policies.toml");
            Self::read(text, "rules/policies.toml").expect("a test reads the same data")
        })
    }

    /// Whether each statement holds of all `trails`.
    pub fn judge<'t>(&self, trails: impl Iterator<Item = &'t Trail>) -> Vec<Verdict> {
        let mut judge = Judge::new(self);
        trails.for_each(|trail| judge.see(trail));
        judge.verdicts()
    }

    /// What statements name: the statement's id, `provider`, `rule` or `tool`, and the pattern.
    pub fn names(&self) -> impl Iterator<Item = (&str, &'static str, &str)> {
        self.statements.iter().flat_map(|statement| {
            let conditions = statement.forbid.iter().chain(&statement.except);
            conditions
                .flat_map(|condition| condition.names())
                .map(|(what, pattern)| (statement.id.as_str(), what, pattern))
        })
    }

    /// Adds the statements of `more`; one of an id that is known already takes the place of the known one.
    pub fn add(&mut self, more: Self) {
        for statement in more.statements {
            match self.statements.iter_mut().find(|known| known.id == statement.id) {
                Some(known) => *known = statement,
                None => self.statements.push(statement),
            }
        }
    }

    fn read_table(&mut self, source: Source<'_>, table: &DeTable<'_>) -> Result<(), Refusal> {
        for (key, span, value) in keys(table) {
            match key.as_str() {
                "use" => self.take_up(source, value)?,
                "statement" => {
                    for part in source.list(value, "`statement`")? {
                        let table = source.of_table(part, "a statement of policy")?;
                        let read = Statement::read(source, table, &part.span())?;
                        self.push(source, read, &part.span())?;
                    }
                }
                _ => return Err(source.unknown(&key, &span, &["use", "statement"])),
            }
        }
        Ok(())
    }

    fn read_part(&mut self, source: Source<'_>, part: &Value<'_>) -> Result<(), Refusal> {
        let table = source.of_table(part, "`policy`")?;
        match table.get("use") {
            Some(names) if table.len() == 1 => self.take_up(source, names),
            Some(names) => {
                Err(source.refuse(&names.span(), "`use` stands alone in its `[[policy]]`"))
            }
            None => {
                let read = Statement::read(source, table, &part.span())?;
                self.push(source, read, &part.span())
            }
        }
    }

    /// Takes up the ready-made statements that `names` names.
    fn take_up(&mut self, source: Source<'_>, names: &Value<'_>) -> Result<(), Refusal> {
        for value in source.list(names, "`use`")? {
            let name = source.text(value, "`use`")?;
            let ready = &Self::ready_made().statements;
            let Some(statement) = ready.iter().find(|statement| statement.id == name) else {
                let known: Vec<_> = ready.iter().map(|statement| statement.id.as_str()).collect();
                let text = format!("`use`: unknown `{}`; known: {}", brief(name), known.join(", "));
                return Err(source.refuse(&value.span(), text));
            };
            self.push(source, statement.clone(), &value.span())?;
        }
        Ok(())
    }

    fn push(
        &mut self,
        source: Source<'_>,
        statement: Statement,
        span: &Range<usize>,
    ) -> Result<(), Refusal> {
        if self.statements.iter().any(|known| known.id == statement.id) {
            let text = format!("a statement of policy `{}` is there already", statement.id);
            return Err(source.refuse(span, text));
        }
        self.statements.push(statement);
        Ok(())
    }
}
