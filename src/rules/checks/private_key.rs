//! Private keys in text armour, alone or inside a service account's or a cluster's file.

use memchr::memmem;
use num_bigint_dig::{BigUint, ModInverse};

use crate::model::{Claim, Field};
use crate::rules::checks::der::{self, INTEGER, OBJECT, OCTETS, SEQUENCE};
use crate::rules::checks::key::{self, Key};
use crate::rules::checks::{Check, Sample, Sighting, Verdict, b64, certificate, pem};
use crate::rules::dice::Dice;

/// A key in text armour.
pub(super) const PRIVATE_KEY: Check = Check {
    name: "private-key",
    about: "the private key's parts fit together",
    bits: 64,
    around: true,
    judge: |sighting| judge(sighting.value),
    seal: seal_armour,
};

/// The key of a Google Cloud service account, in its JSON file.
pub(super) const GCP_SERVICE_ACCOUNT: Check = Check {
    name: "gcp-service-account",
    about: "the private key's parts fit together; the file around it names the account",
    bits: 64,
    around: true,
    judge: |sighting| judge(sighting.value).with(account(sighting)),
    seal: seal_armour,
};

/// A client key of a kubeconfig: base64 of a key in text armour.
pub(super) const KUBECONFIG_CLIENT_KEY: Check = Check {
    name: "kubeconfig-client-key",
    about: "decodes to a private key whose parts fit together; its certificate names the user",
    bits: 64,
    around: true,
    judge: |sighting| match b64::decode(b64::unpadded(sighting.value)) {
        Some(text) => {
            let verdict = judge(&text);
            let user = certificate::user(sighting, &verdict.claims);
            verdict.with(user)
        }
        None => Verdict::broken("not base64"),
    },
    seal: seal_wrapped,
};

fn judge(text: &[u8]) -> Verdict {
    let Some(pem) = pem::read(text) else { return Verdict::broken("the body is not base64") };
    if pem.encrypted || pem.label.contains("ENCRYPTED") {
        return Verdict::parsed("private key, locked with a passphrase");
    }
    let cut = der::announced(&pem.bytes).is_some_and(|whole| whole > pem.bytes.len());
    let read = if pem.label.starts_with("OPENSSH") {
        Key::from_openssh(&pem.bytes)
    } else {
        Key::from_der(&pem.bytes).map(|key| (key, Vec::new()))
    };
    let Some((key, claims)) = read else {
        return Verdict::broken(match cut || !pem.closed {
            true => "the body is truncated",
            false => "the body is no key",
        });
    };
    let public = |info: Option<Vec<u8>>| info.map(|info| key::public_claim(&info));
    match key {
        Key::Consistent(info) => Verdict::proven("key pair is consistent").with(public(info)),
        Key::Readable(info) => Verdict::parsed("parses as a private key").with(public(info)),
        Key::Encrypted => Verdict::parsed("private key, locked with a passphrase"),
        Key::Inconsistent => Verdict::broken("the key's parts do not fit together"),
        Key::Hardware => Verdict::foreign("a handle for a hardware key"),
    }
    .with(claims)
}

/// The account that the JSON object around a key names.
fn account(sighting: &Sighting<'_>) -> Vec<Claim> {
    let fields = [
        (Field::Tenant, "project_id"),
        (Field::Principal, "client_email"),
        (Field::KeyId, "private_key_id"),
    ];
    let stated = fields.map(|(field, name)| Some(Claim::new(field, string(sighting, name)?)));
    stated.into_iter().flatten().collect()
}

/// The string under `name` nearest to the key, escaped quotes or not.
fn string(sighting: &Sighting<'_>, name: &str) -> Option<String> {
    let at = memmem::find(sighting.around, sighting.whole)?;
    let places = memmem::find_iter(sighting.around, name.as_bytes());
    let nearest = places.min_by_key(|place| place.abs_diff(at))?;
    let rest = &sighting.around[nearest + name.len()..];
    let mut parts = rest.split(|b| *b == b'"').map(|part| part.strip_suffix(b"\\").unwrap_or(part));
    let separator = parts.nth(1)?;
    let value = parts.next().filter(|_| separator.contains(&b':'))?;
    let fits = value.len() <= 200 && value.iter().all(|b| b.is_ascii_graphic() && *b != b'\\');
    fits.then(|| String::from_utf8_lossy(value).into_owned())
}

/// Puts a fresh key into the sample's armour, with escaped line ends: they fit wherever a key can stand.
fn seal_armour(sample: &mut Sample, dice: &mut Dice) {
    let token = &sample.token;
    let Some(begin) = memmem::find(token, b"-----BEGIN ") else { return };
    let Some(pem) = pem::read(token) else { return };
    let close = format!("-----END {}-----", pem.label);
    let end = memmem::rfind(&token[begin..], close.as_bytes())
        .map_or(token.len(), |at| begin + at + close.len());
    let body = make(&pem.label, dice);
    let text = armour(&pem.label, &body, "\\n");
    sample.token.splice(begin..end, text.into_bytes());
}

fn seal_wrapped(sample: &mut Sample, dice: &mut Dice) {
    let start = memmem::find(&sample.token, b"LS0tLS1CRUdJTi").unwrap_or(sample.token.len());
    let label = *dice.pick(&["EC PRIVATE KEY", "RSA PRIVATE KEY", "PRIVATE KEY"]);
    let text = armour(label, &make(label, dice), "\n") + "\n";
    sample.token.splice(start.., b64::standard(text.as_bytes()));
}

fn armour(label: &str, body: &[u8], feed: &str) -> String {
    let base64 = b64::standard(body);
    let lines: Vec<_> = base64.chunks(64).map(String::from_utf8_lossy).collect();
    let lines = lines.join(feed);
    format!("-----BEGIN {label}-----{feed}{lines}{feed}-----END {label}-----")
}

/// A made-up key of the kind that `label` names. An RSA key's factors are odd numbers, not primes: its
/// arithmetic holds all the same.
fn make(label: &str, dice: &mut Dice) -> Vec<u8> {
    match label {
        "EC PRIVATE KEY" => {
            let curve = der::write(OBJECT, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7]);
            let scalar = [&[1], &dice.bytes(31)[..]].concat();
            let parts =
                [der::write(INTEGER, &[1]), der::write(OCTETS, &scalar), der::write(0xa0, &curve)];
            der::write(SEQUENCE, &parts.concat())
        }
        "DSA PRIVATE KEY" => {
            let numbers = [1, 256, 32, 256, 256, 32].map(|size| match size {
                1 => der::write(INTEGER, &[0]),
                size => der::write_number(&dice.bytes(size)),
            });
            der::write(SEQUENCE, &numbers.concat())
        }
        "ENCRYPTED PRIVATE KEY" => {
            let scheme = der::write(OBJECT, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 13]);
            let parts = [der::write(SEQUENCE, &scheme), der::write(OCTETS, &dice.bytes(1232))];
            der::write(SEQUENCE, &parts.concat())
        }
        "OPENSSH PRIVATE KEY" => {
            let seed = dice.bytes(32).try_into().expect("32 bytes were asked for");
            openssh(seed, &dice.bytes(4))
        }
        "PRIVATE KEY" => {
            let name = der::write(OBJECT, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1]);
            let algorithm = der::write(SEQUENCE, &[name, vec![5, 0]].concat());
            let parts = [der::write(INTEGER, &[0]), algorithm, der::write(OCTETS, &rsa(dice))];
            der::write(SEQUENCE, &parts.concat())
        }
        _ => rsa(dice),
    }
}

/// An RSA key in PKCS#1.
pub(super) fn rsa(dice: &mut Dice) -> Vec<u8> {
    let one = BigUint::from(1_u8);
    let e = BigUint::from(65_537_u32);
    loop {
        let [p, q] = [0, 1].map(|_| {
            let mut bytes = dice.bytes(128);
            bytes[0] |= 0xc0;
            bytes[127] |= 1;
            BigUint::from_bytes_be(&bytes)
        });
        let order = (&p - &one) * (&q - &one);
        let inverse = e.clone().mod_inverse(&order).and_then(|d| d.to_biguint());
        let Some(d) = inverse else { continue };
        let (dp, dq) = (&d % (&p - &one), &d % (&q - &one));
        let coefficient = q.clone().mod_inverse(&p).and_then(|c| c.to_biguint());
        let Some(coefficient) = coefficient else { continue };
        let numbers = [BigUint::from(0_u8), &p * &q, e.clone(), d, p, q, dp, dq, coefficient];
        let written = numbers.map(|number| der::write_number(&number.to_bytes_be()));
        return der::write(SEQUENCE, &written.concat());
    }
}

/// `check` stands twice before an unlocked key.
fn openssh(seed: [u8; 32], check: &[u8]) -> Vec<u8> {
    let string = |bytes: &[u8]| [&(bytes.len() as u32).to_be_bytes()[..], bytes].concat();
    let public = ed25519_dalek::SigningKey::from_bytes(&seed).verifying_key().to_bytes();
    let fields = [
        string(b"ssh-ed25519"),
        string(&public),
        string(&[seed, public].concat()),
        string(b"sample@example"),
    ];
    let mut private = [check, check, &fields.concat()].concat();
    private.extend((1..=8 - (private.len() % 8) as u8).take(7));
    let blob = [string(b"ssh-ed25519"), string(&public)].concat();
    let head = [string(b"none"), string(b"none"), string(b""), 1_u32.to_be_bytes().to_vec()];
    [b"openssh-key-v1\0".to_vec(), head.concat(), string(&blob), string(&private)].concat()
}

#[cfg(test)]
mod tests {
    use super::{GCP_SERVICE_ACCOUNT, PRIVATE_KEY, armour, judge, make, openssh};
    use crate::model::Field;
    use crate::rules::checks::trial::{claim, survives};
    use crate::rules::checks::{Sample, Sighting, State};
    use crate::rules::dice::Dice;

    const LABELS: [&str; 3] = ["RSA PRIVATE KEY", "PRIVATE KEY", "OPENSSH PRIVATE KEY"];

    #[test]
    fn keys_are_proven_in_every_wrapping() {
        let mut dice = Dice::seeded(4);
        for label in LABELS {
            let body = make(label, &mut dice);
            let mut public = Vec::new();
            for feed in ["\n", "\r\n", "\\n", "\\\\n", "\\r\\n", " ", "\n    ", "\"\n+ \"", "\n# "]
            {
                let verdict = judge(armour(label, &body, feed).as_bytes());
                assert_eq!(verdict.state, State::Proven, "{label} {feed:?}: {}", verdict.note);
                public.extend(claim(&verdict, Field::PublicKey).map(str::to_owned));
            }
            assert!(public.len() == 9 && public.windows(2).all(|pair| pair[0] == pair[1]));
        }
    }

    #[test]
    fn the_worked_fingerprint_of_openssh_holds() {
        let seed = std::array::from_fn(|n| n as u8);
        let body = openssh(seed, &[1, 2, 3, 4]);
        let verdict = judge(armour("OPENSSH PRIVATE KEY", &body, "\n").as_bytes());
        assert_eq!(verdict.state, State::Proven);
        let fingerprint = "SHA256:lbmsoA0yIEcEiVDRnMWuzm+nV+3ZEEpVIURqFoeSspg";
        assert_eq!(claim(&verdict, Field::KeyId), Some(fingerprint));
        let public = "spki sha256 a050837d85070582ccf7394b0988847cc312cb88259b894899f6f239cf1791a5";
        assert_eq!(claim(&verdict, Field::PublicKey), Some(public));
        assert_eq!(claim(&verdict, Field::Principal), Some("sample@example"));
    }

    #[test]
    fn a_changed_or_cut_key_is_not_proven() {
        let mut dice = Dice::seeded(5);
        for label in LABELS {
            let text = armour(label, &make(label, &mut dice), "\n");
            let places: Vec<_> = (60..text.len() - 60).step_by(31).collect();
            let proven = places.iter().filter(|&&at| {
                let mut changed = text.clone().into_bytes();
                changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
                judge(&changed).state == State::Proven
            });
            // A comment or a line end may change and prove nothing.
            assert!(proven.count() * 4 <= places.len(), "{label}");
            let verdict = judge(&text.as_bytes()[..text.len() / 2]);
            assert_eq!(verdict.state, State::Broken, "{label}: {}", verdict.note);
        }
    }

    #[test]
    fn an_armour_that_ends_before_it_begins_is_sealed() {
        let token = b"-----END PRIVATE KEY----- -----BEGIN PRIVATE KEY-----".to_vec();
        let mut sample = Sample { token, ..Sample::default() };
        (PRIVATE_KEY.seal)(&mut sample, &mut Dice::seeded(8));
        assert_eq!(judge(&sample.token).state, State::Proven);
    }

    #[test]
    fn hostile_keys_do_not_panic() {
        let text = armour("PRIVATE KEY", &make("PRIVATE KEY", &mut Dice::seeded(6)), "\n");
        survives(&PRIVATE_KEY, text.as_bytes());
    }

    #[test]
    fn the_file_around_a_key_names_its_account() {
        let key = armour("PRIVATE KEY", &make("PRIVATE KEY", &mut Dice::seeded(7)), "\\n");
        for quote in ["\"", "\\\""] {
            let file = format!(
                "{{'type': 'service_account', 'project_id': 'demo-1', 'private_key_id': 'ab12', \
                 'private_key': '{key}', 'client_email': 'x@demo-1.iam.gserviceaccount.com'}}"
            )
            .replace('\'', quote);
            let value = key.as_bytes();
            let sighting = Sighting { whole: value, value, around: file.as_bytes() };
            let verdict = (GCP_SERVICE_ACCOUNT.judge)(&sighting);
            assert_eq!(verdict.state, State::Proven);
            assert_eq!(claim(&verdict, Field::Tenant), Some("demo-1"));
            assert_eq!(claim(&verdict, Field::KeyId), Some("ab12"));
            let email = claim(&verdict, Field::Principal);
            assert_eq!(email, Some("x@demo-1.iam.gserviceaccount.com"));
        }
    }
}
