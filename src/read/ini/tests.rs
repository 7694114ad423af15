//! What files of sections mean.

use super::ini;
use crate::read::check::{as_written, bears_noise, flaws, values};

fn read(text: &str) -> Vec<String> {
    let tree = ini(text.as_bytes());
    assert_eq!(flaws(&tree), [""; 0], "{text}");
    values(&tree)
}

const CREDENTIALS: &str = "\u{FEFF}; said\r\n[default]\r\naws_access_key_id = one # said\r\naws_secret_access_key=two#2\r\n\
    [profile x]\ntoken: three\n[default]\ntoken = four\n";

const GIT: &str = "[core]\n\tbare\n\tpath = \"a\\\"b\" # said\n[http \"https://example.com/\"]\n\
    \textraheader = AUTHORIZATION: basic d29yZA==\n[url \"a\\\\b\"] x = y\n";

const UNIT: &str = "[Service]\nExecStart=/bin/a \\\n  -b\nEnvironment=\"A=b c\" D=e\nEnvironment=F=g\nEnvironment=\n\
    [program:x]\nenvironment=H=\"i\",\n  J='k,l'\n";

const PIP: &str = "[global]\nextra-index-url =\n    https://u:p@example.com/simple?x=y\n    https://example.org\ntimeout = 3\n";

#[test]
fn sections_hold_their_names() {
    let expected = [
        "default.aws_access_key_id=one",
        "default.aws_secret_access_key=two#2",
        "profile x.token=three",
        "default.token=four",
    ];
    assert_eq!(read(CREDENTIALS), expected);
    as_written(CREDENTIALS, &ini(CREDENTIALS.as_bytes()));
    assert_eq!(
        read("[distutils]\nindex-servers =\n    pypi\n[pypi]\npassword = a%b\n"),
        ["distutils.index-servers=pypi", "pypi.password=a%b"]
    );
    assert_eq!(
        read(PIP)[0],
        "global.extra-index-url=https://u:p@example.com/simple?x=y\nhttps://example.org"
    );
}

#[test]
fn git_names_parts_of_sections() {
    let expected = [
        "core.bare~",
        "core.path=a\"b",
        "http.https://example.com/.extraheader=AUTHORIZATION: basic d29yZA==",
        "url.a\\b.x=y",
    ];
    assert_eq!(read(GIT), expected);
    assert_eq!(
        read("[a]\nb = \"c\\\n  d\"\ne = \"\"\nf = \"g\" \"h\"\n"),
        ["a.b=cd", "a.e=", "a.f=\"g\" \"h\""]
    );
}

#[test]
fn environments_of_units_are_variables() {
    let expected = [
        "Service.ExecStart=/bin/a  -b",
        "Service.Environment.A=b c",
        "Service.Environment.D=e",
        "Service.Environment.F=g",
        "Service.Environment=",
        "program:x.environment.H=i",
        "program:x.environment.J=k,l",
    ];
    assert_eq!(read(UNIT), expected);
}

#[test]
fn properties_have_escapes() {
    let text =
        "! said\na.b=\\u0041\\u00e9\\=\\n\nc\\:d : e\\\n   f\ng h\n\\uD83D\\uDE00=i\\\\\nlast=";
    assert_eq!(read(text), ["a.b=A\u{E9}=\n", "c:d=ef", "g=h", "\u{1F600}=i\\", "last="]);
    let npm = "//example.com:8080/:_authToken=word==\n@a:registry=https://example.com/\nalways-auth = \"true\"\n";
    let expected = [
        "//example.com:8080/:_authToken=word==",
        "@a:registry=https://example.com/",
        "always-auth=true",
    ];
    assert_eq!(read(npm), expected);
}

#[test]
fn damage_is_told_and_passed() {
    let tree = ini(b"[open\na = \"b\nc = d\xFF\n[e \"f]\ng=h\\");
    assert_eq!(values(&tree), ["open.a=b", "open.c=d\u{FFFD}", "e \"f.g=h"]);
    assert_eq!(flaws(&tree), ["a section's name does not end", "a quote does not end"]);
    bears_noise(&ini, &[CREDENTIALS, GIT, UNIT, PIP, "a\\:b=\\u0041\\\n  c\n"]);
}
