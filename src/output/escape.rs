//! Text from scanned places made harmless before a person's terminal or browser sees it.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

pub use crate::model::visible;

/// How many columns `text` takes.
pub(super) fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// The end of `text` that fits into `columns`, with an ellipsis where something was cut.
pub(super) fn fit_end(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let kept: Vec<char> = fitting(text.chars().rev(), columns).collect();
    format!("…{}", kept.into_iter().rev().collect::<String>())
}

/// The beginning of `text` that fits into `columns`, with an ellipsis where something was cut.
pub(super) fn fit_start(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    format!("{}…", fitting(text.chars(), columns).collect::<String>())
}

fn fitting(chars: impl Iterator<Item = char>, columns: usize) -> impl Iterator<Item = char> {
    let mut left = columns.saturating_sub(1);
    chars.take_while(move |c| {
        let width = c.width().unwrap_or(0);
        let fits = width <= left;
        left = left.saturating_sub(width);
        fits
    })
}

/// `text` broken at spaces into lines of at most `columns`; a longer word stands alone.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("there is always a line");
        if !line.is_empty() && width(line) + 1 + width(word) > columns {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{fit_end, fit_start, visible, wrap};

    #[test]
    fn hostile_text_becomes_visible() {
        let hostile = "a\x1b[2Jb\u{202e}c\r\n\u{200b}d\u{9b}e\u{feff}";
        assert_eq!(visible(hostile), r"a\x1b[2Jb\u{202e}c\x0d\x0a\u{200b}d\u{9b}e\u{feff}");
    }

    #[test]
    fn text_is_cut_by_columns() {
        assert_eq!(fit_start("abcdef", 4), "abc…");
        assert_eq!(fit_end("abcdef", 4), "…def");
        assert_eq!(fit_start("漢字漢字", 5), "漢字…");
        assert_eq!(fit_end("short", 9), "short");
    }

    #[test]
    fn lines_break_at_spaces() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("", 7), [""]);
    }
}
