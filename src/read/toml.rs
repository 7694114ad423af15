//! TOML, read around damage.

mod resume;
mod tables;
#[cfg(test)]
mod tests;
mod tokens;
mod value;

use toml_parser::lexer::TokenKind;

use super::flaws::Flaws;
use super::{DEEPEST, Tree};
use tables::{Name, Table, Tables};
use tokens::Tokens;

/// The most names that are followed in the head of a table.
///
/// Each may name a list whose last table is meant, and so stand for two levels.
const HEAD: usize = DEEPEST / 4;

/// The most names that are followed before an equals sign.
const DOTTED: usize = DEEPEST / 8;

const TOO_DEEP: &str = "nested too deep";
const TWICE: &str = "a name stands twice";

/// Reads a document: its tables and lists of tables, nested as their heads say.
pub fn toml(text: &[u8]) -> Tree {
    let legible = tokens::legible(text);
    let (tables, root) = Tables::new(0..text.len());
    let mut reader = Reader {
        tokens: Tokens::new(text, &legible),
        flaws: Flaws::default(),
        tables,
        here: Here { table: root, depth: 1, inside: false },
        root,
    };
    reader.document();
    Tree { root: reader.tables.node(root), flaws: reader.flaws.all() }
}

/// The table that entries go into, and how deep their values lie.
#[derive(Clone, Copy)]
struct Here {
    table: Table,
    depth: usize,
    /// Whether it is written in braces.
    inside: bool,
}

struct Reader<'a> {
    tokens: Tokens<'a>,
    flaws: Flaws,
    tables: Tables,
    root: Table,
    here: Here,
}

impl Reader<'_> {
    fn document(&mut self) {
        loop {
            match self.tokens.peek() {
                TokenKind::Eof => return,
                TokenKind::Whitespace | TokenKind::Newline | TokenKind::Comment => {
                    self.tokens.take();
                }
                TokenKind::LeftSquareBracket => {
                    self.head();
                    self.line_ends();
                }
                kind if is_name(kind) => {
                    self.entry(self.here);
                    self.line_ends();
                }
                _ => {
                    self.flaws.add(self.tokens.at(), "a line has no name");
                    self.skip_line();
                }
            }
        }
    }

    /// Takes what is left of a line; more than a comment is a flaw.
    fn line_ends(&mut self) {
        self.tokens.blanks();
        match self.tokens.peek() {
            TokenKind::Newline | TokenKind::Comment | TokenKind::Eof => {}
            _ if self.tokens.line_start => {}
            _ => {
                self.flaws.add(self.tokens.at(), "a line goes on behind its end");
                self.skip_line();
            }
        }
    }

    fn skip_line(&mut self) {
        while !matches!(self.tokens.peek(), TokenKind::Newline | TokenKind::Eof) {
            self.tokens.take();
        }
    }

    /// `[a.b]` or `[[a.b]]`: where the entries behind it go.
    fn head(&mut self) {
        let start = self.tokens.take().span.start;
        let many = self.tokens.take_if(TokenKind::LeftSquareBracket).is_some();
        let mut names = self.names(HEAD);
        let mut end = names.last().map_or(start, |name| name.at.end);
        for _ in 0..=usize::from(many) {
            match self.tokens.take_if(TokenKind::RightSquareBracket) {
                Some(token) => end = token.span.end,
                None => self.flaws.add(start, "the head of a table does not end"),
            }
        }
        let Some(last) = names.pop() else {
            self.flaws.add(start, "a table has no name");
            return;
        };
        let depth = names.len() * 2 + if many { 3 } else { 2 };
        let around = names.into_iter().fold(self.root, |table, name| self.inner(table, name));
        let table = if many {
            self.tables.push(around, last, start..end)
        } else {
            self.inner(around, last)
        };
        self.tables.widen(table, &(start..end));
        self.here = Here { table, depth, inside: false };
    }

    fn inner(&mut self, table: Table, name: Name) -> Table {
        let at = name.at.clone();
        if self.tables.is_value(table, &name.text) {
            self.flaws.add(at.start, TWICE);
        }
        let inner = self.tables.inner(table, name);
        self.tables.widen(inner, &at);
        inner
    }

    /// Names with dots between them, at most as many as are followed.
    fn names(&mut self, most: usize) -> Vec<Name> {
        let mut names = Vec::new();
        loop {
            self.tokens.blanks();
            if !is_name(self.tokens.peek()) {
                return names;
            }
            let at = self.tokens.at();
            let name = self.name();
            if names.len() < most {
                names.push(name);
            } else if names.len() == most {
                self.flaws.add(at, TOO_DEEP);
            }
            self.tokens.blanks();
            if self.tokens.take_if(TokenKind::Dot).is_none() {
                return names;
            }
        }
    }

    fn name(&mut self) -> Name {
        let token = self.tokens.take();
        if token.kind != TokenKind::Atom {
            let (at, mut text) = self.tokens.string(&token, &mut self.flaws);
            return Name { text: std::mem::take(&mut *text), at };
        }
        let text = self.tokens.text(&token.span).into_owned();
        if !text.bytes().all(resume::is_bare) {
            self.flaws.add(token.span.start, "a name needs quotes");
        }
        Name { text, at: token.span }
    }

    /// `name = value` into a table; a value is taken without its equals sign too.
    fn entry(&mut self, into: Here) {
        let start = self.tokens.at();
        let mut names = self.names(DOTTED.min(DEEPEST.saturating_sub(into.depth) / 2).max(1));
        let Some(last) = names.pop() else { return };
        if self.tokens.take_if(TokenKind::Equals).is_none() {
            self.flaws.add(start, "an equals sign is missing");
            if !is_value(self.tokens.peek()) {
                return;
            }
        }
        self.tokens.blanks();
        let node = self.value(into.depth + 2 * names.len(), into.inside);
        let table = names.into_iter().fold(into.table, |table, name| self.inner(table, name));
        if !self.tables.set(table, last, node) {
            self.flaws.add(start, TWICE);
        }
    }
}

fn is_name(kind: TokenKind) -> bool {
    kind == TokenKind::Atom || kind.encoding().is_some()
}

fn is_value(kind: TokenKind) -> bool {
    is_name(kind) || matches!(kind, TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket)
}
