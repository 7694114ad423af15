//! The forms in which a credential stands.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

/// How a credential is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As its issuer made it.
    Plain,
    /// Another form of the same credential, by name: a container of a key, an attenuated copy.
    As(&'static str),
    /// In quotes and white space.
    Quoted,
    /// Behind `Bearer`.
    Bearer,
    /// Behind `token`.
    Token,
    /// Behind `Basic`, with a user's name.
    Basic,
    /// With a user's name, in base64.
    Login,
    /// In the user information of a URL.
    UserInfo,
    /// Some of it in percent escapes.
    Percent,
    /// Some of it in `\u` escapes of JSON.
    Unicode,
    /// In a text of JSON whose slashes are escaped.
    Slash,
    /// In base64, behind so many other bytes.
    Base64(usize),
    /// In base64 for URLs.
    Base64Url,
    /// In base64 in base64.
    Twice,
    /// In hexadecimal.
    Hex,
    /// In gzip in base64.
    Gzip,
    /// In base64 of UTF-16: a command of PowerShell.
    Utf16,
    /// Some of it in entities of HTML.
    Entities,
    /// In quoted-printable.
    Printable,
    /// Its lines end with carriage returns.
    Crlf,
    /// Its line ends are written as `\n`.
    OneLine,
    /// The lines of its armour are shorter.
    Rewrapped,
}

impl Form {
    /// Whether the text is written as JSON writes it already.
    pub const fn is_json(self) -> bool {
        matches!(self, Self::Unicode | Self::Slash)
    }

    /// `text` in this form.
    pub fn write(self, text: &str) -> String {
        match self {
            Self::Plain | Self::As(_) => text.to_owned(),
            Self::Quoted => format!(" '{text}' "),
            Self::Bearer => format!("Bearer {text}"),
            Self::Token => format!("token {text}"),
            Self::Basic => format!("Basic {}", base64(format!("ann:{text}"))),
            Self::Login => base64(format!("ann:{text}")),
            Self::UserInfo => format!("https://ann:{}@git.example.org/shop.git", escaped(text)),
            Self::Percent => spelled(text, |b| format!("%{b:02X}")),
            Self::Unicode => spelled(text, |b| format!("\\u{b:04x}")),
            Self::Slash => {
                format!("https:\\/\\/api.example.org\\/v1 takes {}", text.replace('/', "\\/"))
            }
            Self::Base64(lead) => base64(format!("{}{text}\n", &"::"[..lead])),
            Self::Base64Url => base64_simd::URL_SAFE_NO_PAD.encode_to_string(text),
            Self::Twice => base64(base64(text)),
            Self::Hex => text.bytes().map(|b| format!("{b:02x}")).collect(),
            Self::Gzip => base64(gzip(&format!("set -e\nexport DEPLOY_TOKEN='{text}'\nmake\n"))),
            Self::Utf16 => base64(utf16(&format!("$env:DEPLOY_TOKEN='{text}'; ./deploy.ps1"))),
            Self::Entities => spelled(text, |b| format!("&#{b};")),
            Self::Printable => printable(text),
            Self::Crlf => text.replace('\n', "\r\n"),
            Self::OneLine => text.replace('\n', "\\n"),
            Self::Rewrapped => rewrapped(text),
        }
    }
}

/// Base64 of `bytes`.
pub fn base64(bytes: impl AsRef<[u8]>) -> String {
    base64_simd::STANDARD.encode_to_string(bytes)
}

/// `text` with every fifth character, and all that are neither letters nor digits, written otherwise.
fn spelled(text: &str, otherwise: impl Fn(u8) -> String) -> String {
    let spell = |(at, byte): (usize, u8)| match byte.is_ascii_alphanumeric() && at % 5 != 2 {
        true => char::from(byte).to_string(),
        false => otherwise(byte),
    };
    text.bytes().enumerate().map(spell).collect()
}

/// `text` as it stands in the user information of a URL.
fn escaped(text: &str) -> String {
    let escape = |byte: u8| match byte {
        b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(escape).collect()
}

/// `text` with its signs escaped, as mail programs do it, and broken in the middle.
fn printable(text: &str) -> String {
    let (head, tail) = text.split_at(text.len() / 2);
    let line = |part: &str| {
        let escape = |byte: u8| match byte.is_ascii_alphanumeric() {
            true => char::from(byte).to_string(),
            false => format!("={byte:02X}"),
        };
        part.bytes().map(escape).collect::<String>()
    };
    format!("{}=\r\n{}", line(head), line(tail))
}

fn gzip(text: &str) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(text.as_bytes()).expect("memory");
    gzip.finish().expect("memory")
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn rewrapped(pem: &str) -> String {
    let lines: Vec<_> = pem.trim_end().lines().collect();
    let [first, body @ .., last] = &lines[..] else { panic!("an armour has two lines at least") };
    let body = body.concat();
    let parts = body.as_bytes().chunks(48).map(|part| String::from_utf8_lossy(part).into_owned());
    let parts: Vec<_> = parts.collect();
    format!("{first}\n{}\n{last}\n", parts.join("\n"))
}
