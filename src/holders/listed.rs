//! The fields beside the servers that a tool's data names.

use crate::holders::address;
use crate::holders::command::{self, Word};
use crate::holders::field::Field;
use crate::holders::names::{Bears, bears, header, is_plain};
use crate::read::{KeyPath, KeyPattern, Node, Step};
use crate::rules::tools::Keep;

/// The fields in `root` that may carry secrets as `keep` says.
pub(super) fn listed<'n>(keep: &Keep, root: &'n Node) -> Vec<Field<'n>> {
    let mut fields = Vec::new();
    let public: Vec<_> = keep.public.iter().map(|key| KeyPattern::parse(key)).collect();
    let mut add = |field: Field<'n>| {
        if public.iter().any(|public| public.fits(&field.path)) {
            return;
        }
        if command::speaks(field.text()) {
            fields.extend(command::handed(&[Word::of(&field)]).fields);
        } else if address::is_address(field.text()) {
            let of_no_name = field.bears == Bears::Other;
            let parts = address::secrets(&field).into_iter();
            fields.extend(parts.filter(|part| !of_no_name || part.bears != Bears::Address));
        } else {
            fields.push(field);
        }
    };
    for key in keep.secrets.iter() {
        if let Some(outer) = key.strip_suffix(".value") {
            KeyPattern::parse(outer).each(root, &mut |path, node| {
                let is_one_of_many = outer.ends_with('*') || node.get("name").is_some();
                beside(path, node, is_one_of_many).into_iter().for_each(&mut add);
            });
            continue;
        }
        let pattern = KeyPattern::parse(key);
        pattern.each(root, &mut |path, node| {
            let field = element(path, node).or_else(|| own(path, node, pattern.is_open()));
            field.into_iter().for_each(&mut add);
        });
    }
    for key in keep.commands.iter() {
        KeyPattern::parse(key).each(root, &mut |path, node| {
            fields.extend(command::handed(&command::split(path, node)).fields);
        });
    }
    fields
}

/// A value under a name of its own. Where the data allows for any name, that must say that it is a secret.
fn own<'n>(path: &KeyPath, node: &'n Node, any: bool) -> Option<Field<'n>> {
    let bears = match bears(path.last_name().unwrap_or_default()) {
        Bears::Other if !any => Bears::Secret,
        bears => bears,
    };
    Field::whole(path.clone(), bears, node)
}

/// An element of a list that reads `NAME=value`: the value. The list's own name tells of it if NAME does not.
fn element<'n>(path: &KeyPath, node: &'n Node) -> Option<Field<'n>> {
    let Some(Step::Element(_)) = path.steps().last() else { return None };
    assigned(path, node, bears(path.last_name().unwrap_or_default()))
}

/// `{"name": NAME, "value": …}`, or `"NAME": {"value": …}`: the value. Of cookies each is a secret.
fn beside<'n>(path: &KeyPath, node: &'n Node, is_one_of_many: bool) -> Option<Field<'n>> {
    let value = node.get("value")?;
    if !is_one_of_many {
        return own(&path.name("value"), value, false);
    }
    let named = ["name", "key"].iter().find_map(|key| node.get(key)?.text());
    let list = path.last_name().unwrap_or_default();
    let (name, list) = match (named, path.steps().last()) {
        (Some(name), _) => (name, list),
        (None, Some(Step::Name(name))) => (name.as_str(), ""),
        (None, _) => ("", list),
    };
    let by_name = match list.to_ascii_lowercase().as_str() {
        "header" | "headers" => header(name),
        _ => bears(name),
    };
    let path = path.name("value");
    let bears = match (by_name, bears(list.trim_end_matches('s'))) {
        (Bears::Other, Bears::Other) if name.is_empty() => Bears::Secret,
        (Bears::Other, bears) | (bears, _) => bears,
    };
    let whole = Field::whole(path.clone(), bears, value)?;
    let part = (bears == Bears::Other).then(|| assigned(&path, value, bears)).flatten();
    Some(part.unwrap_or(whole))
}

/// The value of `NAME=value`; NAME tells of it, or else that it bears `otherwise`.
fn assigned<'n>(path: &KeyPath, node: &'n Node, otherwise: Bears) -> Option<Field<'n>> {
    let text = node.text()?;
    let (name, value) = text.split_once('=')?;
    if !is_plain(name) || value.trim_matches('=').is_empty() {
        return None;
    }
    let bears = match bears(name) {
        Bears::Other => otherwise,
        bears => bears,
    };
    let whole = Field::whole(path.clone(), bears, node)?;
    Some(whole.within(text.len() - value.len()..text.len()))
}

#[cfg(test)]
mod tests {
    use super::listed;
    use crate::holders::names::Bears;
    use crate::read::json;
    use crate::rules::tools::Keep;
    use crate::rules::tools::written;

    /// The fields below `secrets` that carry some, in a JSON document.
    fn told(secrets: &str, text: &str) -> Vec<String> {
        let file = format!(
            "name = \"x\"\nkind = \"store\"\n[[file]]\nholds = \"settings\"\nproject = [\"x/y\"]\n\
             format = \"json\"\nsecrets = [\"{secrets}\"]\nsource = \"made up\"\n"
        );
        let tool = written::read("x", &file).expect("it is valid");
        let keep: &Keep = &tool.keeps[0];
        let tree = json(text.as_bytes());
        let fields = listed(keep, &tree.root).into_iter();
        let secret = fields.filter(|field| field.bears != Bears::Other);
        secret.map(|field| format!("{} {}", field.path, field.text())).collect()
    }

    #[test]
    fn a_name_beside_a_value_tells_of_it() {
        let list =
            r#"{"env": [{"name": "API_TOKEN", "value": "a"}, {"name": "COMMIT", "value": "b"}]}"#;
        assert_eq!(told("env.*.value", list), ["env[0].value a"]);
        let map = r#"{"outputs": {"db_password": {"value": "a"}, "vpc_id": {"value": "b"}}}"#;
        assert_eq!(told("outputs.*.value", map), ["outputs.db_password.value a"]);
        let cookies = r#"{"cookies": [{"name": "sid", "value": "a"}]}"#;
        assert_eq!(told("cookies.*.value", cookies), ["cookies[0].value a"]);
        let words =
            r#"{"args": [{"name": "-e", "value": "API_TOKEN=a"}, {"name": "-p", "value": "80"}]}"#;
        assert_eq!(told("args.*.value", words), ["args[0].value a"]);
    }

    #[test]
    fn elements_of_lists_may_be_assignments() {
        let list = r#"{"environment": ["API_TOKEN=a", "LEVEL=b"], "key": ["deep=c", "d"]}"#;
        assert_eq!(told("environment.*", list), ["environment[0] a"]);
        assert_eq!(told("key.*", list), ["key[0] c", "key[1] d"]);
    }

    #[test]
    fn a_document_in_a_text_tells_of_its_own_fields() {
        let text = r#"{"key": "{\"private_key\": \"a\", \"project\": \"b\"}", "other": "{env:A}"}"#;
        assert_eq!(told("key", text), ["key.private_key a"]);
        assert_eq!(told("other", text), ["other {env:A}"]);
    }

    #[test]
    fn what_is_named_is_a_secret_and_any_name_must_say_so() {
        let text = r#"{"a": {"one": "x", "token": "y"}}"#;
        assert_eq!(told("a.one", text), ["a.one x"]);
        assert_eq!(told("a.*", text), ["a.token y"]);
    }
}
