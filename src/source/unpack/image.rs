//! Container images in archives: which files are layers, and what made each.

mod history;
mod manifest;

use std::collections::HashMap;
use std::io::{Read, SeekFrom};

use super::feed::{Feed, Gauge};
use super::{Budget, ReadSeek, tar};
pub use history::build_args;
pub use manifest::layers;

/// The longest JSON text of an image that is read.
const LONGEST: u64 = 4 << 20;

/// The most images of one archive.
const MOST_IMAGES: usize = 64;

/// An image of an archive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Image {
    /// What it is called: `registry/app:1.0`. None if the archive does not tell.
    pub name: Option<String>,
    /// The file of the archive that holds its configuration.
    pub config: String,
    /// Its layers, from the lowest.
    pub layers: Vec<LayerInfo>,
}

/// A layer of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerInfo {
    /// The file of the archive that holds it.
    pub blob: String,
    /// Its digest, such as `sha256:…`; empty if it is not told.
    pub digest: String,
    /// The step that made it, as the image's history has it. It may hold secrets.
    pub created_by: Option<String>,
}

/// What images an uncompressed tar holds. Only small files of it are read; none if it is no image.
pub fn describe(input: &mut dyn ReadSeek, budget: &Budget) -> Vec<Image> {
    let gauge = Gauge::default();
    let most = usize::try_from(budget.limits().members).unwrap_or(usize::MAX);
    let start = input.seek(SeekFrom::Start(0));
    let places = match start.and_then(|_| tar::places(Feed::new(input, &gauge, budget), most)) {
        Ok(places) => {
            places.into_iter().map(|(name, at, size)| (plain(&name).to_owned(), (at, size)))
        }
        Err(_) => return Vec::new(),
    };
    let places: HashMap<_, _> = places.collect();
    describe_from(&mut |name| {
        let &(at, size) = places.get(name).filter(|&&(_, size)| size <= LONGEST)?;
        let mut feed = Feed::new(&mut *input, &gauge, budget);
        std::io::Seek::seek(&mut feed, SeekFrom::Start(at)).ok()?;
        let mut text = Vec::new();
        feed.take(size).read_to_end(&mut text).ok()?;
        Some(text)
    })
}

/// What images there are among files that `get` gives by name: for archives that cannot be read twice, from
/// the JSON texts that were kept of the first reading.
pub fn describe_from(get: &mut dyn FnMut(&str) -> Option<Vec<u8>>) -> Vec<Image> {
    let mut images = Vec::new();
    if let Some(manifest) = get("manifest.json") {
        for (name, config) in manifest::saved(&manifest).into_iter().take(MOST_IMAGES) {
            let layers = get(&config)
                .map_or_else(Vec::new, |text| manifest::layers_of(&manifest, &text, Some(&config)));
            images.push(Image { name, config, layers });
        }
    }
    if images.is_empty() {
        images_of_index(get, &mut images);
    }
    images
}

fn images_of_index(get: &mut dyn FnMut(&str) -> Option<Vec<u8>>, images: &mut Vec<Image>) {
    let Some(index) = get("index.json") else { return };
    let mut open = manifest::indexed(&index);
    let mut seen = 0;
    while let Some((name, blob)) = open.pop() {
        seen += 1;
        if seen > MOST_IMAGES {
            return;
        }
        let Some(text) = get(&blob) else { continue };
        open.extend(
            manifest::indexed(&text).into_iter().map(|(n, blob)| (n.or(name.clone()), blob)),
        );
        if let Some(config) = manifest::config(&text) {
            let layers = get(&config).map_or_else(Vec::new, |config| layers(&text, &config));
            images.push(Image { name, config, layers });
        }
    }
}

/// A name without the `./` that some writers put before it.
fn plain(name: &str) -> &str {
    name.strip_prefix("./").unwrap_or(name)
}

#[cfg(test)]
mod tests;
