//! Fills `<field: what it is>` in our own texts from what a credential says of itself.

use std::collections::BTreeSet;

use crate::model::{Claim, Field, Trail, TrailHolder};
use crate::runbook::host;

/// A slot for a part of a claim.
struct Part {
    name: &'static str,
    field: Field,
    of: fn(&str) -> Option<&str>,
}

/// The slots beside those of whole claims.
const PARTS: [Part; 7] = [
    Part { name: "fingerprint", field: Field::KeyId, of: |id| is_print(id).then_some(id) },
    Part { name: "kid", field: Field::KeyId, of: |id| (!is_print(id)).then_some(id) },
    Part { name: "spki", field: Field::PublicKey, of: |key| key.strip_prefix("spki sha256 ") },
    Part { name: "thumbprint", field: Field::PublicKey, of: |key| key.strip_prefix("jwk sha256 ") },
    Part { name: "secret", field: Field::KeyId, of: |id| id.strip_prefix("Secret/") },
    Part { name: "namespace", field: Field::Principal, of: |name| Some(account(name)?.0) },
    Part { name: "service_account", field: Field::Principal, of: |name| Some(account(name)?.1) },
];

/// Whether `id` is a fingerprint as SSH writes it.
fn is_print(id: &str) -> bool {
    id.starts_with("SHA256:")
}

/// Namespace and name of a service account of Kubernetes.
fn account(name: &str) -> Option<(&str, &str)> {
    name.strip_prefix("system:serviceaccount:")?.split_once(':')
}

/// `text` with each `<field: words>` replaced by the claim, or by `<words>` where there is none, more than one,
/// or one that could mean something to a shell or a parser. The server has its usual name instead of words.
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
        let known = value(trail, field);
        out.push_str(&known.unwrap_or_else(|| match field {
            "host" => words.to_owned(),
            _ => format!("<{words}>"),
        }));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Whether `name` can be filled.
pub(super) fn is_field(name: &str) -> bool {
    ["first_seen", "host"].contains(&name)
        || PARTS.iter().any(|part| part.name == name)
        || Field::ALL.iter().any(|field| field.name() == name)
}

fn value(trail: &Trail, name: &str) -> Option<String> {
    match name {
        "first_seen" => return trail.first_seen.clone().filter(|time| is_harmless(time)),
        "host" => return host::of(trail),
        _ => {}
    }
    let part = PARTS.iter().find(|part| part.name == name);
    let field = match part {
        Some(part) => part.field,
        None => Field::ALL.into_iter().find(|field| field.name() == name)?,
    };
    let claims = trail.principal.iter().filter(|claim| claim.field == field);
    let told = |claim: &'_ Claim| {
        part.map_or(Some(&*claim.value), |part| (part.of)(&claim.value)).map(str::to_owned)
    };
    let values: BTreeSet<_> = claims.filter_map(told).collect();
    let mut values = values.into_iter();
    let (value, None) = (values.next()?, values.next()) else { return None };
    is_harmless(&value).then_some(value)
}

/// `text` with `<this field>`, the last name of the key at which `holder` has it, filled in if it is a plain word.
pub(super) fn fill_key(text: &str, holder: &TrailHolder) -> String {
    let name = holder.key.as_deref().and_then(|key| key.rsplit('.').next());
    match name.filter(|name| is_harmless(name)) {
        Some(name) => text.replace("<this field>", name),
        None => text.to_owned(),
    }
}

/// Whether `text` is one plain word to shells, YAML and JSON.
pub(super) fn is_harmless(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"._@:/+-".contains(&b);
    let starts = text.starts_with(|c: char| c.is_ascii_alphanumeric());
    starts && text.len() <= 200 && text.bytes().all(plain)
}
