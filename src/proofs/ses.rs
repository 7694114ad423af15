//! Secret access keys of AWS, and the SMTP passwords that follow from them.

use std::collections::HashMap;

use zeroize::Zeroizing;

use crate::proofs::Tie;
use crate::proofs::known::Known;
use crate::proofs::witness::Witness;
use crate::rules::checks::b64;
use crate::rules::checks::ses_smtp::{REGIONS, derive};

/// How many secret access keys are worked on.
const MOST: usize = 500;
/// The first byte of every password.
const VERSION: u8 = 4;

/// Witnesses of a secret access key: the passwords that it makes, which are secrets themselves.
pub(super) fn witnesses(at: usize, known: &Known<'_>) -> Vec<Witness> {
    let text = "an SMTP password for SES here follows from it";
    let make = |password: Zeroizing<Vec<u8>>| {
        let mut witness = Witness::proof(at, Vec::new(), text);
        witness.needle = password;
        witness.secret = true;
        witness
    };
    let passwords = is_secret(known).then(|| passwords(known.value));
    passwords.into_iter().flatten().map(make).collect()
}

/// Secret access keys and the known passwords that follow from them.
pub(super) fn ties(all: &[Known<'_>]) -> Vec<Tie> {
    let known = || all.iter().enumerate();
    let derived = known().filter(|(_, one)| one.value.len() == 44 && one.value.starts_with(b"B"));
    let derived: HashMap<&[u8], usize> = derived.map(|(b, one)| (one.value, b)).collect();
    if derived.is_empty() {
        return Vec::new();
    }
    let secrets = known().filter(|(_, one)| is_secret(one)).take(MOST);
    let text = "this SMTP password follows from it";
    secrets
        .flat_map(|(a, secret)| {
            let met = passwords(secret.value).into_iter().filter_map(|p| derived.get(&p[..]));
            met.map(|b| Tie { a, b: *b, text }).collect::<Vec<_>>()
        })
        .collect()
}

fn is_secret(known: &Known<'_>) -> bool {
    known.rule.starts_with("aws-") && known.value.len() == 40
}

fn passwords(secret: &[u8]) -> Vec<Zeroizing<Vec<u8>>> {
    let password = |region| {
        let code = Zeroizing::new(derive(secret, region));
        let bytes = Zeroizing::new([&[VERSION], &code[..]].concat());
        Zeroizing::new(b64::standard(&bytes))
    };
    REGIONS.into_iter().map(password).collect()
}

#[cfg(test)]
mod tests {
    use crate::model::Kind;
    use crate::proofs::trial::{known, said};
    use crate::proofs::{Tie, ties, witnesses};

    fn secret() -> String {
        ["/iMEvZ7TqwMtwRAA6GG+", "x+CxiTAguVqO7cuz+2O2"].concat()
    }

    fn password() -> String {
        ["BKteQbEs7E923lJTpPTwSR", "bMHJha9+N2rR2nBJl3D/OL"].concat()
    }

    #[test]
    fn the_password_is_looked_for_as_a_secret() {
        let secret = secret();
        let all = [known("aws-secret-access-key", Kind::ApiKey, secret.as_bytes())];
        let text = format!("smtp_password={}\n", password());
        assert_eq!(said(&all, &text), ["an SMTP password for SES here follows from it"]);
        assert!(said(&all, text.replace("BKt", "BKu")).is_empty());
        assert!(witnesses(&all).iter().all(|witness| witness.secret));
        assert_eq!(witnesses(&all).len(), 25);
    }

    #[test]
    fn a_known_password_is_tied_to_its_secret() {
        let (secret, password) = (secret(), password());
        let other = secret.replace("iME", "iMF");
        let of = |secret: &str| {
            ties(&[
                known("aws-ses-smtp", Kind::Password, password.as_bytes()),
                known("aws-secret-access-key", Kind::ApiKey, secret.as_bytes()),
            ])
        };
        assert_eq!(of(&secret), [Tie { a: 1, b: 0, text: "this SMTP password follows from it" }]);
        assert!(of(&other).is_empty());
    }
}
