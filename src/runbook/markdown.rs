//! Writes a runbook as Markdown with boxes to tick, which GitHub, GitLab and keytrail's own page show alike.

use std::io::{self, Write};

use crate::runbook::shape::{
    Card, Group, Paste, Recipe, Runbook, Section, Spot, State, Step, StepKind,
};
use crate::runbook::text::{code, is_plain_url, longest_ticks, prose, visible};

/// How many credentials the list at the top names.
const MOST_LISTED: usize = 200;

/// Writes `runbook` as Markdown. Nothing from scanned places becomes markup, a link or a mention.
pub fn write(runbook: &Runbook, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# Revocation runbook\n")?;
    if !runbook.source.is_empty() {
        writeln!(out, "Of {}.\n", code(&runbook.source))?;
    }
    writeln!(
        out,
        "keytrail only tells what to do: it revokes nothing and calls nobody. No value of a credential stands \
         here; what is in `<angle brackets>` is for you to fill in. “Usually” marks what was not confirmed in \
         the maker's own documentation.\n"
    )?;
    summary(runbook, out)?;
    runbook.sections.iter().try_for_each(|part| section(part, out))
}

fn summary(runbook: &Runbook, out: &mut dyn Write) -> io::Result<()> {
    let told = &runbook.summary;
    let count =
        |n: usize, one: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") };
    let all = count(told.credentials, "credential");
    writeln!(out, "## In short\n\n- {all} in {}", count(told.holders, "holder"))?;
    for part in &runbook.sections {
        let cards = part.groups.iter().map(|group| group.cards.len()).sum::<usize>();
        writeln!(out, "- {}: {cards}", part.title)?;
    }
    let urgent = match &told.first {
        Some(_) => "Most urgent: number 1. Go from top to bottom, one at a time",
        None => "Nothing to revoke",
    };
    writeln!(out, "- {urgent}")?;
    if !runbook.complete {
        writeln!(out, "- **Not everything was read**: there may be more holders than these")?;
    }
    writeln!(out, "\nThe order:\n")?;
    let cards =
        runbook.sections.iter().flat_map(|part| &part.groups).flat_map(|group| &group.cards);
    for card in cards.clone().take(MOST_LISTED) {
        listed(card, out)?;
    }
    let left = cards.count().saturating_sub(MOST_LISTED);
    if left > 0 {
        writeln!(out, "\nand {left} more below.")?;
    }
    writeln!(out)
}

fn listed(card: &Card, out: &mut dyn Write) -> io::Result<()> {
    let owner = card.owners.first().map(|owner| format!(", {} {}", owner.how, code(&owner.who)));
    writeln!(
        out,
        "{}. {} {} — rank {}{}",
        card.number,
        prose(&card.name),
        code(&card.redacted),
        card.rank.score,
        owner.unwrap_or_default()
    )
}

fn section(part: &Section, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "## {}\n\n{}\n", part.title, part.text)?;
    part.groups.iter().try_for_each(|one| group(one, out))
}

fn group(group: &Group, out: &mut dyn Write) -> io::Result<()> {
    if let Some(principal) = &group.principal {
        let n = group.cards.len();
        writeln!(
            out,
            "The next {n} act as one identity, {}: do them together, and give each holder a credential of its \
             own.\n",
            code(principal)
        )?;
    }
    group.cards.iter().try_for_each(|one| card(one, out))
}

fn card(card: &Card, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "### {}. {} {}\n", card.number, prose(&card.name), code(&card.redacted))?;
    writeln!(out, "- Id: `{}`, rule `{}`", card.secret_id, card.rule)?;
    for why in &card.why {
        writeln!(out, "- {}", prose(why))?;
    }
    let parts = card.rank.parts.iter();
    let parts: Vec<_> = parts
        .map(|part| format!("{} {} % ({})", prose(&part.name), part.percent, prose(&part.text)))
        .collect();
    writeln!(out, "- Rank {} of 1000: {}", card.rank.score, parts.join(", "))?;
    for owner in &card.owners {
        writeln!(out, "- Ask: {} ({})", code(&owner.who), told_with_path(&owner.how))?;
    }
    if card.owners.is_empty() {
        writeln!(out, "- Owner: not told by the report; ask who works on the files named below")?;
    }
    breaks(card, out)?;
    for (n, one) in card.steps.iter().enumerate() {
        step(one, n + 1, card, out)?;
    }
    instead(card, out)
}

/// How an owner is known; a path at its end is code.
fn told_with_path(how: &str) -> String {
    for start in ["CODEOWNERS of ", "last commit to ", "first commit to "] {
        if let Some(path) = how.strip_prefix(start) {
            return format!("{start}{}", code(path));
        }
    }
    prose(how)
}

fn breaks(card: &Card, out: &mut dyn Write) -> io::Result<()> {
    if matches!(card.state, State::Expired | State::Public) {
        return writeln!(out);
    }
    if card.breaks.is_empty() {
        writeln!(out, "- What breaks: nothing that this report knows of\n")
    } else {
        writeln!(out, "- What breaks if it is revoked before the new one is placed:")?;
        for one in &card.breaks {
            writeln!(out, "  - {}", code(one))?;
        }
        writeln!(out)
    }
}

fn step(step: &Step, number: usize, card: &Card, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "#### {number}. {}\n", step.kind.title())?;
    let usually = if step.confirmed { "" } else { "Usually: " };
    writeln!(out, "- [ ] {usually}{}", prose(&step.text))?;
    if step.kind == StepKind::Create && !card.recipes.is_empty() {
        writeln!(
            out,
            "  If what is described under “Instead of a key” fits, set that up and make no new key."
        )?;
    }
    if is_plain_url(&step.url) {
        writeln!(out, "  Where: {}", step.url)?;
    }
    step.pastes.iter().try_for_each(|one| paste(one, out))?;
    step.spots.iter().try_for_each(|one| spot(one, out))?;
    writeln!(out, "- Look for: {}", prose(&step.look))?;
    if !step.source.is_empty() {
        writeln!(out, "- Source: {}", source(&step.source))?;
    }
    writeln!(out)
}

fn spot(spot: &Spot, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "  - [ ] {} in {}", code(&spot.holder), code(&spot.path))?;
    if let Some(key) = &spot.key {
        write!(out, ", key {}", code(key))?;
    }
    if spot.line > 0 {
        write!(out, ", line {}", spot.line)?;
    }
    if !spot.source.is_empty() {
        write!(out, ", source {}", code(&spot.source))?;
    }
    write!(out, ": {}", prose(&spot.how))?;
    if spot.then.is_empty() { writeln!(out) } else { writeln!(out, " Then: {}", prose(&spot.then)) }
}

fn paste(paste: &Paste, out: &mut dyn Write) -> io::Result<()> {
    if !paste.into.is_empty() {
        writeln!(out, "\n  Into {}:", prose(&paste.into))?;
    }
    let fence = "`".repeat(longest_ticks(&paste.content).max(2) + 1);
    writeln!(out, "\n  {fence}{}", paste.language)?;
    for line in paste.content.lines() {
        writeln!(out, "{}", format!("  {}", visible(line)).trim_end())?;
    }
    writeln!(out, "  {fence}")
}

fn instead(card: &Card, out: &mut dyn Write) -> io::Result<()> {
    if card.instead.is_empty() && card.recipes.is_empty() {
        return Ok(());
    }
    writeln!(out, "#### Instead of a key\n")?;
    if !card.instead.is_empty() {
        writeln!(out, "{}\n", prose(&card.instead))?;
    }
    card.recipes.iter().try_for_each(|one| recipe(one, out))
}

fn recipe(recipe: &Recipe, out: &mut dyn Write) -> io::Result<()> {
    let usually = if recipe.confirmed { "" } else { "Usually: " };
    writeln!(out, "- [ ] {usually}{}", prose(&recipe.text))?;
    let holders: Vec<_> = recipe.holders.iter().take(5).map(|holder| code(holder)).collect();
    let more = recipe.holders.len().saturating_sub(5);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    writeln!(out, "  For {}{more}.", holders.join(", "))?;
    recipe.pastes.iter().try_for_each(|one| paste(one, out))?;
    if !recipe.source.is_empty() {
        writeln!(out, "  Source: {}", source(&recipe.source))?;
    }
    writeln!(out)
}

fn source(text: &str) -> String {
    if is_plain_url(text) { format!("[{text}]({text})") } else { prose(text) }
}
