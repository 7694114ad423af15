//! The bytes of a credential that are the same wherever and however it stands.

use zeroize::Zeroizing;

use crate::model::{Claim, Field, Kind};
use crate::rules::Rule;

/// A credential as it is digested.
pub(super) struct Canonical {
    /// The bytes.
    pub(super) bytes: Zeroizing<Vec<u8>>,
    /// How many bits of them are the issuer's randomness.
    pub(super) bits: u32,
}

/// The normal form of `value`, which `rule` found:
/// - of a key pair, its public half, so that all containers of the key are one;
/// - of a macaroon, what names its root, so that attenuated copies are one;
/// - of a connection string or a URL with a login, the secret in it, unescaped;
/// - of text in PEM, its body without line ends, however those are written;
/// - hexadecimal and UUIDs in lower case;
/// - everything else as it is, without the quotes, white space and scheme around it.
pub(super) fn canonical(value: &[u8], rule: &Rule, claims: &[Claim]) -> Canonical {
    let bits = issued_bits(value, rule, claims);
    let told = |field| claims.iter().find(|claim| claim.field == field);
    // Of the names of a public key all containers tell the digest of its SubjectPublicKeyInfo.
    let public =
        |claim: &&Claim| claim.field == Field::PublicKey && claim.value.starts_with("spki");
    let public = claims.iter().find(public).or_else(|| told(Field::PublicKey));
    if let Some(public) = public {
        return Canonical::of(public.value.clone().into_bytes(), bits.max(PAIR));
    }
    let is_macaroon = rule.check.as_deref().is_some_and(|check| check.ends_with("macaroon"));
    if let (true, Some(key)) = (is_macaroon, told(Field::KeyId)) {
        let issuer = told(Field::Issuer).map_or("", |claim| &claim.value);
        return Canonical::of(format!("{issuer}\0{}", key.value).into_bytes(), bits);
    }
    let value = bare(value);
    if rule.kind == Kind::ConnectionString {
        if let Some(key) = issued_key(value) {
            return Canonical::of(key.to_vec(), bits);
        }
        if let Some(password) = password(value) {
            return Canonical::of(password, 0);
        }
    }
    let bits = if matches!(rule.kind, Kind::Password | Kind::ConnectionString) { 0 } else { bits };
    if value.starts_with(b"-----BEGIN") {
        return Canonical::of(one_line(value), bits);
    }
    // What an issuer made is the same in either case; what a person chose is not.
    let hex = is_hex(value) && (rule.shape.bits > 0 || value.len() >= LONG);
    Canonical::of(if hex { value.to_ascii_lowercase() } else { value.to_vec() }, bits)
}

/// From this length on digits in hexadecimal are a digest or a UUID, which no one types.
const LONG: usize = 32;

/// How many bits of `value` its issuer's randomness vouches for: none where a person may have chosen it, or
/// something of which it is a digest or a signature.
fn issued_bits(value: &[u8], rule: &Rule, claims: &[Claim]) -> u32 {
    let chosen = match rule.kind {
        Kind::SigningSecret => true,
        // Signed with a secret that a person may have chosen: whoever knows the claims can try secrets.
        Kind::Jwt => is_hmac(value),
        _ => false,
    };
    let symmetric = rule.check.as_deref() == Some("jwk");
    let paired = claims.iter().any(|claim| claim.field == Field::KeyId);
    let digest = rule.context.is_some() && !paired && is_hex(value);
    if chosen || symmetric || digest { 0 } else { rule.shape.bits }
}

fn is_hex(value: &[u8]) -> bool {
    value.iter().all(|b| b.is_ascii_hexdigit() || *b == b'-')
}

/// Whether a JSON Web Token is signed with a secret that both sides share.
fn is_hmac(token: &[u8]) -> bool {
    let header = token.split(|b| *b == b'.').next().unwrap_or_default();
    let header = base64_simd::URL_SAFE_NO_PAD.decode_to_vec(header).unwrap_or_default();
    memchr::memmem::find(&header, b"\"HS").is_some()
}

/// Key pairs are made of at least so many bits.
const PAIR: u32 = 128;

impl Canonical {
    fn of(bytes: Vec<u8>, bits: u32) -> Self {
        Self { bytes: Zeroizing::new(bytes), bits }
    }
}

/// `value` without what is written around credentials.
fn bare(value: &[u8]) -> &[u8] {
    let mut bare = value.trim_ascii();
    while let [first @ (b'"' | b'\'' | b'`'), inner @ .., last] = bare
        && first == last
    {
        bare = inner.trim_ascii();
    }
    for scheme in ["bearer ", "token ", "basic "] {
        let lead = bare.get(..scheme.len());
        if lead.is_some_and(|lead| lead.eq_ignore_ascii_case(scheme.as_bytes())) {
            return bare[scheme.len()..].trim_ascii();
        }
    }
    bare
}

/// The key in a connection string of names and values: those of cloud services are made by the issuer.
fn issued_key(value: &[u8]) -> Option<&[u8]> {
    let mut parts = value.split(|b| *b == b';').filter_map(|part| {
        let at = memchr::memchr(b'=', part)?;
        Some((part[..at].trim_ascii(), part[at + 1..].trim_ascii()))
    });
    let is_key = |name: &[u8]| {
        [&b"accountkey"[..], b"sharedaccesskey"].iter().any(|n| name.eq_ignore_ascii_case(n))
    };
    parts.find(|(name, value)| is_key(name) && value.len() >= 40).map(|(_, value)| value)
}

/// The password of a URL or of a connection string of names and values.
fn password(value: &[u8]) -> Option<Vec<u8>> {
    if let Some(at) = memchr::memmem::find(value, b"://") {
        let rest = &value[at + 3..];
        let end = rest.iter().position(|b| matches!(b, b'/' | b'?' | b'#')).unwrap_or(rest.len());
        let login = &rest[..memchr::memrchr(b'@', &rest[..end])?];
        let user = memchr::memchr(b':', login);
        return Some(unescaped(user.map_or(login, |at| &login[at + 1..])));
    }
    let mut parts = value.split(|b| *b == b';').filter_map(|part| {
        let at = memchr::memchr(b'=', part)?;
        Some((part[..at].trim_ascii(), part[at + 1..].trim_ascii()))
    });
    let is_password =
        |name: &[u8]| [&b"password"[..], b"pwd"].iter().any(|n| name.eq_ignore_ascii_case(n));
    parts.find(|(name, _)| is_password(name)).map(|(_, value)| value.to_vec())
}

/// Text of a URL with its percent escapes undone.
fn unescaped(text: &[u8]) -> Vec<u8> {
    let digit = |b: Option<&u8>| b.and_then(|b| char::from(*b).to_digit(16));
    let mut plain = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        match (byte, digit(text.get(at + 1)), digit(text.get(at + 2))) {
            (b'%', Some(high), Some(low)) => {
                plain.push((high << 4 | low) as u8);
                at += 3;
            }
            _ => {
                plain.push(byte);
                at += 1;
            }
        }
    }
    plain
}

/// Text in PEM without line ends, spaces, and the escapes of line ends.
fn one_line(text: &[u8]) -> Vec<u8> {
    let mut line = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let escape = byte == b'\\' && matches!(text.get(at + 1), Some(b'n' | b'r' | b't' | b'\\'));
        at += if escape { 2 } else { 1 };
        if !escape && !byte.is_ascii_whitespace() {
            line.push(byte);
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::{bare, issued_key, one_line, password};

    #[test]
    fn what_stands_around_a_credential_is_taken_off() {
        for text in
            ["abc", " abc\n", "\"abc\"", "'abc'", "Bearer abc", "\"bearer abc\"", "token abc"]
        {
            assert_eq!(bare(text.as_bytes()), b"abc", "{text}");
        }
        assert_eq!(bare(b"tokenabc"), b"tokenabc");
        assert_eq!(bare(b"\""), b"\"");
    }

    #[test]
    fn addresses_tell_their_password() {
        let told =
            |text: &str| password(text.as_bytes()).map(|p| String::from_utf8(p).expect("UTF-8"));
        assert_eq!(told("postgres://ann:a%40b%2fc@db/x?y=a@b").as_deref(), Some("a@b/c"));
        assert_eq!(told("https://word@host").as_deref(), Some("word"));
        assert_eq!(told("Server=x; Password=one two ;").as_deref(), Some("one two"));
        assert_eq!(told("https://host/a@b"), None);
        let key = "k".repeat(44);
        let line = format!("DefaultEndpointsProtocol=https;AccountName=a;AccountKey={key};");
        assert_eq!(issued_key(line.as_bytes()), Some(key.as_bytes()));
        assert_eq!(issued_key(b"AccountKey=short"), None);
    }

    #[test]
    fn forms_of_line_ends_are_one() {
        let forms = [
            "-----BEGIN X-----\nab\ncd\n",
            "-----BEGIN X-----\\nab\\ncd",
            "-----BEGIN X-----\r\nabcd",
        ];
        let lines: Vec<_> = forms.iter().map(|form| one_line(form.as_bytes())).collect();
        assert!(lines.windows(2).all(|pair| pair[0] == pair[1]));
    }
}
