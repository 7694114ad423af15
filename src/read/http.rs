//! Reads HTTP messages as they are sent, and files of requests that editors send.

use std::ops::Range;

use memchr::memmem;

use crate::read::lines::{lines, name_length, trimmed};
use crate::read::parts::{self, Flaws};
use crate::read::{Entry, Node, Tree, Value};

/// Reads `text`: a map of `variables`, set with `@name = value`, and `requests`, each a map with its `url`
/// and its `headers`. A response is a request without a `url`. Bodies are passed over.
pub fn http(text: &[u8]) -> Tree {
    let mut file = File {
        text,
        place: Place::Between,
        flaws: Flaws::default(),
        variables: Vec::new(),
        requests: Vec::new(),
    };
    lines(text).for_each(|line| file.line(line));
    let File { flaws, variables, requests, .. } = file;
    let mut entries = Vec::new();
    let (first, last) = (variables.first(), variables.last());
    if let (Some(first), Some(last)) = (first, last) {
        let span = first.at.start..last.node.span.end;
        entries.push(named("variables", parts::map(span, variables)));
    }
    let requests: Vec<Node> = requests.into_iter().map(Request::node).collect();
    if let (Some(first), Some(last)) = (requests.first(), requests.last()) {
        let span = first.span.start..last.span.end;
        entries.push(named("requests", Node { span, value: Value::List(requests) }));
    }
    flaws.tree(text, entries)
}

/// Where a line stands.
enum Place {
    /// Before a request's first line.
    Between,
    Headers,
    Body,
}

struct File<'a> {
    text: &'a [u8],
    place: Place,
    flaws: Flaws,
    variables: Vec<Entry>,
    requests: Vec<Request>,
}

struct Request {
    span: Range<usize>,
    url: Option<Node>,
    headers: Vec<Entry>,
}

impl Request {
    fn node(self) -> Node {
        let mut entries: Vec<Entry> = self.url.map(|url| named("url", url)).into_iter().collect();
        if let (Some(first), Some(last)) = (self.headers.first(), self.headers.last()) {
            let span = first.at.start..last.node.span.end;
            entries.push(named("headers", parts::map(span, self.headers)));
        }
        parts::map(self.span, entries)
    }
}

impl File<'_> {
    fn line(&mut self, whole: Range<usize>) {
        let line = trimmed(self.text, whole.clone());
        let part = &self.text[line.clone()];
        if part.starts_with(b"###") {
            self.place = Place::Between;
            return;
        }
        match self.place {
            Place::Headers if part.is_empty() => self.place = Place::Body,
            Place::Headers if is_comment(part) => {}
            Place::Headers => self.header(whole.start, line),
            Place::Between if part.is_empty() || is_comment(part) => {}
            Place::Between if part.starts_with(b"@") => self.variable(line),
            Place::Between => self.request(line),
            Place::Body if is_first_line(part) => self.request(line),
            Place::Body => {}
        }
    }

    fn variable(&mut self, line: Range<usize>) {
        let Some(sign) = memchr::memchr(b'=', &self.text[line.clone()]) else {
            return self.flaws.add(line.start, "a variable has no value");
        };
        let sign = line.start + sign;
        let name = trimmed(self.text, line.start + 1..sign.max(line.start + 1));
        let value = trimmed(self.text, sign + 1..line.end);
        self.variables.push(parts::entry(self.text, name, parts::written(self.text, value)));
    }

    /// The first line of a message: `GET /path HTTP/1.1`, `https://…`, `HTTP/1.1 200 OK`.
    fn request(&mut self, line: Range<usize>) {
        let part = &self.text[line.clone()];
        self.place = Place::Headers;
        let url = (!part.starts_with(b"HTTP/")).then(|| {
            let has_method = method_length(part) > 0;
            let start = line.start + if has_method { method_length(part) } else { 0 };
            let rest = trimmed(self.text, start..line.end);
            let version = memmem::rfind(&self.text[rest.clone()], b" HTTP/");
            trimmed(self.text, rest.start..version.map_or(rest.end, |length| rest.start + length))
        });
        let url = url.map(|span| parts::written(self.text, span));
        self.requests.push(Request { span: line, url, headers: Vec::new() });
    }

    fn header(&mut self, start: usize, line: Range<usize>) {
        let Some(request) = self.requests.last_mut() else { return };
        let part = &self.text[line.clone()];
        request.span.end = line.end;
        let is_indented = line.start > start;
        let before = match request.headers.last_mut() {
            Some(header) => Some(&mut header.node),
            None => request.url.as_mut().filter(|_| matches!(part[0], b'?' | b'&' | b'/')),
        };
        if let Some(before) = before.filter(|_| is_indented) {
            prolong(self.text, before, line);
        } else if let Some(colon) = memchr::memchr(b':', part).filter(|&length| length > 0) {
            let name = trimmed(self.text, line.start..line.start + colon);
            let value = trimmed(self.text, line.start + colon + 1..line.end);
            request.headers.push(parts::entry(self.text, name, parts::written(self.text, value)));
        } else {
            self.flaws.add(line.start, "a header has no colon");
        }
    }
}

/// Adds the text in `line` to the one of `node`.
fn prolong(text: &[u8], node: &mut Node, line: Range<usize>) {
    let Value::Text(value) = &mut node.value else { return };
    value.push_str(&parts::lossy(&text[line.clone()]));
    node.span.end = line.end;
}

fn is_comment(line: &[u8]) -> bool {
    line.starts_with(b"#") || line.starts_with(b"//")
}

/// Whether a line in a body starts another message.
fn is_first_line(line: &[u8]) -> bool {
    let has_version =
        memmem::rfind(line, b" HTTP/").is_some_and(|at| line.len() - at <= " HTTP/1.1".len());
    line.starts_with(b"HTTP/") && line.len() >= "HTTP/2 200".len()
        || has_version && method_length(line) > 0
}

/// How long the method is that `line` starts with; 0 if there is none.
fn method_length(line: &[u8]) -> usize {
    let length = name_length(line);
    let is_method = line[..length].iter().all(u8::is_ascii_uppercase);
    if is_method && line.get(length) == Some(&b' ') { length } else { 0 }
}

fn named(name: &str, node: Node) -> Entry {
    Entry { name: name.into(), at: node.span.start..node.span.start, node }
}

#[cfg(test)]
mod tests {
    use super::http;
    use crate::read::check::{as_written, bears_noise, flaws, values};

    const FILE: &str = "\u{FEFF}@host = https://example.com\n@word=abc\n\n### one\n# @name one\nPOST {{host}}/a?b=c HTTP/1.1\r\n\
        Authorization: Bearer {{word}}\r\n// said\nX-Key:d:e\n\n{\"f\": 1}\n\n###\nhttps://example.org/\nAccept: */*\n";

    const RAW: &str = "GET /a HTTP/1.1\r\nHost: example.com\r\nCookie: b=c\r\n\r\nbody: x\r\nHTTP/1.1 200 OK\r\nSet-Cookie: d=e\r\n\r\n";

    #[test]
    fn requests_have_headers() {
        let expected = [
            "variables.host=https://example.com",
            "variables.word=abc",
            "requests.0.url={{host}}/a?b=c",
            "requests.0.headers.Authorization=Bearer {{word}}",
            "requests.0.headers.X-Key=d:e",
            "requests.1.url=https://example.org/",
            "requests.1.headers.Accept=*/*",
        ];
        let tree = http(FILE.as_bytes());
        assert_eq!(
            (values(&tree).as_slice(), flaws(&tree).len()),
            (expected.map(String::from).as_slice(), 0)
        );
        as_written(FILE, &tree);
        let expected = [
            "requests.0.url=/a",
            "requests.0.headers.Host=example.com",
            "requests.0.headers.Cookie=b=c",
            "requests.1.headers.Set-Cookie=d=e",
        ];
        assert_eq!(values(&http(RAW.as_bytes())), expected);
    }

    #[test]
    fn long_addresses_and_headers_go_on() {
        let tree = http(b"GET https://example.com\n  ?a=b\n  &c=d\nX: e\n  f\n");
        assert_eq!(
            values(&tree),
            ["requests.0.url=https://example.com?a=b&c=d", "requests.0.headers.X=ef"]
        );
    }

    #[test]
    fn damage_is_told_and_passed() {
        let tree = http(b"@a\nGET /\nwhat\nB: c\xFF");
        assert_eq!(values(&tree), ["requests.0.url=/", "requests.0.headers.B=c\u{FFFD}"]);
        assert_eq!(flaws(&tree), ["a variable has no value", "a header has no colon"]);
        bears_noise(&http, &[FILE, RAW, "GET https://example.com\n  ?a=b\n"]);
    }
}
