//! Makes text harmless in Markdown: nothing from a scanned place becomes a link, a mention, markup or HTML.

pub(super) use crate::model::visible;

/// `text` as code in a line.
pub(super) fn code(text: &str) -> String {
    let text = visible(text);
    let text = if text.trim().is_empty() { "(empty)".to_owned() } else { text };
    let ticks = "`".repeat(longest_ticks(&text) + 1);
    let pad = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

/// The longest row of backticks in `text`.
pub(super) fn longest_ticks(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// `text` as words; what stands between two backticks stays code.
pub(super) fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('`') {
        let Some((inner, next)) = after.split_once('`') else { break };
        words(before, &mut out);
        if !inner.is_empty() {
            out.push_str(&code(inner));
        }
        rest = next;
    }
    words(rest, &mut out);
    out
}

fn words(text: &str, out: &mut String) {
    for word in text.split_inclusive([' ', '\n', '\t']) {
        let bare = word.trim_end_matches([' ', '\n', '\t']);
        if is_live(bare) {
            out.push_str(&code(bare));
        } else {
            escape(bare, out);
        }
        if bare.len() < word.len() {
            out.push(' ');
        }
    }
}

/// Whether some reader makes a link or a mention of `word`.
fn is_live(word: &str) -> bool {
    word.contains('@') || word.contains("://") || word.to_ascii_lowercase().contains("www.")
}

fn escape(word: &str, out: &mut String) {
    let first = out.is_empty();
    let ordered = word.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(['.', ')']);
    for (n, c) in visible(word).chars().enumerate() {
        let markup = matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '&' | '|' | '~' | '$')
            || c == '#'
            || (first && n == 0 && matches!(c, '>' | '+' | '-' | '='))
            || (first && ordered && matches!(c, '.' | ')'));
        if markup {
            out.push('\\');
        }
        out.push(c);
    }
}

/// Whether `url` can stand in Markdown as it is: over TLS, and nothing in it that ends it.
pub(super) fn is_plain_url(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("https://") else { return false };
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~/?#=&%+:@,".contains(&b);
    !rest.is_empty() && rest.len() <= 500 && rest.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::{code, is_plain_url, prose};

    #[test]
    fn hostile_text_stays_text() {
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code("a\n# b\u{202e}"), "`a\\x0a# b\\u{202e}`");
        assert_eq!(prose("<b>*x*</b> [y](z) | &amp;"), r"\<b>\*x\*\</b> \[y\](z) \| \&amp;");
        assert_eq!(prose("ping @acme/all at http://x.y"), "ping `@acme/all` at `http://x.y`");
        assert_eq!(prose("1. x"), r"1\. x");
        assert_eq!(prose("- x"), r"\- x");
        assert_eq!(prose("run `a <b>` now"), "run `a <b>` now");
        assert_eq!(prose("one ` tick"), r"one \` tick");
    }

    #[test]
    fn only_plain_urls_become_links() {
        assert!(is_plain_url("https://github.com/settings/tokens"));
        for url in ["http://a.b", "javascript:x", "https://", "https://a.b/ <x>", "https://a.b/)\n"]
        {
            assert!(!is_plain_url(url), "{url}");
        }
    }
}
