//! Which fonts a page, or a piece of one, calls by which names.

use std::collections::{HashMap, HashSet};

use super::cmap::Cmap;
use super::value::Value;
use super::widths::{Part, Widths, parts};

/// How many objects are asked for a font.
const ASKED: usize = 16;

/// The most facts about one PDF that are kept.
const MOST: usize = 500_000;

/// A font, as far as its text is concerned.
#[derive(Clone, Copy)]
pub(super) struct Font<'f> {
    /// What its codes are.
    pub codes: Codes<'f>,
    /// How wide its characters are, if it tells.
    pub widths: Option<&'f Widths>,
}

/// What the codes of a font are.
#[derive(Clone, Copy)]
pub(super) enum Codes<'f> {
    /// Its codes are characters.
    Plain,
    /// Its codes are characters by a map.
    Mapped(&'f Cmap),
    /// Nobody knows what its codes are.
    Unknown,
}

/// All that a PDF tells of fonts.
#[derive(Default)]
pub(super) struct Fonts {
    /// The map of each font.
    maps: HashMap<u32, u32>,
    /// Fonts whose codes are numbers of glyphs.
    glyphs: HashSet<u32>,
    /// What objects call fonts.
    names: HashMap<u32, HashMap<Vec<u8>, u32>>,
    /// Objects that are nothing but such names.
    lists: HashSet<u32>,
    /// A font of that name, wherever.
    anywhere: HashMap<Vec<u8>, u32>,
    /// Where an object looks for names that it has not itself: its resources, the pages above.
    beyond: HashMap<u32, Vec<u32>>,
    /// The page that shows a stream.
    pages: HashMap<u32, u32>,
    cmaps: HashMap<u32, Cmap>,
    /// The widths of each font's characters.
    widths: HashMap<u32, Widths>,
    /// Fonts whose widths are an object of their own.
    apart: Vec<(u32, u32, Told)>,
    /// Objects that may be widths.
    numbers: HashMap<u32, Vec<Part>>,
    /// The font that another is made of.
    within: HashMap<u32, u32>,
    facts: usize,
}

impl Fonts {
    /// Learns what an object tells.
    pub(super) fn learn(&mut self, id: u32, object: &Value<'_>) {
        self.facts += 1;
        if self.facts > MOST {
            return;
        }
        self.learn_widths(id, object);
        let encoding = object.name(b"Encoding");
        if let Some(map) = object.get(b"ToUnicode").and_then(Value::object) {
            self.maps.insert(id, map);
        } else if matches!(encoding, Some(b"Identity-H" | b"Identity-V")) {
            self.glyphs.insert(id);
        }
        let contents = object.get(b"Contents").map(Value::items).unwrap_or_default();
        for stream in contents.iter().filter_map(Value::object) {
            self.facts += 1;
            self.pages.insert(stream, id);
        }
        let own = object.get(b"Resources");
        let fonts = own.unwrap_or(object).get(b"Font");
        self.lists.extend(fonts.and_then(Value::object));
        let beyond = [own, object.get(b"Parent"), fonts].into_iter().flatten();
        let beyond: Vec<_> = beyond.filter_map(Value::object).collect();
        if !beyond.is_empty() {
            self.beyond.insert(id, beyond);
        }
        match fonts {
            Some(fonts) => self.call(id, fonts),
            None if object.get(b"Type").is_none() => self.call(id, object),
            None => {}
        }
    }

    fn learn_widths(&mut self, id: u32, object: &Value<'_>) {
        let within = object.get(b"DescendantFonts").map(Value::items).unwrap_or_default();
        if let Some(font) = within.first().and_then(Value::object) {
            self.within.insert(id, font);
        }
        if let Some(parts) = parts(object) {
            self.facts += parts.len();
            self.numbers.insert(id, parts);
        }
        let first = object.count(b"FirstChar").and_then(|first| u32::try_from(first).ok());
        let other = object.count(b"DW").unwrap_or(1000) as f64;
        let told = first.map_or(Told::Wide(other), Told::Simple);
        let key = if first.is_some() { &b"Widths"[..] } else { b"W" };
        let Some(list) = object.get(key) else { return };
        if let Some(list) = list.object() {
            self.apart.push((id, list, told));
        } else if let Some(parts) = parts(list) {
            self.facts += parts.len();
            self.widths.insert(id, told.widths(&parts));
        }
    }

    fn call(&mut self, id: u32, fonts: &Value<'_>) {
        let named = |(name, font): &(&[u8], Value<'_>)| Some((name.to_vec(), font.object()?));
        let names: HashMap<_, _> = fonts.entries().iter().filter_map(named).collect();
        self.facts += names.len();
        if !names.is_empty() {
            self.names.insert(id, names);
        }
    }

    /// The objects that are maps.
    pub(super) fn maps(&self) -> HashSet<u32> {
        self.maps.values().copied().collect()
    }

    /// Takes in a map.
    pub(super) fn map(&mut self, id: u32, cmap: Cmap) {
        self.cmaps.insert(id, cmap);
    }

    /// All was learnt: what is nowhere near is looked for anywhere.
    pub(super) fn settle(&mut self) {
        for (font, list, told) in std::mem::take(&mut self.apart) {
            if let Some(parts) = self.numbers.get(&list) {
                self.facts += parts.len();
                if self.facts < MOST {
                    self.widths.insert(font, told.widths(parts));
                }
            }
        }
        let is_font = |font: &u32| self.maps.contains_key(font) || self.glyphs.contains(font);
        for (name, font) in self.names.values().flatten().filter(|(_, font)| is_font(font)) {
            self.anywhere.insert(name.clone(), *font);
        }
    }

    /// The font that the stream `id` calls `name`.
    pub(super) fn find(&self, id: u32, name: &[u8]) -> Font<'_> {
        let near = self.near(id, name);
        let Some(font) = near.or_else(|| self.anywhere.get(name).copied()) else {
            return Font::default();
        };
        let codes = match self.maps.get(&font).and_then(|map| self.cmaps.get(map)) {
            Some(map) => Codes::Mapped(map),
            None if self.glyphs.contains(&font) => Codes::Unknown,
            None => Codes::Plain,
        };
        let within = self.within.get(&font).unwrap_or(&font);
        Font { codes, widths: self.widths.get(within) }
    }

    /// What a stream, its page, and what they look in, call that.
    fn near(&self, id: u32, name: &[u8]) -> Option<u32> {
        let mut asked = vec![id];
        asked.extend(self.pages.get(&id));
        let mut n = 0;
        while let Some(&id) = asked.get(n) {
            if let Some(font) = self.names.get(&id).and_then(|names| names.get(name)) {
                return Some(*font);
            }
            let room = ASKED.saturating_sub(asked.len());
            asked.extend(self.beyond.get(&id).into_iter().flatten().take(room));
            n += 1;
        }
        None
    }
}

impl Default for Font<'_> {
    fn default() -> Self {
        Self { codes: Codes::Plain, widths: None }
    }
}

/// How widths are told.
#[derive(Clone, Copy)]
enum Told {
    /// One by one from that code on.
    Simple(u32),
    /// By their codes; all others are that wide.
    Wide(f64),
}

impl Told {
    fn widths(self, parts: &[Part]) -> Widths {
        match self {
            Self::Simple(first) => Widths::simple(first, parts),
            Self::Wide(other) => Widths::wide(parts, other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cmap, Codes, Fonts, Value};

    #[test]
    fn fonts_are_found_by_the_names_that_a_page_has_for_them() {
        let mut fonts = Fonts::default();
        for (id, object) in [
            (1, "<</Type/Page/Parent 2 0 R/Contents[10 0 R 11 0 R]>>"),
            (2, "<</Type/Pages/Resources 3 0 R/Parent 2 0 R>>"),
            (3, "<</Font 4 0 R>>"),
            (4, "<</F1 5 0 R/F2 6 0 R>>"),
            (5, "<</Type/Font/ToUnicode 7 0 R>>"),
            (6, "<</Type/Font/Subtype/Type0/Encoding/Identity-H>>"),
            (8, "<</Type/Page/Contents 12 0 R/Resources<</Font<</F1 9 0 R>>>>>>"),
            (9, "<</Type/Font/Subtype/Type1>>"),
        ] {
            fonts.learn(id, &Value::read(object.as_bytes()));
        }
        assert_eq!(fonts.maps().into_iter().collect::<Vec<_>>(), [7]);
        fonts.map(7, Cmap::default());
        fonts.settle();
        assert!(matches!(fonts.find(11, b"F1").codes, Codes::Mapped(_)));
        assert!(matches!(fonts.find(10, b"F2").codes, Codes::Unknown));
        assert!(matches!(fonts.find(12, b"F1").codes, Codes::Plain));
        assert!(matches!(fonts.find(99, b"F1").codes, Codes::Mapped(_)));
    }
}
