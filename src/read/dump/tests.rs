//! Each shape as its tool prints it, and texts that are none.

use super::{Shape, dump, recognise};
use crate::read::check::{bears_noise, flaws, values};

const ENV: &str = "SHELL=/bin/bash\nPWD=/a\nHOME=/root\nKEY=-----BEGIN X-----\n\nab=\n-----END X-----\nEMPTY=\n\
    BASH_FUNC_f%%=() {  echo\n}\nUSER=a b\n_=/usr/bin/env\n";

const BLOCK: &str = "PATH=/bin\nHOME=/a\nUSER=b\nLANG=C\nWORD=c=d\n";

const EXPORT: &str = "declare -x HOME=\"/a\"\ndeclare -x OLDPWD\ndeclare -x PWD=\"/b\"\ndeclare -x WORD=\"c\\\"d\"\ndeclare -x E=$'f\\ng'\n";

const DASH: &str = "export HOME='/a'\nexport PWD='/b'\nexport USER='c'\nexport WORD='d'\"'\"'e\nf'\nexport G='h'\n";

const SET: &str = "BASH=/bin/bash\nBASH_VERSINFO=([0]=\"5\" [1]=\"2\")\nIFS=$' \\t\\n'\nPS4='+ '\nWORD='a b'\nX=y\nf () \n{ \n    Z=1\n}\n";

const CMD: &str = "ALLUSERSPROFILE=C:\\ProgramData\r\nCommonProgramFiles(x86)=C:\\x\r\nComSpec=C:\\cmd.exe\r\nWORD=a b\r\n";

const TABLE: &str = "\r\nName                           Value\r\n----                           -----\r\n\
    WORD                           one two\r\nPath                           C:\\a;C:\\b...\r\n\r\nlater line\r\n";

const LIST: &str = "\r\nName  : PATHEXT\r\nValue : .COM;.E\r\n        XE\r\n\r\nName  : WORD\r\nValue : one\r\n\r\n";

const POWER: &str = r#"[{"PSPath":"Microsoft.PowerShell.Core\\Environment::WORD","Key":"WORD","Value":"one"},{"Key":"B","Value":"two"}]"#;

const NODE: &str = "{\n  PATH: '/bin',\n  HOME: '/a',\n  WORD: \"it's\",\n  'a-b': 'c\\n' +\n    'd',\n  USER: 'e',\n  N: 1,\n  ... 2 more items\n}\n";

const JSON: &str = r#"{"PATH":"/bin","HOME":"/a","USER":"b","LANG":"C","WORD":"c"}"#;

const REPORT: &str =
    r#"{"header":{"dumpEventTime":"x","nodejsVersion":"v22"},"environmentVariables":{"WORD":"a"}}"#;

const PYTHON: &str =
    r#"environ({'PATH': '/bin', 'HOME': '/a', 'WORD': "it's", 'X': 'a\nb\xe9', 'USER': 'c'})"#;

const RUBY: &str = r#"{"PATH"=>"/bin", "HOME"=>"/a", "WORD"=>"b\"c", "X"=>"d", "USER" => "e"}"#;

const PAGE: &str = "<html><title>PHP 8 - phpinfo()</title><h2>Core</h2><tr><td class=\"e\">no </td><td class=\"v\">no </td></tr>\n\
    <h2>Environment</h2><tr class=\"h\"><th>Variable</th></tr>\n<tr><td class=\"e\">WORD </td><td class=\"v\">a&amp;b </td></tr>\n\
    <h2>PHP Variables</h2><tr><td class=\"e\">$_SERVER['KEY']</td><td class=\"v\">c</td></tr><tr><td class=\"e\">$_ENV['N']</td><td class=\"v\"><i>no value</i></td></tr>";

const PHP: &str = "phpinfo()\nPHP Version => 8.3\n\nSystem => x\n\nEnvironment\n\nVariable => Value\nWORD => a => b\n\nPHP Variables\n\n\
    Variable => Value\n$_SERVER['KEY'] => c\n";

const DOCKER: &str = r#"[{"Id":"x","Config":{"Env":["WORD=a=b","C=d\"e"],"Cmd":["A=no"]}}]"#;

const KUBECTL: &str = "Name:  a\nNamespace: b\nContainers:\n  c:\n    Environment:\n      WORD:  one two\n      KEY:  <set to the key 'x' in secret 'y'>  Optional: false\n    Mounts:\n      /a from b\n";

const SYSTEMD: &str = "HOME=/a\nLANG=C\nUSER=b\nWORD=$'c\\nd'\nX=e f\nPATH=/bin\n";

const PM2: &str = r#"[{"name":"a","pm_exec_path":"/a","env":{"WORD":"one","n":1,"deep":{"x":"y"}}},{"env":{"WORD":"two"}}]"#;

const LAUNCHCTL: &str = "com.example = {\n\tpath = /a\n\tinherited environment = {\n\t\tWORD => one\n\t}\n\tx => y\n}\n";

const SUPERVISOR: &str = "[program:a]\ncommand=/b\nenvironment=WORD=\"one,two\",X='y'\n";

const JAVA: &str = "#\n# A fatal error has been detected by the Java Runtime Environment:\n#\nX=no\n\nEnvironment Variables:\nPATH=/bin\nWORD=one\n\nB=no\n";

const COMMANDS: &str =
    "A=b=c\r\n\r\nWORD<<ghadelimiter_x\r\none\r\ntwo\r\nghadelimiter_x\r\nD<<EOF\nEOF\n";

const SHAPES: &[(&str, Shape, &[&str])] = &[
    (
        ENV,
        Shape::Env,
        &[
            "SHELL=/bin/bash",
            "PWD=/a",
            "HOME=/root",
            "KEY=-----BEGIN X-----\n\nab=\n-----END X-----",
            "EMPTY=",
            "BASH_FUNC_f%%=() {  echo\n}",
            "USER=a b",
            "_=/usr/bin/env",
        ],
    ),
    (EXPORT, Shape::Export, &["HOME=/a", "PWD=/b", "WORD=c\"d", "E=f\ng"]),
    (DASH, Shape::Export, &["HOME=/a", "PWD=/b", "USER=c", "WORD=d'e\nf", "G=h"]),
    (
        SET,
        Shape::Set,
        &[
            "BASH=/bin/bash",
            "BASH_VERSINFO.0=5",
            "BASH_VERSINFO.1=2",
            "IFS= \t\n",
            "PS4=+ ",
            "WORD=a b",
            "X=y",
        ],
    ),
    (
        CMD,
        Shape::CmdSet,
        &[
            "ALLUSERSPROFILE=C:\\ProgramData",
            "CommonProgramFiles(x86)=C:\\x",
            "ComSpec=C:\\cmd.exe",
            "WORD=a b",
        ],
    ),
    (TABLE, Shape::PowerShellTable, &["WORD=one two", "Path=C:\\a;C:\\b..."]),
    (LIST, Shape::PowerShellList, &["PATHEXT=.COM;.EXE", "WORD=one"]),
    (POWER, Shape::PowerShellJson, &["WORD=one", "B=two"]),
    (NODE, Shape::NodeObject, &["PATH=/bin", "HOME=/a", "WORD=it's", "a-b=c\nd", "USER=e"]),
    (JSON, Shape::Json, &["PATH=/bin", "HOME=/a", "USER=b", "LANG=C", "WORD=c"]),
    (REPORT, Shape::NodeReport, &["WORD=a"]),
    (PYTHON, Shape::Python, &["PATH=/bin", "HOME=/a", "WORD=it's", "X=a\nb\u{E9}", "USER=c"]),
    (RUBY, Shape::Ruby, &["PATH=/bin", "HOME=/a", "WORD=b\"c", "X=d", "USER=e"]),
    (PAGE, Shape::PhpHtml, &["WORD=a&b", "KEY=c", "N~<i>no value</i>"]),
    (PHP, Shape::PhpText, &["WORD=a => b", "KEY=c"]),
    (DOCKER, Shape::Docker, &["WORD=a=b", "C=d\"e"]),
    (
        KUBECTL,
        Shape::Kubectl,
        &["WORD=one two", "KEY~<set to the key 'x' in secret 'y'>  Optional: false"],
    ),
    (SYSTEMD, Shape::Systemd, &["HOME=/a", "LANG=C", "USER=b", "WORD=c\nd", "X=e f", "PATH=/bin"]),
    (PM2, Shape::Pm2, &["WORD=one", "n~1", "WORD=two"]),
    (LAUNCHCTL, Shape::Launchctl, &["WORD=one"]),
    (SUPERVISOR, Shape::Supervisor, &["WORD=one,two", "X=y"]),
    (JAVA, Shape::JavaCrash, &["PATH=/bin", "WORD=one"]),
    (COMMANDS, Shape::CommandFile, &["A=b=c", "WORD=one\r\ntwo", "D="]),
];

#[test]
fn every_shape_is_recognised_and_read() {
    for &(text, shape, expected) in SHAPES {
        let text = if shape == Shape::Env { format!("{text}{BLOCK}") } else { text.to_owned() };
        assert_eq!(recognise(text.as_bytes()), Some(shape), "{text}");
        let read = values(&dump(text.as_bytes(), shape));
        assert_eq!(read[..expected.len()], *expected, "{shape:?}");
        assert!(read.len() == expected.len() || shape == Shape::Env, "{shape:?}");
    }
    let environ = "HOME=/a\0WORD=b\nc\0PATH=/bin\0X=";
    assert_eq!(recognise(environ.as_bytes()), Some(Shape::Nul));
    assert_eq!(
        values(&dump(environ.as_bytes(), Shape::Nul)),
        ["HOME=/a", "WORD=b\nc", "PATH=/bin", "X="]
    );
    let show = b"Id=a\nFragmentPath=/b\nEnvironment=A=c \"D=e f\"\n";
    assert_eq!(recognise(show), Some(Shape::Systemd));
    assert_eq!(values(&dump(show, Shape::Systemd)), ["A=c", "D=e f"]);
}

#[test]
fn what_is_cut_is_told() {
    assert_eq!(flaws(&dump(TABLE.as_bytes(), Shape::PowerShellTable)), ["a value is cut"]);
    assert_eq!(flaws(&dump(NODE.as_bytes(), Shape::NodeObject)), ["a value is cut"]);
    let open = dump(b"A<<END\nb\n", Shape::CommandFile);
    assert_eq!((values(&open), flaws(&open)), (vec!["A=b\n".into()], vec!["a value does not end"]));
}

#[test]
fn other_texts_are_no_dumps() {
    let texts = [
        "",
        "fn main() {\n    let PATH = 1;\n}\n",
        "# Read me\n\n```sh\nexport PATH=$PATH:/a\nexport HOME=/b\n```\n\nSet `HOME` and `PATH`.\n",
        "export PATH=\"$HOME/bin:$PATH\"\nexport LANG=C\nexport EDITOR=vi\nexport A=b\nexport C=d\n",
        "PATH=/sbin:/bin\nDESC=\"a\"\nNAME=b\nDAEMON=/c\nPIDFILE=/d\n",
        "A=b\nC=d\nE=f\nG=h\nI=j\nK=l\n",
        "{\"name\": \"a\", \"scripts\": {\"b\": \"c\"}, \"env\": {\"PATH\": \"x\", \"HOME\": \"y\", \"A\": \"b\", \"C\": \"d\"}}",
        "[{\"Key\": \"Team\", \"Value\": \"a\"}, {\"Key\": \"Stage\", \"Value\": \"b\"}]",
        "{\"Config\": {\"Env\": \"prod\"}}",
        "import os\nprint(os.environ['HOME'], os.environ['PATH'])\n",
        "const env = {\n  PATH: '/a',\n  HOME: '/b',\n  C: 'd',\n  E: 'f',\n  G: 'h',\n};\n",
        "spec:\n  containers:\n  - env:\n    - name: HOME\n      value: /a\n",
        "[Service]\nEnvironment=A=b\nExecStart=/c\n",
        "<html><td class=\"e\">a</td></html>",
        "int main() { std::cout<<a;\nreturn 0; }\n",
        "cat<<EOF\nA=b\n",
        "Name   Value\nfoo    bar\n",
        "a\0b\0c\0HOME=x\0",
    ];
    for text in texts {
        assert_eq!(recognise(text.as_bytes()), None, "{text}");
    }
}

#[test]
fn every_shape_has_a_name_of_its_own() {
    let names: std::collections::BTreeSet<_> =
        SHAPES.iter().map(|(_, shape, _)| shape.name()).collect();
    assert_eq!(names.len(), SHAPES.len() - 1);
}

#[test]
fn noise_is_borne() {
    for &(text, shape, _) in SHAPES {
        let read = |text: &[u8]| {
            _ = recognise(text);
            dump(text, shape)
        };
        bears_noise(&read, &[text]);
    }
    bears_noise(&|text| dump(text, Shape::Nul), &["A=b\0C=d\0"]);
}
