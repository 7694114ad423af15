//! Changes for people, a few lines each.

use std::io::{self, Write};

use crate::merge::counted;
use crate::merge::diff::{Change, News, Spot, Summary};
use crate::output::visible;

/// How many holders are written out for a person.
const SHOWN: usize = 10;

/// Writes one change.
pub fn tell_change(change: &Change, out: &mut dyn Write) -> io::Result<()> {
    let (title, mark) = match change.change {
        News::NewCredential => ("new credential", '+'),
        News::NewHolders => ("new holders", '+'),
        News::GoneHolders => ("gone holders", '-'),
        News::LeftBehind => ("old value left behind", '!'),
        News::GoneCredential => ("gone credential", '-'),
    };
    let of = &change.credential;
    let severity = of.severity.name();
    writeln!(out, "{title}: {} ({}, {severity}) {}", visible(&of.redacted), of.rule, of.secret_id)?;
    for rotated in change.rotated.iter().take(SHOWN) {
        writeln!(out, "  rotated at {}", shown(&rotated.at))?;
    }
    more((change.rotated.len() as u64).saturating_sub(SHOWN as u64), out)?;
    let at = if change.change == News::LeftBehind { "left behind at " } else { "" };
    for holder in change.holders.iter().take(SHOWN) {
        writeln!(out, "  {mark} {at}{}", shown(holder))?;
    }
    more((change.holders.len() as u64 + change.more).saturating_sub(SHOWN as u64), out)
}

fn more(count: u64, out: &mut dyn Write) -> io::Result<()> {
    if count == 0 { Ok(()) } else { writeln!(out, "    and {count} more") }
}

/// Writes what it all comes to.
pub fn tell_summary(summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
    for trouble in &summary.troubles {
        writeln!(
            out,
            "not wholly read: {}: {}",
            visible(&trouble.path),
            visible(&trouble.message)
        )?;
    }
    for note in &summary.notes {
        writeln!(out, "note: {note}")?;
    }
    let s = summary;
    writeln!(
        out,
        "{}, {}, {}, {}; {} left behind",
        counted(s.new_credentials, "new credential", "new credentials"),
        counted(s.gone_credentials, "gone credential", "gone credentials"),
        counted(s.new_holders, "new holder", "new holders"),
        counted(s.gone_holders, "gone holder", "gone holders"),
        counted(s.left_behind, "old value", "old values"),
    )
}

fn shown(spot: &Spot) -> String {
    visible(&spot.text())
}
