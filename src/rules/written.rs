//! A rule file as written, and the one way from there to a valid rule.

use serde::Deserialize;

use crate::model::{Confidence, Field, Kind, Life, RuleId, Severity};
use crate::rules::format;
use crate::rules::rule::{Advice, Context, Pair, Rule};

/// A rule file as its author typed it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    name: String,
    #[serde(default)]
    rule: Vec<Written>,
}

/// One block of a rule file as its author typed it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    id: String,
    name: String,
    kind: String,
    severity: String,
    #[serde(default)]
    confidence: Option<String>,
    grants: String,
    format: String,
    #[serde(default)]
    literals: Vec<String>,
    #[serde(default)]
    context: Option<WrittenContext>,
    #[serde(default)]
    entropy: f32,
    #[serde(default)]
    check: Option<String>,
    #[serde(default)]
    identity: Vec<String>,
    #[serde(default)]
    pair: Vec<WrittenPair>,
    #[serde(default)]
    lifetime: Option<String>,
    #[serde(default)]
    revoke: WrittenAdvice,
    #[serde(default)]
    replace: WrittenAdvice,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenContext {
    words: Vec<String>,
    #[serde(default = "near")]
    within: u16,
    #[serde(default)]
    lines: u8,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPair {
    field: String,
    format: String,
    #[serde(default = "aside")]
    within: u16,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenAdvice {
    text: String,
    #[serde(default)]
    url: String,
    #[serde(default)]
    source: String,
}

const fn near() -> u16 {
    48
}

const fn aside() -> u16 {
    400
}

/// How far a context word may stand from its value, in bytes.
pub const FARTHEST_WORD: u16 = 512;

/// What is wrong with a rule file. Names the rule and the field.
#[derive(Debug, thiserror::Error)]
pub enum Flaw {
    /// Not TOML, or a field that no rule has.
    #[error("{0}")]
    Syntax(String),
    /// A field holds what no rule may hold.
    #[error("rule {rule}: {message}")]
    Rule {
        /// The id as written.
        rule: String,
        /// What is wrong, and where.
        message: String,
    },
}

/// Reads the text of the file `<provider>.toml`. Refuses it whole if one rule is not valid; whether a
/// named check exists is asked of `knows_check`.
pub fn read(
    provider: &str,
    text: &str,
    knows_check: &dyn Fn(&str) -> bool,
) -> Result<Vec<Rule>, Flaw> {
    let file: File = toml::from_str(text).map_err(|e| Flaw::Syntax(e.to_string()))?;
    let validate = |written: Written| {
        let id = written.id.clone();
        written
            .validate(provider, &file.name, knows_check)
            .map_err(|message| Flaw::Rule { rule: id, message })
    };
    file.rule.into_iter().map(validate).collect()
}

impl Written {
    fn validate(
        self,
        provider: &str,
        provider_name: &str,
        knows_check: &dyn Fn(&str) -> bool,
    ) -> Result<Rule, String> {
        let id = RuleId::parse(&self.id).ok_or("id: not words of a-z0-9 joined by hyphens")?;
        let shape = format::shape(&self.format, &self.literals)?;
        if self.literals.is_empty() == self.context.is_none() {
            return Err("give either literals or context: without one there is nothing to \
                        search for, with both it is not clear which"
                .to_owned());
        }
        if let Some(short) = self.literals.iter().find(|l| l.len() < 3) {
            return Err(format!("literals: `{short}` is shorter than 3 bytes"));
        }
        if let Some(check) = self.check.as_deref().filter(|name| !knows_check(name)) {
            return Err(format!("check: there is none called `{check}`"));
        }
        if !(0.0..=8.0).contains(&self.entropy) {
            return Err("entropy: not between 0 and 8 bits a character".to_owned());
        }
        Ok(Rule {
            id,
            name: self.name.into(),
            provider: provider.to_owned().into(),
            provider_name: provider_name.to_owned().into(),
            kind: one_of("kind", &self.kind, &Kind::ALL, Kind::name)?,
            severity: one_of("severity", &self.severity, &Severity::ALL, Severity::name)?,
            confidence: confidence(self.confidence.as_deref())?,
            grants: self.grants.into(),
            format: self.format.into(),
            literals: texts(self.literals),
            context: self.context.map(WrittenContext::validate).transpose()?,
            entropy: self.entropy,
            check: self.check.map(Into::into),
            identity: fields(&self.identity)?,
            pairs: pairs(self.pair)?,
            life: life(self.lifetime.as_deref())?,
            revoke: self.revoke.into(),
            replace: self.replace.into(),
            shape,
        })
    }
}

impl WrittenContext {
    fn validate(self) -> Result<Context, String> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        let right = |w: &&String| w.len() < 3 || !w.bytes().all(plain);
        if let Some(word) = self.words.iter().find(right) {
            return Err(format!("context: `{word}` is not 3 or more of a-z, 0-9, _"));
        }
        if self.words.is_empty() {
            return Err("context: no words".to_owned());
        }
        if self.within > FARTHEST_WORD {
            return Err(format!("context: within is more than {FARTHEST_WORD}"));
        }
        Ok(Context { words: texts(self.words), within: self.within, lines: self.lines })
    }
}

impl From<WrittenAdvice> for Advice {
    fn from(written: WrittenAdvice) -> Self {
        Self { text: written.text.into(), url: written.url.into(), source: written.source.into() }
    }
}

fn texts(list: Vec<String>) -> crate::rules::rule::List<crate::rules::rule::Text> {
    list.into_iter().map(Into::into).collect::<Vec<_>>().into()
}

fn confidence(written: Option<&str>) -> Result<Confidence, String> {
    const BEFORE_PROOF: [Confidence; 3] = [Confidence::Low, Confidence::Medium, Confidence::High];
    written.map_or(Ok(Confidence::Medium), |name| {
        one_of("confidence", name, &BEFORE_PROOF, Confidence::name)
    })
}

fn life(written: Option<&str>) -> Result<Life, String> {
    written.map_or(Ok(Life::Unknown), |name| one_of("lifetime", name, &LIVES, life_name))
}

/// What a rule may say of the life of its credentials; one that says nothing leaves it unknown.
const LIVES: [Life; 3] = [Life::Endless, Life::Short, Life::Set];

/// The name of `life` in rule files.
pub const fn life_name(life: Life) -> &'static str {
    match life {
        Life::Endless => "endless",
        Life::Short => "short",
        Life::Set => "set",
        Life::Unknown => "unknown",
    }
}

fn fields(names: &[String]) -> Result<crate::rules::rule::List<Field>, String> {
    let read = |name: &String| one_of("identity", name, &Field::ALL, Field::name);
    Ok(names.iter().map(read).collect::<Result<Vec<_>, _>>()?.into())
}

fn pairs(written: Vec<WrittenPair>) -> Result<crate::rules::rule::List<Pair>, String> {
    let read = |pair: WrittenPair| {
        format::parse(&pair.format).map_err(|e| format!("pair: {e}"))?;
        Ok(Pair {
            field: one_of("pair", &pair.field, &Field::ALL, Field::name)?,
            format: pair.format.into(),
            within: pair.within,
        })
    };
    Ok(written.into_iter().map(read).collect::<Result<Vec<_>, String>>()?.into())
}

fn one_of<T: Copy>(
    field: &str,
    written: &str,
    all: &[T],
    name: fn(T) -> &'static str,
) -> Result<T, String> {
    all.iter().copied().find(|&item| name(item) == written).ok_or_else(|| {
        let known: Vec<_> = all.iter().map(|&item| name(item)).collect();
        format!("{field}: `{written}` is none of {}", known.join(", "))
    })
}
