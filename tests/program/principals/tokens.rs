//! Credentials of forges, tools and services with an owner of the test's choice inside.

use keytrail::rules::Rule;
use keytrail::rules::dice::Dice;

use super::Case;
use super::jwts::{EXPIRES, ISSUED};
use super::numbers::{
    LETTERS_FIRST, base32, base36, base64, base64url, hex, noise, place, sha1, sha256, unbase62,
    unix, utc,
};
use super::samples::read;

pub fn github_fine_grained(_: &Rule) -> Vec<Case> {
    let case = |id: u32| {
        let (random, body, tail) = (noise(1, 12), noise(2, 43), noise(3, 8));
        let covered = format!("github_pat_11{}0{random}_{body}", base32(&id.to_be_bytes()));
        let sum = base32(&sha256(covered.as_bytes())[..5]);
        let owner = format!("github user id {id}");
        let told = [("principal", owner.as_str()), ("endpoint", "git.acme.example")];
        Case::known(format!("https://{covered}{sum}{tail}@git.acme.example/x\n"), &told)
    };
    vec![case(4_242_424), case(1), case(230_000_001)]
}

fn gitlab(prefix: &str, routing: &str) -> String {
    let random = Dice::seeded(3).bytes(16);
    let payload = [random.as_slice(), routing.as_bytes(), &[routing.len() as u8]].concat();
    let payload = base64url(&payload);
    let covered = format!("{prefix}{payload}.01.{}", base36(payload.len() as u64, 2));
    let sum = base36(u64::from(crc32fast::hash(covered.as_bytes())), 7);
    format!("token: {covered}{sum}\n")
}

pub fn gitlab_user(_: &Rule) -> Vec<Case> {
    let token = gitlab("glpat-", "c:3\ng:2s\no:1\np:9ix\nu:2n9c");
    let told = [
        ("endpoint", "gitlab cell 3"),
        ("tenant", "gitlab group id 100"),
        ("tenant", "gitlab organization id 1"),
        ("tenant", "gitlab project id 12345"),
        ("principal", "gitlab user id 123456"),
    ];
    vec![Case::known(token, &told)]
}

pub fn gitlab_runner(_: &Rule) -> Vec<Case> {
    let token = gitlab("glrt-", "c:1\no:1\nt:2\nu:2n9c");
    let told = [
        ("endpoint", "gitlab cell 1"),
        ("tenant", "gitlab organization id 1"),
        ("scope", "gitlab runner type 2"),
        ("principal", "gitlab user id 123456"),
    ];
    vec![Case::known(token, &told)]
}

pub fn sentry(_: &Rule) -> Vec<Case> {
    let object = r#"{"iat": 1927857906.5, "url": "https://sentry.example", "region_url": "https://de.sentry.example", "org": "acme-west"}"#;
    let secret = base64(&Dice::seeded(4).bytes(32));
    let token = format!("sntrys_{}_{}", base64(object.as_bytes()), secret.trim_end_matches('='));
    let told = [
        ("issuer", "https://sentry.example"),
        ("tenant", "acme-west"),
        ("endpoint", "https://de.sentry.example"),
        ISSUED,
    ];
    vec![Case::known(format!("token: {token}\n"), &told)]
}

pub fn grafana_cloud(_: &Rule) -> Vec<Case> {
    let key = noise(5, 24);
    let object = format!(r#"{{"o":"654321","n":"ci-metrics","k":"{key}","m":{{"r":"prod-eu"}}}}"#);
    let told = [("tenant", "654321"), ("key_id", "ci-metrics"), ("endpoint", "prod-eu")];
    vec![Case::known(format!("token: glc_{}\n", base64(object.as_bytes())), &told)]
}

pub fn grafana_legacy(_: &Rule) -> Vec<Case> {
    let object = format!(r#"{{"k":"{}","n":"dashboards","id":42}}"#, noise(6, 32));
    let text = format!("token: {}\n# acme.grafana.net\n", base64(object.as_bytes()));
    let told = [("tenant", "42"), ("key_id", "dashboards"), ("endpoint", "acme.grafana.net")];
    vec![Case::known(text, &told)]
}

pub fn onepassword(_: &Rule) -> Vec<Case> {
    let object = format!(
        r#"{{"signInAddress":"acme.1password.example","userAuth":{{"method":"SRPg-4096","iterations":650000}},"email":"bot7@accounts.example","srpX":"{}","muk":{{"kty":"oct","k":"{}"}},"secretKey":"A3-{}","deviceUuid":"device7"}}"#,
        noise(7, 240),
        noise(8, 60),
        noise(9, 26),
    );
    let told = [
        ("principal", "bot7@accounts.example"),
        ("key_id", "device7"),
        ("endpoint", "acme.1password.example"),
    ];
    vec![Case::known(format!("token: ops_{}\n", base64url(object.as_bytes())), &told)]
}

/// A packet of a macaroon: its type, its length, its data.
fn packet(kind: u8, data: &[u8]) -> Vec<u8> {
    [&[kind, u8::try_from(data.len()).expect("short")], data].concat()
}

pub fn pypi(_: &Rule) -> Vec<Case> {
    let id = "0123abcd-4567-4bcd-8def-0123456789ab";
    let index = ["pypi", "org"].join(".");
    let mut bytes =
        [&[2][..], &packet(1, index.as_bytes()), &packet(2, id.as_bytes()), &[0]].concat();
    for caveat in ["[0,1935817689,1927857906]", r#"[1,["demo-project"]]"#, r#"[3,"user-17"]"#] {
        bytes.extend([packet(2, caveat.as_bytes()), vec![0]].concat());
    }
    bytes.extend([vec![0], packet(6, &Dice::seeded(5).bytes(32))].concat());
    let told = [
        ("issuer", index.as_str()),
        ("key_id", id),
        ("scope", "projects demo-project"),
        ("principal", "user-17"),
        EXPIRES,
    ];
    vec![Case::known(format!("token: pypi-{}\n", base64url(&bytes)), &told)]
}

/// A UUID of version 5 (RFC 9562).
fn uuid5(space: &[u8], name: &[u8]) -> Vec<u8> {
    let mut id = sha1(&[space, name].concat())[..16].to_vec();
    id[6] = 0x50 | id[6] & 15;
    id[8] = 0x80 | id[8] & 63;
    id
}

pub fn fly(_: &Rule) -> Vec<Case> {
    let mut dice = Dice::seeded(6);
    let (key, random, tail) = (dice.bytes(40), dice.bytes(16), dice.bytes(32));
    let place = b"https://api.fly.io/v1";
    let bytes = [
        &[0x94, 0x93, 0xc4, 40][..],
        &key,
        &[0xc4, 16],
        &random,
        &[0xc2, 0xa0 | place.len() as u8],
        place,
        // An organization, two apps, a window; then the tail.
        &[0x96, 0, 0x92, 0xcd, 0x12, 0x34, 31, 3, 0x91, 0x82, 7, 31, 0xcc, 200, 31, 4, 0x92, 0xce],
        &1_927_857_906_u32.to_be_bytes(),
        &[0xce],
        &1_935_817_689_u32.to_be_bytes(),
        &[0xc4, 32],
        &tail,
    ]
    .concat();
    let space = [
        0x96, 0x8f, 0xc2, 0xc6, 0xa9, 0x4f, 0x49, 0x88, 0xa5, 0x44, 0x2a, 0xd7, 0x2b, 2, 0xf2, 0x22,
    ];
    let id = hex(&uuid5(&uuid5(&space, &key), &random));
    let id = [&id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]].join("-");
    let told = [
        ("issuer", "https://api.fly.io/v1"),
        ("tenant", "organization 4660"),
        ("key_id", id.as_str()),
        ("scope", "apps 7, 200"),
        EXPIRES,
    ];
    vec![Case::known(format!("token: FlyV1 fm2_{}\n", base64(&bytes)), &told)]
}

/// An id of Discord that was given out at this second.
fn snowflake(seconds: u64) -> String {
    ((seconds * 1000 - 1_420_070_400_000) << 22 | 4321).to_string()
}

pub fn discord_bot(_: &Rule) -> Vec<Case> {
    let id = snowflake(1_700_000_000);
    let issued = 1_717_171_717_u32;
    let parts = [
        base64url(id.as_bytes()),
        base64url(&(issued - 1_293_840_000).to_be_bytes()),
        noise(8, 38),
    ];
    let told = [("principal", id.as_str()), ("issued_at", &utc(u64::from(issued)))];
    vec![Case::known(format!("discord_token: {}\n", parts.join(".")), &told)]
}

pub fn discord_webhook(_: &Rule) -> Vec<Case> {
    let id = snowflake(1_717_171_717);
    let text = format!("https://discord.com/api/webhooks/{id}/{}\n", noise(9, 68));
    vec![Case::known(text, &[("key_id", &id), ("issued_at", &utc(1_717_171_717))])]
}

/// Tokens with an id of 24 hexadecimal digits, which begins with its time.
pub fn object_id(rule: &Rule) -> Vec<Case> {
    let tells = |token: &str| {
        let part = token.split(['-', '.']).find(|p| p.len() == 24).expect("an id");
        let seconds = u64::from_str_radix(&part[..8], 16).expect("hexadecimal");
        let mut told = vec![("key_id", part.to_owned()), ("issued_at", utc(seconds))];
        let account = token.split('.').find(|part| part.len() == 22);
        told.extend(account.map(|account| ("tenant", account.to_owned())));
        told
    };
    read(rule, "", tells)
}

pub fn jfrog_reference(_: &Rule) -> Vec<Case> {
    let case = |end: &str, told: &[(&'static str, &str)]| {
        let token = base64(format!("reftkn:01:{end}:{}", noise(10, 27)).as_bytes());
        let told = [told, &[("endpoint", "acme.jfrog.io")]].concat();
        Case::known(format!("host: acme.jfrog.io\ntoken: {token}\n"), &told)
    };
    vec![case("1935817689", &[EXPIRES]), case("0000000000", &[])]
}

pub fn vault(rule: &Rule) -> Vec<Case> {
    let tells = |token: &str| {
        let mut told = vec![("endpoint", "https://vault.acme.example:8200".to_owned())];
        let namespace = token.split('.').nth(2);
        told.extend(namespace.map(|name| ("tenant", format!("namespace {name}"))));
        told
    };
    read(rule, "VAULT_ADDR=https://vault.acme.example:8200", tells)
}

/// Keys whose id stands between two hyphens.
pub fn tailscale(rule: &Rule) -> Vec<Case> {
    read(rule, "", |key| vec![("key_id", key.split('-').nth(2).expect("an id").to_owned())])
}

pub fn bitwarden(rule: &Rule) -> Vec<Case> {
    read(rule, "", |token| vec![("key_id", token.split('.').nth(1).expect("an id").to_owned())])
}

pub fn supabase_secret(_: &Rule) -> Vec<Case> {
    let (project, random) = ("qwertyuiopasdfghjklz", noise(11, 22));
    let covered = format!("{project}|sb_secret_{random}");
    let sum = base64url(&sha256(covered.as_bytes())[..6]);
    let text = format!("URL=https://{project}.supabase.co\nKEY=sb_secret_{random}_{sum}\n");
    vec![Case::known(text, &[("tenant", project)])]
}

pub fn supabase_url(_: &Rule) -> Vec<Case> {
    let (project, password) = ("qwertyuiopasdfghjklz", noise(12, 20));
    let direct =
        format!("postgresql://postgres:{password}@db.{project}.supabase.co:5432/postgres\n");
    let pooler = "aws-0-eu-central-1.pooler.supabase.com";
    let pooled = format!("postgres://postgres.{project}:{password}@{pooler}:6543/shop?x=1\n");
    let user = format!("postgres.{project}");
    vec![
        Case::known(
            direct,
            &[
                ("tenant", project),
                ("principal", "postgres"),
                ("endpoint", &format!("db.{project}.supabase.co:5432/postgres")),
            ],
        ),
        Case::known(
            pooled,
            &[
                ("tenant", project),
                ("principal", &user),
                ("endpoint", &format!("{pooler}:6543/shop")),
            ],
        ),
    ]
}

pub fn nuget_v4(rule: &Rule) -> Vec<Case> {
    read(rule, "", |key| vec![("key_id", key[..20].to_owned())])
}

/// Owner, kind and times at the places that NuGet's own source names.
pub fn nuget_v5(rule: &Rule) -> Vec<Case> {
    let tells = |key: &str| {
        let at = |n: usize| place(LETTERS_FIRST, key.as_bytes()[n]);
        let (year, month, day) = (2024 + at(58), at(59) + 1, at(69) + 1);
        let start = unix(year, month, day).map(|days| days + at(70) * 3600 + at(71) * 60);
        let environment = if &key[62..63] == "P" { ", production" } else { "" };
        let life = if &key[72..73] == "S" { ", short-lived" } else { ", long-lived" };
        let mut told = vec![
            ("principal", unbase62(&key[63..69]).to_string()),
            ("scope", format!("NuGet{environment}{life}")),
        ];
        // A drawn day may be the 31st of a shorter month.
        if let Some(start) = start {
            told.push(("issued_at", utc(start)));
            told.push(("expires_at", utc(start + unbase62(&key[73..76]) * 300)));
        }
        told
    };
    read(rule, "", tells)
}

pub fn entra(rule: &Rule) -> Vec<Case> {
    let [app, directory] =
        ["0123abcd-4567-4bcd-8def-0123456789ab", "fedcba98-7654-4321-8fed-cba987654321"];
    let beside = format!("AZURE_CLIENT_ID={app}\nAZURE_TENANT_ID={directory}");
    let tells = |secret: &str| {
        vec![
            ("key_id", format!("hint {}", &secret[..3])),
            ("principal", app.to_owned()),
            ("tenant", directory.to_owned()),
        ]
    };
    read(rule, &beside, tells)
}

/// Whether it gives access or a new token stands in its mark.
pub fn anthropic_oauth(rule: &Rule) -> Vec<Case> {
    let kind = |token: &str| {
        let refresh = token.contains("-ort01-");
        vec![("scope", if refresh { "oauth refresh" } else { "oauth access" }.to_owned())]
    };
    read(rule, "", kind)
}

/// Whose it is stands in its mark.
pub fn xata(rule: &Rule) -> Vec<Case> {
    let kind = |token: &str| {
        let user = token.starts_with("xau_");
        vec![("scope", if user { "user" } else { "organization" }.to_owned())]
    };
    read(rule, "", kind)
}
