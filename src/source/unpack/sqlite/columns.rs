//! The names of a table's columns, taken from the statement that made it.

use std::collections::HashMap;

use super::schema::shorten;

/// What the statement of a table says of its columns.
#[derive(Default)]
pub(super) struct Columns {
    all: Vec<Column>,
    /// The names of those that make up the primary key.
    key: Vec<String>,
}

struct Column {
    name: String,
    /// Its values are worked out, not stored.
    is_virtual: bool,
}

impl Columns {
    /// Reads a `CREATE TABLE`, whatever else stands in it.
    pub(super) fn read(statement: &str) -> Self {
        let mut columns = Self::default();
        let (mut item, mut depth) = (Vec::new(), 0_usize);
        for token in (Tokens { rest: statement }) {
            match token {
                Token::Sign('(') => depth += 1,
                Token::Sign(')') => depth = depth.saturating_sub(1),
                _ => {}
            }
            match (depth, &token) {
                (0, Token::Sign(')')) => break,
                (1, Token::Sign(',')) => columns.add(&std::mem::take(&mut item)),
                (0, _) => {}
                _ => item.push(token),
            }
        }
        columns.add(item.get(..).unwrap_or_default());
        columns
    }

    /// Their names in the order in which values are stored: in a table without rowid the key comes first.
    pub(super) fn stored(self, is_index: bool) -> Vec<String> {
        let stored = self.all.into_iter().filter(|column| !column.is_virtual);
        let mut names: Vec<String> = stored.map(|column| column.name).collect();
        if is_index {
            let mut ranks = HashMap::new();
            for (rank, key) in self.key.iter().enumerate() {
                ranks.entry(key.to_ascii_lowercase()).or_insert(rank);
            }
            names.sort_by_cached_key(|name| {
                ranks.get(&name.to_ascii_lowercase()).copied().unwrap_or(usize::MAX)
            });
        }
        names
    }

    /// Adds what stands between two commas; the first begins with the opening bracket.
    fn add(&mut self, item: &[Token]) {
        let item = match item {
            [Token::Sign('('), rest @ ..] if self.all.is_empty() => rest,
            _ => item,
        };
        let Some(first) = item.first() else { return };
        let is_rule = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];
        if is_rule.iter().any(|word| first.is(word)) {
            self.key.extend(key_of(item));
            return;
        }
        let Token::Word(name, _) = first else { return };
        let mut name = name.clone();
        shorten(&mut name);
        let outer = outer(item);
        if outer.windows(2).any(|pair| pair[0].is("PRIMARY") && pair[1].is("KEY")) {
            self.key.push(name.clone());
        }
        let has = |word: &str| outer.iter().any(|token| token.is(word));
        self.all.push(Column { name, is_virtual: has("AS") && !has("STORED") });
    }
}

/// The columns of a `PRIMARY KEY (…)`.
fn key_of(item: &[Token]) -> Vec<String> {
    let key = item.windows(2).position(|pair| pair[0].is("PRIMARY") && pair[1].is("KEY"));
    let Some([Token::Sign('('), list @ ..]) = key.and_then(|at| item.get(at + 2..)) else {
        return Vec::new();
    };
    let end = list.iter().position(|token| matches!(token, Token::Sign(')')));
    let parts = list[..end.unwrap_or(list.len())].split(|token| matches!(token, Token::Sign(',')));
    let name = |part: &[Token]| {
        let Some(Token::Word(name, _)) = part.first() else { return None };
        let mut name = name.clone();
        shorten(&mut name);
        Some(name)
    };
    parts.filter_map(name).collect()
}

/// What stands in no brackets.
fn outer(item: &[Token]) -> Vec<&Token> {
    let mut depth = 0_usize;
    let is_outer = |token: &&Token| {
        match token {
            Token::Sign('(') => depth += 1,
            Token::Sign(')') => depth = depth.saturating_sub(1),
            _ => return depth == 0,
        }
        false
    };
    item.iter().filter(is_outer).collect()
}

/// A piece of a statement.
enum Token {
    /// A word, and whether it stood in quotes.
    Word(String, bool),
    Sign(char),
}

impl Token {
    fn is(&self, keyword: &str) -> bool {
        matches!(self, Self::Word(word, false) if word.eq_ignore_ascii_case(keyword))
    }
}

/// The pieces of a statement without its comments.
struct Tokens<'s> {
    rest: &'s str,
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        loop {
            self.rest = self.rest.trim_start();
            if let Some(comment) = self.rest.strip_prefix("--") {
                self.rest = comment.split_once('\n').map_or("", |(_, rest)| rest);
            } else if let Some(comment) = self.rest.strip_prefix("/*") {
                self.rest = comment.split_once("*/").map_or("", |(_, rest)| rest);
            } else {
                break;
            }
        }
        let first = self.rest.chars().next()?;
        match first {
            '"' | '\'' | '`' => Some(Token::Word(self.quoted(first), true)),
            '[' => {
                let (name, rest) = self.rest[1..].split_once(']').unwrap_or((&self.rest[1..], ""));
                self.rest = rest;
                Some(Token::Word(name.to_owned(), true))
            }
            _ => Some(self.plain(first)),
        }
    }
}

impl Tokens<'_> {
    /// A word in quotes; a quote in it is doubled.
    fn quoted(&mut self, quote: char) -> String {
        let mut word = String::new();
        let mut letters = self.rest.char_indices().skip(1).peekable();
        while let Some((at, letter)) = letters.next() {
            if letter != quote {
                word.push(letter);
            } else if letters.next_if(|&(_, next)| next == quote).is_some() {
                word.push(quote);
            } else {
                self.rest = &self.rest[at + 1..];
                return word;
            }
        }
        self.rest = "";
        word
    }

    fn plain(&mut self, first: char) -> Token {
        let of_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$' || !c.is_ascii();
        let end = self.rest.find(|c: char| !of_word(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end.max(first.len_utf8()));
        self.rest = rest;
        if of_word(first) { Token::Word(word.to_owned(), false) } else { Token::Sign(first) }
    }
}

#[cfg(test)]
mod tests {
    use super::Columns;

    fn stored(statement: &str, is_index: bool) -> String {
        Columns::read(statement).stored(is_index).join("|")
    }

    #[test]
    fn names_stand_in_the_order_of_the_values() {
        let plain = "CREATE TABLE \"a(b\"(id INTEGER PRIMARY KEY, -- the, id\n [a b] DECIMAL(10, 2) \
                     DEFAULT ')', /* c, */ 'it''s' CHECK(length(x) > 2), `d` TEXT)";
        assert_eq!(stored(plain, false), "id|a b|it's|d");
        let ruled = "CREATE TABLE t(a, b TEXT, c, CONSTRAINT k PRIMARY KEY(C COLLATE NOCASE, a DESC), \
                     FOREIGN KEY(b) REFERENCES u(x)) WITHOUT ROWID";
        assert_eq!(stored(ruled, false), "a|b|c");
        assert_eq!(stored(ruled, true), "c|a|b");
        let inline = "CREATE TABLE t(a, \"check\" TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID";
        assert_eq!(stored(inline, true), "check|a");
    }

    #[test]
    fn columns_that_are_worked_out_are_stored_only_if_they_say_so() {
        let made = "CREATE TABLE t(a, b GENERATED ALWAYS AS (a || 'x, y'), c AS (a) STORED, d)";
        assert_eq!(stored(made, false), "a|c|d");
    }

    #[test]
    fn what_is_no_statement_has_few_names_or_none() {
        for text in
            ["", "(", ")", "CREATE TABLE t", "CREATE TABLE t(\"a", "t(/*", "t(,,,)", "t((((a"]
        {
            assert!(stored(text, true).len() < 2, "{text}");
        }
    }
}
