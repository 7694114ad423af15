//! Values that only the name beside them identifies: where that name may stand, and what it may not say.

use std::fs;

use keytrail::rules::dice::Dice;
use keytrail::rules::{Catalogue, sample};

use crate::support::findings;

/// Shapes of configuration; `{n}` is the name, `{t}` the value.
const SHAPES: [(&str, &str); 5] = [
    ("deployment.yaml", "- name: {n}\n  value: \"{t}\"\n"),
    ("task.json", "{\n  \"name\": \"{n}\",\n  \"value\": \"{t}\"\n}\n"),
    ("variables.tf", "variable \"{n}\" {\n  type    = string\n  default = \"{t}\"\n}\n"),
    ("folded.yaml", "{n}: >-\n  {t}\n"),
    ("tool.env", "export {n}={t}\n"),
];

/// Names that go on, or are followed by nearer ones, and mean something else.
const OTHERS: [&str; 5] = [
    "{n}_hash: {t}\n",
    "{n}_sha256: {t}\n",
    "{n}-id: {t}\n",
    "{n}_url: {t}\n",
    "# {n} docs, etag: {t}\n",
];

fn value() -> String {
    let catalogue = Catalogue::embedded();
    let rule = catalogue.find("datadog-api-key").expect("an embedded rule");
    let sample = sample::sealed(rule, &mut Dice::seeded(5));
    String::from_utf8(sample.token).expect("hexadecimal digits")
}

#[test]
fn a_name_reaches_its_value_in_every_usual_shape() {
    let dir = tempfile::tempdir().expect("a folder");
    for (path, shape) in SHAPES {
        let text = shape.replace("{n}", "DD_API_KEY").replace("{t}", &value());
        fs::write(dir.path().join(path), text).expect("the folder is ours");
    }
    let found = findings(dir.path(), &[]);
    for (path, _) in SHAPES {
        let here = found.iter().filter(|finding| finding["path"] == path).count();
        assert_eq!(here, 1, "{path}");
    }
}

#[test]
fn a_name_that_says_something_else_is_no_name_of_a_credential() {
    let dir = tempfile::tempdir().expect("a folder");
    for (n, line) in OTHERS.iter().enumerate() {
        let text = line.replace("{n}", "datadog_api_key").replace("{t}", &value());
        fs::write(dir.path().join(format!("{n}.yaml")), text).expect("the folder is ours");
    }
    assert_eq!(findings(dir.path(), &[]), Vec::<serde_json::Value>::new());
}
