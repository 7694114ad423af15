//! Public names that credentials themselves derive: age recipients, NATS and Stellar accounts, PGP fingerprints.

use std::sync::Arc;

use crate::model::Field;
use crate::proofs::known::Known;
use crate::proofs::signs;
use crate::proofs::witness::{Verify, Witness};

/// The witnesses of a credential whose claims state its public name.
pub(super) fn witnesses(at: usize, known: &Known<'_>) -> Vec<Witness> {
    let rule = known.rule;
    if rule.starts_with("age-") {
        return recipients(at, known);
    }
    if rule.starts_with("nats-") {
        let names = known.told(Field::Principal).filter(|name| is_account(name));
        return names.flat_map(|name| nkey(at, name)).collect();
    }
    if rule.starts_with("stellar-") {
        let names = known.told(Field::Principal).filter(|name| is_account(name));
        return names.map(|name| Witness::proof(at, name, "its account is named here")).collect();
    }
    if rule.starts_with("pgp-") {
        return known.told(Field::KeyId).flat_map(|print| fingerprint(at, print)).collect();
    }
    Vec::new()
}

fn recipients(at: usize, known: &Known<'_>) -> Vec<Witness> {
    let names =
        known.told(Field::KeyId).filter(|name| name.starts_with("age1") && name.len() == 62);
    let text = "opens what is encrypted to its age recipient here";
    names.map(|name| Witness::proof(at, name, text)).collect()
}

/// A public key in base32 with its checksum.
fn is_account(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_uppercase() || (b'2'..=b'7').contains(&byte);
    name.len() == 56 && name.bytes().all(fits)
}

/// A public nkey, alone and inside a token.
fn nkey(at: usize, name: &str) -> Vec<Witness> {
    let mut all = vec![Witness::proof(at, name, "its public key is named here")];
    for shift in 0..3 {
        let signs: Arc<[u8]> = signs::signs(name.as_bytes(), shift).into();
        for (start, stretch) in signs::stretches(&signs) {
            let verify = Verify::Signs { signs: signs.clone(), start };
            let text = "a token here names its public key";
            all.push(Witness::proof(at, stretch, text).judged(verify));
        }
    }
    all
}

/// A fingerprint in both cases.
fn fingerprint(at: usize, print: &str) -> Vec<Witness> {
    let fits = matches!(print.len(), 40 | 64) && print.bytes().all(|b| b.is_ascii_hexdigit());
    let text = "opens what is encrypted to its fingerprint here";
    let cases = [print.to_ascii_uppercase(), print.to_ascii_lowercase()];
    cases.into_iter().filter(|_| fits).map(|print| Witness::proof(at, print, text)).collect()
}

#[cfg(test)]
mod tests {
    use crate::model::{Claim, Field, Kind};
    use crate::proofs::Known;
    use crate::proofs::trial::{claims, known, said};
    use crate::rules::checks::b64;

    #[test]
    fn an_age_recipient_is_met() {
        let value =
            ["AGE-SECRET-KEY-", "1775DAFHX6AW0QWPA7FUV7NVP6Q2MZQRXMSFSV40QLWPVGY82P4RSG5ENEC"]
                .concat();
        let claims = claims("bech32-key", value.as_bytes());
        let known = known("age-identity", Kind::EncryptionKey, value.as_bytes());
        let known = Known { claims: &claims, ..known };
        let recipient = "age15s6xdfknah5xjujve84yan7e0hgmahfn4efmrpj67r4hnwnp49as2qdpla";
        let file = format!("creation_rules:\n  - age: {recipient},age1other\n");
        let expected = ["opens what is encrypted to its age recipient here"];
        assert_eq!(said(&[known], &file), expected);
        assert!(said(&[known], file.replace("qdpla", "qdplb")).is_empty());
        assert!(said(&[known], file.replace("qdpla", "qdplaa")).is_empty());
    }

    #[test]
    fn a_nats_token_is_made_for_its_seed() {
        let value = ["SUABBEIUPF3YSW2QO7E7TWWCZNJYW", "MITI5R3LA7DMP2DXNSEM7MDK7D2IY"].concat();
        let claims = claims("nkey-seed", value.as_bytes());
        let known = known("nats-seed", Kind::PrivateKey, value.as_bytes());
        let known = Known { claims: &claims, ..known };
        let public = "UACDCEGWO7GHTZNBQBGIBPOXF26HSA6EEPJW2LKSKTERDAESKYRAP2ND";
        assert_eq!(said(&[known], format!("user: {public}")), ["its public key is named here"]);
        for lead in ["a", "ab", "abc"] {
            let body = b64::url(format!(r#"{{"jti":"{lead}","sub":"{public}"}}"#).as_bytes());
            let expected = ["a token here names its public key"];
            assert_eq!(said(&[known], &body), expected);
            let other = format!(r#"{{"jti":"{lead}","sub":"{}"}}"#, public.replace("P2N", "P2M"));
            assert!(said(&[known], b64::url(other.as_bytes())).is_empty());
        }
    }

    #[test]
    fn a_fingerprint_is_met_in_either_case() {
        let print = "0123456789abcdef".repeat(2) + "01234567";
        let claims = [Claim::new(Field::KeyId, print.clone())];
        let known = known("pgp-private-key", Kind::PrivateKey, b"");
        let known = Known { claims: &claims, ..known };
        for text in [format!("pgp: {print}"), format!("pgp: {}", print.to_uppercase())] {
            assert_eq!(said(&[known], text).len(), 1);
        }
        assert!(said(&[known], format!("{print}0")).is_empty());
    }
}
