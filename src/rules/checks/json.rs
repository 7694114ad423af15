//! Members of a JSON object inside a credential, read as text.

use serde_json::{Map, Value};

use crate::rules::checks::{identity, time};

/// A JSON object.
pub(crate) type Object = Map<String, Value>;

/// The object that `bytes` are; none for any other text.
pub(crate) fn object(bytes: &[u8]) -> Option<Object> {
    serde_json::from_slice(bytes).ok()
}

/// The member `key` where it is a text or a number that can stand in a claim.
pub(crate) fn text(object: &Object, key: &str) -> Option<String> {
    scalar(object.get(key)?)
}

/// The member `key`, or where it is a list its members joined by spaces.
pub(crate) fn texts(object: &Object, key: &str) -> Option<String> {
    let Value::Array(items) = object.get(key)? else {
        return text(object, key);
    };
    let words: Vec<String> = items.iter().filter_map(scalar).collect();
    identity::text(words.join(" ").as_bytes())
}

/// The member `key`, Unix seconds, as RFC 3339.
pub(crate) fn time(object: &Object, key: &str) -> Option<String> {
    let seconds = object.get(key)?.as_f64()?;
    (0.0..1e12).contains(&seconds).then(|| time::rfc3339(seconds as i64)).flatten()
}

/// Whether the member `key` is the text `value`.
pub(crate) fn is(object: &Object, key: &str, value: &str) -> bool {
    object.get(key).and_then(Value::as_str) == Some(value)
}

/// `value` as text, where it is a text or a number that can stand in a claim.
pub(crate) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => identity::text(text.as_bytes()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_members() {
        let read = object(br#"{"a":"x","n":7,"l":["p","q",{}],"t":1704205802.199743,"e":""}"#);
        let object = read.expect("a JSON object");
        assert_eq!(text(&object, "a").as_deref(), Some("x"));
        assert_eq!(text(&object, "n").as_deref(), Some("7"));
        assert_eq!(texts(&object, "l").as_deref(), Some("p q"));
        assert_eq!(time(&object, "t").as_deref(), Some("2024-01-02T14:30:02Z"));
        assert_eq!(text(&object, "e"), None);
        assert!(is(&object, "a", "x") && !is(&object, "n", "7"));
    }

    #[test]
    fn refuses_other_texts() {
        assert!(object(b"[1]").is_none());
        assert!(object(&b"{\"a\":".repeat(5000)).is_none());
    }
}
