//! Credentials of cloud accounts with an owner of the test's choice inside or beside them.

use keytrail::rules::Rule;
use keytrail::rules::dice::Dice;

use super::Case;
use super::numbers::{LETTERS_FIRST, base32, base64, hex, marvin32, noise, place, unbase64};
use super::samples::{beside, read, within};

const ACCOUNT: &str = "417290635518";

/// An access key id of `account`: 40 bits behind the first of ten bytes.
fn key_id(prefix: &str, account: &str) -> String {
    let number: u64 = account.parse().expect("digits");
    let head = (1 << 47 | number << 7).to_be_bytes();
    format!("{prefix}{}", base32(&[&head[2..], &Dice::seeded(1).bytes(4)].concat()))
}

/// Forty characters as mixed as a secret access key.
fn secret() -> String {
    format!("aZ7{}", noise(2, 37))
}

pub fn aws(_: &Rule) -> Vec<Case> {
    let case = |prefix, more: &[(&'static str, &str)]| {
        let id = key_id(prefix, ACCOUNT);
        let text = format!(
            "expiration = 2031-05-06T07:08:09Z\naws_access_key_id = {id}\naws_secret_access_key = {}\n",
            secret()
        );
        Case::known(text, &[&[("tenant", ACCOUNT), ("key_id", id.as_str())], more].concat())
    };
    vec![
        case("AKIA", &[]),
        case("ASIA", &[("scope", "temporary"), ("expires_at", "2031-05-06T07:08:09Z")]),
    ]
}

pub fn aws_unnamed(_: &Rule) -> Vec<Case> {
    let case = |prefix, more: &[(&'static str, &str)]| {
        let id = key_id(prefix, "000000000042");
        let told = [&[("tenant", "000000000042"), ("key_id", id.as_str())], more].concat();
        Case::known(format!("{id},{}\nexpiration,2031-05-06T07:08:09Z", secret()), &told)
    };
    vec![
        case("AKIA", &[]),
        case("ASIA", &[("scope", "temporary"), ("expires_at", "2031-05-06T07:08:09Z")]),
    ]
}

pub fn aws_session(_: &Rule) -> Vec<Case> {
    let id = key_id("ASIA", ACCOUNT);
    let token = format!("IQoJb3JpZ2luX2Vj{}", noise(3, 300));
    let case = |end: &str| {
        let text = format!(
            r#"{{"AccessKeyId": "{id}", "SessionToken": "{token}", "Expiration": "{end}"}}"#
        );
        let told = [
            ("tenant", ACCOUNT),
            ("key_id", id.as_str()),
            ("scope", "temporary"),
            ("expires_at", "2031-05-06T07:08:09Z"),
        ];
        Case::known(text, &told)
    };
    vec![case("2031-05-06T07:08:09Z"), case("2031-05-06T07:08:09+00:00")]
}

pub fn bedrock_long(_: &Rule) -> Vec<Case> {
    let login = format!("BedrockAPIKey-w4x7-at-{ACCOUNT}:{}", noise(4, 44));
    let text = format!("key: ABSK{}\n", base64(login.as_bytes()));
    vec![Case::known(text, &[("tenant", ACCOUNT), ("principal", "BedrockAPIKey-w4x7")])]
}

pub fn bedrock_short(_: &Rule) -> Vec<Case> {
    let id = key_id("ASIA", ACCOUNT);
    let address = format!(
        "bedrock.amazonaws.com/?Action=CallWithBearerToken&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={id}%2F20310206%2Feu-central-1%2Fbedrock%2Faws4_request&X-Amz-Date=20310203T040506Z&X-Amz-Expires=43200&X-Amz-Security-Token={}&X-Amz-Signature={}&X-Amz-SignedHeaders=host&Version=1",
        noise(5, 200),
        hex(&Dice::seeded(6).bytes(32)),
    );
    let told = [
        ("tenant", ACCOUNT),
        ("key_id", id.as_str()),
        ("scope", "temporary"),
        ("issued_at", "2031-02-03T04:05:06Z"),
        ("expires_at", "2031-02-03T16:05:06Z"),
        ("endpoint", "eu-central-1"),
    ];
    vec![Case::known(format!("key: bedrock-api-key-{}\n", base64(address.as_bytes())), &told)]
}

pub fn ses(_: &Rule) -> Vec<Case> {
    let id = key_id("AKIA", ACCOUNT);
    let password = base64(&[&[4][..], &Dice::seeded(7).bytes(32)].concat());
    let host = "email-smtp.eu-west-1.amazonaws.com";
    let text = format!("SMTP_HOST={host}\nSMTP_USER={id}\nSMTP_PASSWORD={password}\n");
    vec![Case::known(text, &[("tenant", ACCOUNT), ("key_id", &id), ("endpoint", host)])]
}

/// The seeds of Marvin32 that tell what an Azure key may do.
const CLASSES: &[(&str, &str, &[u8; 8])] = &[
    ("Storage", "Storage", b"Default0"),
    ("Batch", "Batch", b"AbAcct00"),
    ("Machine Learning (classic)", "Machine Learning (classic)", b"Classic0"),
    ("Cosmos DB", "Cosmos DB, read-write", b"MastRW00"),
    ("Cosmos DB", "Cosmos DB, read-only", b"MastRO00"),
    ("API Management", "API Management, tenant", b"Tenant00"),
    ("API Management", "API Management, subscription", b"IoTHub00"),
    ("API Management", "API Management, gateway", b"Gatewy00"),
    ("API Management", "API Management, git", b"GitKey00"),
    ("Functions", "Functions, function", b"Functi00"),
    ("Functions", "Functions, master", b"Master00"),
    ("Functions", "Functions, system", b"System00"),
    ("AI Search", "AI Search, admin", b"PAdmin00"),
    ("AI Search", "AI Search, query", b"Query000"),
    ("Container Registry", "Container Registry", b"ACRDflt0"),
    ("Service Bus", "Service Bus, send", b"Send0000"),
    ("Service Bus", "Service Bus, listen", b"Listen00"),
    ("Service Bus", "Service Bus, manage", b"Manage00"),
    ("Event Hubs", "Event Hubs, send", b"Send0000"),
    ("Event Hubs", "Event Hubs, listen", b"Listen00"),
    ("Event Hubs", "Event Hubs, manage", b"Manage00"),
    ("Relay", "Relay, send", b"Send0000"),
    ("Relay", "Relay, listen", b"Listen00"),
    ("Relay", "Relay, manage", b"Manage00"),
    ("IoT Hub", "IoT Hub, hub", b"IoTHub00"),
    ("IoT Hub", "IoT Hub, device", b"Device00"),
    ("IoT Hub", "IoT Hub, provisioning", b"DpsKey00"),
];

/// Keys of an Azure service: which of its seeds sums them up says what they may do.
pub fn azure(rule: &Rule, service: &str, beside: &str, told: &[(&'static str, &str)]) -> Vec<Case> {
    let class = |key: &str| {
        let bytes = unbase64(&key.replace('-', "+").replace('_', "/"));
        let (body, sum) = bytes.split_at(bytes.len() - 4);
        let of = |(name, _, seed): &&(&str, &str, &[u8; 8])| {
            *name == service && marvin32(seed, body).to_le_bytes() == sum
        };
        let (_, scope, _) = CLASSES.iter().find(of).expect("one of the service's seeds");
        vec![("scope", (*scope).to_owned())]
    };
    read(rule, beside, class).into_iter().map(|case| case.with(told)).collect()
}

/// Keys of the common annotated form: year and month stand behind the mark.
pub fn cask(rule: &Rule, service: &str, beside: &str, told: &[(&'static str, &str)]) -> Vec<Case> {
    let month = |key: &str| {
        let at = |n: usize| place(LETTERS_FIRST, key.as_bytes()[n]);
        let issued = format!("{}-{:02}", 2024 + at(58), at(59) + 1);
        vec![("scope", service.to_owned()), ("issued_at", issued)]
    };
    read(rule, beside, month).into_iter().map(|case| case.with(told)).collect()
}

/// One that a directory delegated, and one of a named key.
pub fn azure_sas(_: &Rule) -> Vec<Case> {
    let [directory, object] =
        ["0123abcd-4567-4bcd-8def-0123456789ab", "fedcba98-7654-4321-8fed-cba987654321"];
    let signature = base64(&Dice::seeded(9).bytes(32)).replace('+', "%2B").replace('=', "%3D");
    let host = "acmestore.blob.core.windows.net";
    let text = format!(
        "https://{host}/box?sp=rl&st=2031-02-03T04:05:06Z&se=2031-05-06T07:08:09Z&skoid={object}&sktid={directory}&skt=2031-02-03T04:05:06Z&ske=2031-05-06T07:08:09Z&sks=b&skv=2024-11-04&sv=2024-11-04&sr=c&sig={signature}\n"
    );
    let told = [
        ("tenant", directory),
        ("principal", object),
        ("scope", "rl"),
        ("expires_at", "2031-05-06T07:08:09Z"),
        ("endpoint", host),
    ];
    let bus = format!(
        "SharedAccessSignature sr=https%3A%2F%2Facme.servicebus.windows.net%2Forders&sig={signature}&se=1935817689&skn=reader\n"
    );
    let told_of_bus = [
        ("key_id", "reader"),
        ("expires_at", "2031-05-06T07:08:09Z"),
        ("endpoint", "acme.servicebus.windows.net"),
    ];
    vec![Case::known(text, &told), Case::known(bus, &told_of_bus)]
}

/// The published token, whose checksum was combined with the constant of user tokens.
pub fn devops_legacy(rule: &Rule) -> Vec<Case> {
    let token = ["lnx7dbvzmvuhb2qfifc7ytyfzd", "tcvc26kso3snz3vscivgho4ryq"].concat();
    let word = rule.context.as_ref().and_then(|context| context.words.first());
    let word = word.expect("the rule has words");
    let text = format!("https://dev.azure.com/acme-west\n{word} = {token}\n");
    vec![Case::known(text, &[("tenant", "acme-west"), ("scope", "user access token")])]
}

pub fn gcp_hmac(rule: &Rule) -> Vec<Case> {
    let id = format!("GOOG{}", "1ABCDEFGHIJKLMNOPQRST".get(..20).expect("20 characters"));
    let word = rule.context.as_ref().and_then(|context| context.words.first());
    let text = format!("{} = {{}}\n{id}\n", word.expect("the rule has words"));
    within(rule, &text, &[("key_id", &id)])
}

/// Of Redis there is one class of keys, some of them with signs replaced after they were summed up.
pub fn redis(rule: &Rule) -> Vec<Case> {
    let host = "acme.redis.cache.windows.net";
    let told = [("scope", "Cache for Redis"), ("endpoint", host)];
    beside(rule, host, &told)
}
