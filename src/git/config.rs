//! The dialect in which Git writes its settings, as far as one file goes: nothing is included.

/// One setting, as it is written: names of sections and keys do not differ by case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Setting<'s> {
    pub section: &'s [u8],
    pub part: Option<&'s [u8]>,
    pub key: &'s [u8],
    /// None for a key that stands alone, which means yes.
    pub value: Option<&'s [u8]>,
}

impl Setting<'_> {
    /// Whether it is `key` in `section`, whatever the part of it.
    pub(super) fn is(&self, section: &str, key: &str) -> bool {
        self.section.eq_ignore_ascii_case(section.as_bytes())
            && self.key.eq_ignore_ascii_case(key.as_bytes())
    }

    /// Whether it says yes.
    pub(super) fn is_yes(&self) -> bool {
        let Some(value) = self.value else { return true };
        let is = |word: &str| value.eq_ignore_ascii_case(word.as_bytes());
        let number = || std::str::from_utf8(value).ok().and_then(|text| text.parse::<i64>().ok());
        is("true") || is("yes") || is("on") || number().is_some_and(|number| number != 0)
    }
}

/// Hands on one setting after the other; a line that is none is passed over.
pub(super) fn each(text: &[u8], mut heed: impl FnMut(Setting<'_>)) {
    let mut rest = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let (mut section, mut part) = (Vec::new(), None);
    loop {
        rest = rest.trim_ascii_start();
        match rest.first() {
            None => return,
            Some(b'[') => match header(&rest[1..]) {
                Some((name, below, after)) => (section, part, rest) = (name, below, after),
                None => rest = after_line(rest),
            },
            Some(byte) if byte.is_ascii_alphabetic() => {
                let (key, value, after) = setting(rest);
                let (section, part, value) = (&*section, part.as_deref(), value.as_deref());
                heed(Setting { section, part, key, value });
                rest = after;
            }
            Some(_) => rest = after_line(rest),
        }
    }
}

type Header<'t> = (Vec<u8>, Option<Vec<u8>>, &'t [u8]);

/// What stands between brackets, and what comes after them.
fn header(text: &[u8]) -> Option<Header<'_>> {
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.');
    let end = text.iter().position(|b| !is_name(b))?;
    let (name, rest) = text.split_at(end);
    if let Some(after) = rest.strip_prefix(b"]") {
        let mut halves = name.splitn(2, |b| *b == b'.');
        let section = halves.next().unwrap_or_default().to_vec();
        return Some((section, halves.next().map(<[u8]>::to_ascii_lowercase), after));
    }
    let quoted = rest.trim_ascii_start().strip_prefix(b"\"")?;
    let (part, rest) = quoted_part(quoted)?;
    Some((name.to_vec(), Some(part), rest.strip_prefix(b"]")?))
}

fn quoted_part(text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut part = Vec::new();
    let mut bytes = text.iter().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => return Some((part, &text[at + 1..])),
            b'\n' => return None,
            b'\\' => part.push(*bytes.next()?.1),
            _ => part.push(*byte),
        }
    }
    None
}

fn setting(text: &[u8]) -> (&[u8], Option<Vec<u8>>, &[u8]) {
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || *b == b'-';
    let end = text.iter().position(|b| !is_name(b)).unwrap_or(text.len());
    let (key, rest) = text.split_at(end);
    let blank = rest.iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r')).count();
    let Some(written) = rest[blank..].strip_prefix(b"=") else {
        return (key, None, after_line(rest));
    };
    let (value, after) = value(written);
    (key, Some(value), after)
}

/// A value to the end of its line, which a backslash there puts off; and what comes after it.
fn value(text: &[u8]) -> (Vec<u8>, &[u8]) {
    let (mut value, mut quoted, mut kept) = (Vec::new(), false, 0);
    let mut bytes = text.iter().copied().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\n' => return (cut(value, kept), &text[at + 1..]),
            b'#' | b';' if !quoted => return (cut(value, kept), after_line(&text[at..])),
            b'"' => quoted = !quoted,
            b'\\' => match bytes.next() {
                Some((_, b'\r')) if text.get(at + 2) == Some(&b'\n') => _ = bytes.next(),
                Some((_, b'\n')) | None => {}
                Some((_, next)) => value.push(escaped(next)),
            },
            b' ' | b'\t' | b'\r' if !quoted => {
                let is_inside = !value.is_empty();
                value.extend(is_inside.then_some(byte));
                continue;
            }
            _ => value.push(byte),
        }
        kept = value.len();
    }
    (cut(value, kept), &[])
}

fn cut(mut value: Vec<u8>, length: usize) -> Vec<u8> {
    value.truncate(length);
    value
}

fn escaped(byte: u8) -> u8 {
    match byte {
        b'n' => b'\n',
        b't' => b'\t',
        b'b' => 8,
        _ => byte,
    }
}

fn after_line(text: &[u8]) -> &[u8] {
    let end = memchr::memchr(b'\n', text).map_or(text.len(), |end| end + 1);
    &text[end..]
}

#[cfg(test)]
mod tests {
    use super::super::noise::Noise;
    use super::{Setting, each};

    fn all(text: &str) -> Vec<String> {
        let mut said = Vec::new();
        let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        each(text.as_bytes(), |Setting { section, part, key, value }| {
            let part = part.map(|part| format!("({})", lossy(part))).unwrap_or_default();
            let value = value.map_or("yes".to_owned(), |value| format!("<{}>", lossy(value)));
            said.push(format!("{}{part}.{} {value}", lossy(section), lossy(key)));
        });
        said
    }

    #[test]
    fn settings_are_read_as_git_reads_them() {
        assert_eq!(all("[core]\n\tbare = true\r\n"), ["core.bare <true>"]);
        assert_eq!(all("\u{feff}[Core] bare\n"), ["Core.bare yes"]);
        assert_eq!(all("[remote \"A \\\"b\\\\\"]\nurl=x"), ["remote(A \"b\\).url <x>"]);
        assert_eq!(all("[remote.Up]\nk =\n"), ["remote(up).k <>"]);
        assert_eq!(all("[a]\nk = a  b  # c\nl=\"a # b \" ; c\n"), ["a.k <a  b>", "a.l <a # b >"]);
        assert_eq!(all("[a]\nk = a\\\n b\\tc\n"), ["a.k <a b\tc>"]);
        assert_eq!(all("# x\n; y\n[a]\n?\nk = 1\n[b\nl = 2\n"), ["a.k <1>", "a.l <2>"]);
    }

    #[test]
    fn yes_is_said_in_several_ways() {
        let yes = |text: &str| {
            let mut said = Vec::new();
            each(text.as_bytes(), |setting| said.push(setting.is_yes()));
            said
        };
        assert_eq!(yes("[a]\nk\nk=YES\nk=on\nk=1\nk=true"), [true; 5]);
        assert_eq!(yes("[a]\nk=\nk=no\nk=off\nk=0\nk=x"), [false; 5]);
    }

    #[test]
    fn noise_is_read_to_its_end() {
        let mut noise = Noise::new(1);
        for _ in 0..3000 {
            each(&noise.bytes_of(b"[]\"\\\n\r =#;.ab\xff", 60), |_| {});
        }
    }
}
