//! Logins that are written as HTTP has them: user and password in base64.

use zeroize::Zeroizing;

/// The password in `value`, which stands behind `scheme` in a field called `name`; of a login without one the
/// user, who is the token then. None if that is no login in base64.
pub(super) fn password(name: &str, scheme: &str, value: &str) -> Option<Zeroizing<String>> {
    // Docker calls the field `auth`; npm `_auth`, behind a registry's address or not.
    let is_login =
        scheme.eq_ignore_ascii_case("basic") || name == "auth" || name.ends_with("_auth");
    let bytes = is_login.then(|| base64_simd::STANDARD.decode_to_vec(value).ok())??;
    let bytes = Zeroizing::new(bytes);
    let text = std::str::from_utf8(&bytes).ok().filter(|text| !text.contains(char::is_control))?;
    let (user, password) = text.split_once(':')?;
    let secret = if password.is_empty() { user } else { password };
    Some(Zeroizing::new(secret.to_owned()))
}

#[cfg(test)]
mod tests {
    fn password(name: &str, scheme: &str, login: &str) -> Option<String> {
        let value = base64_simd::STANDARD.encode_to_string(login);
        super::password(name, scheme, &value).map(|text| text.to_string())
    }

    #[test]
    fn logins_tell_their_password() {
        for (name, scheme) in [
            ("Authorization", "Basic"),
            ("extraheader", "basic"),
            ("auth", ""),
            ("_auth", ""),
            ("//npm.example.org/:_auth", ""),
        ] {
            assert_eq!(password(name, scheme, "ann:a:b").as_deref(), Some("a:b"), "{name}");
            assert_eq!(password(name, scheme, ":word").as_deref(), Some("word"), "{name}");
            assert_eq!(password(name, scheme, "token:").as_deref(), Some("token"), "{name}");
            assert_eq!(password(name, scheme, "no login"), None, "{name}");
            assert_eq!(password(name, scheme, "a\0:b"), None, "{name}");
        }
        assert_eq!(password("Authorization", "Bearer", "ann:word"), None);
        assert_eq!(super::password("auth", "", "ann:word").as_deref(), None);
    }
}
