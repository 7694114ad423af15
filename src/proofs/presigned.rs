//! Secret access keys of AWS, and addresses that are signed with them (Signature Version 4).

use std::ops::Range;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::model::Field;
use crate::proofs::known::Known;
use crate::proofs::query::{Address, escaped};
use crate::proofs::witness::{Verify, Witness};

const METHODS: [&str; 5] = ["GET", "PUT", "HEAD", "POST", "DELETE"];
const SIGNATURE: &str = "X-Amz-Signature";

/// Witnesses of a secret access key whose id is known: addresses with that id.
pub(super) fn witnesses(at: usize, known: &Known<'_>) -> Vec<Witness> {
    let is_secret = known.rule.starts_with("aws-") && known.value.len() == 40;
    let is_id = |id: &&str| id.len() == 20 && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let ids = known.told(Field::KeyId).filter(is_id).filter(|_| is_secret);
    let witness = |needle: String| {
        let secret = Zeroizing::new(known.value.to_vec());
        let text = "signs the address here (AWS Signature Version 4 holds)";
        Witness::proof(at, needle, text).judged(Verify::Presigned(secret))
    };
    ids.flat_map(|id| [format!("{id}%2F"), format!("{id}/")]).map(witness).collect()
}

/// Whether `secret` signs the address around `range`.
pub(super) fn signs(secret: &[u8], text: &[u8], range: &Range<usize>) -> bool {
    Address::around(text, range).is_some_and(|address| is_signed(secret, &address) == Some(true))
}

fn is_signed(secret: &[u8], address: &Address) -> Option<bool> {
    let stated = address.get(SIGNATURE)?;
    let only_host = address.get("X-Amz-SignedHeaders") == Some("host");
    if !only_host || address.get("X-Amz-Algorithm") != Some("AWS4-HMAC-SHA256") {
        return None;
    }
    let mut scope = address.get("X-Amz-Credential")?.splitn(2, '/').skip(1);
    let scope = scope.next()?;
    let key = scope.split('/').fold(Zeroizing::new([b"AWS4", secret].concat()), |key, step| {
        Zeroizing::new(keyed(&key, step.as_bytes()))
    });
    let empty = hex(&Sha256::digest(b""));
    let query = canonical(address);
    let matches = |method: &str, payload: &str| {
        let request = format!(
            "{method}\n{}\n{query}\nhost:{}\n\nhost\n{payload}",
            address.path, address.host
        );
        let time = address.text("X-Amz-Date");
        let digest = hex(&Sha256::digest(request));
        let plan = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{digest}");
        hex(&keyed(&key, plan.as_bytes())) == stated
    };
    let payloads = ["UNSIGNED-PAYLOAD", empty.as_str()];
    let mut trials = METHODS.iter().flat_map(|method| payloads.map(|payload| (method, payload)));
    Some(trials.any(|(method, payload)| matches(method, payload)))
}

fn canonical(address: &Address) -> String {
    let signed = address.query.iter().filter(|(name, _)| name != SIGNATURE);
    let mut pairs: Vec<_> =
        signed.map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
    pairs.sort_unstable();
    pairs.join("&")
}

fn keyed(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length will do");
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use crate::model::{Claim, Field, Kind};
    use crate::proofs::Known;
    use crate::proofs::trial::{known, said};

    fn secret() -> String {
        ["wJalrXUtnFEMI/K7MDENG", "/bPxRfiCYEXAMPLEKEY"].concat()
    }

    /// The worked example of the vendor's manual.
    fn address() -> String {
        let id = ["AKIA", "IOSFODNN7EXAMPLE"].concat();
        [
            "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256",
            &format!("&X-Amz-Credential={id}%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"),
            "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host",
            "&X-Amz-Signature=",
            "aeeed9bbccd4d02ee5c0109b86d86835",
            "f995330da4c265957d157751f604d404",
        ]
        .concat()
    }

    fn met(secret: &str, text: &str) -> usize {
        let claims = [Claim::new(Field::KeyId, ["AKIA", "IOSFODNN7EXAMPLE"].concat())];
        let known = known("aws-secret-access-key", Kind::ApiKey, secret.as_bytes());
        let known = Known { claims: &claims, ..known };
        said(&[known], text).len()
    }

    #[test]
    fn the_worked_signature_holds_however_it_is_written() {
        let address = address();
        for text in [
            address.clone(),
            format!("GET \"{address}\" 200"),
            address.replace('&', "&amp;"),
            address.replace('&', "\\u0026"),
            address.replace("%2F", "/"),
        ] {
            assert_eq!(met(&secret(), &text), 1, "{text}");
        }
    }

    #[test]
    fn another_secret_or_address_does_not() {
        let address = address();
        assert_eq!(met(&secret().replace("wJa", "wJb"), &address), 0);
        for other in [
            address.replace("aeeed9", "aeeed8"),
            address.replace("test.txt", "text.txt"),
            address.replace("=host", "=host%3Brange"),
            address.replace("86400", "86401"),
            address.replace("X-Amz-Date", "%zz"),
            "AKIA".to_owned() + "IOSFODNN7EXAMPLE/",
        ] {
            assert_eq!(met(&secret(), &other), 0, "{other}");
        }
    }
}
