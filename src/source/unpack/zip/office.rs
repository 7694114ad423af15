//! The XML of office documents with the text of each paragraph in one piece: a word that was written in
//! steps lies in several elements.

use std::io::{self, Read};

use memchr::{memchr, memmem};

/// How much is taken in at once; the start of a document must tell there what it is.
const TAKEN: usize = 8 << 10;

/// The longest tag that is understood.
const LONGEST_TAG: usize = 64 << 10;

/// The most of a paragraph that is held.
const LONGEST: usize = 1 << 20;

/// The folders of documents, sheets and slides.
const FOLDERS: [&str; 3] = ["word/", "xl/", "ppt/"];

/// What stands near the start of every such XML.
const MARKS: [&[u8]; 2] = [b"openxmlformats.org/", b"purl.oclc.org/ooxml/"];

/// Whether a member of that name may be the XML of an office document.
pub(super) fn is_named(name: &str) -> bool {
    name.ends_with(".xml") && FOLDERS.iter().any(|folder| name.starts_with(folder))
}

/// The XML: before the elements of each paragraph stands its text, which is taken out of them. All else is
/// as it was.
pub(super) struct Joined<R> {
    from: R,
    state: State,
    tag: Vec<u8>,
    in_tag: bool,
    in_text: bool,
    /// The text of the paragraph.
    text: Vec<u8>,
    /// What else stands in it.
    rest: Vec<u8>,
    made: io::Cursor<Vec<u8>>,
}

enum State {
    New,
    Joining,
    /// It is another XML.
    Passing,
    Ended(Option<io::Error>),
}

impl<R: Read> Joined<R> {
    pub(super) fn new(from: R) -> Self {
        Self {
            from,
            state: State::New,
            tag: Vec::new(),
            in_tag: false,
            in_text: false,
            text: Vec::new(),
            rest: Vec::new(),
            made: io::Cursor::default(),
        }
    }

    /// Reads the next piece.
    fn fill(&mut self) {
        let mut piece = vec![0; TAKEN];
        let (mut read, mut end) = (0, None);
        while read < TAKEN && end.is_none() {
            match self.from.read(&mut piece[read..]) {
                Ok(0) => end = Some(None),
                Ok(more) => read += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => end = Some(Some(error)),
            }
        }
        piece.truncate(read);
        self.made.get_mut().clear();
        self.made.set_position(0);
        if matches!(self.state, State::New) {
            let is_office = MARKS.iter().any(|mark| memmem::find(&piece, mark).is_some());
            self.state = if is_office { State::Joining } else { State::Passing };
        }
        if matches!(self.state, State::Joining) {
            self.take(&piece);
        } else {
            *self.made.get_mut() = piece;
        }
        if let Some(error) = end {
            self.rest.append(&mut self.tag);
            self.flush();
            self.state = State::Ended(error);
        }
    }

    fn take(&mut self, mut piece: &[u8]) {
        while !piece.is_empty() {
            let sign = if self.in_tag { b'>' } else { b'<' };
            let end = memchr(sign, piece);
            let (now, after) =
                piece.split_at(end.map_or(piece.len(), |at| at + usize::from(self.in_tag)));
            piece = after;
            if self.in_tag {
                self.tag.extend_from_slice(now);
            } else {
                let into = if self.in_text { &mut self.text } else { &mut self.rest };
                into.extend_from_slice(now);
            }
            if self.in_tag && (end.is_some() || self.tag.len() > LONGEST_TAG) {
                self.tag();
            }
            self.in_tag =
                if end.is_some() { !self.in_tag } else { self.in_tag && !self.tag.is_empty() };
            if self.text.len() + self.rest.len() > LONGEST {
                self.flush();
            }
        }
    }

    /// Heeds a tag.
    fn tag(&mut self) {
        let tag = std::mem::take(&mut self.tag);
        let is_end = tag.starts_with(b"</");
        let name = tag.get(1 + usize::from(is_end)..).unwrap_or_default();
        let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>');
        let name = name.split(ends).next().unwrap_or_default();
        let local = name.rsplit(|byte| *byte == b':').next().unwrap_or_default();
        let is_paragraph = matches!(local, b"p" | b"si" | b"is" | b"text");
        if is_paragraph && !is_end {
            self.flush();
        }
        match local {
            b"t" | b"delText" | b"instrText" => self.in_text = !is_end && !tag.ends_with(b"/>"),
            b"tab" => self.text.push(b'\t'),
            b"br" | b"cr" => self.text.push(b'\n'),
            b"noBreakHyphen" => self.text.push(b'-'),
            _ => {}
        }
        self.rest.extend(tag);
        if is_paragraph && is_end {
            self.flush();
        }
    }

    fn flush(&mut self) {
        let made = self.made.get_mut();
        let is_blank = self.text.iter().all(u8::is_ascii_whitespace);
        if !is_blank {
            undo(&self.text, made);
            made.push(b'\n');
        }
        made.append(&mut self.rest);
        if !is_blank {
            made.push(b'\n');
        }
        self.text.clear();
    }
}

impl<R: Read> Read for Joined<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.made.read(buf)?;
            if read > 0 || buf.is_empty() {
                return Ok(read);
            }
            if let State::Ended(error) = &mut self.state {
                return error.take().map_or(Ok(0), Err);
            }
            self.fill();
        }
    }
}

/// Adds `text` to `into` with its entities undone.
fn undo(text: &[u8], into: &mut Vec<u8>) {
    let mut rest = text;
    while let Some(at) = memchr(b'&', rest) {
        into.extend_from_slice(&rest[..at]);
        let (length, sign) = entity(&rest[at..]).unwrap_or((1, '&'));
        into.extend_from_slice(sign.encode_utf8(&mut [0; 4]).as_bytes());
        rest = &rest[at + length..];
    }
    into.extend_from_slice(rest);
}

/// The entity that `text` starts with: its length and what it stands for.
fn entity(text: &[u8]) -> Option<(usize, char)> {
    let end = memchr(b';', &text[..text.len().min(12)])?;
    let number = |digits: &[u8], radix| {
        let digits = str::from_utf8(digits).ok()?;
        char::from_u32(u32::from_str_radix(digits, radix).ok()?)
    };
    let sign = match text.get(1..end)? {
        b"amp" => '&',
        b"lt" => '<',
        b"gt" => '>',
        b"quot" => '"',
        b"apos" => '\'',
        [b'#', b'x', digits @ ..] => number(digits, 16)?,
        [b'#', digits @ ..] => number(digits, 10)?,
        _ => return None,
    };
    Some((end + 1, sign))
}

#[cfg(test)]
mod tests {
    use std::io::{self, Read};

    use super::{Joined, is_named};

    const HEAD: &str = "<w:document xmlns:w=\"http://schemas.openxmlformats.org/x\">";

    fn joined(xml: &str) -> String {
        let mut text = String::new();
        Joined::new(xml.as_bytes()).read_to_string(&mut text).expect("it is UTF-8");
        text
    }

    #[test]
    fn a_paragraph_is_one_piece_and_nothing_else_is_lost() {
        let xml = format!(
            "{HEAD}<w:p><w:r><w:t>on</w:t></w:r><w:r a=\"k\"><w:t xml:space=\"preserve\">e &amp; \
            </w:t><w:tab/><w:delText>two</w:delText></w:r></w:p><w:p/>tail"
        );
        let elements = "<w:p><w:r><w:t></w:t></w:r><w:r a=\"k\"><w:t xml:space=\"preserve\"></w:t><w:tab/>\
            <w:delText></w:delText></w:r></w:p>";
        assert_eq!(joined(&xml), format!("{HEAD}one & \ttwo\n{elements}\n<w:p/>tail"));
    }

    #[test]
    fn paragraphs_in_paragraphs_and_strings_of_sheets_are_apart() {
        let told =
            joined(&format!("{HEAD}<si><t>one</t></si><si><r><t>t</t></r><r><t>wo</t></r></si>"));
        assert!(told.contains("one\n") && told.contains("two\n"), "{told}");
        let told =
            joined(&format!("{HEAD}<w:p><w:t>a</w:t><w:p><w:t>b</w:t></w:p><w:t>c</w:t></w:p>"));
        assert!(["a\n", "b\n", "c\n"].iter().all(|line| told.contains(line)), "{told}");
    }

    #[test]
    fn other_texts_pass() {
        for xml in
            ["", "<a><t>one</t></a>", &format!("{HEAD}<"), &format!("{HEAD}<!-- a > b -->&x;")]
        {
            assert_eq!(joined(xml), xml);
        }
        let long = format!("{HEAD}{}", "<t>".repeat(1 << 20));
        assert_eq!(joined(&long), long);
        let long = format!("{HEAD}<{}", "t".repeat(1 << 20));
        assert_eq!(joined(&long), long);
        assert!(is_named("word/document.xml") && !is_named("src/word/document.xml"));
    }

    #[test]
    fn what_came_before_an_error_is_given() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::ErrorKind::InvalidData.into())
            }
        }
        let xml = format!("{HEAD}<w:p><w:t>on</w:t><w:t>e</w:t>");
        let mut joined = Joined::new(xml.as_bytes().chain(Broken));
        let mut text = Vec::new();
        assert!(joined.read_to_end(&mut text).is_err());
        assert!(text.windows(4).any(|window| window == b"one\n"));
    }
}
