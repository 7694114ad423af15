//! What stands publicly of a private key: its public key in every writing, and its fingerprints.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::proofs::half::{Half, Numbers};
use crate::proofs::known::Known;
use crate::proofs::witness::{Verify, Witness};
use crate::proofs::{md5, signs};
use crate::rules::checks::b64;

const FINGERPRINT: &str = "its fingerprint stands here";

/// The witnesses of a key pair.
pub(super) fn witnesses(at: usize, known: &Known<'_>) -> Vec<Witness> {
    let Some(half) = Half::of(known) else { return Vec::new() };
    let mut all = written(at, &half);
    let info = Sha256::digest(&half.info);
    all.push(Witness::proof(at, digits(&info), FINGERPRINT));
    all.push(Witness::proof(at, lower_hex(&info, ""), FINGERPRINT));
    all.push(Witness::proof(at, lower_hex(&md5::digest(&half.info), ":"), FINGERPRINT));
    all.push(Witness::proof(at, half.thumbprint(), "a token or a key list names its thumbprint"));
    if let Some(blob) = half.ssh_blob() {
        all.extend(of_ssh(at, &half, &blob));
    }
    all
}

fn of_ssh(at: usize, half: &Half, blob: &[u8]) -> Vec<Witness> {
    let digest = Sha256::digest(blob);
    let mut all = vec![
        Witness::proof(at, digits(&digest), FINGERPRINT),
        Witness::proof(at, lower_hex(&md5::digest(blob), ":"), FINGERPRINT),
    ];
    let name = match half.numbers {
        Numbers::Rsa { .. } => "ssh-rsa",
        Numbers::Edwards(_) => "ssh-ed25519",
        _ => return all,
    };
    // An age file names its recipients among SSH keys by four bytes of their digest.
    let text = "an age file here is encrypted to its public key";
    let line = Witness::proof(at, format!("-> {name} "), text);
    all.push(line.judged(Verify::Before(digits(&digest[..4]))).hint());
    all
}

/// The public key in base64, wherever in a longer one it stands.
fn written(at: usize, half: &Half) -> Vec<Witness> {
    let agreement = matches!(half.numbers, Numbers::Montgomery(_));
    let mut all = Vec::new();
    for shift in 0..3 {
        let signs: Arc<[u8]> = signs::signs(half.core(), shift).into();
        for (start, stretch) in signs::stretches(&signs) {
            let verify = Verify::Public { signs: signs.clone(), start, agreement };
            all.push(Witness::proof(at, stretch, "its public key stands here").judged(verify));
        }
    }
    all
}

/// A digest as OpenSSH, Snowflake and pins print it: in base64, without padding.
fn digits(digest: &[u8]) -> Vec<u8> {
    b64::unpadded(&b64::standard(digest)).to_vec()
}

fn lower_hex(bytes: &[u8], between: &str) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    pairs.join(between)
}

#[cfg(test)]
mod tests {
    use super::digits;
    use crate::model::{Claim, Field, Kind};
    use crate::proofs::half::Half;
    use crate::proofs::trial::{armour, certificate, edwards, found, known, rsa, said, sec1};
    use crate::proofs::{Known, Strength, witnesses};
    use crate::rules::checks::b64;
    use crate::rules::checks::key::{self, K256, P256, P384, P521};
    use crate::rules::dice::Dice;

    /// The key of the seed 00 01 … 1f.
    fn worked() -> String {
        armour("PRIVATE KEY", &edwards(&(0..32).collect::<Vec<u8>>()), "\n")
    }

    fn key(text: &str) -> Known<'_> {
        known("pem-pkcs8", Kind::PrivateKey, text.as_bytes())
    }

    fn text(bytes: &[u8]) -> String {
        String::from_utf8(bytes.to_vec()).expect("ASCII")
    }

    #[test]
    fn the_worked_fingerprints_are_met() {
        let pem = worked();
        for print in [
            "SHA256:lbmsoA0yIEcEiVDRnMWuzm+nV+3ZEEpVIURqFoeSspg comment",
            "MD5 f1:02:17:de:ef:c1:30:83:11:8b:82:a0:0e:67:7f:d5",
            "spki a050837d85070582ccf7394b0988847cc312cb88259b894899f6f239cf1791a5",
        ] {
            assert_eq!(said(&[key(&pem)], print), ["its fingerprint stands here"], "{print}");
            let other = print.replace("d", "e").replace("lb", "lc");
            assert!(said(&[key(&pem)], other).is_empty(), "{print}");
        }
        let print = r#"{"kid":"1IG2tMH7J2wbJZnOf8LJzQitKf7LMvoAElsuDMVM54Y"}"#;
        assert_eq!(said(&[key(&pem)], print), ["a token or a key list names its thumbprint"]);
    }

    /// A private key in armour, and its public half.
    fn made(dice: &mut Dice) -> Vec<(String, Half)> {
        let mut all = vec![
            armour("PRIVATE KEY", &edwards(&dice.bytes(32)), "\n"),
            armour("RSA PRIVATE KEY", &rsa(dice).der, "\\n"),
        ];
        for (curve, size) in [(P256, 32), (P384, 48), (P521, 66), (K256, 32)] {
            let scalar = [&[0, 1], &dice.bytes(size - 2)[..]].concat();
            all.push(armour("EC PRIVATE KEY", &sec1(curve, &scalar), "\r\n"));
        }
        let half = |pem: String| {
            let half = Half::of(&key(&pem)).expect("a key");
            (pem, half)
        };
        all.into_iter().map(half).collect()
    }

    #[test]
    fn every_writing_of_a_public_key_is_met() {
        let mut dice = Dice::seeded(1);
        for (pem, half) in made(&mut dice) {
            for end in ["\n", "\r\n", "\\n", "\n    "] {
                let public = armour("PUBLIC KEY", &half.info, end);
                assert_eq!(said(&[key(&pem)], public), ["its public key stands here"]);
                let whole = certificate(&half.info, &mut dice);
                let whole = armour("CERTIFICATE", &whole, end);
                assert_eq!(said(&[key(&pem)], whole), ["its certificate stands here"]);
            }
            let core = text(&b64::url(half.core()));
            let name = if core.len() > 100 { "n" } else { "x" };
            let set = format!(r#"{{"keys":[{{"kty":"any","{name}":"{core}","e":"AQAB"}}]}}"#);
            assert_eq!(said(&[key(&pem)], &set), ["its public JSON Web Key stands here"]);
            let private = set.replace("\"e\":\"AQAB\"", "\"d\" : \"x\"");
            assert!(said(&[key(&pem)], private).is_empty());
            if let Some(blob) = half.ssh_blob() {
                let kind = text(key::text(&blob).expect("a name").0);
                let line = format!("{kind} {} deploy@example", text(&b64::standard(&blob)));
                let met = found(&[key(&pem)], format!("# keys\n{line}\n"));
                assert_eq!(met.len(), 1, "{kind}");
                assert_eq!(met[0].text, "its public key is listed here for SSH");
                assert_eq!(met[0].claims[0].value, "deploy@example");
                assert_eq!(met[0].claims[0].field, Field::Principal);
            }
        }
    }

    #[test]
    fn the_private_key_is_no_witness_of_itself() {
        let mut dice = Dice::seeded(2);
        for (pem, _) in made(&mut dice) {
            assert!(said(&[key(&pem)], &pem).is_empty());
        }
        let rsa = rsa(&mut dice).der;
        let pem = armour("RSA PRIVATE KEY", &rsa, "\n");
        assert!(said(&[key(&pem)], b64::standard(&rsa)).is_empty());
        let mut cut = pem.clone();
        cut.truncate(pem.len() - 40);
        assert!(said(&[key(&pem)], cut).is_empty());
    }

    #[test]
    fn another_key_or_one_bit_proves_nothing() {
        let mut dice = Dice::seeded(3);
        let all = made(&mut dice);
        for (at, (_, half)) in all.iter().enumerate() {
            let public = armour("PUBLIC KEY", &half.info, "\n");
            for (other, (pem, _)) in all.iter().enumerate() {
                assert_eq!(said(&[key(pem)], &public).is_empty(), at != other);
            }
            let core = memchr::memmem::find(&half.info, half.core()).expect("inside");
            for bit in 0..half.core().len() {
                let mut changed = half.info.clone();
                changed[core + bit] ^= 0x10;
                let public = armour("PUBLIC KEY", &changed, "\n");
                assert!(said(&[key(&all[at].0)], public).is_empty(), "{bit}");
            }
        }
    }

    #[test]
    fn containers_of_all_kinds_are_read() {
        let pem = worked();
        let public = armour("PUBLIC KEY", &Half::of(&key(&pem)).expect("a key").info, "\n");
        let bare = b64::standard(&edwards(&(0..32).collect::<Vec<u8>>()));
        let wrapped = b64::standard(pem.as_bytes());
        for value in [bare, wrapped, pem.replace('\n', "\\n").into_bytes()] {
            let known = known("kubeconfig", Kind::PrivateKey, &value);
            assert_eq!(said(&[known], &public).len(), 1);
        }
        let member = b64::url(&(0..32).collect::<Vec<u8>>());
        let stated = [key::public_claim(&Half::of(&key(&pem)).expect("a key").info)];
        let known = Known { claims: &stated, ..known("jwk-private", Kind::PrivateKey, &member) };
        assert_eq!(said(&[known], &public).len(), 1);
        let unstated = Known { claims: &[], ..known };
        assert!(said(&[unstated], &public).is_empty());
    }

    #[test]
    fn locked_keys_tell_their_public_half() {
        let pem = worked();
        let half = Half::of(&key(&pem)).expect("a key");
        let blob = half.ssh_blob().expect("a blob");
        let public = armour("PUBLIC KEY", &half.info, "\n");
        let string = |part: &[u8]| [&(part.len() as u32).to_be_bytes()[..], part].concat();
        let parts = [&b"aes256-ctr"[..], b"bcrypt", b"salt"].map(string).concat();
        let head = [b"openssh-key-v1\0", &parts[..], &[0, 0, 0, 1], &string(&blob)].concat();
        let openssh = armour("OPENSSH PRIVATE KEY", &[head, string(&[9; 64])].concat(), "\n");
        let base64 = text(&b64::standard(&blob));
        let (first, second) = base64.split_at(64);
        let putty = [
            "PuTTY-User-Key-File-3: ssh-ed25519\r\nEncryption: aes256-cbc\r\nComment: c\r\n",
            &format!("Public-Lines: 2\r\n{first}\r\n{second}\r\nPrivate-Lines: 1\r\nAAAA\r\n"),
        ]
        .concat();
        for locked in [openssh, putty] {
            assert_eq!(said(&[key(&locked)], &public), ["its public key stands here"]);
            assert!(said(&[key(&locked)], &locked).is_empty());
        }
    }

    #[test]
    fn a_peer_names_a_wireguard_key() {
        let public = "wqyrrnEIpLW7vIBQwxsKZ3f1K+qruFBtzW18NdCn/zo=";
        let value = ["mNOCxeOQxNVCPwanqyfoyG", "PRLiUtcRZ2PbXpNTVBmVA="].concat();
        let claims = [Claim::new(Field::KeyId, public)];
        let known = known("wireguard-key", Kind::PrivateKey, value.as_bytes());
        let known = Known { claims: &claims, ..known };
        let peer = format!("[Peer]\nPublicKey = {public}\n");
        assert_eq!(said(&[known], &peer), ["a peer names its public key here"]);
        assert!(said(&[known], peer.replace("wqy", "wqz")).is_empty());
    }

    #[test]
    fn an_age_file_for_an_ssh_key_is_a_hint() {
        let pem = worked();
        let tag = digits(&[0x95, 0xb9, 0xac, 0xa0]);
        let line = format!("-> ssh-ed25519 {} AAAA\n", text(&tag));
        let witnesses = witnesses(&[key(&pem)]);
        let hint = witnesses.iter().find(|witness| line.as_bytes().starts_with(&witness.needle));
        let hint = hint.expect("a witness");
        assert_eq!(hint.strength, Strength::Hint);
        let needle = 0..hint.needle.len();
        assert!(hint.confirm(line.as_bytes(), &needle).is_some());
        for other in [line.replace(" AAAA", "A AAAA"), line.replace("lb", "lc")] {
            assert_eq!(hint.confirm(other.as_bytes(), &needle), None, "{other}");
        }
    }

    #[test]
    fn hostile_keys_are_left() {
        let mut dice = Dice::seeded(5);
        let huge = armour("RSA PRIVATE KEY", &dice.bytes(90_000), "\n");
        assert!(witnesses(&[key(&huge)]).is_empty());
        for size in 0..200 {
            let noise = armour("OPENSSH PRIVATE KEY", &dice.bytes(size), "\n");
            let head = [b"openssh-key-v1\0".to_vec(), dice.bytes(size)].concat();
            let lead = armour("OPENSSH PRIVATE KEY", &head, "\n");
            let putty = format!("PuTTY-User-Key-File-2: x\nPublic-Lines: {size}\n{noise}");
            for text in [noise, lead, putty] {
                assert!(witnesses(&[key(&text)]).is_empty());
            }
        }
    }
}
