//! The signs, words and strings of a TOML text, one after another.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr;
use toml_parser::decoder::{Encoding, ScalarKind};
use toml_parser::lexer::{Lexer, TokenKind};
use toml_parser::{ParseError, Raw, Source, Span};
use zeroize::Zeroizing;

use crate::read::flaws::Flaws;

/// How often a string of several lines that does not end may be taken for one of a single line: each time
/// the rest of the text is read anew.
const RESUMES: usize = 8;

/// A token, and where it stands.
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Range<usize>,
}

/// The tokens of a text.
pub(super) struct Tokens<'a> {
    /// The text as it is.
    text: &'a [u8],
    /// The same, with a sign of one byte in place of each byte that is not UTF-8.
    legible: &'a str,
    lexer: Lexer<'a>,
    /// Where the lexer began.
    base: usize,
    next: Option<Token>,
    /// Whether nothing but blanks stands before the next token in its line.
    pub(super) line_start: bool,
    resumes: usize,
}

/// `text`, with a sign of one byte in place of each byte that is not UTF-8.
pub(super) fn legible(text: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(text) {
        return Cow::Borrowed(text);
    }
    let mut legible = String::with_capacity(text.len());
    for chunk in text.utf8_chunks() {
        legible.push_str(chunk.valid());
        legible.extend(chunk.invalid().iter().map(|_| '\u{1a}'));
    }
    Cow::Owned(legible)
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a [u8], legible: &'a str) -> Self {
        let lexer = Source::new(legible).lex();
        let mut tokens =
            Self { text, legible, lexer, base: 0, next: None, line_start: true, resumes: 0 };
        tokens.advance();
        tokens
    }

    fn advance(&mut self) {
        let base = self.base;
        self.next = self.lexer.next().map(|token| Token {
            kind: token.kind(),
            span: base + token.span().start()..base + token.span().end(),
        });
    }

    /// What comes next; at the end of the text that is what ends it.
    pub(super) fn peek(&self) -> TokenKind {
        self.next.as_ref().map_or(TokenKind::Eof, |token| token.kind)
    }

    /// Where that is.
    pub(super) fn at(&self) -> usize {
        self.next.as_ref().map_or(self.text.len(), |token| token.span.start)
    }

    /// Takes the next token.
    pub(super) fn take(&mut self) -> Token {
        let end = self.text.len();
        let token = self.next.take().unwrap_or(Token { kind: TokenKind::Eof, span: end..end });
        match token.kind {
            TokenKind::Newline => self.line_start = true,
            TokenKind::Whitespace => {}
            _ => self.line_start = false,
        }
        if token.kind != TokenKind::Eof {
            self.advance();
        }
        token
    }

    /// Takes the next token if it is of that kind.
    pub(super) fn take_if(&mut self, kind: TokenKind) -> Option<Token> {
        (self.peek() == kind).then(|| self.take())
    }

    /// Takes blanks within a line.
    pub(super) fn blanks(&mut self) {
        while self.take_if(TokenKind::Whitespace).is_some() {}
    }

    /// The text from a place on.
    pub(super) fn from(&self, at: usize) -> &'a [u8] {
        self.text.get(at..).unwrap_or_default()
    }

    fn bytes(&self, span: &Range<usize>) -> &'a [u8] {
        self.text.get(span.clone()).unwrap_or_default()
    }

    /// The text of a span; U+FFFD stands for what is not UTF-8.
    pub(super) fn text(&self, span: &Range<usize>) -> Cow<'a, str> {
        String::from_utf8_lossy(self.bytes(span))
    }

    /// Whether a word without quotes is a number, a boolean or a date.
    pub(super) fn is_plain(&self, span: &Range<usize>) -> bool {
        let text = self.text(span);
        let mut sound = true;
        let raw = Raw::new_unchecked(&text, None, Span::new_unchecked(0, text.len()));
        let kind = raw.decode_scalar(&mut (), &mut |_: ParseError| sound = false);
        sound && !matches!(kind, ScalarKind::String)
    }

    /// Where the content of a string stands, and what it is.
    pub(super) fn string(
        &mut self,
        token: &Token,
        flaws: &mut Flaws,
    ) -> (Range<usize>, Zeroizing<String>) {
        let Some(encoding) = token.kind.encoding() else {
            return (token.span.clone(), Zeroizing::new(self.text(&token.span).into_owned()));
        };
        let mut span = token.span.clone();
        let many = matches!(encoding, Encoding::MlBasicString | Encoding::MlLiteralString);
        let quotes = if many { 3 } else { 1 };
        let closed = is_closed(self.bytes(&span), encoding, quotes);
        if !closed {
            flaws.add(span.start, "a string does not end");
            self.end_with_line(&mut span, quotes);
        }
        let out = self.undone(&span, encoding, closed, flaws);
        let mut inner = span.start + quotes..span.end - if closed { quotes } else { 0 };
        if many {
            inner.start += line_end(self.bytes(&inner));
        }
        (inner, out)
    }

    /// What a string stands for that takes up `span`, its quotes included.
    fn undone(
        &self,
        span: &Range<usize>,
        encoding: Encoding,
        closed: bool,
        flaws: &mut Flaws,
    ) -> Zeroizing<String> {
        let mut text = self.text(span);
        let lossy = matches!(text, Cow::Owned(_));
        if lossy {
            flaws.add(span.start, "a text is not UTF-8");
        }
        if !closed {
            text.to_mut().push_str(match encoding {
                Encoding::BasicString => "\"",
                Encoding::LiteralString => "'",
                Encoding::MlBasicString => "\"\"\"",
                Encoding::MlLiteralString => "'''",
            });
        }
        let raw = Raw::new_unchecked(&text, Some(encoding), Span::new_unchecked(0, text.len()));
        let mut out = Zeroizing::new(String::with_capacity(text.len()));
        let mut first = None;
        let mut note = |error: ParseError| {
            first.get_or_insert(error.unexpected().map_or(0, |bad| bad.start()));
        };
        _ = raw.decode_scalar(&mut *out, &mut note);
        if let (Some(bad), true) = (first, closed) {
            let at = if lossy { span.start } else { span.start + bad };
            flaws.add(at.min(span.end), "an escape or a control character is broken");
        }
        out
    }

    /// Cuts a string that does not end at the end of its line, where reading goes on.
    fn end_with_line(&mut self, span: &mut Range<usize>, quotes: usize) {
        let bytes = self.bytes(span);
        if let Some(n) = memchr(b'\n', bytes)
            && self.resumes < RESUMES
            && let Some(rest) = self.legible.get(span.start + n..)
        {
            self.resumes += 1;
            span.end = span.start + n;
            self.base = span.end;
            self.lexer = Source::new(rest).lex();
            self.advance();
        }
        if span.len() > quotes && self.bytes(span).ends_with(b"\r") {
            span.end -= 1;
        }
    }
}

fn line_end(text: &[u8]) -> usize {
    [&b"\r\n"[..], b"\n"].into_iter().find(|end| text.starts_with(end)).map_or(0, <[u8]>::len)
}

/// Whether a string has its closing quotes.
fn is_closed(string: &[u8], encoding: Encoding, quotes: usize) -> bool {
    let Some((opening, rest)) = string.split_at_checked(quotes) else { return false };
    let Some(inner) = rest.strip_suffix(opening) else { return false };
    let basic = matches!(encoding, Encoding::BasicString | Encoding::MlBasicString);
    !basic || inner.iter().rev().take_while(|&&b| b == b'\\').count() % 2 == 0
}
