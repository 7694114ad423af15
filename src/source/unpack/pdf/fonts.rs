//! Which fonts a page, or a piece of one, calls by which names.

use std::collections::{HashMap, HashSet};

use super::cmap::Cmap;
use super::value::Value;

/// How many objects are asked for a font.
const ASKED: usize = 16;

/// The most facts about one PDF that are kept.
const MOST: usize = 500_000;

/// What text in a font is.
#[derive(Clone, Copy)]
pub(super) enum Font<'f> {
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
    facts: usize,
}

impl Fonts {
    /// Learns what an object tells.
    pub(super) fn learn(&mut self, id: u32, object: &Value<'_>) {
        self.facts += 1;
        if self.facts > MOST {
            return;
        }
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
        let is_font = |font: &u32| self.maps.contains_key(font) || self.glyphs.contains(font);
        for (name, font) in self.names.values().flatten().filter(|(_, font)| is_font(font)) {
            self.anywhere.insert(name.clone(), *font);
        }
    }

    /// The font that the stream `id` calls `name`.
    pub(super) fn find(&self, id: u32, name: &[u8]) -> Font<'_> {
        let near = self.near(id, name);
        let Some(font) = near.or_else(|| self.anywhere.get(name).copied()) else {
            return Font::Plain;
        };
        match self.maps.get(&font).and_then(|map| self.cmaps.get(map)) {
            Some(map) => Font::Mapped(map),
            None if self.glyphs.contains(&font) => Font::Unknown,
            None => Font::Plain,
        }
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

#[cfg(test)]
mod tests {
    use super::{Cmap, Font, Fonts, Value};

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
        assert!(matches!(fonts.find(11, b"F1"), Font::Mapped(_)));
        assert!(matches!(fonts.find(10, b"F2"), Font::Unknown));
        assert!(matches!(fonts.find(12, b"F1"), Font::Plain));
        assert!(matches!(fonts.find(99, b"F1"), Font::Mapped(_)));
    }
}
