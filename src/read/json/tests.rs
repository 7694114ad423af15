//! What a user of the JSON reader relies on.

use super::{json, json_values};
use crate::read::trial::{
    Noise, check, check_flaws, check_linear, check_node, check_verbatim, show,
};
use crate::read::{DEEPEST, Node, Tree, Value};

const SAMPLE: &str = r#"{
  // the servers
  "mcpServers": {
    "one": { "command": "npx", "args": ["-y", "@scope/tool", 'single'], "env": { "TOKEN": "abc", } },
    two: { url: "https://example.org/a//b", n: 0x1F, plus: +1, dot: .5, no: null },
  },
  /* a list */ "list": [true, False, None, NaN, -Infinity, 1e5, "ü", []],
}"#;

fn shown(text: &str) -> String {
    let tree = json(text.as_bytes());
    check(text.as_bytes(), &tree);
    show(&tree.root)
}

/// As it is read, and its flaws.
fn flawed(text: &str) -> (String, Vec<&'static str>) {
    let tree = json(text.as_bytes());
    check(text.as_bytes(), &tree);
    (show(&tree.root), tree.flaws.iter().map(|f| f.what).collect())
}

fn sound(text: &str) -> String {
    let (shown, flaws) = flawed(text);
    assert!(flaws.is_empty(), "{text}: {flaws:?}");
    shown
}

#[test]
fn every_dialect_is_read_without_flaws() {
    assert_eq!(
        sound(SAMPLE),
        "{mcpServers:{one:{command:\"npx\",args:[\"-y\",\"@scope/tool\",\"single\"],\
         env:{TOKEN:\"abc\"}},two:{url:\"https://example.org/a//b\",n:0x1F,plus:+1,dot:.5,no:null}},\
         list:[true,False,None,NaN,-Infinity,1e5,\"ü\",[]]}"
    );
    check_verbatim(SAMPLE.as_bytes(), &json(SAMPLE.as_bytes()).root);
    assert_eq!(sound("{'a': None, b'k': (1, u'x')}"), "{a:None,k:[1,\"x\"]}");
    assert_eq!(sound("\u{feff}{\"a\":\r\n1}\r\n"), "{a:1}");
    assert_eq!(sound(" \"text\" // end"), "\"text\"");
    assert_eq!(sound("{}"), "{}");
}

#[test]
fn escapes_are_undone() {
    assert_eq!(
        sound(r#""a\"\\\/\b\f\n\r\t\v\0\x41\u00fc\'""#),
        "\"a\\\"\\\\/\\u{8}\\u{c}\\n\\r\\t\\u{b}\\0Aü'\""
    );
    assert_eq!(sound(r#""\ud83d\ude00""#), "\"😀\"");
    assert_eq!(sound(r#""\ud83d-\ude00\ud83d\u0041""#), "\"\u{fffd}-\u{fffd}\u{fffd}A\"");
    assert_eq!(sound("'one\\\n two\\\r\nthree'"), "\"one twothree\"");
    assert_eq!(sound(r#"{"\u0061b": 1}"#), "{ab:1}");
    assert_eq!(flawed(r#""\uZZ""#), ("\"\\\\uZZ\"".to_owned(), vec!["an escape is broken"]));
}

#[test]
fn spans_lead_to_the_values() {
    let text = r#"  {"a": ["x", {"b": 'yz'}], c: 12}"#;
    let tree = json(text.as_bytes());
    let Value::Map(entries) = &tree.root.value else { panic!("a map") };
    assert_eq!(&text[tree.root.span.clone()], text.trim());
    assert_eq!(&text[entries[0].at.clone()], "a");
    assert_eq!(&text[entries[0].node.span.clone()], "[\"x\", {\"b\": 'yz'}]");
    assert_eq!(&text[entries[1].node.span.clone()], "12");
    check_verbatim(text.as_bytes(), &tree.root);
}

#[test]
fn damage_hides_neither_what_is_before_nor_what_is_behind() {
    for (text, want, flaw) in [
        (r#"{"a": 1 "b": 2}"#, "{a:1,b:2}", "a comma is missing"),
        (r#"{"a" 1, "b": 2}"#, "{a:1,b:2}", "a colon is missing"),
        (r#"{"a": , "b": 2}"#, "{a:,b:2}", "a value is missing"),
        (r#"{"a": {"b": 1, "c": 2"#, "{a:{b:1,c:2}}", "a map does not end"),
        (r#"[{"a": 1, {"b": 2}]"#, "[{a:1},{b:2}]", "a map does not end"),
        (r#"{"a": [1, 2, "b": {}}"#, "{a:[1,2],b:{}}", "a list does not end"),
        (r#"["a": 1]"#, "[\"a\",1]", "a sign stands where it has no meaning"),
        (r#"{"a": [1, 2}, "b": 2}"#, "{a:[1,2],b:2}", "a list does not end"),
        (r#"{"a": {"x": 1}}, "b": 2}"#, "{a:{x:1},b:2}", "a map ends too early"),
        (r#"{"a": 1]], "b": 2}"#, "{a:1,b:2}", "a sign stands where it has no meaning"),
        (r#"{"a": @, "b": 2}"#, "{a:@,b:2}", "a sign stands where it has no meaning"),
        ("{\"a\": \"x,\n\"b\": 2}", "{a:\"x,\",b:2}", "a string does not end in its line"),
        ("{\"a\": \"x\r\n\"b\": 2}", "{a:\"x\",b:2}", "a string does not end in its line"),
        ("{\"a\n\"b\": 2}", "{a:,b:2}", "a string does not end in its line"),
        (
            "{\"a\": \"x\ny\n\",\n\"b\": 2}",
            "{a:\"x\\ny\\n\",b:2}",
            "a string does not end in its line",
        ),
        (r#"{"a": 1, "b": "x"#, "{a:1,b:\"x\"}", "a string does not end"),
        ("{/* \"a\": 1\n \"b\": 2}", "{b:2}", "a comment does not end"),
        (r#"{{"a": 1}, "b": 2}"#, "{:{a:1},b:2}", "a name is missing"),
        (r#"{"a": 1} {"b": 2}"#, "{a:1}", "more than one value"),
        (r#"var x = {"a": 1};"#, "{a:1}", "more than one value"),
        ("", "{}", "there is no value"),
        (" // nothing", "{}", "there is no value"),
    ] {
        let (shown, flaws) = flawed(text);
        assert_eq!(shown, want, "{text}");
        assert!(flaws.contains(&flaw), "{text}: {flaws:?}");
    }
    let mut bytes = b"{\"a\": \"x?y\", \"b\": 2}".to_vec();
    bytes[8] = 0xff;
    assert_eq!(show(&json(&bytes).root), "{a:\"x\u{fffd}y\",b:2}");
}

#[test]
fn values_behind_one_another_are_all_read() {
    let lines = "{\"a\": 1}\r\n[2]\n\n{\"b\": \"x\n{\"c\": {\"d\": 4\n{\"e\": 5}\n";
    let (nodes, flaws) = json_values(lines.as_bytes());
    let all: Vec<_> = nodes.iter().map(show).collect();
    assert_eq!(all, ["{a:1}", "[2]", "{b:\"x\"}", "{c:{d:4}}", "{e:5}"]);
    assert_eq!(flaws.len(), 4);
    assert_eq!(json_values(b"{}{\n\"a\": [\n{}\n]}").1, []);
    assert_eq!(json_values(b" ").0.len(), 0);
}

#[test]
fn nesting_is_followed_to_its_bound_and_skipped_beyond() {
    let deep = |n: usize| format!("[{}\"x\"{}, 7]", "[".repeat(n), "]".repeat(n));
    assert_eq!(sound(&deep(DEEPEST - 1)).len(), 5 + 2 * DEEPEST);
    let (shown, flaws) = flawed(&deep(DEEPEST));
    assert!(shown.ends_with("],7]") && !shown.contains('x'), "{shown}");
    assert_eq!(flaws, ["nested too deep"]);
    for sign in ["[", "{", "{\"a\":", "[{\"a\":(", "]", "}"] {
        let bomb = sign.repeat(100_000);
        check(bomb.as_bytes(), &json(bomb.as_bytes()));
    }
}

#[test]
fn time_grows_with_the_length() {
    let usual = "{\"name\": \"some text\", \"n\": [1, 2.5, null]},\n";
    let pieces = [
        "[", "{\"a\":", "\"", "\"\n", "\\\"\n", "/*", "/*\n", "// ", ",", "}", "'\n\"\n", "a ",
        "\\u", "\"a\n\n", "{\n", "[\"a\":",
    ];
    check_linear(usual, &pieces, json);
    check_linear(usual, &["{\n", "{\"a\": \"\n", "1 "], |text| {
        let (nodes, flaws) = json_values(text);
        let root = Node { span: 0..text.len(), value: Value::List(nodes) };
        Tree { root, flaws }
    });
}

#[test]
fn noise_is_borne() {
    let mut noise = Noise::seeded(1);
    for _ in 0..20_000 {
        let text = noise.spoil(SAMPLE.as_bytes(), b"{}[]()\"':,\\/*\n\r ux\xff\xc3-");
        check(&text, &json(&text));
        let (nodes, flaws) = json_values(&text);
        nodes.iter().for_each(|node| check_node(node, 0));
        check_flaws(&text, &flaws);
    }
    for end in 0..SAMPLE.len() {
        assert!(
            shown(&String::from_utf8_lossy(&SAMPLE.as_bytes()[..end])).len() < 2 * SAMPLE.len()
        );
    }
}
