//! Opens archives and compressed files within limits, showing each member as a stream.

mod ar;
mod asar;
mod budget;
mod cpio;
mod decode;
mod feed;
mod format;
pub mod image;
mod meter;
mod pdf;
mod rpm;
mod sevenz;
mod single;
pub mod sqlite;
mod tar;
mod trouble;
mod visit;
mod zip;

#[cfg(test)]
mod made;
#[cfg(test)]
mod tests;

use std::io::{Read, Seek};
use std::ops::ControlFlow;

pub use budget::{Budget, Limits};
pub use format::{Format, recognise};
pub use trouble::{Cut, Trouble, TroubleKind};

use feed::{Anywhere, Feed, Gauge};
use visit::Visit;

/// A file that can be read at any place.
pub trait ReadSeek: Read + Seek {}

impl<T: Read + Seek> ReadSeek for T {}

/// The bytes of a container.
pub enum Input<'i> {
    /// They can be read at any place.
    Seek(&'i mut dyn ReadSeek),
    /// They come once, in order.
    Stream(&'i mut dyn Read),
}

/// A file with files in it.
pub struct Container<'c> {
    /// What sort it is.
    pub format: Format,
    /// Its name, after which the one file in a compressed file is named.
    pub name: &'c str,
    /// Its bytes.
    pub input: Input<'c>,
}

/// A file in a container.
pub struct Member<'m> {
    /// Its name as the container has it, invalid UTF-8 replaced. It may be absolute, climb out with `..`,
    /// be empty or come twice: it says where a text was found and is no path to be opened.
    pub name: String,
    /// Its bytes. An error in between holds a [`Cut`], after which nothing more comes.
    pub from: &'m mut dyn Read,
    /// Its size as the container tells it, which may be wrong.
    pub size: Option<u64>,
    /// What else is to be known of it, for people to read.
    pub note: Option<String>,
    /// What container it is itself, if it is one: `from` may then be opened as a stream.
    pub format: Option<Format>,
}

/// Shows every member of a container to `visit`, until it breaks off. What could not be read is returned:
/// each limit that was met, each member that is damaged, encrypted or of a sort that is not read.
///
/// Containers in containers are for the caller to open, from within `visit` and with the same budget,
/// which counts the depth.
pub fn each_member(
    container: Container<'_>,
    budget: &Budget,
    visit: &mut dyn FnMut(Member<'_>) -> ControlFlow<()>,
) -> Vec<Trouble> {
    let Some(_deeper) = budget.enter(container.format) else { return container.too_deep(budget) };
    let gauge = Gauge::default();
    let mut show = |member: Member<'_>| visit(member);
    let mut visit = Visit::new(budget, &gauge, &mut show);
    read(container, &mut visit);
    visit.end()
}

fn read(container: Container<'_>, visit: &mut Visit<'_>) {
    let Container { format, name, input } = container;
    let (gauge, budget) = (visit.gauge, visit.budget);
    match format {
        Format::Zip => return zip::read(Anywhere::new(input, gauge, budget), visit),
        Format::SevenZip => return sevenz::read(Anywhere::new(input, gauge, budget), visit),
        Format::Asar => return asar::read(Anywhere::new(input, gauge, budget), visit),
        Format::Pdf => return pdf::read(Anywhere::new(input, gauge, budget), visit),
        Format::Rar | Format::Cab | Format::Lzip | Format::Compress => {
            return visit.trouble(None, TroubleKind::Unsupported, format!("{format} is not read"));
        }
        _ => {}
    }
    let from: &mut dyn Read = match input {
        Input::Seek(from) => from,
        Input::Stream(from) => from,
    };
    let mut feed = Feed::new(from, gauge, budget);
    match format {
        Format::Tar => tar::read(&mut feed, visit),
        Format::Ar => ar::read(&mut feed, visit),
        Format::Cpio => cpio::read(&mut feed, visit),
        Format::Rpm => rpm::read(&mut feed, visit),
        _ => single::read(format, name, &mut feed, visit),
    }
}
