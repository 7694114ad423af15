//! For people: one trail as a small tree of zones and holders.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style as Paint};

use crate::model::{Lifetime, Reuse, Severity, Trail, TrailHolder, Zone};
use crate::output::Style;
use crate::output::escape::{fit_end, fit_start, visible, width as columns, wrap};
use crate::trail::owner;

/// How many holders of a trail are shown before the rest is counted.
const MOST: usize = 12;
const BOLD: Paint = Paint::new().bold();
const DIM: Paint = Paint::new().dimmed();

/// Draws every trail that `style` lets through.
pub(super) fn all(trails: &[Trail], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let shown = trails.iter().filter(|trail| trail.confidence >= style.least);
    for (n, one) in shown.enumerate() {
        if n > 0 {
            writeln!(out)?;
        }
        trail(one, style.colour, style.width, out)?;
    }
    Ok(())
}

/// Draws `trail` in `width` columns, of which it needs 60.
pub(super) fn trail(
    trail: &Trail,
    colour: bool,
    width: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut tree = Tree { colour, width: width.max(60), out };
    tree.head(trail)?;
    tree.field("whose", &whose(trail))?;
    tree.holders(trail)?;
    let reuse: Vec<_> = trail.reuse.iter().copied().map(Reuse::words).collect();
    tree.field("reuse", &reuse.join(", "))?;
    let proofs: Vec<_> = trail.proofs.iter().map(|proof| proof.text.as_str()).collect();
    tree.field("proof", &proofs.join("; "))?;
    tree.field("seen", &seen(trail))
}

struct Tree<'o> {
    colour: bool,
    width: usize,
    out: &'o mut dyn Write,
}

impl Tree<'_> {
    fn painted(&self, text: &str, paint: Paint) -> String {
        if self.colour && !text.is_empty() {
            format!("{paint}{text}{paint:#}")
        } else {
            text.to_owned()
        }
    }

    /// The credential itself; what is the least needed gives way first.
    fn head(&mut self, trail: &Trail) -> io::Result<()> {
        let (severity, rank) = (trail.severity.name(), format!("rank {}", trail.rank.score));
        let room = self.width.saturating_sub(severity.len() + rank.len() + 6);
        let redacted = fit_start(&visible(&trail.redacted), room / 2);
        let name = fit_start(&visible(&trail.name), room.saturating_sub(columns(&redacted)));
        let name = self.painted(&name, BOLD);
        let severity = self.painted(severity, paint(trail.severity));
        let rank = self.painted(&rank, BOLD);
        writeln!(self.out, "{name}  {redacted}  {severity}  {rank}")
    }

    fn holders(&mut self, trail: &Trail) -> io::Result<()> {
        let shown = trail.holders.get(..MOST).unwrap_or(&trail.holders);
        let more = trail.holders.len() - shown.len();
        let zones: Vec<Zone> = Zone::ALL
            .iter()
            .copied()
            .filter(|zone| shown.iter().any(|h| h.zone == *zone))
            .collect();
        let widest = shown.iter().map(|holder| columns(&text(holder))).max().unwrap_or(0);
        let aligned = widest.min(self.width * 2 / 5);
        for (n, zone) in zones.iter().enumerate() {
            let last = n + 1 == zones.len() && more == 0;
            let branch = self.painted(if last { "└─" } else { "├─" }, DIM);
            writeln!(self.out, "{branch} {}", self.painted(zone.words(), BOLD))?;
            let here: Vec<_> = shown.iter().filter(|holder| holder.zone == *zone).collect();
            for (n, holder) in here.iter().enumerate() {
                let twig = if n + 1 == here.len() { "└─" } else { "├─" };
                let stem = if last { "   " } else { "│  " };
                let branch = self.painted(&format!("{stem}{twig}"), DIM);
                self.holder(holder, &branch, aligned)?;
            }
        }
        if more > 0 {
            let branch = self.painted("└─", DIM);
            writeln!(self.out, "{branch} and {more} more")?;
        }
        Ok(())
    }

    /// A holder and its place. Of a path the end tells most, of a key the beginning.
    fn holder(&mut self, holder: &TrailHolder, branch: &str, aligned: usize) -> io::Result<()> {
        let text = fit_start(&text(holder), aligned);
        let gap = " ".repeat(aligned.saturating_sub(columns(&text)));
        let room = self.width.saturating_sub(aligned + 8);
        let line = if holder.line > 0 { format!(":{}", holder.line) } else { String::new() };
        let note = if holder.past { "  (history)" } else { "" };
        let key = holder.key.as_deref().map(visible).unwrap_or_default();
        let path = visible(&holder.path);
        let fixed = columns(&line) + columns(note);
        let key_room = room.saturating_sub(columns(&path) + fixed + 2).max(room / 3);
        let key = if key.is_empty() { key } else { format!("  {}", fit_start(&key, key_room)) };
        let path = fit_end(&path, room.saturating_sub(fixed + columns(&key)).max(8));
        let rest = self.painted(&format!("{key}{note}"), DIM);
        writeln!(self.out, "{branch} {text}{gap}  {path}{line}{rest}")
    }

    /// A named, wrapped line; nothing if there is nothing to say.
    fn field(&mut self, name: &str, text: &str) -> io::Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        let mut label = self.painted(&format!("{name:<9}"), DIM);
        for line in wrap(&visible(text), self.width - 11) {
            writeln!(self.out, "{label}  {line}")?;
            label = " ".repeat(9);
        }
        Ok(())
    }
}

const fn paint(severity: Severity) -> Paint {
    match severity {
        Severity::Critical => AnsiColor::Red.on_default().bold(),
        Severity::High => AnsiColor::Red.on_default(),
        Severity::Medium => AnsiColor::Yellow.on_default(),
        Severity::Low => AnsiColor::Cyan.on_default(),
        Severity::Info => DIM,
    }
}

fn text(holder: &TrailHolder) -> String {
    visible(&holder.text())
}

fn whose(trail: &Trail) -> String {
    let life = match &trail.lifetime {
        Lifetime::Expired(at) => Some(format!("expired {at}")),
        Lifetime::Expires(at) => Some(format!("ends {at}")),
        Lifetime::Endless => Some("no expiry".to_owned()),
        Lifetime::Unknown => None,
    };
    let siblings = match trail.siblings.len() {
        0 => None,
        1 => Some("has 1 more key".to_owned()),
        n => Some(format!("has {n} more keys")),
    };
    let all: Vec<_> = [owner(trail), life, siblings].into_iter().flatten().collect();
    all.join(" · ")
}

fn seen(trail: &Trail) -> String {
    let first = trail.first_seen.as_ref().map(|at| format!("first committed {at}"));
    let last = trail.last_seen.as_ref().map(|at| format!("taken away {at}"));
    let all: Vec<_> = [first, last].into_iter().flatten().collect();
    all.join(", ")
}

#[cfg(test)]
mod tests {
    use super::{columns, trail};
    use crate::model::Trail;
    use crate::output::made_up;

    fn drawn(of: &Trail, colour: bool, width: usize) -> String {
        let mut out = Vec::new();
        trail(of, colour, width, &mut out).expect("drawn");
        String::from_utf8(out).expect("a tree is UTF-8")
    }

    /// A trail with `count` holders or more.
    fn with(count: usize) -> Trail {
        let trails = made_up::record(200).trails;
        trails.into_iter().find(|t| t.holders.len() >= count).expect("one is so widespread")
    }

    #[test]
    fn zones_stand_over_their_holders() {
        let mut trail = with(3);
        trail.holders.truncate(3);
        trail.holders.sort();
        let text = drawn(&trail, false, 200);
        for holder in &trail.holders {
            let line = text.lines().find(|line| line.contains(&holder.path)).expect("it is shown");
            assert!(line.contains(&holder.text()) && line.contains(&format!(":{}", holder.line)));
            let zone =
                text.find(&format!("─ {}\n", holder.zone.words())).expect("its zone is shown");
            assert!(zone < text.find(line).expect("it is there"));
        }
        let first = text.lines().next().expect("there is a head");
        assert!(
            first.starts_with(&trail.name)
                && first.ends_with(&format!("rank {}", trail.rank.score))
        );
    }

    #[test]
    fn places_are_aligned_and_lines_fit() {
        for width in [60, 80, 120] {
            for trail in made_up::record(60).trails {
                let text = drawn(&trail, false, width);
                assert!(text.lines().all(|line| columns(line) <= width), "{width}\n{text}");
            }
        }
    }

    #[test]
    fn many_holders_are_counted() {
        let mut trail = with(10);
        let holder = trail.holders[0].clone();
        trail.holders =
            (0..40).map(|line| crate::model::TrailHolder { line, ..holder.clone() }).collect();
        let text = drawn(&trail, false, 100);
        assert_eq!(text.matches(&holder.path).count(), super::MOST);
        assert!(text.contains("└─ and 28 more\n"));
    }

    #[test]
    fn hostile_text_is_shown_not_obeyed() {
        let mut trail = with(2);
        trail.name = "a\x1b[2Jb".to_owned();
        trail.holders[0].path = "c\r\nd\u{202e}e".to_owned();
        let text = drawn(&trail, false, 100);
        assert!(text.contains(r"a\x1b[2Jb") && text.contains(r"c\x0d\x0ad\u{202e}e"));
        assert!(!text.contains('\x1b'), "without colour there are no escapes");
        assert!(drawn(&trail, true, 100).contains('\x1b'));
    }
}
