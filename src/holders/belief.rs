//! How much a literal in a field that carries secrets is believed to be one.

use crate::detect::{entropy, made_up, surprise};
use crate::holders::names::Bears;
use crate::holders::written::is_sealed;
use crate::model::{Confidence, Reason, ReasonKind};

/// How sure it is that `value`, in a field of which `expected` is to be expected, is a credential, and why;
/// none if it is none.
pub(super) fn believe(value: &str, expected: Bears) -> Option<(Confidence, Vec<Reason>)> {
    let bytes = value.as_bytes();
    if bytes.len() < SHORTEST || bytes.len() > LONGEST || is_something_else(value) {
        return None;
    }
    if is_sealed(value) {
        let why = "sealed with Jenkins' own key: whoever has that opens it";
        return Some((Confidence::Low, vec![Reason::new(ReasonKind::Structure, why)]));
    }
    if made_up(bytes).is_some() {
        return None;
    }
    let confidence = if is_random(bytes) {
        Confidence::High
    } else if is_uuid(value) || mixes(bytes) {
        Confidence::Medium
    } else if expected == Bears::Password {
        Confidence::Low
    } else {
        return None;
    };
    let random = format!("{:.1} bits a character", entropy(bytes));
    let random = match confidence {
        Confidence::High => format!("random, {random}"),
        _ => format!("not a word, {random}"),
    };
    let why = match expected {
        Bears::Password => "the field is a password's",
        Bears::Address => "it stands where an address carries its login",
        Bears::Secret | Bears::Other => "the field carries secrets, and this is no reference",
    };
    let reasons =
        vec![Reason::new(ReasonKind::Context, why), Reason::new(ReasonKind::Randomness, random)];
    Some((confidence, reasons))
}

/// Fewer bytes are no credential worth a report.
const SHORTEST: usize = 8;
const LONGEST: usize = 16 << 10;

/// From so many bytes on chance shows.
const TELLING: usize = 16;

fn is_random(value: &[u8]) -> bool {
    let classes = classes(value);
    value.len() >= TELLING && surprise(value) > 0.0 && entropy(value) >= 3.0 && classes >= 2
}

/// Whether it holds characters of several sorts, as words and names do not.
fn mixes(value: &[u8]) -> bool {
    let digits = value.iter().filter(|b| b.is_ascii_digit()).count();
    classes(value) >= 3
        || (classes(value) == 2 && digits >= 2 && digits < value.len() && surprise(value) > -0.5)
}

fn classes(value: &[u8]) -> usize {
    let tests: [fn(&u8) -> bool; 4] =
        [u8::is_ascii_lowercase, u8::is_ascii_uppercase, u8::is_ascii_digit, |b| {
            b"!#$%^&*+=?@~".contains(b)
        }];
    tests.iter().filter(|test| value.iter().any(test)).count()
}

/// Whether a text is a UUID.
pub(super) fn is_uuid(value: &str) -> bool {
    let lengths = value.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && value.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
}

/// Whether it reads as a path, an address without login, a sentence, a version or code.
fn is_something_else(value: &str) -> bool {
    let leads = [
        "/",
        "./",
        "../",
        "~/",
        "http://",
        "https://",
        "file://",
        "@",
        "--",
        "mailto:",
        "id_rsa",
        "id_ed25519",
        "id_ecdsa",
    ];
    let hashes = [
        "$2a$", "$2b$", "$2y$", "$argon2", "$1$", "$5$", "$6$", "$y$", "{ssha", "pbkdf2", "scrypt:",
    ];
    // What its issuer gives to everybody: PostHog's, Stripe's and Mapbox's public keys.
    let public = ["phc_", "pk_live_", "pk_test_", "pk.ey"];
    let lower = value.to_ascii_lowercase();
    if hashes.iter().chain(&public).any(|lead| lower.starts_with(lead)) {
        return true;
    }
    let path = leads.iter().any(|lead| value.starts_with(lead))
        || value.as_bytes().get(1..3).is_some_and(|drive| drive == b":\\" || drive == b":/");
    let ends = [".json", ".pem", ".key", ".txt", ".yml", ".yaml", ".env", ".sh", ".com", ".io"];
    let file = ends.iter().any(|end| value.ends_with(end));
    let spaced = value.contains(' ') && !value.starts_with("-----BEGIN");
    let call = value.contains('(') && value.ends_with(')');
    let dotted =
        value.split('.').count() > 2 && value.chars().all(|c| c.is_ascii_lowercase() || c == '.');
    let constant = value.contains('_')
        && value.bytes().all(|b| b.is_ascii_uppercase() || b == b'_' || b.is_ascii_digit())
        && value.split('_').all(|word| word.bytes().filter(u8::is_ascii_digit).count() <= 2);
    // A signature that no algorithm makes: fewer than 32 bytes.
    let hollow = value.starts_with("eyJ")
        && value.split('.').count() == 3
        && value.rsplit('.').next().is_some_and(|signature| signature.len() < 43);
    hollow || path || file || spaced || call || dotted || constant
}

#[cfg(test)]
mod tests {
    use super::believe;
    use crate::holders::names::Bears;
    use crate::model::Confidence;
    use crate::rules::dice::Dice;

    const WIDE: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    #[test]
    fn random_values_are_believed_and_words_are_not() {
        let mut dice = Dice::seeded(5);
        for _ in 0..2000 {
            for (alphabet, length) in [(WIDE, 32), (&WIDE[..16], 32), (&WIDE[..36], 24)] {
                let value = String::from_utf8(dice.text(alphabet, length)).expect("ASCII");
                let believed = believe(&value, Bears::Secret).map(|(confidence, _)| confidence);
                assert!(believed >= Some(Confidence::Medium), "{value}");
            }
        }
        for value in [
            "short",
            "/run/secrets/token",
            "https://example.org/x",
            "MY_SECRET_TOKEN",
            "some words here",
            "production",
            "getToken()",
            "key.pem",
            "id_ed25519",
            "github-token",
        ] {
            let believed = believe(value, Bears::Secret).map(|(confidence, _)| confidence);
            assert_eq!(believed, None, "{value}");
        }
    }
}
