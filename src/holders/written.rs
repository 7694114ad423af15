//! How a value is written: as it is, by reference to where it is kept, or as a stand-in.

use std::ops::Range;

use crate::holders::names::is_plain;

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// The value itself: this stretch of it, without the scheme in front of it.
    Literal(Range<usize>),
    /// Kept elsewhere; the environment variables that are named, if any are.
    Reference(Vec<String>),
    /// Nothing, or something put in its place.
    StandIn,
}

/// Words in front of a credential in a header.
const SCHEMES: [&str; 9] = [
    "bearer ",
    "basic ",
    "token ",
    "bot ",
    "apikey ",
    "api-key ",
    "key ",
    "negotiate ",
    "sso-key ",
];

/// How references begin that name a place in a store, or something that is sealed.
const STORES: [&str; 40] = [
    "op://",
    "se://",
    "ref+",
    "secretref+",
    "vault:",
    "vault://",
    "arn:aws:",
    "akv://",
    "awssm://",
    "gcpsm://",
    "keychain:",
    "keyring:",
    "projects/",
    "@microsoft.keyvault(",
    "{{",
    "encrypted:",
    "enc[",
    "enc(",
    "ej[1:",
    "{cipher}",
    "$ansible_vault",
    "varlock(",
    "infisical(",
    "awssecret(",
    "azuresecret(",
    "keychain(",
    "exec(",
    "op(",
    "sops:",
    "doppler://",
    "infisical://",
    "bws://",
    "aws-sm://",
    "azurekeyvault://",
    "secret://",
    "ssm:",
    "gsm://",
    "file:",
    "credentialsjson:",
    "<path:",
];

/// How `text` is written.
pub(super) fn written(text: &str) -> Written {
    within(text, DEEPEST)
}

/// How many defaults lie in one another: `${A:-${B:-…}}`.
const DEEPEST: usize = 4;

fn within(text: &str, depth: usize) -> Written {
    let start = text.len() - text.trim_start().len();
    let mut range = start..start + text.trim().len();
    let lower = text[range.clone()].to_ascii_lowercase();
    if lower.len() != range.len() || lower.is_empty() {
        return Written::StandIn;
    }
    if let Some(scheme) = SCHEMES.iter().find(|scheme| lower.starts_with(**scheme)) {
        range.start += scheme.len();
        range.start += text[range.clone()].len() - text[range.clone()].trim_start().len();
    }
    let value = &text[range.clone()];
    let lower = value.to_ascii_lowercase();
    if STORES.iter().any(|store| lower.starts_with(store)) {
        return Written::Reference(Vec::new());
    }
    if is_sealed(value) {
        return Written::Literal(range);
    }
    let gaps = gaps(value);
    if gaps.is_empty() {
        return if is_stand_in(&lower) { Written::StandIn } else { Written::Literal(range) };
    }
    if let Some(default) = gaps.iter().find_map(|gap| gap.default.clone()).filter(|_| depth > 0) {
        let inner = &value[default.clone()];
        if let Written::Literal(part) = within(inner, depth - 1)
            && !part.is_empty()
        {
            let at = range.start + default.start;
            return Written::Literal(at + part.start..at + part.end);
        }
    }
    let mut rest = value.to_owned();
    gaps.iter().rev().for_each(|gap| rest.replace_range(gap.range.clone(), ""));
    let left = rest.chars().filter(char::is_ascii_alphanumeric).count();
    let random = crate::detect::surprise(rest.as_bytes()) > 0.0;
    if left >= LEFT && random && !rest.contains([' ', '?', '&']) && !rest.contains("://") {
        return Written::Literal(range);
    }
    Written::Reference(gaps.into_iter().filter_map(|gap| gap.name).collect())
}

/// Whether it is a value that Jenkins sealed with its own key.
pub(super) fn is_sealed(text: &str) -> bool {
    text.starts_with("{AQAA") && text.ends_with('}')
}

/// From so many letters and digits on, what stands beside a reference may be a secret of its own.
const LEFT: usize = 16;

/// So many signs of a value are looked at that may begin a gap, …
const MOST_TRIES: usize = 64;

/// … and so many bytes behind each for its end.
const LONGEST_GAP: usize = 4096;

/// What of `text` may be a gap.
fn near(text: &str) -> &str {
    let end = (0..=text.len().min(LONGEST_GAP)).rev().find(|&at| text.is_char_boundary(at));
    &text[..end.unwrap_or_default()]
}

/// A part of a text that is filled in when it is used.
struct Gap {
    range: Range<usize>,
    /// The environment variable that fills it.
    name: Option<String>,
    /// What fills it if there is no such variable.
    default: Option<Range<usize>>,
}

fn gaps(text: &str) -> Vec<Gap> {
    let bytes = text.as_bytes();
    let (mut gaps, mut at, mut tries) = (Vec::new(), 0, 0);
    while tries < MOST_TRIES
        && let Some(found) = memchr::memchr3(b'$', b'%', b'{', &bytes[at..])
    {
        at += found;
        tries += 1;
        let gap = match bytes[at] {
            b'$' => dollar(text, at),
            b'%' => percent(text, at),
            _ => brace(text, at),
        };
        match gap {
            Some(gap) => {
                at = gap.range.end;
                gaps.push(gap);
            }
            None => at += 1,
        }
    }
    if gaps.is_empty() && text.len() > 2 && text.starts_with('`') && text.ends_with('`') {
        gaps.push(Gap { range: 0..text.len(), name: None, default: None });
    }
    gaps
}

/// `${VAR}`, `${VAR:-default}`, `${env:VAR}`, `${input:x}`, `${{ secrets.X }}`, `$(command)`, `$env:VAR`,
/// `$VAR`.
fn dollar(text: &str, at: usize) -> Option<Gap> {
    let rest = near(&text[at + 1..]);
    if rest.starts_with('(') {
        let end = rest.find(')')?;
        return Some(Gap { range: at..at + end + 2, name: None, default: None });
    }
    if rest.starts_with("{{") {
        let end = rest.find("}}")?;
        let name = rest[2..end].trim().rsplit('.').next().map(str::to_owned);
        return Some(Gap { range: at..at + end + 3, name, default: None });
    }
    if let Some(inner) = rest.strip_prefix('{') {
        let end = closing(inner)?;
        let inner = &inner[..end];
        let range = at..at + end + 3;
        let name = |text: &str| is_plain(text).then(|| text.to_owned());
        for split in [":-", ":=", "-", "="] {
            if let Some((before, default)) = inner.split_once(split)
                && is_plain(before)
            {
                let from = at + 2 + before.len() + split.len();
                let default = Some(from..from + default.len());
                return Some(Gap { range, name: name(before), default });
            }
        }
        let variable = inner.rsplit_once(':').filter(|(scheme, _)| is_environment(scheme));
        let named = variable.map_or(inner, |(_, variable)| variable);
        return Some(Gap { range, name: name(named), default: None });
    }
    let variable = rest.strip_prefix("env:").unwrap_or(rest);
    let skipped = rest.len() - variable.len();
    let length = variable.bytes().take_while(|&b| b.is_ascii_alphanumeric() || b == b'_').count();
    let name = &variable[..length];
    let whole = at == 0 && at + 1 + skipped + length == text.len();
    let upper = !name.bytes().any(|b| b.is_ascii_lowercase());
    let fits =
        is_plain(name) && (skipped > 0 || (upper && length >= 2) || (whole && name.contains('_')));
    let range = at..at + 1 + skipped + length;
    fits.then(|| Gap { range, name: Some(name.to_owned()), default: None })
}

/// `%VAR%`.
fn percent(text: &str, at: usize) -> Option<Gap> {
    let inner = near(&text[at + 1..]);
    let end = inner.find('%')?;
    let name = &inner[..end];
    let plain = is_plain(name) && name.len() >= 3 && !name.bytes().any(|b| b.is_ascii_lowercase());
    plain.then(|| Gap { range: at..at + end + 2, name: Some(name.to_owned()), default: None })
}

/// `{env:VAR}`, `{file:path}`, `{{ VAR }}`, `{variable}`.
fn brace(text: &str, at: usize) -> Option<Gap> {
    let rest = near(&text[at..]);
    if let Some(inner) = rest.strip_prefix("{{") {
        let end = inner.find("}}")?;
        return Some(Gap { range: at..at + end + 4, name: None, default: None });
    }
    let inner = &rest[1..];
    let end = inner.find('}')?;
    let inner = &inner[..end];
    let range = at..at + end + 2;
    match inner.split_once(':') {
        Some((scheme, name)) if is_environment(scheme) => {
            Some(Gap { range, name: is_plain(name).then(|| name.to_owned()), default: None })
        }
        Some(("file", _)) => Some(Gap { range, name: None, default: None }),
        None if is_plain(inner)
            || inner.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') =>
        {
            (!inner.is_empty()).then_some(Gap { range, name: None, default: None })
        }
        _ => None,
    }
}

fn is_environment(scheme: &str) -> bool {
    matches!(scheme.trim(), "env" | "localEnv" | "containerEnv" | "ENV")
}

/// Where the brace closes that was opened in front of `text`.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, b) in text.bytes().enumerate() {
        match b {
            b'{' => depth += 1,
            b'}' if depth == 0 => return Some(at),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Texts that somebody put in a value's place: all of the text, in lower case.
const STAND_INS: [&str; 42] = [
    "null",
    "none",
    "nil",
    "undefined",
    "true",
    "false",
    "todo",
    "tbd",
    "example",
    "test",
    "testing",
    "foobar",
    "foo",
    "bar",
    "dummy",
    "fake",
    "placeholder",
    "password",
    "passwd",
    "secret",
    "token",
    "changeme",
    "change_me",
    "change-me",
    "default",
    "empty",
    "unset",
    "redacted",
    "...",
    "…",
    "string",
    "value",
    "key",
    "apikey",
    "api_key",
    "api-key",
    "pass",
    "admin",
    "root",
    "postgres",
    "user",
    "guest",
];

/// Parts that only stand-ins hold, in lower case.
const PARTS: [&str; 38] = [
    "your_",
    "your-",
    "your ",
    "yourapi",
    "yourtoken",
    "yourkey",
    "yoursecret",
    "yourpass",
    "<your",
    "my_api",
    "my-api",
    "my api",
    "mykey",
    "replace",
    "insert",
    "changeme",
    "change_me",
    "change-me",
    "placeholder",
    "redact",
    "[masked]",
    "***",
    "xxxx",
    "example",
    "dummy",
    "...",
    "…",
    "•••",
    "-here",
    "_here",
    "goes here",
    "put_",
    "fill_in",
    "fill-in",
    "not_set",
    "not-set",
    "foobar",
    "lorem",
];

fn is_stand_in(lower: &str) -> bool {
    let bracketed = [("<", ">"), ("[", "]"), ("{", "}"), ("__", "__"), ("@@", "@@")];
    let plain = !lower.starts_with("{\"") && !lower.starts_with("[{") && !lower.starts_with("[\"");
    lower.is_empty()
        || STAND_INS.contains(&lower)
        || (lower.len() < 200 && PARTS.iter().any(|part| lower.contains(part)))
        || (plain
            && bracketed.iter().any(|(open, close)| {
                lower.len() > 2
                    && lower.starts_with(open)
                    && lower.ends_with(close)
                    && !lower.contains(':')
            }))
        || lower.chars().all(|c| "*x.-_0•".contains(c))
}

#[cfg(test)]
mod tests {
    use super::{Written, written};

    fn literal(text: &str) -> Option<&str> {
        match written(text) {
            Written::Literal(range) => Some(&text[range]),
            _ => None,
        }
    }

    #[test]
    fn references_name_their_variables() {
        for (text, names) in [
            ("${TOKEN}", &["TOKEN"][..]),
            ("Bearer ${env:TOKEN}", &["TOKEN"]),
            ("$TOKEN", &["TOKEN"]),
            ("$env:TOKEN", &["TOKEN"]),
            ("%TOKEN%", &["TOKEN"]),
            ("{env:TOKEN}", &["TOKEN"]),
            ("${{ secrets.TOKEN }}", &["TOKEN"]),
            ("https://${USER}:${PASS}@db/x", &["USER", "PASS"]),
            ("${localEnv:TOKEN}", &["TOKEN"]),
            ("${input:key}", &[]),
            ("{file:~/.token}", &[]),
            ("op://vault/item/field", &[]),
            ("$(op read op://a/b)", &[]),
            ("{{ .Values.token }}", &[]),
            ("{github_token}", &[]),
            ("ENC[AES256_GCM,data:abc]", &[]),
            ("`pass show x`", &[]),
        ] {
            assert_eq!(
                written(text),
                Written::Reference(names.iter().map(|&n| n.to_owned()).collect()),
                "{text}"
            );
        }
    }

    #[test]
    fn a_default_is_what_stands_there() {
        assert_eq!(literal("${TOKEN:-q8Zr1vW0pL}"), Some("q8Zr1vW0pL"));
        assert_eq!(literal("Bearer ${TOKEN:-q8Zr1vW0pL}"), Some("q8Zr1vW0pL"));
        assert_eq!(written("${TOKEN:-}"), Written::Reference(vec!["TOKEN".into()]));
        assert_eq!(written("${TOKEN:-your-token}"), Written::Reference(vec!["TOKEN".into()]));
        assert_eq!(written("${A:-${B}}"), Written::Reference(vec!["A".into()]));
    }

    #[test]
    fn literals_are_told_without_their_scheme() {
        assert_eq!(literal("Bearer q8Zr1vW0pL"), Some("q8Zr1vW0pL"));
        assert_eq!(literal("  q8Zr$1v%W0pL "), Some("q8Zr$1v%W0pL"));
        assert_eq!(literal("Basic dXNlcjpxOFpyMXZXMHBM"), Some("dXNlcjpxOFpyMXZXMHBM"));
        assert_eq!(literal("pa$$w0rd!"), Some("pa$$w0rd!"));
    }

    #[test]
    fn stand_ins_are_seen() {
        for text in [
            "",
            "  ",
            "YOUR_API_KEY",
            "<your token>",
            "<AUTH>",
            "xxxxxxxx",
            "***",
            "changeme",
            "sk-...",
            "ghp_your_token_here",
            "[REDACTED:key]",
            "Bearer <token>",
            "null",
            "__TOKEN__",
            "insert-key-here",
            "00000000",
        ] {
            assert_eq!(written(text), Written::StandIn, "{text}");
        }
    }
}
