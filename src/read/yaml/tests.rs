//! What a user of the YAML reader relies on.

use super::{lines, root, yaml};
use crate::read::flaws::Flaws;
use crate::read::trial::{Noise, check, check_linear, check_verbatim, show};
use crate::read::{DEEPEST, Tree, Value};

const SAMPLE: &str = r#"# a comment
name: a text  # behind it
"quoted": 'it''s'
double: "a\tb\u00fc"
number: 12
nothing:
empty: ""
key: 8f3e12ab
flow: [a b, {c: d, "e": 'f'}, 1]
list:
- one
- two: 2
  three: drei
-
  four: 4
- - nested
deep:
  deeper:
    deepest: ü-ö
    after: yes
block: |
  first
    second

  third
folded: >-
  one
  two

  three
anchor: &mark
  a: 1
alias: *mark
merge:
  <<: *mark
tagged: !vault |
  secret
text: !!str 12
long: many words
  over lines
last: end
"#;

const WANT: &str = "{name:\"a text\",quoted:\"it's\",double:\"a\\tbü\",number:12,nothing:,empty:\"\",\
    key:\"8f3e12ab\",flow:[\"a b\",{c:\"d\",e:\"f\"},1],list:[\"one\",{two:2,three:\"drei\"},{four:4},\
    [\"nested\"]],deep:{deeper:{deepest:\"ü-ö\",after:yes}},block:\"first\\n  second\\n\\nthird\\n\",\
    folded:\"one two\\nthree\",anchor:{a:1},alias:,merge:{<<:},tagged:\"secret\\n\",text:\"12\",\
    long:\"many words over lines\",last:\"end\"}";

/// What the reader of lines makes of a text, be it well-formed or not.
fn by_lines(text: &[u8]) -> Tree {
    let mut flaws = Flaws::default();
    let documents = lines::documents(text, 0, &mut flaws);
    Tree { root: root(documents, text.len()), flaws: flaws.all() }
}

fn flawed(text: &str) -> (String, Vec<&'static str>) {
    let tree = yaml(text.as_bytes());
    check(text.as_bytes(), &tree);
    (show(&tree.root), tree.flaws.iter().map(|f| f.what).collect())
}

fn sound(text: &str) -> String {
    let (shown, flaws) = flawed(text);
    assert!(flaws.is_empty(), "{text}: {flaws:?}");
    shown
}

/// What both readers make of a text.
fn both(text: &str) -> String {
    let tree = by_lines(text.as_bytes());
    check(text.as_bytes(), &tree);
    assert_eq!(tree.flaws, [], "{text}");
    let shown = sound(text);
    assert_eq!(show(&tree.root), shown, "{text}");
    shown
}

#[test]
fn a_document_becomes_a_tree() {
    assert_eq!(sound(SAMPLE), WANT);
    assert_eq!(sound(&SAMPLE.replace('\n', "\r\n")), WANT);
    assert_eq!(sound(&format!("\u{feff}{SAMPLE}")), WANT);
    for text in ["", "# nothing\n", "---\n", "\u{feff}"] {
        assert_eq!(sound(text), "{}", "{text:?}");
    }
    assert_eq!(sound("just a text"), "\"just a text\"");
    assert_eq!(sound("? a\n: b\n? [c]\n: d\n"), "{a:\"b\",:[\"c\"],:\"d\"}");
}

#[test]
fn both_readers_agree_on_what_is_well_formed() {
    assert_eq!(both(SAMPLE), WANT);
    assert_eq!(both(&SAMPLE.replace('\n', "\r\n")), WANT);
    for text in [
        "a: b",
        "- a\n- b\n",
        "{a: b, c: [d, e]}\n",
        "[a: b, {c}, [], {}, \"d\": e]",
        "{\n\"a\": 1,\n\"b\": [\n2\n]\n}",
        "a:\n  - b\n  - c: d\n    e: f\ng: h",
        "a:\n- - b\n  - c\n- d\n",
        "a: |+\n  x\n\nb: |-\n  y\n\nc: |2\n   z\n",
        "a: >\n  x\n  y\n\n   z\n  u\nb: 1",
        "a: \"x\n  y\n\n  z\"\nb: 'u\n  v'\n",
        "a: \"x\\\n  y\\x41\\e\\_\"\n",
        "a: http://x:80/#y\nb: c:d\n",
        "a: &x b\nc: *x\nd: !t e\nf: &y !t [g]\n",
        "---\na: b\n...\n---\nc: d\n---\n- e\n",
        "%YAML 1.2\n---\na: b\n",
        "a: 2001-12-14\nb: -1.5\nc: ~\nd: null\ne: 0x1F\n",
        "a: |\n\n  x\n\n\nb: |\nc: d\n",
        "a : b\n\"c\" : d\n",
        "a: [b,\n  c, # d\n  e]\nf: {g: h,\n  i: }\n",
        "a:\n  b\nc:\n  'd'\n",
        "- |\n  a\n- >\n  b\n- c\n",
    ] {
        both(text);
    }
}

#[test]
fn spans_lead_to_the_values() {
    let text = "é: ü  # c\nmap:\n  a: \"b\"\n  c: |\n    one\n    two\n\n\nlist: !t\n  - 'x'\nflow: &f {y: z}\nü: !t &a \"q\"\n";
    for tree in [yaml(text.as_bytes()), by_lines(text.as_bytes())] {
        let Value::Map(entries) = &tree.root.value else { panic!("a map") };
        let of = |n: usize| &text[entries[n].node.span.clone()];
        assert_eq!(of(0), "ü");
        assert_eq!(of(1), "a: \"b\"\n  c: |\n    one\n    two");
        assert_eq!(of(3), "{y: z}");
        assert_eq!(of(4), "q");
        let Value::Map(inner) = &entries[1].node.value else { panic!("a map") };
        assert_eq!(&text[inner[1].node.span.clone()], "one\n    two");
        let names: Vec<_> = entries.iter().map(|e| &text[e.at.clone()]).collect();
        assert_eq!(names, ["é", "map", "list", "flow", "ü"]);
    }
    let text = "a: b c\nd: ['e', {f: \"g\"}]\nh:\n- i\n- j: 1\n  'k': ~\n  l:\n";
    check_verbatim(text.as_bytes(), &yaml(text.as_bytes()).root);
    check_verbatim(text.as_bytes(), &by_lines(text.as_bytes()).root);
}

#[test]
fn aliases_are_not_multiplied() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..60 {
        let alias = format!("*a{}, ", n - 1).repeat(9);
        text.push_str(&format!("a{n}: &a{n} [{alias}]\n"));
    }
    assert!(sound(&text).len() < text.len());
}

#[test]
fn templates_hide_nothing_around_them() {
    let text = "apiVersion: v1\n{{- if .Values.on }}\nmetadata:\n  name: {{ .Release.Name }}-x\n  labels:\n\
        {{ include \"labels\" . | indent 4 }}\nspec:\n  {{- with .Values.env }}\n  env:\n    - name: TOKEN\n\
        \x20     value: \"{{ .token }}\"\n    {{- end }}\n    - name: OTHER\n      value: abc\n  args: [ {{ .x }}, 'y' ]\n\
        {{- end }}\nlast: 1\n";
    let (shown, flaws) = flawed(text);
    assert_eq!(
        shown,
        "{apiVersion:\"v1\",metadata:{name:\"{{ .Release.Name }}-x\",labels:},spec:{env:[{name:\"TOKEN\",\
         value:\"{{ .token }}\"},{name:\"OTHER\",value:\"abc\"}],args:[\"{{ .x }}\",\"y\"]},last:1}"
    );
    assert!(flaws.contains(&"a line is no YAML"));
}

#[test]
fn damage_hides_neither_what_is_before_nor_what_is_behind() {
    for (text, want, flaw) in [
        ("a: \"x\nb: 2\n", "{a:\"x\",b:2}", "a string does not end"),
        ("a: \"x\nb: \"y\"\n", "{a:\"x\",b:\"y\"}", "a string does not end"),
        ("a: [b, c\nd: 2\n", "{a:[\"b\",\"c\"],d:2}", "a list or map does not end"),
        ("a: {b: c\nd: 2\n", "{a:{b:\"c\"},d:2}", "a list or map does not end"),
        ("a: [b, c}]\nd: 2\n", "{a:[\"b\",\"c\"],d:2}", "a sign stands where it has no meaning"),
        ("a: ['b' 'c']\nd: 2\n", "{a:[\"b\",\"c\"],d:2}", "a comma is missing"),
        (
            "a: 1\n\tb: 2\nc: 3\n",
            "{a:1,b:2,c:3}",
            "a line is indented otherwise than those around it",
        ),
        ("a:\n\tb: 2\nc: 3\n", "{a:{b:2},c:3}", "not well-formed from here on"),
        (
            "a:\n    b: 2\n  c: 3\nd: 4\n",
            "{a:{b:2,c:3},d:4}",
            "a line is indented otherwise than those around it",
        ),
        (
            "a: 1\n  b: 2\nc: 3\n",
            "{a:1,b:2,c:3}",
            "a line is indented otherwise than those around it",
        ),
        (
            "a: 1\n- b\nc: 3\n",
            "{a:1,:[\"b\"],c:3}",
            "a line is indented otherwise than those around it",
        ),
        ("- a\nb: c\n", "[\"a\",{b:\"c\"}]", "a line is indented otherwise than those around it"),
        ("a: 1\nno yaml\nb: 2\n", "{a:1,b:2}", "a line is no YAML"),
        ("a: 'x' y\nb: 2\n", "{a:\"x\",b:2}", "a line goes on behind its value"),
        ("a: @x\nb: 2\n", "{a:\"@x\",b:2}", "not well-formed from here on"),
        ("a: |\n  x\n y\nb: 2\n", "{a:\"x\\ny\\n\",b:2}", "not well-formed from here on"),
        ("a: *none\nb: 2\n", "{a:,b:2}", "not well-formed from here on"),
    ] {
        let (shown, flaws) = flawed(text);
        assert_eq!(shown, want, "{text}");
        assert!(flaws.contains(&flaw), "{text}: {flaws:?}");
    }
    let tree = yaml(b"a: x\xffy\nb: '\xc3'\n");
    assert_eq!(show(&tree.root), "{a:\"x\u{fffd}y\",b:\"\u{fffd}\"}");
    assert_eq!((tree.flaws[0].at, tree.flaws[0].what), (4, "the text is not UTF-8"));
}

#[test]
fn nesting_is_bounded() {
    let deep = |n: usize| format!("{}x{}", "[".repeat(n), "]".repeat(n));
    assert_eq!(sound(&deep(DEEPEST)).len(), 2 * DEEPEST + 3);
    for text in [
        deep(DEEPEST + 1),
        deep(100_000),
        format!("a: {}\nb: 1", deep(100_000)),
        "{a: ".repeat(100_000),
        "[a: ".repeat(100_000),
        "- ".repeat(100_000),
        (0..1000).map(|n| format!("{}a:\n", " ".repeat(n))).collect(),
        (0..1000).map(|n| format!("{}-\n", " ".repeat(n))).collect(),
    ] {
        let flaws = flawed(&text).1;
        assert!(flaws.contains(&"nested too deep"), "{:.20} {flaws:?}", text);
        check(text.as_bytes(), &by_lines(text.as_bytes()));
    }
}

#[test]
fn time_grows_with_the_length() {
    let usual = "- name: ü\n  text: \"some text\"\n  flow: [a, {b: c}]\n";
    let pieces = [
        "[",
        "{",
        "- ",
        "a: ",
        "a: b\n",
        "- a\n",
        "\"",
        "'\n",
        "a: \"\n",
        " a: \"\\\"\n",
        "? ",
        "[a, ",
        "  ",
        "a: |\n",
        "&a ",
        "word ",
        "a: [\n",
        "---\n",
        "{{ x }}\n",
        "# x\n",
        "!a ",
        "a:\n- ",
    ];
    check_linear(usual, &pieces, yaml);
    check_linear(usual, &pieces, by_lines);
}

#[test]
fn noise_is_borne() {
    let mut noise = Noise::seeded(3);
    for _ in 0..10_000 {
        let text = noise.spoil(SAMPLE.as_bytes(), b"{}[]\"':,-|>&*!#?%\\\n\r\t ax\xff\xc3");
        check(&text, &yaml(&text));
        check(&text, &by_lines(&text));
    }
}
