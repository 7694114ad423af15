//! What files of variables mean.

use super::dotenv;
use crate::read::check::{as_written, bears_noise, flaws, values};

fn read(text: &str) -> Vec<String> {
    let tree = dotenv(text.as_bytes());
    assert_eq!(flaws(&tree), [""; 0], "{text}");
    values(&tree)
}

const FILE: &str = "\u{FEFF}# words\r\nA=one two # said\r\nexport B='three'\nC = \"four\nfive\"\n\nD: `six`\rE=\nA=a#b\n\
    F.g-h=i\nif [ x = y ]; then\n  K==v\nnot a line\n";

#[test]
fn env_files_are_read() {
    let expected = ["A=one two", "B=three", "C=four\nfive", "D=six", "E=", "A=a#b", "F.g-h=i"];
    assert_eq!(read(FILE), expected);
    as_written(FILE, &dotenv(FILE.as_bytes()));
    assert_eq!(read(r#"A="x\n\"y\" $z""#), ["A=x\n\"y\" $z"]);
    assert_eq!(
        read("A=\"v\" # \"w\"\nB='v'; export B\nC=v; export C\nD= # none"),
        ["A=v", "B=v", "C=v", "D="]
    );
}

#[test]
fn shells_are_read() {
    assert_eq!(read(r#"declare -x A="a\"b\$c\n""#), [r#"A=a"b$c\n"#]);
    assert_eq!(read("declare -x A\ndeclare -rx B=$'a\\nb'\ntypeset -x C=d"), ["B=a\nb", "C=d"]);
    assert_eq!(
        read("export A='it'\"'\"'s\nb'\nexport B=c D=\"e f\" G; export H=i"),
        ["A=it's\nb", "B=c", "D=e f", "H=i"]
    );
    assert_eq!(
        read(
            "set -gx A b\nset -Ux B 'c d'\nset -x C d e\nset -euo pipefail\nset -- a b\nsetenv D \"e\""
        ),
        ["A=b", "B=c d", "C=d e", "D=e"]
    );
    assert_eq!(
        read("$env:A = \"b`\"c\"\n${Env:B}='d''e' # f\n$Env:C=g"),
        ["A=b\"c", "B=d'e", "C=g"]
    );
    assert_eq!(
        read("SET A=b c\r\nset \"B=d\"\r\nsetx C \"e f\"\r\nsetx /M D g\r\n@set E=\"h\""),
        ["A=b c", "B=d", "C=e f", "D=g", "E=h"]
    );
    assert_eq!(
        read("ENV A=b C=\"d e\" \\\n    F=g\nARG H=i\nARG J\nENV K some words\nRUN env A=x"),
        ["A=b", "C=d e", "F=g", "H=i", "K=some words"]
    );
}

#[test]
fn a_quote_that_does_not_end_costs_its_line_alone() {
    for text in [
        "A='one\nB=two\nC='three'\n",
        "A=\"one\nB=two\nC=\"three\"\n",
        "export A='one\nB=two\nC='three'\n",
    ] {
        let tree = dotenv(text.as_bytes());
        assert_eq!(values(&tree), ["A=one", "B=two", "C=three"], "{text}");
        assert_eq!(flaws(&tree), ["a quote does not end"]);
    }
    let tree = dotenv(b"A=b\nC=\"d\\");
    assert_eq!((values(&tree), flaws(&tree).len()), (vec!["A=b".into(), "C=d\\".into()], 1));
}

#[test]
fn many_quotes_that_do_not_end_are_read_in_one_pass() {
    let text = "A=\"b\nC='d\nexport E=$'f\n".repeat(20_000);
    let text = text.replace("\"b", "\"b=").replace("'d", "'d=");
    assert_eq!(flaws(&dotenv(text.as_bytes())).len(), 16);
}

#[test]
fn noise_is_borne() {
    let shells = "declare -x A=\"a\\\"b\"\nexport B='c'\"'\"'d' E=f; export G=h\nset -gx A 'b'\n$env:K = \"V\"\nset K=V\n";
    bears_noise(
        &dotenv,
        &[FILE, shells, "setx K \"V\"\nENV K=V \\\n L=W\nARG M='n'\nset \"A=b\"\n${env:A}='b'"],
    );
}
