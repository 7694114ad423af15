//! Writes a runbook as Markdown with boxes to tick, which GitHub, GitLab and keytrail's own page show alike.

use std::io::{self, Write};

use crate::report::Unread;
use crate::runbook::shape::{
    Card, Group, OwnerLine, Paste, Recipe, Runbook, Section, Spot, State, Step, StepKind,
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
         here; the ids that name one (of a key, an app, an account) are those that its maker's lists show, not a \
         secret part. “Usually” marks what was not confirmed in the maker's own documentation.\n\n\
         - What is in `<angle brackets>` is for you to fill in. Paths are as they were scanned.\n\
         - Commands are for bash or zsh. What they ask for with `read -rs` is pasted and not shown. Some ask \
         for the old one after its places are changed: copy it from one of them into an entry of your password \
         manager before, named after its id, and delete that entry at the end.\n\
         - A new value goes straight into a secrets store or where it is used: not into a chat, a ticket or \
         the arguments of a command. Files that commands make with it (`new-…`) stay until “Check that it \
         works”, and are deleted then.\n\
         - A use that belongs to nobody is an incident: keep the log, and change whatever that credential could \
         read.\n"
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
        let cards = || part.groups.iter().flat_map(|group| &group.cards);
        let ended = cards().filter(|card| card.is_only_ended()).count();
        let ended =
            if ended == 0 { String::new() } else { format!(", {ended} of them only revoked") };
        writeln!(out, "- {}: {}{ended}", part.title, cards().count())?;
    }
    let urgent = match &told.first {
        Some(_) => {
            "Go from top to bottom, one at a time: number 1 is the most urgent. With more hands, each takes the next number; but below a store (a vault, a \
             manager of secrets) nobody begins before it is done"
        }
        None => "Nothing to revoke",
    };
    writeln!(out, "- {urgent}")?;
    if !runbook.complete {
        let named = runbook.unread.iter();
        let named: Vec<_> = named.map(unread).collect();
        let named = if named.is_empty() {
            String::new()
        } else {
            format!("; not read, or not wholly: {}", named.join(", "))
        };
        writeln!(
            out,
            "- **Not everything was read**: there may be more holders than these{named}"
        )?;
    }
    writeln!(
        out,
        "\nThe order is that of the rank, which is the harm that can be done. What can make other credentials \
         comes before those, and what stores others before keys that it may hold, since these are changed \
         after it:\n"
    )?;
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

fn unread(one: &Unread) -> String {
    let path = one.path.as_deref().unwrap_or("standard input");
    format!("{} ({})", code(path), prose(&one.message))
}

fn listed(card: &Card, out: &mut dyn Write) -> io::Result<()> {
    let mut owners = card.owners.iter().filter(|owner| owner.how != OwnerLine::BROUGHT);
    let owner = owners.next().map(|owner| format!(", {} {}", owner.how, code(&owner.who)));
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
             own. Where an identity may have few (an AWS user has two keys at most), give each holder an \
             identity of its own.\n",
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
    card.owners.iter().try_for_each(|owner| owned(owner, out))?;
    if !card.owners.iter().any(OwnerLine::is_owner) && !is_settled(card.state) {
        writeln!(out, "- Whose it is: see “{}”", StepKind::Whose.title())?;
    }
    breaks(card, out)?;
    instead(card, out)?;
    for (n, one) in card.steps.iter().enumerate() {
        step(one, n + 1, out)?;
    }
    Ok(())
}

/// Whether there is nothing to end.
const fn is_settled(state: State) -> bool {
    matches!(state, State::Expired | State::Public)
}

fn owned(owner: &OwnerLine, out: &mut dyn Write) -> io::Result<()> {
    let (who, how) = (code(&owner.who), told_with_path(&owner.how));
    if owner.is_asked() {
        writeln!(out, "- Ask: {who} ({how})")
    } else if owner.is_owner() {
        writeln!(out, "- It acts as {who}: ask that person, or who runs that account or app")
    } else {
        writeln!(out, "- It is of: {who} ({how})")
    }
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
    if is_settled(card.state) {
        return writeln!(out);
    }
    match card.breaks.len() {
        0 => writeln!(
            out,
            "- What breaks: nothing that this report knows of. If its list shows that something used it just \
             now, find that first, and give it a new one\n"
        ),
        n => writeln!(
            out,
            "- What breaks if it is ended before the new one is placed: {}, listed under “{}”\n",
            if n == 1 { "1 holder".to_owned() } else { format!("{n} holders") },
            StepKind::Place.title()
        ),
    }
}

fn step(step: &Step, number: usize, out: &mut dyn Write) -> io::Result<()> {
    let form = if step.form.is_empty() { String::new() } else { format!(", {}", step.form) };
    writeln!(out, "#### {number}. {}{form}\n", step.kind.title())?;
    let usually = if step.confirmed { "" } else { "Usually: " };
    writeln!(out, "- [ ] {usually}{}", prose(&step.text))?;
    if is_plain_url(&step.url) {
        writeln!(out, "  Where: {}", step.url)?;
    }
    step.pastes.iter().try_for_each(|one| paste(one, out))?;
    spots(&step.spots, out)?;
    writeln!(out, "- Look for: {}", prose(&step.look))?;
    if !step.source.is_empty() {
        writeln!(out, "- Source: {}", source(&step.source))?;
    }
    writeln!(out)
}

/// The places; what is done at several is told once.
fn spots(spots: &[Spot], out: &mut dyn Write) -> io::Result<()> {
    let mut kinds: Vec<(&str, &str)> = Vec::new();
    for spot in spots {
        if !kinds.contains(&(&spot.how, &spot.then)) {
            kinds.push((&spot.how, &spot.then));
        }
    }
    for (how, then) in kinds {
        let same: Vec<_> =
            spots.iter().filter(|spot| (&*spot.how, &*spot.then) == (how, then)).collect();
        let then = if then.is_empty() { String::new() } else { format!(" Then: {}", prose(then)) };
        match same[..] {
            [one] => writeln!(out, "  - [ ] {}: {}{then}", place(one), prose(how))?,
            _ => {
                writeln!(out, "  - {}{then}", prose(how))?;
                same.iter().try_for_each(|one| writeln!(out, "    - [ ] {}", place(one)))?;
            }
        }
    }
    Ok(())
}

fn place(spot: &Spot) -> String {
    let mut text = code(&spot.holder);
    if !spot.path.is_empty() {
        text += &format!(" in {}", code(&spot.path));
    }
    if !spot.keys.is_empty() {
        let keys: Vec<_> = spot.keys.iter().map(|key| code(key)).collect();
        text += &format!(", key {}", keys.join(", "));
    }
    if spot.line > 0 {
        text += &format!(", line {}", spot.line);
    }
    if !spot.source.is_empty() {
        text += &format!(", source {}", code(&spot.source));
    }
    text
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
    if card.recipes.is_empty() {
        return writeln!(out, "{}\n", prose(&card.instead));
    }
    writeln!(
        out,
        "{} Where this fits, set it up and make no new key for that holder:\n",
        prose(&card.instead)
    )?;
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
