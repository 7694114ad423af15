//! Private keys whose public half, name and end the test works out from the standards.

use ed25519_dalek::SigningKey;
use k256::elliptic_curve::sec1::ToSec1Point;
use keytrail::rules::Rule;
use keytrail::rules::dice::Dice;

use super::Case;
use super::numbers::{
    base64, base64url, crc24, der, elements, hex, sha1, sha256, unbase64, unhex, utc,
};
use super::samples::read;

/// The name of a public half: SHA-256 of its SubjectPublicKeyInfo.
pub fn spki(info: &[u8]) -> String {
    format!("spki sha256 {}", hex(&sha256(info)))
}

/// The public half and its SubjectPublicKeyInfo (RFC 8410).
pub fn ed25519(seed: &[u8; 32]) -> ([u8; 32], Vec<u8>) {
    let public = SigningKey::from_bytes(seed).verifying_key().to_bytes();
    (public, [&unhex("302a300506032b6570032100")[..], &public].concat())
}

/// 32 bytes.
pub fn seed(n: u64) -> [u8; 32] {
    Dice::seeded(n).bytes(32).try_into().expect("32 bytes")
}

fn armour(label: &str, bytes: &[u8], feed: &str) -> String {
    let base64 = base64(bytes);
    let lines: Vec<_> = base64.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
    format!("-----BEGIN {label}-----{feed}{}{feed}-----END {label}-----", lines.join(feed))
}

/// The bytes inside an armour.
fn inside(text: &str) -> Vec<u8> {
    let body = text.split("-----").find(|part| !part.contains("KEY") && part.len() > 60);
    unbase64(body.expect("a body"))
}

/// The SubjectPublicKeyInfo of the RSA key in PKCS#1.
fn rsa_info(pkcs1: &[u8]) -> Vec<u8> {
    let numbers = elements(elements(pkcs1)[0].1);
    let pair = [der(2, numbers[1].1), der(2, numbers[2].1)].concat();
    let algorithm = unhex("300d06092a864886f70d0101010500");
    der(0x30, &[algorithm, der(3, &[vec![0], der(0x30, &pair)].concat())].concat())
}

/// RSA keys, in PKCS#1 or wrapped in PKCS#8.
pub fn rsa(rule: &Rule, beside: &str, told: &[(&'static str, &str)]) -> Vec<Case> {
    let tells = |text: &str| {
        if text.contains("ENCRYPTED") {
            return Vec::new();
        }
        let bytes = inside(text);
        let parts = elements(elements(&bytes)[0].1);
        let pkcs1 = if parts.len() == 3 { parts[2].1 } else { &bytes };
        vec![("public_key", spki(&rsa_info(pkcs1)))]
    };
    read(rule, beside, tells).into_iter().map(|case| case.with(told)).collect()
}

pub fn dsa(rule: &Rule) -> Vec<Case> {
    let tells = |text: &str| {
        let bytes = inside(text);
        let numbers = elements(elements(&bytes)[0].1);
        let number = |n: usize| der(2, numbers[n].1);
        let domain = der(0x30, &[number(1), number(2), number(3)].concat());
        let algorithm = der(0x30, &[der(6, &unhex("2a8648ce380401")), domain].concat());
        let public = der(3, &[vec![0], number(4)].concat());
        vec![("public_key", spki(&der(0x30, &[algorithm, public].concat())))]
    };
    read(rule, "", tells)
}

/// A key of the curve P-256 in SEC1, with its public half in it, and its SubjectPublicKeyInfo.
fn p256_key(n: u64) -> (Vec<u8>, Vec<u8>) {
    let secret = p256::SecretKey::from_slice(&seed(n)).expect("below the order");
    let point = secret.public_key().as_affine().to_sec1_point(false).as_bytes().to_vec();
    let curve = unhex("06082a8648ce3d030107");
    let bits = der(3, &[&[0], &point[..]].concat());
    let parts = [unhex("020101"), der(4, &seed(n)), der(0xa0, &curve), der(0xa1, &bits)];
    let algorithm = der(0x30, &[unhex("06072a8648ce3d0201"), curve].concat());
    (der(0x30, &parts.concat()), der(0x30, &[algorithm, bits].concat()))
}

pub fn ec(_: &Rule) -> Vec<Case> {
    let (key, info) = p256_key(21);
    let text = armour("EC PRIVATE KEY", &key, "\n");
    vec![Case::known(text, &[("public_key", &spki(&info))])]
}

pub fn pkcs8(rule: &Rule) -> Vec<Case> {
    let (_, info) = ed25519(&seed(22));
    let key = [unhex("302e020100300506032b657004220420"), seed(22).to_vec()].concat();
    let text = armour("PRIVATE KEY", &key, "\n");
    let mut cases = rsa(rule, "", &[]);
    cases.push(Case::known(text, &[("public_key", &spki(&info))]));
    cases
}

fn string(bytes: &[u8]) -> Vec<u8> {
    [&u32::try_from(bytes.len()).expect("short").to_be_bytes()[..], bytes].concat()
}

/// The name that OpenSSH gives a public half.
fn fingerprint(blob: &[u8]) -> String {
    format!("SHA256:{}", base64(&sha256(blob)).trim_end_matches('='))
}

/// An unlocked key and a locked one: of that, the public half alone can be read.
pub fn openssh(_: &Rule) -> Vec<Case> {
    let (public, info) = ed25519(&seed(23));
    let kind = string(b"ssh-ed25519");
    let blob = [kind.clone(), string(&public)].concat();
    let secret = [&seed(23)[..], &public].concat();
    let inner =
        [&[7; 8][..], &kind, &string(&public), &string(&secret), &string(b"deploy@build.example")]
            .concat();
    let padding: Vec<u8> = (1..=(8 - inner.len() % 8) as u8 % 8).collect();
    let file = |cipher: &[u8], kdf: &[u8], options: &[u8], private: &[u8]| {
        let parts = [
            b"openssh-key-v1\0".to_vec(),
            string(cipher),
            string(kdf),
            string(options),
            1_u32.to_be_bytes().to_vec(),
            string(&blob),
            string(private),
        ];
        armour("OPENSSH PRIVATE KEY", &parts.concat(), "\n")
    };
    let open = file(b"none", b"none", b"", &[inner, padding].concat());
    let options = [string(&[5; 16]), 16_u32.to_be_bytes().to_vec()].concat();
    let locked = file(b"aes256-ctr", b"bcrypt", &options, &Dice::seeded(24).bytes(144));
    let print = fingerprint(&blob);
    let told = [
        ("key_id", print.as_str()),
        ("public_key", &spki(&info)),
        ("principal", "deploy@build.example"),
    ];
    vec![Case::known(open, &told), Case::known(locked, &told[..1])]
}

pub fn putty(rule: &Rule) -> Vec<Case> {
    let tells = |file: &str| {
        let file = file.replace("\\r", "").replace("\\n", "\n");
        let lines: Vec<&str> = file.lines().map(str::trim).collect();
        let at = |name: &str| lines.iter().position(|line| line.starts_with(name)).expect("a line");
        let value = |name: &str| lines[at(name)].split_once(": ").expect("a value").1.to_owned();
        let count: usize = value("Public-Lines").parse().expect("a number");
        let first = at("Public-Lines") + 1;
        let blob = unbase64(&lines[first..first + count].concat());
        assert!(blob.starts_with(&string(b"ssh-ed25519")), "samples are of this kind");
        let info = [&unhex("302a300506032b6570032100")[..], &blob[blob.len() - 32..]].concat();
        let mut told = vec![("key_id", fingerprint(&blob)), ("public_key", spki(&info))];
        told.extend(Some(value("Comment")).filter(|c| !c.is_empty()).map(|c| ("principal", c)));
        told
    };
    read(rule, "", tells)
}

pub fn jwk(_: &Rule) -> Vec<Case> {
    let (public, info) = ed25519(&seed(25));
    let (d, x) = (base64url(&seed(25)), base64url(&public));
    let text = format!(r#"{{"kty":"OKP","crv":"Ed25519","kid":"sign-2031","x":"{x}","d":"{d}"}}"#);
    // RFC 7638: the required members alone, in the order of their names.
    let print =
        base64url(&sha256(format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#).as_bytes()));
    let told = [
        ("key_id", "sign-2031"),
        ("public_key", &format!("jwk sha256 {print}")),
        ("public_key", &spki(&info)),
    ];
    vec![Case::known(text, &told)]
}

pub fn service_account(rule: &Rule) -> Vec<Case> {
    let id = hex(&Dice::seeded(26).bytes(20));
    let beside = format!(
        r#", "type": "service_account", "project_id": "acme-west-7", "private_key_id": "{id}", "client_email": "builder@acme-west-7.iam.gserviceaccount.com""#
    );
    let told = [
        ("tenant", "acme-west-7"),
        ("principal", "builder@acme-west-7.iam.gserviceaccount.com"),
        ("key_id", id.as_str()),
    ];
    let key = rsa(rule, "", &[]);
    key.into_iter()
        .map(|mut case| {
            case.text.extend_from_slice(beside.as_bytes());
            case.with(&told)
        })
        .collect()
}

/// A key of a kubeconfig with the certificate of its user, and one with a certificate that is not its own.
pub fn kubeconfig(_: &Rule) -> Vec<Case> {
    let (key, info) = p256_key(27);
    let (_, other) = p256_key(28);
    let name = |oid: &str, text: &str| {
        let pair = [der(6, &unhex(oid)), der(12, text.as_bytes())].concat();
        der(0x31, &der(0x30, &pair))
    };
    let subject =
        [name("55040a", "system:masters"), name("55040a", "ops"), name("550403", "admin-7")];
    let algorithm = der(0x30, &unhex("06082a8648ce3d040302"));
    let validity = [der(0x17, b"310203040506Z"), der(0x18, b"20510607080910Z")].concat();
    let certificate = |info: &[u8]| {
        let body = [
            der(0xa0, &der(2, &[2])),
            der(2, &[17]),
            algorithm.clone(),
            der(0x30, &name("550403", "cluster-ca")),
            der(0x30, &validity),
            der(0x30, &subject.concat()),
            info.to_vec(),
        ];
        let signed = [der(0x30, &body.concat()), algorithm.clone(), der(3, &[0; 72])];
        base64((armour("CERTIFICATE", &der(0x30, &signed.concat()), "\n") + "\n").as_bytes())
    };
    let key = base64((armour("EC PRIVATE KEY", &key, "\n") + "\n").as_bytes());
    let file = |certificate: String| {
        format!(
            "clusters:\n- cluster:\n    server: https://k8s.acme.example:6443\nusers:\n- name: me\n  user:\n    client-certificate-data: {certificate}\n    client-key-data: {key}\n"
        )
    };
    let public = spki(&info);
    let told = [
        ("endpoint", "https://k8s.acme.example:6443"),
        ("public_key", public.as_str()),
        ("principal", "admin-7"),
        ("scope", "system:masters, ops"),
        ("expires_at", "2051-06-07T08:09:10Z"),
    ];
    vec![
        Case::known(file(certificate(&info)), &told),
        Case::known(file(certificate(&other)), &told[..2]),
    ]
}

/// A key of OpenPGP, version 4, Ed25519, in the clear, with a name and what the owner signed.
pub fn pgp(_: &Rule) -> Vec<Case> {
    let (public, _) = ed25519(&seed(29));
    let (created, life) = (1_700_000_000_u32, 86_400 * 365_u32);
    let head = [&[4][..], &created.to_be_bytes(), &unhex("16092b06010401da470f01010740")].concat();
    let public = [&head[..], &public].concat();
    let secret: Vec<u8> = seed(29).into_iter().skip_while(|byte| *byte == 0).collect();
    let bits = secret.len() as u16 * 8 - secret[0].leading_zeros() as u16;
    let secret = [&bits.to_be_bytes()[..], &secret].concat();
    let sum: u16 = secret.iter().map(|byte| u16::from(*byte)).sum();
    let key = [&public[..], &[0], &secret, &sum.to_be_bytes()].concat();
    let name = b"Build Bot <bot@acme.example>";
    // Made at, and the key's life; nothing here verifies the signature.
    let fields = [&[5, 2][..], &created.to_be_bytes(), &[5, 9], &life.to_be_bytes()].concat();
    let signature =
        [&[4, 0x13, 22, 8, 0, fields.len() as u8][..], &fields, &[0, 0, 1, 2, 0, 1, 1, 0, 1, 1]]
            .concat();
    let packet = |tag: u8, body: &[u8]| [&[0xc0 | tag, body.len() as u8], body].concat();
    let endless = [packet(5, &key), packet(13, name)].concat();
    let ending = [endless.clone(), packet(2, &signature)].concat();
    let armoured = |bytes: &[u8]| {
        let sum = base64(&crc24(bytes));
        let text = armour("PGP PRIVATE KEY BLOCK", bytes, "\n");
        text.replace(
            "-----BEGIN PGP PRIVATE KEY BLOCK-----",
            "-----BEGIN PGP PRIVATE KEY BLOCK-----\n",
        )
        .replace("-----END", &format!("={sum}\n-----END"))
    };
    let length = (public.len() as u16).to_be_bytes();
    let print = hex(&sha1(&[&[0x99][..], &length, &public].concat())).to_uppercase();
    let told = [
        ("key_id", print.as_str()),
        ("principal", "Build Bot <bot@acme.example>"),
        ("issued_at", &utc(u64::from(created))),
        ("expires_at", &utc(u64::from(created + life))),
    ];
    vec![Case::known(armoured(&ending), &told), Case::known(armoured(&endless), &told[..3])]
}
