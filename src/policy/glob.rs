//! Patterns with stars.

/// A pattern in which `*` stands for any text, also for none and with `/` in it; all else for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Glob(String);

impl Glob {
    /// The pattern `text`.
    pub fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The pattern as it is written.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Whether all of `text` fits.
    pub fn fits(&self, text: &str) -> bool {
        let mut parts = self.0.split('*');
        let Some(rest) = parts.next().and_then(|first| text.strip_prefix(first)) else {
            return false;
        };
        let Some(last) = parts.next_back() else { return rest.is_empty() };
        let Some(mut middle) = rest.strip_suffix(last) else { return false };
        for part in parts {
            let Some((_, behind)) = middle.split_once(part) else { return false };
            middle = behind;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_anything() {
        let fits = [
            ("github-pat-*", "github-pat-classic"),
            ("*-pat-classic", "github-pat-classic"),
            ("*", ""),
            ("a*b*c", "a/b/b/c"),
            ("github", "github"),
            ("a**c", "abc"),
            ("*/.env", "app/.env"),
        ];
        for (pattern, text) in fits {
            assert!(Glob::new(pattern).fits(text), "{pattern} {text}");
        }
        let misses =
            [("github-pat", "github-pat-classic"), ("aba*aba", "aba"), ("a*b*c", "a/c"), ("", "a")];
        for (pattern, text) in misses {
            assert!(!Glob::new(pattern).fits(text), "{pattern} {text}");
        }
    }
}
