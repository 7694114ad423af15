//! What the name of a value says of it.

/// What is to be expected of a value by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bears {
    /// A secret: `GITHUB_TOKEN`, `apiKey`, `X-Api-Key`.
    Secret,
    /// A password, which a person may have chosen: `DB_PASSWORD`.
    Password,
    /// An address that may hold a secret: `DATABASE_URL`, `endpoint`.
    Address,
    /// Something else.
    Other,
}

/// Words that make the name of a secret wherever they stand in it.
const SECRET: [&str; 17] = [
    "token",
    "secret",
    "apikey",
    "credential",
    "credentials",
    "auth",
    "authorization",
    "bearer",
    "pat",
    "cookie",
    "jwt",
    "accesskey",
    "privatekey",
    "authkey",
    "apitoken",
    "authtoken",
    "clientsecret",
];

const PASSWORD: [&str; 7] =
    ["password", "passwd", "pwd", "pass", "passphrase", "passcode", "userpass"];

/// Words in front of `key` that make it a secret one.
const KEYS: [&str; 24] = [
    "api",
    "access",
    "private",
    "secret",
    "auth",
    "account",
    "master",
    "signing",
    "encryption",
    "license",
    "service",
    "admin",
    "deploy",
    "app",
    "application",
    "subscription",
    "vault",
    "write",
    "salt",
    "creds",
    "session",
    "encrypt",
    "hmac",
    "cookie",
];

const ADDRESS: [&str; 7] = ["url", "uri", "dsn", "endpoint", "href", "baseurl", "serverurl"];

/// Words at the end of a name that say that the value only tells of a secret.
const TELLS: [&str; 31] = [
    "file",
    "path",
    "dir",
    "directory",
    "folder",
    "name",
    "names",
    "id",
    "ids",
    "env",
    "var",
    "type",
    "method",
    "mode",
    "scheme",
    "enabled",
    "disabled",
    "required",
    "expiry",
    "expires",
    "ttl",
    "timeout",
    "length",
    "size",
    "count",
    "limit",
    "prefix",
    "algorithm",
    "header",
    "scope",
    "policy",
];

/// Words that end the name of a secret though the last of them alone would not.
const SECRET_ENDS: [[&str; 2]; 4] =
    [["auth", "header"], ["authorization", "header"], ["api", "hash"], ["session", "string"]];

/// What frameworks put in front of the names of variables that go to a browser or a telephone.
const PREFIXES: [&[&str]; 6] = [
    &["next", "public"],
    &["expo", "public"],
    &["nuxt", "public"],
    &["react", "app"],
    &["vite"],
    &["gatsby"],
];

/// Words of what should never go there.
const GRAVE: [&str; 6] = ["secret", "private", "encryption", "password", "passwd", "admin"];

/// What a last word tells that is several words without a sign between them: `PGPASSWORD`, `authtoken`.
fn grown_together(word: &str) -> Option<Bears> {
    let ends = |ends: &[&str]| ends.iter().any(|end| word.len() > end.len() && word.ends_with(end));
    if ends(&["password", "passwd"]) {
        return Some(Bears::Password);
    }
    ends(&["token", "secret", "apikey"]).then_some(Bears::Secret)
}

/// What is to be expected of a value called `name`.
pub(super) fn bears(name: &str) -> Bears {
    let words = words(name);
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    // `API_KEY_2` is called as `API_KEY` is.
    words.pop_if(|last| last.bytes().all(|b| b.is_ascii_digit()));
    if let Some(last) = words.last_mut() {
        *last = last.trim_end_matches(|c: char| c.is_ascii_digit());
    }
    // What a framework puts in front says where the value goes, not what it is.
    for prefix in PREFIXES {
        if words.starts_with(prefix) && words[prefix.len()..].iter().any(|w| GRAVE.contains(w)) {
            words.drain(..prefix.len());
        }
    }
    let Some(&last) = words.last() else { return Bears::Other };
    if let Some(bears) = grown_together(last) {
        return bears;
    }
    if ADDRESS.contains(&last) || words.ends_with(&["connection", "string"]) {
        return Bears::Address;
    }
    if SECRET_ENDS.iter().any(|end| words.ends_with(end)) {
        return Bears::Secret;
    }
    if TELLS.contains(&last) || words.contains(&"public") || words.contains(&"max") {
        return Bears::Other;
    }
    if words.iter().any(|word| PASSWORD.contains(word)) {
        return Bears::Password;
    }
    let is_key = |pair: &[&str]| KEYS.contains(&pair[0]) && pair[1] == "key";
    let keyed = words.windows(2).any(is_key) || (last == "key" && words.len() <= 4);
    if keyed || words.iter().any(|word| SECRET.contains(word)) {
        Bears::Secret
    } else {
        Bears::Other
    }
}

/// What is to be expected of a header: those that carry secrets say so less plainly than variables.
pub(super) fn header(name: &str) -> Bears {
    match bears(name) {
        Bears::Other if name.to_ascii_lowercase().contains("key") => Bears::Secret,
        bears => bears,
    }
}

/// Whether `text` can be an environment variable's name.
pub(super) fn is_plain(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Whether `text` can be the name of a flag, header or variable.
pub(super) fn is_name(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}

/// The words of a name in lower case: parts between signs, and between a small letter and a capital.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut small = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (small && c.is_uppercase()) {
            words.push(String::new());
        }
        if c.is_alphanumeric() {
            words.last_mut().expect("there is one").extend(c.to_lowercase());
        }
        small = c.is_lowercase() || c.is_ascii_digit();
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::{Bears, bears};

    #[test]
    fn names_say_what_is_to_be_expected() {
        for name in [
            "GITHUB_TOKEN",
            "apiKey",
            "X-Api-Key",
            "Authorization",
            "client_secret",
            "OPENAI_KEY",
            "key",
            "GITHUB_PAT",
            "bearerToken",
            "DATADOG_APP_KEY",
            "authToken",
            "ACCESS_KEY_SECRET",
            "AUTH_HEADER",
            "API_HASH",
            "SUPABASE_SERVICE_ROLE_KEY",
            "KEY2",
            "OPENAI_KEY_2",
        ] {
            assert_eq!(bears(name), Bears::Secret, "{name}");
        }
        for name in ["DB_PASSWORD", "PGPASSWORD", "PGPASSWORD_PASS", "smtpPass", "passphrase"] {
            assert_eq!(bears(name), Bears::Password, "{name}");
        }
        for name in ["DATABASE_URL", "serverUrl", "SENTRY_DSN", "connectionString"] {
            assert_eq!(bears(name), Bears::Address, "{name}");
        }
        for name in [
            "LOG_LEVEL",
            "MAX_TOKENS",
            "TOKEN_FILE",
            "AWS_ACCESS_KEY_ID",
            "PUBLIC_KEY",
            "author",
            "path",
            "KEYBOARD",
            "passenger",
            "client_id",
            "monkey",
            "primary_key_column_name",
            "TOKEN_HEADER",
        ] {
            assert_eq!(bears(name), Bears::Other, "{name}");
        }
    }
}
