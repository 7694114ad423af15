//! Links that install a server at a click: a client's scheme, and the server's whole configuration in the
//! query, in base64 or percent-encoded.

use std::ops::Range;

use crate::model::{Holder, HolderKind};
use crate::read::{self, Tree};

/// A link that installs a server.
pub(super) struct Link {
    /// Where its configuration stands.
    pub(super) range: Range<usize>,
    /// The server's name, if the link tells it.
    pub(super) name: Option<String>,
    /// The slug of the client, and its name.
    client: (&'static str, &'static str),
    /// The configuration.
    pub(super) tree: Tree,
}

/// How the path of such a link ends, before its query.
const PATHS: [&[u8]; 6] =
    [b"mcp/install", b"install-mcp", b"add_mcp", b"mcp/add", b"mcp:/install", b"mcp/by-name"];

/// What stands in a link to a client's page or scheme.
const CLIENTS: [(&[u8], &str, &str); 6] = [
    (b"cursor", "cursor", "Cursor"),
    (b"vsweb", "visual-studio", "Visual Studio"),
    (b"vscode", "vscode", "VS Code"),
    (b"lmstudio", "lm-studio", "LM Studio"),
    (b"kiro", "kiro", "Kiro"),
    (b"windsurf", "windsurf", "Windsurf"),
];

/// The most of a configuration that is read, in bytes.
const LONGEST: usize = 64 << 10;

/// How far before its path a link begins.
const LEAD: usize = 64;

/// The links in `text`.
pub(super) fn links(text: &[u8]) -> Vec<Link> {
    let (mut links, mut read) = (Vec::new(), 0);
    for at in memchr::memmem::find_iter(text, b"mcp") {
        if at >= read {
            links.extend(link(text, at, &mut read));
        }
    }
    links
}

/// The link whose path holds the word at `at`; notes how far its query was `read`, so that nothing is read
/// twice.
fn link(text: &[u8], at: usize, read: &mut usize) -> Option<Link> {
    let around = &text[at.saturating_sub(8)..(at + 24).min(text.len())];
    let mark = memchr::memchr(b'?', around)? + at.saturating_sub(8);
    PATHS.iter().find(|path| text[..mark].ends_with(path))?;
    let lead = text[mark.saturating_sub(LEAD)..mark].to_ascii_lowercase();
    let has = |word: &[u8]| memchr::memmem::find(&lead, word).is_some();
    let (_, slug, name) = CLIENTS.iter().find(|(word, ..)| has(word))?;
    let query = mark + 1;
    let ends = |b: &u8| b.is_ascii_whitespace() || b"\"'`<>)]".contains(b);
    let limit = (query + LONGEST).min(text.len());
    let end = text[query..limit].iter().position(ends).map_or(limit, |end| query + end);
    *read = end;
    let mut server = None;
    let mut config = query..end;
    let mut start = query;
    for part in text[query..end].split(|b| *b == b'&') {
        let part_at = start;
        start += part.len() + 1;
        let part = part.strip_prefix(b"amp;").unwrap_or(part);
        let part_at = part_at + (start - 1 - part_at - part.len());
        if let Some(value) = part.strip_prefix(b"config=") {
            config = part_at + 7..part_at + 7 + value.len();
        } else if let Some(value) = part.strip_prefix(b"name=") {
            server = Some(String::from_utf8_lossy(&percent(value)).into_owned());
        }
    }
    let written = percent(&text[config.clone()]);
    let document = match written.first()? {
        b'{' => written,
        _ => base64(&written).filter(|inner| inner.first() == Some(&b'{'))?,
    };
    let tree = read::json(&document);
    let named = || tree.root.get("name").and_then(|name| name.text()).map(str::to_owned);
    let name_of = server.or_else(named);
    Some(Link { range: config, name: name_of, client: (slug, name), tree })
}

impl Link {
    /// The server that it installs.
    pub(super) fn holder(&self) -> Holder {
        let (slug, name) = self.client;
        let holder = Holder::of(HolderKind::McpServer, slug.into(), name.into());
        Holder { name: self.name.clone(), ..holder }
    }
}

/// Undoes `%41`.
fn percent(text: &[u8]) -> Vec<u8> {
    let (mut out, mut at) = (Vec::with_capacity(text.len()), 0);
    while let Some(&byte) = text.get(at) {
        let digit = |n: usize| text.get(at + n).and_then(|b| char::from(*b).to_digit(16));
        match (byte, digit(1), digit(2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 3;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    out
}

fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let plain = |b: &u8| match b {
        b'-' => b'+',
        b'_' => b'/',
        b' ' => b'+',
        other => *other,
    };
    let signs: Vec<u8> = text.iter().filter(|b| **b != b'=').map(plain).collect();
    base64_simd::STANDARD_NO_PAD.decode_to_vec(signs).ok()
}

#[cfg(test)]
mod tests {
    use super::links;

    #[test]
    fn links_tell_their_client_server_and_configuration() {
        let config = r#"{"command":"npx","env":{"KEY":"v"}}"#;
        let packed = base64_simd::STANDARD.encode_to_string(config);
        let quoted: String = config.bytes().map(|b| format!("%{b:02x}")).collect();
        for (text, client) in [
            (
                format!(
                    "[x](cursor://anysphere.cursor-deeplink/mcp/install?name=gl&config={packed})"
                ),
                "cursor",
            ),
            (
                format!("<a href=\"https://cursor.com/install-mcp?name=gl&amp;config={packed}\">"),
                "cursor",
            ),
            (
                format!("https://vscode.dev/redirect/mcp/install?name=gl&config={quoted} x"),
                "vscode",
            ),
            (format!("lmstudio://add_mcp?name=gl&config={packed}\n"), "lm-studio"),
            (format!("https://kiro.dev/launch/mcp/add?name=gl&config={quoted}"), "kiro"),
        ] {
            let found = links(text.as_bytes());
            let [link] = &found[..] else { panic!("{text}") };
            assert_eq!(link.holder().tool, client);
            assert_eq!(link.name.as_deref(), Some("gl"));
            let key = link.tree.root.get("env").and_then(|env| env.get("KEY"));
            assert_eq!(key.and_then(|key| key.text()), Some("v"));
        }
        assert!(links(b"see mcp/install?x and cursor mcp").is_empty());
    }
}
