//! Fills `<field: what it is>` in our own texts from what a credential says of itself.

use std::collections::BTreeSet;

use crate::model::{Field, Trail};

/// `text` with each `<field: words>` replaced by the claim, or by `<words>` where there is none, more than one,
/// or one that could mean something to a shell or a parser.
pub(super) fn fill(text: &str, trail: &Trail) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from)) = rest.split_once('<') {
        out.push_str(before);
        let slot = from.split_once('>').and_then(|(inner, after)| {
            let (field, words) = inner.split_once(": ")?;
            is_field(field).then_some((field, words, after))
        });
        let Some((field, words, after)) = slot else {
            out.push('<');
            rest = from;
            continue;
        };
        out.push_str(&value(trail, field).unwrap_or_else(|| format!("<{words}>")));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Whether `name` can be filled.
pub(super) fn is_field(name: &str) -> bool {
    name == "first_seen" || Field::ALL.iter().any(|field| field.name() == name)
}

fn value(trail: &Trail, name: &str) -> Option<String> {
    if name == "first_seen" {
        return trail.first_seen.clone().filter(|time| is_harmless(time));
    }
    let field = Field::ALL.into_iter().find(|field| field.name() == name)?;
    let claims = trail.principal.iter().filter(|claim| claim.field == field);
    let values: BTreeSet<_> = claims.map(|claim| claim.value.as_str()).collect();
    let mut values = values.into_iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    is_harmless(value).then(|| value.to_owned())
}

/// Whether `text` is one plain word to shells, YAML and JSON.
fn is_harmless(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"._@:/+-".contains(&b);
    let starts = text.starts_with(|c: char| c.is_ascii_alphanumeric());
    starts && text.len() <= 200 && text.bytes().all(plain)
}
