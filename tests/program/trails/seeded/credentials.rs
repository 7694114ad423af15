//! The credentials, made up when the test runs.

use std::collections::BTreeMap;

use keytrail::rules::dice::Dice;
use keytrail::rules::{Catalogue, sample};
use serde_json::json;

use super::forms::base64;
use super::keys;

/// What sort of credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A token of this rule.
    Token(&'static str),
    /// A token of PyPI's, which whoever has it can attenuate.
    Macaroon,
    /// The id and the secret of an AWS access key.
    AwsPair,
    /// A service account's key.
    ServiceAccount,
    /// An RSA key.
    Rsa,
    /// A key of the curve P-256.
    Ec,
    /// A key of Ed25519.
    Ed25519,
    /// A key in PEM that is only wrapped otherwise.
    Pem,
    /// Hexadecimal digits that no rule knows.
    Hexadecimal,
    /// A UUID.
    Uuid,
    /// The password in a connection string.
    Database,
    /// A password that no rule knows.
    Password,
}

/// A credential in the forms that it has besides encodings.
pub struct Credential {
    text: String,
    others: BTreeMap<&'static str, String>,
}

impl Credential {
    /// One with this usual form.
    pub const fn new(text: String) -> Self {
        Self { text, others: BTreeMap::new() }
    }

    /// The same with one more form.
    pub fn also(mut self, name: &'static str, text: String) -> Self {
        self.others.insert(name, text);
        self
    }

    /// Its usual form.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// It in another form.
    pub fn other(&self, name: &str) -> &str {
        self.others.get(name).unwrap_or_else(|| panic!("there is no form {name}"))
    }

    /// A new one; each number gives another.
    pub fn make(kind: Kind, number: usize) -> Self {
        let mut dice = Dice::seeded(50_500 + number as u64);
        match kind {
            Kind::Token(rule) => Self::new(token(rule, &mut dice)),
            Kind::Macaroon => macaroon(&mut dice),
            Kind::AwsPair => aws(&mut dice),
            Kind::ServiceAccount => service_account(&mut dice),
            Kind::Rsa => keys::rsa(&pkcs1(&mut dice)),
            Kind::Ec => keys::ec(&mut dice),
            Kind::Ed25519 => keys::ed25519(&mut dice),
            Kind::Pem => {
                Self::new(keys::armour("PRIVATE KEY", &keys::rsa_pkcs8(&pkcs1(&mut dice))))
            }
            Kind::Hexadecimal => Self::new(text(&mut dice, b"0123456789abcdef", 40)).with_upper(),
            Kind::Uuid => Self::new(uuid(&mut dice)).with_upper(),
            Kind::Database => database(&mut dice),
            Kind::Password => Self::new(password(&mut dice)),
        }
    }

    fn with_upper(self) -> Self {
        let upper = self.text.to_ascii_uppercase();
        self.also("upper", upper)
    }
}

/// A token of `rule` whose check holds.
pub fn token(rule: &str, dice: &mut Dice) -> String {
    let catalogue = Catalogue::embedded();
    let rule = catalogue.find(rule).expect("the rule is there");
    String::from_utf8(sample::sealed(rule, dice).token).expect("tokens are text")
}

/// Letters and digits with signs between them that every encoding writes otherwise.
pub fn password(dice: &mut Dice) -> String {
    const LETTERS: &[u8] = b"23456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ";
    [7, 6, 7].map(|count| text(dice, LETTERS, count)).join("+")
}

/// A UUID of version 4.
pub fn uuid(dice: &mut Dice) -> String {
    let mut part = |count| text(dice, b"0123456789abcdef", count);
    format!("{}-{}-4{}-a{}-{}", part(8), part(4), part(3), part(3), part(12))
}

/// `count` letters of `alphabet`.
pub fn text(dice: &mut Dice, alphabet: &[u8], count: usize) -> String {
    String::from_utf8(dice.text(alphabet, count)).expect("ASCII")
}

/// An RSA key in PKCS#1.
fn pkcs1(dice: &mut Dice) -> Vec<u8> {
    let pem = token("pem-rsa", dice).replace("\\n", "\n");
    let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    base64_simd::STANDARD.decode_to_vec(body).expect("it is base64")
}

/// A token of PyPI's and two copies with more caveats.
fn macaroon(dice: &mut Dice) -> Credential {
    let token = token("pypi-token", dice);
    let bytes = base64_simd::URL_SAFE_NO_PAD.decode_to_vec(&token[5..]).expect("it is base64");
    let mut attenuated = |caveat: &str| {
        // What stands before the end of the caveats and the signature.
        let kept = &bytes[..bytes.len() - 35];
        let caveat = [&[2, caveat.len() as u8], caveat.as_bytes(), &[0]].concat();
        let all = [kept, &caveat, &[0, 6, 32], &dice.bytes(32)].concat();
        format!("pypi-{}", base64_simd::URL_SAFE_NO_PAD.encode_to_string(all))
    };
    let (once, narrow) = (attenuated(r#"[1,["shop"]]"#), attenuated("[0,1893456000,1767225600]"));
    Credential::new(token).also("attenuated", once).also("narrow", narrow)
}

fn aws(dice: &mut Dice) -> Credential {
    let mut id = None;
    let secret = loop {
        let catalogue = Catalogue::embedded();
        let rule = catalogue.find("aws-access-key").expect("the rule is there");
        let sample = sample::sealed(rule, dice);
        id.get_or_insert(String::from_utf8(sample.beside).expect("ids are text"));
        let secret = String::from_utf8(sample.token).expect("tokens are text");
        if secret.contains('/') {
            break secret;
        }
    };
    let id = id.expect("one sample was drawn");
    let id = id.trim_start_matches("aws_access_key_id = ");
    let pair = format!("[default]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n");
    let variables = format!("AWS_ACCESS_KEY_ID={id}\nAWS_SECRET_ACCESS_KEY={secret}\n");
    Credential::new(secret)
        .also("id", id.to_owned())
        .also("pair", pair)
        .also("variables", variables)
}

fn service_account(dice: &mut Dice) -> Credential {
    let pem = keys::armour("PRIVATE KEY", &keys::rsa_pkcs8(&pkcs1(dice)));
    let json = json!({
        "type": "service_account", "project_id": "shop-prod",
        "private_key_id": text(dice, b"0123456789abcdef", 40), "private_key": pem,
        "client_email": "deploy@shop-prod.iam.gserviceaccount.com", "client_id": "104857600123456789012",
        "token_uri": "https://oauth2.googleapis.com/token",
    });
    let json = format!("{json:#}\n");
    let packed = base64(&json);
    Credential::new(pem).also("json", json).also("packed", packed)
}

fn database(dice: &mut Dice) -> Credential {
    let password = password(dice);
    let escaped = password.replace('+', "%2B");
    Credential::new(password.clone())
        .also("url", format!("postgres://shop:{escaped}@db.internal:5432/shop"))
        .also(
            "pairs",
            format!("Server=db.internal;Database=shop;User Id=shop;Password={password};"),
        )
        .also("pgpass", format!("db.internal:5432:shop:shop:{password}"))
}
