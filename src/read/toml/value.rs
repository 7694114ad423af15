//! Values of a TOML text: strings, words, lists and tables in braces.

use std::ops::Range;

use toml_parser::lexer::TokenKind;
use zeroize::Zeroizing;

use super::tables::Tables;
use super::{Here, Reader, TOO_DEEP, is_name, resume};
use crate::read::{DEEPEST, Node, Value};

impl Reader<'_> {
    /// The value that comes next; what ends a value within brackets or braces ends it if it is `inside` some.
    pub(super) fn value(&mut self, depth: usize, inside: bool) -> Node {
        match self.tokens.peek() {
            TokenKind::LeftSquareBracket if depth < DEEPEST => self.list(depth),
            TokenKind::LeftCurlyBracket if depth < DEEPEST => self.inline(depth),
            TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket => self.too_deep(),
            kind if kind.encoding().is_some() => {
                let token = self.tokens.take();
                let (span, text) = self.tokens.string(&token, &mut self.flaws);
                Node { span, value: Value::Text(text) }
            }
            TokenKind::Atom | TokenKind::Dot => self.bare(inside),
            _ => {
                let at = self.tokens.at();
                self.flaws.add(at, "a value is missing");
                Node { span: at..at, value: Value::Plain(String::new()) }
            }
        }
    }

    /// A number, a boolean or a date; anything else up to the end of the value is a text without quotes.
    fn bare(&mut self, inside: bool) -> Node {
        let mut span = self.tokens.at()..self.tokens.at();
        loop {
            match self.tokens.peek() {
                TokenKind::Newline | TokenKind::Comment | TokenKind::Eof => break,
                TokenKind::Comma | TokenKind::RightSquareBracket | TokenKind::RightCurlyBracket
                    if inside =>
                {
                    break;
                }
                kind if inside && kind.encoding().is_some() => break,
                TokenKind::Whitespace => _ = self.tokens.take(),
                _ => span.end = self.tokens.take().span.end,
            }
        }
        if self.tokens.is_plain(&span) {
            let value = Value::Plain(self.tokens.text(&span).into_owned());
            return Node { span, value };
        }
        self.flaws.add(span.start, "a text has no quotes");
        let text = Zeroizing::new(self.tokens.text(&span).into_owned());
        Node { span, value: Value::Text(text) }
    }

    /// `[1, 2]`; it is over too where a line shows that it was never closed.
    fn list(&mut self, depth: usize) -> Node {
        let mut span = self.tokens.take().span;
        let (mut nodes, mut comma) = (Vec::new(), true);
        while self.more(TokenKind::RightSquareBracket, &mut comma, &mut span) {
            let over = matches!(self.tokens.peek(), TokenKind::Eof | TokenKind::RightCurlyBracket);
            if over || (self.tokens.line_start && self.is_entry_or_head()) {
                self.flaws.add(span.start, "a list does not end");
                break;
            }
            self.parted(&mut comma);
            let node = self.item(depth + 1);
            span.end = span.end.max(node.span.end);
            nodes.push(node);
        }
        Node { span, value: Value::List(nodes) }
    }

    /// Passes over blanks and commas; whether more stands before the closing sign.
    fn more(&mut self, closer: TokenKind, comma: &mut bool, span: &mut Range<usize>) -> bool {
        loop {
            match self.tokens.peek() {
                TokenKind::Whitespace | TokenKind::Newline | TokenKind::Comment => {
                    self.tokens.take();
                }
                TokenKind::Comma => {
                    let at = self.tokens.take().span.start;
                    if *comma {
                        self.flaws.add(at, "a value is missing");
                    }
                    *comma = true;
                }
                kind if kind == closer => {
                    span.end = self.tokens.take().span.end;
                    return false;
                }
                _ => return true,
            }
        }
    }

    /// A value in a list; a sign that begins none is passed over.
    fn item(&mut self, depth: usize) -> Node {
        if self.tokens.peek() == TokenKind::Equals {
            let span = self.tokens.take().span;
            self.flaws.add(span.start, "a sign stands where it has no meaning");
            return Node { span, value: Value::Plain(String::new()) };
        }
        self.value(depth, true)
    }

    fn parted(&mut self, comma: &mut bool) {
        if !*comma {
            self.flaws.add(self.tokens.at(), "a comma is missing");
        }
        *comma = false;
    }

    /// `{a = 1, b.c = 2}`.
    fn inline(&mut self, depth: usize) -> Node {
        let mut span = self.tokens.take().span;
        let (outer, table) = Tables::new(span.clone());
        let outer = std::mem::replace(&mut self.tables, outer);
        let into = Here { table, depth: depth + 1, inside: true };
        let mut comma = true;
        while self.more(TokenKind::RightCurlyBracket, &mut comma, &mut span) {
            let new_line = self.tokens.line_start && !comma;
            if !is_name(self.tokens.peek()) || (new_line && self.is_entry()) {
                self.flaws.add(span.start, "a table in braces does not end");
                break;
            }
            self.parted(&mut comma);
            self.entry(into);
        }
        self.tables.widen(table, &span);
        let node = self.tables.node(table);
        self.tables = outer;
        node
    }

    /// Passes over a value that lies too deep.
    fn too_deep(&mut self) -> Node {
        let mut span = self.tokens.at()..self.tokens.at();
        self.flaws.add(span.start, TOO_DEEP);
        let mut depth = 0_usize;
        while self.tokens.peek() != TokenKind::Eof {
            if self.tokens.line_start && self.is_entry_or_head() {
                break;
            }
            let token = self.tokens.take();
            span.end = token.span.end;
            match token.kind {
                TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket => depth += 1,
                TokenKind::RightSquareBracket | TokenKind::RightCurlyBracket => {
                    depth = depth.saturating_sub(1);
                }
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
        Node { span, value: Value::Plain(String::new()) }
    }

    fn is_entry(&self) -> bool {
        resume::is_entry(self.tokens.from(self.tokens.at()))
    }

    fn is_entry_or_head(&self) -> bool {
        self.is_entry() || resume::is_head(self.tokens.from(self.tokens.at()))
    }
}
