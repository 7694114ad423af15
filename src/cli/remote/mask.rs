//! What Git says about an address, without the credentials of any.

use super::address::{Address, Login};

/// What stands where a credential was.
const GAP: &str = "…";
/// A name shorter than this is no token, and could be a word of any sentence.
const SHORT: usize = 8;

/// `text` without any part of `address` that may be secret, and without the login of any other URL.
pub(super) fn masked(text: &str, address: &Address) -> String {
    let mut secrets = address.login.as_ref().map(secrets).unwrap_or_default();
    secrets.retain(|secret| !secret.is_empty());
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    let text = secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret, GAP));
    without_logins(&text)
}

/// Every form in which a login could come back.
fn secrets(login: &Login) -> Vec<String> {
    let mut all = Vec::new();
    let user = [&login.user, login.raw_user()];
    all.extend(user.into_iter().filter(|user| user.len() >= SHORT).map(str::to_owned));
    let Some(password) = &login.password else { return all };
    let pair = format!("{}:{password}", login.user);
    all.push(base64_simd::STANDARD.encode_to_string(&pair));
    all.extend([pair, login.raw.clone(), password.clone()]);
    all.extend(login.raw_password().map(str::to_owned));
    all
}

/// `text` with nothing between a URL's `://` and its `@`.
fn without_logins(text: &str) -> String {
    let mut pieces = text.split("://");
    let mut whole = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let end = piece.find(|c: char| c.is_whitespace() || "/'\"<>".contains(c));
        let host = piece[..end.unwrap_or(piece.len())].rfind('@');
        whole.push_str("://");
        whole.push_str(if host.is_some() { GAP } else { "" });
        whole.push_str(&piece[host.unwrap_or(0)..]);
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::{Address, masked};

    fn told(url: &str, text: &str) -> String {
        masked(text, &Address::parse(url).expect("a remote"))
    }

    #[test]
    fn no_form_of_a_login_is_repeated() {
        let url = "https://someone%21:s%2Fcret@h/r";
        let text = "at 'https://someone%21:s%2Fcret@h/r': s/cret, s%2Fcret, someone!:s/cret, someone!, \
                    Basic c29tZW9uZSE6cy9jcmV0";
        assert_eq!(told(url, text), "at 'https://…@h/r': …, …, …, …, Basic …");
        assert_eq!(told("https://token-alone@h/r", "no token-alone"), "no …");
    }

    #[test]
    fn other_logins_are_hidden_and_words_are_not() {
        let text = "warning: redirecting to https://a:b@c/d and ssh://git@e; http://f/@g git";
        let safe = "warning: redirecting to https://…@c/d and ssh://…@e; http://f/@g git";
        assert_eq!(told("git@h:r", text), safe);
    }
}
