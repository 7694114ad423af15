//! Wrapped text undone: what a run may hide, and the way back to where it stood.

mod base64;
mod contract;
mod escapes;
mod gzip;
mod hex;
mod utf16;

pub use contract::{Decoded, Decoder};
pub use escapes::escaped_at;
pub use utf16::each_region as each_utf16;

/// Every decoder that starts from a run, in the order in which they are tried.
pub const ALL: &[&Decoder] = &[
    &base64::DECODER,
    &hex::DECODER,
    &escapes::PERCENT,
    &escapes::BACKSLASH,
    &escapes::ENTITIES,
    &escapes::QUOTED_PRINTABLE,
];

/// The longest stretch that one decoder takes at a time, in bytes.
const LONGEST: usize = 16 << 20;

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use crate::detect::{Detector, Options, Sightings};
    use crate::rules::dice::Dice;
    use crate::rules::{Catalogue, sample};

    fn percent(text: &[u8]) -> Vec<u8> {
        let escape = |&b: &u8| match b {
            b'-' | b'_' | b'.' | b'~' => vec![b],
            _ if b.is_ascii_alphanumeric() => vec![b],
            _ => format!("%{b:02X}").into_bytes(),
        };
        text.iter().flat_map(escape).collect()
    }

    fn string(text: &[u8]) -> Vec<u8> {
        let escape = |&b: &u8| match b {
            b'\n' => b"\\n".to_vec(),
            b'"' | b'\\' | b'/' => vec![b'\\', b],
            b'&' | b'<' | b'>' | b'=' => format!("\\u{b:04x}").into_bytes(),
            _ => vec![b],
        };
        [b"\"", &text.iter().flat_map(escape).collect::<Vec<u8>>()[..], b"\""].concat()
    }

    fn entities(text: &[u8]) -> Vec<u8> {
        let escape = |&b: &u8| match b {
            b'"' => b"&quot;".to_vec(),
            b'\'' => b"&#39;".to_vec(),
            b'&' => b"&amp;".to_vec(),
            b'+' | b'/' => format!("&#x{b:X};").into_bytes(),
            _ => vec![b],
        };
        text.iter().flat_map(escape).collect()
    }

    fn quoted_printable(text: &[u8]) -> Vec<u8> {
        let (mut mail, mut column) = (Vec::new(), 0);
        for &b in text {
            let length = if b == b'=' { 3 } else { 1 };
            if b != b'\n' && column + length > 75 {
                mail.extend_from_slice(b"=\n");
                column = 0;
            }
            mail.extend_from_slice(if b == b'=' { b"=3D" } else { std::slice::from_ref(&b) });
            column = if b == b'\n' { 0 } else { column + length };
        }
        mail
    }

    fn twice(text: &[u8]) -> Vec<u8> {
        string(&string(text))
    }

    type Writer = fn(&[u8]) -> Vec<u8>;

    const WRITINGS: [(&str, Writer); 5] = [
        ("percent", percent),
        ("string", string),
        ("twice", twice),
        ("entities", entities),
        ("quoted-printable", quoted_printable),
    ];

    fn has(seen: &Sightings<'_>, id: &str, secret: &[u8]) -> bool {
        seen.all.iter().any(|s| s.of.rule.id.as_str() == id && s.of.secret.expose() == secret)
    }

    /// Too short on both sides of a soft line break, or beaten by what lies in its own base64.
    const MISSED: [(&str, &str); 2] =
        [("quoted-printable", "supabase-db-url"), ("twice", "onepassword-service-account")];

    #[test]
    fn every_credential_is_found_whole_however_it_is_escaped() {
        let catalogue = Catalogue::embedded();
        let detector = Detector::new(&catalogue, Options::default());
        let mut missed = Vec::new();
        for rule in catalogue.rules() {
            let mut dice = Dice::seeded(11);
            let sample = sample::sealed(rule, &mut dice);
            let line = sample::line(rule, &sample, &mut dice);
            let plain = detector.detect(&line);
            for (name, write) in WRITINGS {
                let seen = detector.detect(&write(&line));
                assert!(!seen.cut_short, "{name}: {}", rule.id);
                let lost =
                    |id: &str, value| !has(&seen, id, value) && !MISSED.contains(&(name, id));
                let ids = plain.all.iter().map(|s| (s.of.rule.id.as_str(), s.of.secret.expose()));
                missed.extend(
                    ids.filter(|(id, v)| lost(id, v)).map(|(id, _)| format!("{name}: {id}")),
                );
            }
        }
        assert!(missed.is_empty(), "{missed:#?}");
    }

    #[test]
    fn a_value_is_not_taken_for_whole_where_an_escape_cuts_it() {
        let catalogue = Catalogue::embedded();
        let detector = Detector::new(&catalogue, Options::default());
        let mut dice = Dice::seeded(12);
        let body = |dice: &mut Dice| String::from_utf8_lossy(&dice.text(LETTERS, 40)).into_owned();
        let token = format!("whsec_{}/{}xy=", body(&mut dice), body(&mut dice));
        let url = format!(
            "https://a.example/?k={}&b=1",
            String::from_utf8_lossy(&percent(token.as_bytes()))
        );
        let seen = detector.detect(url.as_bytes());
        let found: Vec<_> = seen.all.iter().map(|s| s.of.secret.expose()).collect();
        assert_eq!(found, [token.as_bytes()]);
    }

    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    #[test]
    fn what_ends_before_its_end_is_told() {
        let catalogue = Catalogue::embedded();
        let detector = Detector::new(&catalogue, Options::default());
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(&Dice::seeded(13).text(LETTERS, 5000)).expect("memory takes all");
        let whole =
            base64_simd::STANDARD.encode_to_string(gzip.finish().expect("memory takes all"));
        let random = Dice::seeded(14).text(LETTERS, 2000);
        let random = format!("H4sI{}", String::from_utf8_lossy(&random));
        for (text, cut) in
            [(&whole[..], false), (&whole[..whole.len() / 2], true), (&random, false)]
        {
            assert_eq!(detector.detect(format!("data: {text}\n").as_bytes()).cut_short, cut);
        }
    }
}
