//! Texts of several lines, marked by `|` or `>` and their indentation.

use zeroize::Zeroizing;

use super::source::{Line, Source};
use crate::read::{Node, Value};

/// How a block is written.
struct Head {
    folded: bool,
    /// `-` for no line end behind the text, `+` for all that there are.
    ends: u8,
    /// By how much the text is indented against what is around it, if its head says so.
    indent: Option<usize>,
}

/// The block whose head stands at `at` in a line that ends at `end`, and where reading goes on; none if it
/// is no head. The lines of the block are indented by more than `around`.
pub(super) fn block(
    source: &Source<'_>,
    at: usize,
    line: Line,
    around: Option<usize>,
) -> Option<(Node, usize)> {
    let head = head(source, at, line.end)?;
    let (lines, next) = lines(source, line, around);
    let first = lines.iter().find(|line| !line.is_blank());
    let own = first.map_or(0, Line::indent);
    let indent = head.indent.map_or(own, |n| own.min(around.map_or(0, |a| a) + n));
    let start = first.map_or(line.end, |line| line.start + indent);
    let last = lines.iter().rfind(|line| !line.is_blank());
    let span = start..last.map_or(start, |line| line.end);
    let mut out = Zeroizing::new(String::with_capacity(next.saturating_sub(line.end) + 1));
    let mut fold = Fold { folded: head.folded, ends: 0, spaced: false, begun: false };
    for line in &lines {
        let content = line.start + indent.min(line.indent())..line.end;
        if line.is_blank() {
            fold.ends += 1;
            continue;
        }
        let text = source.lossy(&content);
        fold.glue(&mut out, text.starts_with([' ', '\t']));
        out.push_str(&text);
    }
    if !lines.is_empty() {
        match head.ends {
            b'-' => {}
            b'+' => (0..=fold.ends).for_each(|_| out.push('\n')),
            _ => out.push('\n'),
        }
    }
    Some((Node { span, value: Value::Text(out) }, next))
}

fn head(source: &Source<'_>, at: usize, end: usize) -> Option<Head> {
    let folded = source.byte(at)? == b'>';
    let mut head = Head { folded, ends: 0, indent: None };
    let mut at = at + 1;
    while at < end {
        match source.byte(at)? {
            sign @ (b'-' | b'+') => head.ends = sign,
            digit @ b'1'..=b'9' => head.indent = Some(usize::from(digit - b'0')),
            _ => return source.is_empty(at, end).then_some(head),
        }
        at += 1;
    }
    Some(head)
}

/// The lines of a block, and where the next one starts.
fn lines(source: &Source<'_>, head: Line, around: Option<usize>) -> (Vec<Line>, usize) {
    let mut lines = Vec::new();
    let (mut next, mut kept) = (head.next, 0);
    let mut end = next;
    while let Some(line) = source.line(next) {
        if !line.is_blank() {
            if around.is_some_and(|around| line.indent() <= around) {
                break;
            }
            kept = lines.len() + 1;
            end = line.next;
        }
        lines.push(line);
        next = line.next;
    }
    let blank = lines.len() > kept;
    lines.truncate(if blank && kept > 0 { lines.len() } else { kept });
    (lines, end)
}

/// What stands between two lines of a block.
struct Fold {
    folded: bool,
    /// Blank lines since the last line with text.
    ends: usize,
    /// Whether that line began with blanks.
    spaced: bool,
    begun: bool,
}

impl Fold {
    fn glue(&mut self, out: &mut String, spaced: bool) {
        let ends = match (self.folded && !self.spaced && !spaced, self.begun) {
            (_, false) => self.ends,
            (true, true) => self.ends,
            (false, true) => self.ends + 1,
        };
        if self.folded && self.begun && ends == 0 {
            out.push(' ');
        }
        (0..ends).for_each(|_| out.push('\n'));
        *self = Self { folded: self.folded, ends: 0, spaced, begun: true };
    }
}
