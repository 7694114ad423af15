//! What a user of the TOML reader relies on.

use super::toml;
use crate::read::Value;
use crate::read::trial::{Noise, check, check_linear, check_verbatim, show};

const SAMPLE: &str = r#"
title = "Sample" # a comment
owner.name = 'one \ two'
"quoted name" = """
first
second"""
lit = '''x'y'''

[servers.one]
env = { TOKEN = "abc", nested.deep = 'z', }
args = [
  "-y", # first
  'tool',
  [1, 2.5, 0x1F, 1e5],
]
when = 1979-05-27 07:32:00Z
on = true

[[list]]
a = 1
[list.sub]
b = inf
[[list]]
a = 2
"#;

fn flawed(text: &str) -> (String, Vec<&'static str>) {
    let tree = toml(text.as_bytes());
    check(text.as_bytes(), &tree);
    (show(&tree.root), tree.flaws.iter().map(|f| f.what).collect())
}

fn sound(text: &str) -> String {
    let (shown, flaws) = flawed(text);
    assert!(flaws.is_empty(), "{text}: {flaws:?}");
    shown
}

#[test]
fn a_document_becomes_a_tree_in_its_order() {
    let want = "{title:\"Sample\",owner:{name:\"one \\\\ two\"},quoted name:\"first\\nsecond\",\
        lit:\"x'y\",servers:{one:{env:{TOKEN:\"abc\",nested:{deep:\"z\"}},\
        args:[\"-y\",\"tool\",[1,2.5,0x1F,1e5]],when:1979-05-27 07:32:00Z,on:true}},\
        list:[{a:1,sub:{b:inf}},{a:2}]}";
    assert_eq!(sound(SAMPLE), want);
    assert_eq!(sound(&SAMPLE.replace('\n', "\r\n")).replace("\\r", ""), want);
    assert_eq!(sound(&format!("\u{feff}{SAMPLE}")), want);
    check_verbatim(SAMPLE.as_bytes(), &toml(SAMPLE.as_bytes()).root);
    assert_eq!(sound("a = [\n  [\"b\"],\n  [true]\n]\n"), "{a:[[\"b\"],[true]]}");
    assert_eq!(sound(""), "{}");
}

#[test]
fn escapes_are_undone() {
    assert_eq!(sound(r#"a = "\"\\\t\u00fc\U0001F600""#), "{a:\"\\\"\\\\\\tü😀\"}");
    assert_eq!(sound("a = \"\"\"one \\\n   two\\\"\"\"\"\"\""), "{a:\"one two\\\"\\\"\\\"\"}");
    let (shown, flaws) = flawed("a = \"x\\qy\"\nb = 1");
    assert!(shown.starts_with("{a:\"x") && shown.ends_with(",b:1}"), "{shown}");
    assert_eq!(flaws, ["an escape or a control character is broken"]);
}

#[test]
fn spans_hold_what_belongs_to_a_table() {
    let tree = toml(SAMPLE.as_bytes());
    let Value::Map(entries) = &tree.root.value else { panic!("a map") };
    let servers = entries.iter().find(|e| e.name == "servers").expect("it is there");
    assert_eq!(&SAMPLE[servers.at.clone()], "servers");
    let text = &SAMPLE[servers.node.span.clone()];
    assert!(text.starts_with("[servers.one]") && text.ends_with("on = true"), "{text}");
}

#[test]
fn damage_hides_neither_what_is_before_nor_what_is_behind() {
    for (text, want, flaw) in [
        ("a = \"x\nb = 2", "{a:\"x\",b:2}", "a string does not end"),
        ("a = \"x\\\"\r\nb = 2", "{a:\"x\\\"\",b:2}", "a string does not end"),
        ("a = 'x\nb = 2", "{a:\"x\",b:2}", "a string does not end"),
        ("a = \"\"\"x\nb = 2\n[c]\nd = 3", "{a:\"x\",b:2,c:{d:3}}", "a string does not end"),
        ("a = [1, 2\nb = 2", "{a:[1,2],b:2}", "a list does not end"),
        ("a = [\n 'x',\n[t]\nb = 2", "{a:[\"x\"],t:{b:2}}", "a list does not end"),
        ("a = { x = 1\nb = 2", "{a:{x:1},b:2}", "a table in braces does not end"),
        ("a = { x = [1\nb = 2", "{a:{x:[1]},b:2}", "a table in braces does not end"),
        ("a =\nb = 2", "{a:,b:2}", "a value is missing"),
        ("a = [1,, 2]", "{a:[1,2]}", "a value is missing"),
        ("a = ['x' 'y']", "{a:[\"x\",\"y\"]}", "a comma is missing"),
        ("a = [x y, 'z']", "{a:[\"x y\",\"z\"]}", "a text has no quotes"),
        ("a = some words # c\nb = 2", "{a:\"some words\",b:2}", "a text has no quotes"),
        ("a \"x\"\nb = 2", "{a:\"x\",b:2}", "an equals sign is missing"),
        ("a\nb = 2", "{b:2}", "an equals sign is missing"),
        ("= 1\nb = 2", "{b:2}", "a line has no name"),
        ("a = 'x' y\nb = 2", "{a:\"x\",b:2}", "a line goes on behind its end"),
        ("[t\nb = 2", "{t:{b:2}}", "the head of a table does not end"),
        ("[[t]\nb = 2", "{t:[{b:2}]}", "the head of a table does not end"),
        ("[]\nb = 2", "{b:2}", "a table has no name"),
        ("a = 1\na = 2", "{a:1,a:2}", "a name stands twice"),
        ("a = 1\n[a.b]\nc = 2", "{a:1,a:{b:{c:2}}}", "a name stands twice"),
        ("a/b = 1", "{a/b:1}", "a name needs quotes"),
    ] {
        let (shown, flaws) = flawed(text);
        assert_eq!(shown, want, "{text}");
        assert!(flaws.contains(&flaw), "{text}: {flaws:?}");
    }
}

#[test]
fn what_is_not_utf8_stays_readable() {
    let text = b"\xffz = 1\na = \"x\xffy\"\nb = '\xc3'\n[c]\nd = 'ok'";
    let tree = toml(text);
    check(text, &tree);
    let want = "{\u{fffd}z:1,a:\"x\u{fffd}y\",b:\"\u{fffd}\",c:{d:\"ok\"}}";
    assert_eq!(show(&tree.root), want);
    assert!(tree.flaws.iter().any(|f| f.what == "a text is not UTF-8" && f.at == 11));
}

#[test]
fn nesting_is_bounded() {
    for text in [
        format!("a = {}'x'{}\nb = 2", "[".repeat(100_000), "]".repeat(100_000)),
        format!("a = {}\nb = 2", "[".repeat(100_000)),
        format!("a = {}'x'{}\nb = 2", "{a = ".repeat(100_000), "}".repeat(100_000)),
        format!("{} = 1\nb = 2", vec!["a"; 100_000].join(".")),
        format!("b = 2\n[{}]\nc = 3", vec!["a"; 100_000].join(".")),
        format!("b = 2\nx = {}", "{a.b.c.d.e.f.g.h = ".repeat(100_000)),
        format!(
            "b = 2\n{}",
            (1..200).map(|n| format!("[[{}]]\n", vec!["a"; n].join("."))).collect::<String>()
        ),
    ] {
        let (shown, flaws) = flawed(&text);
        assert!(shown.contains("b:2") && flaws.contains(&"nested too deep"), "{flaws:?}");
    }
    for sign in ["[", "]", "{", "}", "[[a]]\n", "a=[\n", "a={\n"] {
        let bomb = sign.repeat(100_000);
        check(bomb.as_bytes(), &toml(bomb.as_bytes()));
    }
}

#[test]
fn time_grows_with_the_length() {
    let pieces = [
        "[",
        "\"",
        "\"\"\"\n",
        "'''\n\"\"\"\n\\",
        "a=[\n",
        "a.b.c = 1\n",
        "[[a.b]]\n",
        "a = {b = [\n",
        ".",
        "\\\"\"\"\n",
        "x = [[\n[a]",
    ];
    check_linear("[a]\nb = \"some text\"\nc = [1, 2]\n", &pieces, toml);
    let names: String = (0..100_000).map(|n| format!("n{n} = 1\n")).collect();
    let tables: String = (0..100_000).map(|n| format!("[t.n{n}]\n")).collect();
    check_linear(&names, &[&tables], toml);
}

#[test]
fn noise_is_borne() {
    let mut noise = Noise::seeded(2);
    for _ in 0..20_000 {
        let text = noise.spoil(SAMPLE.as_bytes(), b"{}[]\"'=.,#\\\n\r ax\xff\xc3-");
        check(&text, &toml(&text));
    }
}
