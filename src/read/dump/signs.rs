//! What shows that a text is an environment dump.

use memchr::{memchr, memmem};

use crate::read::dump::rows::row;
use crate::read::dump::{Shape, blocks, command_file, powershell};
use crate::read::lines::{name_length, start};

/// How much of a text is looked at.
const HEAD: usize = 64 << 10;

/// How many rows in a row are a dump.
const ROWS: usize = 5;

/// Variables that nearly every environment has.
const COMMON: [&[u8]; 10] = [
    b"PATH",
    b"HOME",
    b"PWD",
    b"SHLVL",
    b"USER",
    b"LANG",
    b"_",
    b"USERPROFILE",
    b"Path",
    b"COMPUTERNAME",
];

/// Variables that shells keep for themselves: scripts seldom export them.
const OWN: [&[u8]; 7] = [b"HOME", b"PWD", b"SHLVL", b"USER", b"_", b"OLDPWD", b"LOGNAME"];

/// Variables that every cmd has.
const CMD: [&[u8]; 6] = [
    b"ALLUSERSPROFILE",
    b"COMSPEC",
    b"PATHEXT",
    b"PROCESSOR_IDENTIFIER",
    b"SYSTEMROOT",
    b"NUMBER_OF_PROCESSORS",
];

/// The shape of the dump that `text` is, as its first 64 KiB show; none if it is no dump.
pub fn recognise(text: &[u8]) -> Option<Shape> {
    let text = &text[start(text)..];
    let head = &text[..text.len().min(HEAD)];
    let whole = head.len() == text.len();
    if memchr(0, head).is_some() {
        return nul(head, whole).then_some(Shape::Nul);
    }
    match head.trim_ascii_start().first()? {
        b'{' => document(head).or_else(|| literal(head)),
        b'[' => document(head).or_else(|| lines(head, whole)),
        b'<' => page(head),
        _ => lines(head, whole).or_else(|| literal(head)),
    }
}

/// Whether all of `head` is `A=b` between NULs, some of them common.
fn nul(head: &[u8], whole: bool) -> bool {
    let mut rows: Vec<&[u8]> = head.split(|&b| b == 0).collect();
    if !whole || rows.last().is_some_and(|row| row.is_empty()) {
        rows.pop();
    }
    let is_text = |row: &[u8]| !row.iter().any(|b| matches!(b, 1..=8 | 14..=26));
    let is_row = |row: &&[u8]| {
        memchr(b'=', row).is_some_and(|n| n > 0) && name_length(row) > 0 && is_text(row)
    };
    let common = rows.iter().filter(|row| is_common(&row[..name_length(row)])).count();
    rows.len() >= 3 && common >= 1 && rows.iter().all(is_row)
}

fn is_common(name: &[u8]) -> bool {
    COMMON.contains(&name)
}

/// A document of JSON.
fn document(head: &[u8]) -> Option<Shape> {
    let has = |word: &str| memmem::find(head, word.as_bytes()).is_some();
    let is_list = head.trim_ascii_start().starts_with(b"[");
    let common =
        || COMMON.iter().filter(|name| has(&format!("\"{}\"", name.escape_ascii()))).count();
    if is_list && has("\"pm_exec_path\"") {
        return Some(Shape::Pm2);
    }
    if has("\"nodejsVersion\"") && has("\"dumpEventTime\"") {
        return Some(Shape::NodeReport);
    }
    let holds = ["\"Config\"", "\"config\"", "\"ContainerSpec\""];
    if has("\"Env\"") && holds.iter().any(|word| has(word)) && has_env_list(head) {
        return Some(Shape::Docker);
    }
    if is_list
        && has("\"Key\"")
        && has("\"Value\"")
        && (has("Core\\\\Environment::") || common() >= 2)
    {
        return Some(Shape::PowerShellJson);
    }
    None
}

/// Whether a list named `Env` starts with a text `A=b`.
fn has_env_list(head: &[u8]) -> bool {
    memmem::find_iter(head, b"\"Env\"").any(|at| {
        let rest = head[at + b"\"Env\"".len()..].trim_ascii_start();
        let rest = rest.strip_prefix(b":").unwrap_or_default().trim_ascii_start();
        let rest = rest.strip_prefix(b"[").unwrap_or_default().trim_ascii_start();
        rest.strip_prefix(b"\"").is_some_and(|rest| row(rest).is_some())
    })
}

/// An object of Node, Python, Ruby or JSON, by the pairs at its start.
fn literal(head: &[u8]) -> Option<Shape> {
    let from = match memmem::find(head, b"environ({") {
        Some(at) => at + b"environ(".len(),
        None if head.trim_ascii_start().starts_with(b"{") => {
            head.len() - head.trim_ascii_start().len()
        }
        None => memmem::find(head, b"\n{\n  ")? + 1,
    };
    let object = flat(&head[from..]);
    let shape = sign_of(object[1..].trim_ascii_start())?;
    let (open, close, sign): (&str, &str, &[&str]) = match shape {
        Shape::NodeObject => ("", "", &[":"]),
        Shape::Python => ("'", "'", &[":"]),
        Shape::Ruby => ("\"", "\"", &["=>", " =>"]),
        _ => ("\"", "\"", &[":", " :"]),
    };
    let has = |name: &&&[u8]| {
        let name = format!("{open}{}{close}", name.escape_ascii());
        memmem::find_iter(object, name.as_bytes()).any(|at| {
            let is_whole =
                !open.is_empty() || at > 0 && matches!(object[at - 1], b' ' | b'{' | b',' | b'\n');
            is_whole && sign.iter().any(|sign| is_string(&object[at + name.len()..], sign))
        })
    };
    (COMMON.iter().filter(has).count() >= 2 && pairs(object, shape) >= ROWS).then_some(shape)
}

/// The start of `object` before a value of its own parts: an environment has no such.
fn flat(object: &[u8]) -> &[u8] {
    const NESTED: [&[u8]; 8] =
        [b"\": {", b"\":{", b"\": [", b"\":[", b"': {", b"':{", b"': [", b"':["];
    let ends = NESTED.iter().filter_map(|sign| memmem::find(object, sign));
    &object[..ends.min().unwrap_or(object.len())]
}

/// Whether `rest` is `sign` and a quoted text.
fn is_string(rest: &[u8], sign: &str) -> bool {
    let value = rest.strip_prefix(sign.as_bytes()).map(<[u8]>::trim_ascii_start);
    value.is_some_and(|value| matches!(value.first(), Some(b'"' | b'\'' | b'`')))
}

/// The shape of an object whose first pair is at the start of `pair`.
fn sign_of(pair: &[u8]) -> Option<Shape> {
    let quote = *pair.first()?;
    let length = match quote {
        b'"' | b'\'' => memchr(quote, &pair[1..])? + 2,
        _ => Some(name_length(pair)).filter(|&length| length > 0)?,
    };
    match (quote, pair[length..].trim_ascii_start()) {
        (b'"', [b'=', b'>', ..]) => Some(Shape::Ruby),
        (b'"', [b':', ..]) => Some(Shape::Json),
        (b'\'', [b':', ..]) => Some(Shape::Python),
        (b'\'' | b'"', _) => None,
        (_, [b':', ..]) => Some(Shape::NodeObject),
        _ => None,
    }
}

/// How many pairs of names like variables' and texts `object` seems to have.
fn pairs(object: &[u8], shape: Shape) -> usize {
    let sign: &[u8] = if shape == Shape::Ruby { b"=>" } else { b":" };
    let is_pair = |&at: &usize| {
        let name = object[..at].trim_ascii_end();
        let name = name.strip_suffix(b"\"").or_else(|| name.strip_suffix(b"'")).unwrap_or(name);
        let has_name = name.last().is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
        has_name && is_string(&object[at + sign.len()..], "")
    };
    memmem::find_iter(object, sign).filter(is_pair).take(ROWS).count()
}

/// A page of `phpinfo()`.
fn page(head: &[u8]) -> Option<Shape> {
    let has = |word: &[u8]| memmem::find(head, word).is_some();
    (has(b"phpinfo()") && has(b"<td class=\"e\">")).then_some(Shape::PhpHtml)
}

/// What the lines of `head` are.
fn lines(head: &[u8], whole: bool) -> Option<Shape> {
    let mut seen = Seen::default();
    let mut before: &[u8] = b"";
    for line in head.split(|&b| b == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        seen.line(line, before);
        before = line;
        if seen.shape.is_some() {
            return seen.shape;
        }
    }
    let is_command_file =
        whole && memmem::find(head, b"<<").is_some() && command_file::is_one(head);
    let is_plain = seen.env_rows && !seen.quoted_line;
    match () {
        () if seen.set_rows > 0 && seen.plain_rows >= ROWS => Some(Shape::Set),
        () if seen.cmd_rows >= 2 => Some(Shape::CmdSet),
        () if seen.exports_own >= 2 && seen.exports >= ROWS => Some(Shape::Export),
        () if seen.env_rows && seen.quoted_line => Some(Shape::Systemd),
        () if is_plain => Some(Shape::Env),
        () if seen.unit && memmem::find(head, b"\nEnvironment=").is_some() => Some(Shape::Systemd),
        () if is_command_file => Some(Shape::CommandFile),
        () => None,
    }
}

/// What lines have shown so far.
#[derive(Default)]
struct Seen {
    /// A shape that a single line settles.
    shape: Option<Shape>,
    /// Whether there were enough rows of `env` with no other line between.
    env_rows: bool,
    /// Rows since the last other line, and the common ones of them.
    rows: usize,
    common: usize,
    plain_rows: usize,
    quoted_line: bool,
    set_rows: usize,
    cmd_rows: usize,
    exports: usize,
    exports_own: usize,
    unit: bool,
    supervisor: bool,
    containers: bool,
}

impl Seen {
    fn line(&mut self, line: &[u8], before: &[u8]) {
        self.shape = self.settled(line, before);
        self.unit |= line.starts_with(b"FragmentPath=");
        self.supervisor |= line.starts_with(b"[program:") || line.starts_with(b"[supervisord]");
        self.containers |= line == b"Containers:";
        if let Some(rest) = exported(line) {
            self.export(rest);
        }
        match row(line) {
            Some(length) => self.row(&line[..length], &line[length + 1..]),
            None => (self.rows, self.common) = (0, 0),
        }
    }

    fn row(&mut self, name: &[u8], value: &[u8]) {
        let is_written = !matches!(value.first(), None | Some(b'"' | b'\'' | b'$' | b'`' | b' '));
        self.rows += 1;
        self.plain_rows += 1;
        self.common += usize::from(is_written && is_common(name));
        self.env_rows |= self.rows >= ROWS && self.common >= 2;
        self.quoted_line |= value.starts_with(b"$'") && value.ends_with(b"'");
        let is_own = name == b"BASH_VERSINFO" && value.starts_with(b"([0]=")
            || name == b"IFS" && value.starts_with(b"'");
        self.set_rows += usize::from(is_own);
        self.cmd_rows +=
            usize::from(CMD.iter().any(|known| known.eq_ignore_ascii_case(name)) && is_written);
    }

    fn export(&mut self, rest: &[u8]) {
        let length = name_length(rest);
        let value = rest[length..].strip_prefix(b"=").unwrap_or_default();
        let is_written = memchr(b'$', value).is_none();
        self.exports += usize::from(length > 0);
        self.exports_own += usize::from(is_written && OWN.contains(&&rest[..length]));
    }

    /// The shape that `line` settles, with the one before it.
    fn settled(&self, line: &[u8], before: &[u8]) -> Option<Shape> {
        let inner = line.trim_ascii();
        let is_fatal = line.starts_with(b"# A fatal error has been detected by the Java Runtime");
        let is_pair = || blocks::pair(inner, 0..inner.len()).is_some() && line.starts_with(b" ");
        let is_list = || field(before, b"Name") && field(line, b"Value") && is_variable(before);
        let is_supervisor = || {
            let value = inner.strip_prefix(b"environment=").map(|rest| &rest[name_length(rest)..]);
            value.is_some_and(|value| value.starts_with(b"=\"") || value.starts_with(b"='"))
        };
        match () {
            () if is_fatal => Some(Shape::JavaCrash),
            () if powershell::is_head(before) && powershell::rule(line).is_some() => {
                Some(Shape::PowerShellTable)
            }
            () if before == b"phpinfo()" && line.starts_with(b"PHP Version => ") => {
                Some(Shape::PhpText)
            }
            () if self.containers && blocks::is_head(before.trim_ascii()) && is_pair() => {
                Some(Shape::Kubectl)
            }
            () if before.ends_with(b"environment = {") && memmem::find(line, b" => ").is_some() => {
                Some(Shape::Launchctl)
            }
            () if self.supervisor && is_supervisor() => Some(Shape::Supervisor),
            () if is_list() => Some(Shape::PowerShellList),
            () => None,
        }
    }
}

/// What follows `declare -x`, `typeset -x` or `export` at the start of a line.
fn exported(line: &[u8]) -> Option<&[u8]> {
    [&b"declare -x "[..], b"typeset -x ", b"export "]
        .iter()
        .find_map(|word| line.strip_prefix(*word))
}

/// Whether `line` is a field of that name in a list of PowerShell.
fn field(line: &[u8], name: &[u8]) -> bool {
    powershell::field(line, 0..line.len()).is_some_and(|(word, _)| word == name)
}

/// Whether the value of a field in `line` is the name of a variable that Windows has.
fn is_variable(line: &[u8]) -> bool {
    let value = powershell::field(line, 0..line.len()).map(|(_, at)| &line[at]);
    value.is_some_and(|name| {
        is_common(name) || CMD.iter().any(|known| known.eq_ignore_ascii_case(name))
    })
}
