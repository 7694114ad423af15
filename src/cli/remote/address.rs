//! The address of a repository, taken apart so that no part that may be secret is shown.

use std::path::Path;

use anyhow::bail;

/// How a URL of a repository may begin; `ext::` and other helpers run commands and are not among them.
const SCHEMES: [&str; 5] = ["https", "http", "ssh", "git", "file"];

/// Where a repository is, and who may fetch it.
pub(super) struct Address {
    /// What the URL begins with; none in `user@host:path`.
    scheme: Option<&'static str>,
    /// Who asks.
    pub login: Option<Login>,
    /// Host and path.
    place: String,
}

/// The part of an address before the `@`.
pub(super) struct Login {
    /// As it was written.
    pub raw: String,
    /// The user, as it is meant.
    pub user: String,
    /// The password, as it is meant.
    pub password: Option<String>,
}

impl Address {
    /// Takes `text` apart if it names a repository in one of the ways that are fetched.
    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::of_url(text).or_else(|| Self::of_ssh(text))
    }

    /// Without user, password, and what follows the path.
    pub(super) fn name(&self) -> String {
        self.written(None)
    }

    /// What Git is given: no more than its name, save for the user that the `ssh` program is told.
    pub(super) fn for_git(&self) -> String {
        let user = self.login.as_ref().map(|login| login.raw_user());
        self.written(user.filter(|_| matches!(self.scheme, None | Some("ssh"))))
    }

    /// Scheme, host and port, if credentials are sent there by the rules of HTTP.
    pub(super) fn site(&self) -> Option<String> {
        let scheme = self.scheme.filter(|scheme| scheme.starts_with("http"))?;
        let host = self.place.split('/').next().unwrap_or_default();
        Some(format!("{scheme}://{host}"))
    }

    /// Refuses what could become a second line of what Git and its helpers tell each other.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        let login = self.login.iter().flat_map(|login| {
            [&*login.raw, &*login.user].into_iter().chain(login.password.as_deref())
        });
        if login.chain([&*self.place]).any(|part| part.contains(char::is_control)) {
            bail!("there is a control character in the URL");
        }
        Ok(())
    }

    fn of_url(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let scheme = SCHEMES.into_iter().find(|known| known.eq_ignore_ascii_case(scheme))?;
        let (login, place) = parted(rest);
        // Git would send it at the head of its own query: nothing serves repositories that way.
        let query = |place: &str| place.find(['?', '#']).filter(|_| scheme.starts_with("http"));
        let place = &place[..query(place).unwrap_or(place.len())];
        let login = login.map(Login::of);
        Self { scheme: Some(scheme), login, place: place.to_owned() }.if_sound()
    }

    /// The short form of `ssh://`, unless a file has that name.
    fn of_ssh(text: &str) -> Option<Self> {
        let (user, place) = text.split_once('@')?;
        let end = if place.starts_with('[') { "]:" } else { ":" };
        let (host, path) = place.split_once(end)?;
        let is_user = !user.is_empty() && !user.contains(['/', '\\', ':']);
        let is_place = !host.is_empty() && !host.contains(['/', '\\']) && !path.is_empty();
        // With two colons Git would take what is before them for a helper.
        let is_remote = is_user && is_place && !user.starts_with('-') && !path.starts_with(':');
        (is_remote && Path::new(text).symlink_metadata().is_err()).then_some(())?;
        Self { scheme: None, login: Some(Login::of(user)), place: place.to_owned() }.if_sound()
    }

    /// Not with a host that a program would take for a flag.
    fn if_sound(self) -> Option<Self> {
        let is_flag = |text: &str| text.starts_with('-');
        let user = self.login.as_ref().is_some_and(|login| is_flag(&login.user));
        (!self.place.is_empty() && !is_flag(&self.place) && !user).then_some(self)
    }

    fn written(&self, user: Option<&str>) -> String {
        let lead = self.scheme.map(|scheme| format!("{scheme}://")).unwrap_or_default();
        let user = user.map(|user| format!("{user}@")).unwrap_or_default();
        format!("{lead}{user}{}", self.place)
    }
}

impl Login {
    fn of(raw: &str) -> Self {
        let (user, password) = raw.split_once(':').map_or((raw, None), |(u, p)| (u, Some(p)));
        Self { raw: raw.to_owned(), user: decoded(user), password: password.map(decoded) }
    }

    /// The user as it was written.
    pub(super) fn raw_user(&self) -> &str {
        self.raw.split(':').next().unwrap_or_default()
    }

    /// The password as it was written.
    pub(super) fn raw_password(&self) -> Option<&str> {
        self.raw.split_once(':').map(|(_, password)| password)
    }
}

/// Who asks, and where: what is before the last `@` of the host's part. What is no host was a password
/// with a slash in it, as people paste them.
fn parted(rest: &str) -> (Option<&str>, &str) {
    let host = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let at = host.rfind('@').or_else(|| (!is_host(host)).then(|| rest.rfind('@')).flatten());
    at.map_or((None, rest), |at| (Some(&rest[..at]), &rest[at + 1..]))
}

/// Whether nothing but a port follows a colon.
fn is_host(text: &str) -> bool {
    let port = text.rsplit_once(':').map_or("", |(_, port)| port);
    text.starts_with('[') || port.bytes().all(|b| b.is_ascii_digit())
}

/// `text` with its `%41` undone.
fn decoded(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let Some((&first, after)) = rest.split_first() {
        let byte = after.get(..2).filter(|_| first == b'%').and_then(hex);
        bytes.push(byte.unwrap_or(first));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digits: &[u8]) -> Option<u8> {
    let digit = |at: usize| char::from(digits[at]).to_digit(16);
    u8::try_from(digit(0)? * 16 + digit(1)?).ok()
}

#[cfg(test)]
mod tests {
    use super::Address;

    fn names(text: &str) -> Option<(String, String)> {
        Address::parse(text).map(|address| (address.name(), address.for_git()))
    }

    #[test]
    fn what_git_fetches_from_is_told_from_paths() {
        for url in
            ["https://h/r.git", "http://[::1]:80/r", "git://h/r", "file:///a b#c", "ssh://h/r"]
        {
            assert_eq!(names(url), Some((url.to_owned(), url.to_owned())));
        }
        for path in [
            "src",
            "./a@b:c",
            "a/b@c:d",
            "C:\\a@b:c",
            "C:/x",
            "h:path",
            "u:p@h:path",
            "u@h",
            "u@h:",
            "-",
            "ext::sh -c x",
            "ext://x",
            "https::http://h/r",
            "ftp://h/r",
            "https://",
            "-u@h:p",
            "u@-oProxyCommand=x:p",
            "ssh://-oProxyCommand=x/p",
            "ssh://-l@h/p",
            "u@h::p",
            "--x=https://h/r",
        ] {
            assert_eq!(names(path), None, "{path}");
        }
    }

    #[test]
    fn a_name_holds_neither_login_nor_query() {
        for url in [
            "https://u:pass@h:8443/r",
            "https://pass@h:8443/r",
            "HTTPS://u:pa@pass@h:8443/r",
            "https://u:x/pass@h:8443/r",
            "https://u:x#pass@h:8443/r",
            "https://h:8443/r?private_token=pass",
            "https://u:pass@h:8443/r#pass",
            "https://:pass@h:8443/r",
            "https://u:x?y/pass@h:8443/r?z",
        ] {
            let clean = "https://h:8443/r".to_owned();
            assert_eq!(names(url), Some((clean.clone(), clean)), "{url}");
        }
        let ssh = |name: &str, git: &str| Some((name.to_owned(), git.to_owned()));
        assert_eq!(names("ssh://u:pass@h/r"), ssh("ssh://h/r", "ssh://u@h/r"));
        assert_eq!(names("git@h:o/r@2"), ssh("h:o/r@2", "git@h:o/r@2"));
        assert_eq!(names("git@[::1]:r"), ssh("[::1]:r", "git@[::1]:r"));
        assert_eq!(names("git://u:pass@h/r"), ssh("git://h/r", "git://h/r"));
    }

    #[test]
    fn a_login_is_decoded() {
        let login = Address::parse("https://a%40b:c%2Fd%zz%@h/r").and_then(|address| address.login);
        let login = login.expect("there is one");
        assert_eq!((&*login.user, login.password.as_deref()), ("a@b", Some("c/d%zz%")));
    }

    #[test]
    fn control_characters_are_refused() {
        let checked = |text| Address::parse(text).map(|address| address.check().is_ok());
        assert_eq!(checked("https://u:p%0ahost=x@h/r"), Some(false));
        assert_eq!(checked("https://h/r\n"), Some(false));
        assert_eq!(checked("https://u:p@h/r%0a"), Some(true));
    }
}
