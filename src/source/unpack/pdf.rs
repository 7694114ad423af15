//! PDF: what lies outside of its streams, the text that its pages show, and its other streams as they are.

mod cmap;
mod filters;
mod fonts;
mod lexer;
mod lzw;
mod outline;
mod place;
mod strings;
#[cfg(test)]
mod tests;
mod text;
mod value;
mod widths;

use std::io::{Cursor, Read};

use super::feed::{Anywhere, Feed};
use super::trouble::TroubleKind;
use super::visit::{Entry, Seen, Visit};
use cmap::Cmap;
use filters::{Coding, Filter, plain};
use fonts::Fonts;
use lexer::{Lexer, Token};
use outline::{Object, Outline, undone};
use value::{Value, whole};

/// The most objects of one object stream that tell of fonts.
const MOST_INSIDE: usize = 10_000;

/// Reads a PDF.
pub(super) fn read(file: Anywhere<'_>, visit: &mut Visit<'_>) {
    let (gauge, budget) = (visit.gauge, visit.budget);
    let bytes = match file {
        Anywhere::Held(held) => held.into_inner(),
        Anywhere::TooLarge(held, _) => {
            too_large(visit);
            held
        }
        Anywhere::Given(file) => {
            let most = budget.limits().member;
            let mut bytes = Vec::new();
            let mut from = Feed::new(file, gauge, budget).take(most.saturating_add(1));
            if let Err(error) = from.read_to_end(&mut bytes) {
                visit.failed(&error, "it ends early");
            }
            if bytes.len() as u64 > most {
                too_large(visit);
                bytes.pop();
            }
            bytes
        }
    };
    all(&bytes, visit);
}

fn too_large(visit: &mut Visit<'_>) {
    let what = "only its first part is read, for it is too large to be held";
    visit.trouble(None, TroubleKind::Limit, what);
}

fn all(bytes: &[u8], visit: &mut Visit<'_>) {
    let Outline { objects, document, is_encrypted, is_cut, is_long } = Outline::of(bytes);
    if is_cut {
        visit.trouble(None, TroubleKind::Damaged, "its last stream ends early");
    }
    if is_long {
        visit.trouble(None, TroubleKind::Limit, "it has more objects than are read");
    }
    if is_encrypted {
        visit.trouble(None, TroubleKind::Encrypted, "it is encrypted");
    }
    let size = Some(document.len() as u64);
    let entry = Entry { name: "document".to_owned(), size, ..Entry::default() };
    if visit.member(entry, &mut Cursor::new(document)) == Seen::Stop || is_encrypted {
        return;
    }
    let mut reading = Reading { bytes, visit, fonts: Fonts::default(), is_short: false };
    // Whether no more is wanted is told by what was shown last.
    _ = reading.streams(&objects);
    if reading.is_short {
        let what = "text in a font that does not tell its characters is not read";
        reading.visit.trouble(None, TroubleKind::Unsupported, what);
    }
}

struct Reading<'r, 'v> {
    bytes: &'r [u8],
    visit: &'r mut Visit<'v>,
    fonts: Fonts,
    /// Whether some text could not be read.
    is_short: bool,
}

/// What is in a stream.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// Other objects.
    Objects,
    /// What a page shows, or anything that does not say what it is.
    Content,
    /// A file, or what is read as it is.
    File,
    /// A picture, a font, a colour: nothing to be read.
    Nothing,
}

fn sort(head: &Value<'_>) -> Sort {
    let kind = head.name(b"Type");
    let subtype = head.name(b"Subtype");
    let is_font = matches!(subtype, Some(b"Type1C" | b"CIDFontType0C" | b"OpenType"));
    let is_number = [&b"Length1"[..], b"FunctionType", b"ShadingType", b"BitsPerSample"];
    match kind {
        Some(b"ObjStm") => Sort::Objects,
        Some(b"XRef") => Sort::Nothing,
        Some(b"EmbeddedFile" | b"Metadata") => Sort::File,
        _ if is_font || subtype == Some(b"Image") => Sort::Nothing,
        _ if is_number.iter().any(|key| head.get(key).is_some()) => Sort::Nothing,
        _ => Sort::Content,
    }
}

impl<'r> Reading<'r, '_> {
    /// Shows all streams; first those that tell of the others' fonts. None if no more is wanted.
    fn streams(&mut self, objects: &[Object]) -> Option<()> {
        for object in objects {
            let head = head(self.bytes, object);
            self.fonts.learn(object.id, &head);
            if object.body.is_some() && sort(&head) == Sort::Objects {
                self.objects(object, &head)?;
            }
        }
        let maps = self.fonts.maps();
        for object in objects.iter().filter(|object| maps.contains(&object.id)) {
            let head = head(self.bytes, object);
            if let Some(text) = self.held(object, &head) {
                self.fonts.map(object.id, Cmap::read(&text));
            }
        }
        self.fonts.settle();
        for object in objects.iter().filter(|object| !maps.contains(&object.id)) {
            let head = head(self.bytes, object);
            match sort(&head) {
                _ if object.body.is_none() => {}
                Sort::Content => self.content(object, &head)?,
                Sort::File => self.file(object, &head)?,
                Sort::Objects | Sort::Nothing => {}
            }
        }
        Some(())
    }

    /// Shows an object stream, and learns what is in it.
    fn objects(&mut self, object: &Object, head: &Value<'_>) -> Option<()> {
        let Some(text) = self.held(object, head) else { return Some(()) };
        let first = head.count(b"First").unwrap_or(usize::MAX);
        let mut numbers = Lexer::new(text.get(..first).unwrap_or_default()).map_while(number);
        let mut inside = Vec::new();
        while let (Some(id), Some(at)) = (numbers.next(), numbers.next()) {
            let follows = inside.last().is_none_or(|(_, before)| at > *before);
            if !follows || inside.len() == MOST_INSIDE {
                break;
            }
            inside.push((id, at));
        }
        let ends =
            inside.iter().skip(1).map(|(_, at)| first.saturating_add(*at)).chain([text.len()]);
        for ((id, at), end) in inside.iter().zip(ends) {
            let object = text.get(first.saturating_add(*at)..end).unwrap_or_default();
            if let Ok(id) = u32::try_from(*id) {
                self.fonts.learn(id, &Value::read(object));
            }
        }
        self.show(object.id, undone(&text))
    }

    /// Shows the text of a content stream; what turns out to be none as it is.
    fn content(&mut self, object: &Object, head: &Value<'_>) -> Option<()> {
        let Some(plain) = self.held(object, head) else { return Some(()) };
        let Some(shown) = text::shown(object.id, &plain, &self.fonts) else {
            return self.show(object.id, plain);
        };
        drop(plain);
        self.is_short |= shown.is_short;
        self.show(object.id, shown.text)
    }

    fn show(&mut self, id: u32, text: Vec<u8>) -> Option<()> {
        let entry = Entry { name: name(id), size: Some(text.len() as u64), ..Entry::default() };
        (self.visit.member(entry, &mut Cursor::new(text)) != Seen::Stop).then_some(())
    }

    /// Shows a stream that need not be held.
    fn file(&mut self, object: &Object, head: &Value<'_>) -> Option<()> {
        let Some((body, filters)) = self.body(object, head) else { return Some(()) };
        let mut body = Cursor::new(body);
        let mut body = Feed::new(&mut body, self.visit.gauge, self.visit.budget);
        let entry = Entry { name: name(object.id), expands: true, ..Entry::default() };
        let seen = self.visit.member(entry, &mut plain(&mut body, &filters));
        (seen != Seen::Stop).then_some(())
    }

    /// What a stream holds; none if it is not read.
    fn held(&mut self, object: &Object, head: &Value<'_>) -> Option<Vec<u8>> {
        let (body, filters) = self.body(object, head)?;
        let mut body = Cursor::new(body);
        let mut body = Feed::new(&mut body, self.visit.gauge, self.visit.budget);
        let held = self.visit.hold(&name(object.id), &mut plain(&mut body, &filters));
        (!held.is_empty()).then_some(held)
    }

    /// A stream as it lies, and the filters that it went through.
    fn body(&mut self, object: &Object, head: &Value<'_>) -> Option<(&'r [u8], Vec<Filter>)> {
        let body = self.bytes.get(object.body.clone()?)?;
        match Coding::of(head) {
            Coding::Read(filters) => Some((body, filters)),
            Coding::Picture => None,
            Coding::Unknown => {
                let what = "it is compressed in a way that is not read";
                self.visit.trouble(Some(&name(object.id)), TroubleKind::Unsupported, what);
                None
            }
        }
    }
}

fn head<'h>(bytes: &'h [u8], object: &Object) -> Value<'h> {
    Value::read(bytes.get(object.head.clone()).unwrap_or_default())
}

fn name(id: u32) -> String {
    format!("object {id}")
}

fn number(token: Token<'_>) -> Option<usize> {
    if let Token::Number(number) = token { whole(number) } else { None }
}
