//! Values that are known from elsewhere, as a detector looks for them.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use crate::detect::detector::{Seen, Sighted};
use crate::model::{Claim, Confidence, Reason, ReasonKind, Secret};
use crate::rules::Rule;
use crate::trace::{Hit, Tracer, Wanted};

/// A value that is known from elsewhere.
pub struct Value<'c> {
    /// The rule that found it.
    pub rule: &'c Rule,
    /// It.
    pub secret: Secret,
    /// Whose it is.
    pub claims: Vec<Claim>,
    /// How sure it is there that it is a credential.
    pub confidence: Confidence,
    /// It is so random that nobody can guess it.
    pub rare: bool,
}

/// Looks for such values.
pub struct Traces<'c> {
    values: Vec<Value<'c>>,
    tracer: Tracer,
}

/// How many places of one value are told of one stretch of text.
const REPEATS: usize = 100;

impl fmt::Debug for Traces<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Traces({})", self.values.len())
    }
}

impl<'c> Traces<'c> {
    /// Looks for `values`; none if there is nothing to look for.
    pub fn of(values: Vec<Value<'c>>) -> Option<Self> {
        let wanted: Vec<_> = (0_u32..)
            .zip(&values)
            .map(|(id, value)| Wanted { id, value: value.secret.expose(), rare: value.rare })
            .collect();
        let tracer = Tracer::new(&wanted);
        (!tracer.is_empty()).then_some(Self { values, tracer })
    }

    /// What is not looked for because there is too much of it, for a person.
    pub fn limit(&self) -> Option<String> {
        let [plain, left_out] = self.tracer.left_out();
        let message = format!(
            "too many values for the second look: {plain} were looked for as they are only, {left_out} not at all"
        );
        (plain + left_out > 0).then_some(message)
    }

    /// Adds the values in `text` to `found`; of one value the first hundred places.
    pub(super) fn look(
        &self,
        text: &[u8],
        layers: &[crate::model::Layer],
        found: &mut Vec<Sighted<'c>>,
    ) {
        let mut told: HashMap<u32, usize> = HashMap::new();
        self.tracer.search(text, &mut |Hit { id, range, layers: form }| {
            let Some(value) = self.values.get(id as usize) else { return };
            let told = told.entry(id).or_default();
            *told += 1;
            if *told > REPEATS {
                return;
            }
            let layers: Vec<_> = layers.iter().copied().chain(form).collect();
            let mut reasons =
                vec![Reason::new(ReasonKind::Trace, "the same value is known from another place")];
            if !layers.is_empty() {
                let names: Vec<_> = layers.iter().map(|layer| layer.name()).collect();
                let text = format!("wrapped in {}", names.join(", then "));
                reasons.push(Reason::new(ReasonKind::Wrapping, text));
                reasons.sort_by_key(|reason| reason.kind);
            }
            let confidence = if value.rare {
                value.confidence
            } else {
                value.confidence.min(Confidence::Medium)
            };
            let secret = Secret::new(value.secret.expose().to_vec());
            let mut of = Seen::told(value.rule, secret, confidence, (reasons, layers));
            of.claims.clone_from(&value.claims);
            found.push(Sighted { range, of: Arc::new(of) });
        });
    }
}
