//! For people: findings by file, why each is believed, and what to do next.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::PathBuf;

use anstyle::{AnsiColor, Style as Paint};

use crate::model::{
    Confidence, Finding, Issue, Origin, RuleId, SecretId, Severity, Skip, SkipReason, Trail,
    TrailHolder, Verdict,
};
use crate::output::escape::{fit_end, fit_start, visible, width, wrap};
use crate::output::{Format, Style, past, tree};
use crate::report::{Report, RuleInfo};

/// The format.
pub(super) const FORMAT: Format = Format {
    name: "human",
    about: "for reading: grouped by file, with reasons and next steps",
    least: Confidence::Medium,
    write,
};

/// How many issues and skips are listed before the rest is counted.
const MOST_ISSUES: usize = 20;
const MOST_SKIPS: usize = 5;
/// How many trails are drawn before the rest is counted.
const MOST_TRAILS: usize = 20;

fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { report, style, out, advised: BTreeSet::new(), seen: seen(report, style) };
    page.findings()?;
    page.trails()?;
    page.news()?;
    page.policies()?;
    page.coverage()?;
    page.summary()
}

/// How often each credential is shown.
fn seen(report: &Report, style: &Style) -> BTreeMap<SecretId, usize> {
    let mut seen = BTreeMap::new();
    let shown = report.findings.iter().filter(|finding| finding.confidence >= style.least);
    shown.for_each(|finding| *seen.entry(finding.secret_id).or_default() += 1);
    seen
}

struct Page<'p> {
    report: &'p Report,
    style: &'p Style,
    out: &'p mut dyn Write,
    advised: BTreeSet<RuleId>,
    seen: BTreeMap<SecretId, usize>,
}

const BOLD: Paint = Paint::new().bold();
const DIM: Paint = Paint::new().dimmed();

const fn paint(severity: Severity) -> Paint {
    match severity {
        Severity::Critical => AnsiColor::Red.on_default().bold(),
        Severity::High => AnsiColor::Red.on_default(),
        Severity::Medium => AnsiColor::Yellow.on_default(),
        Severity::Low => AnsiColor::Cyan.on_default(),
        Severity::Info => DIM,
    }
}

impl Page<'_> {
    fn painted(&self, text: &str, paint: Paint) -> String {
        if self.style.colour { format!("{paint}{text}{paint:#}") } else { text.to_owned() }
    }

    fn findings(&mut self) -> io::Result<()> {
        let (report, least) = (self.report, self.style.least);
        let shown: Vec<_> = report.findings.iter().filter(|f| f.confidence >= least).collect();
        for file in shown.chunk_by(|a, b| a.place.origin == b.place.origin) {
            let name = self.painted(&name(&file[0].place.origin), BOLD);
            writeln!(self.out, "{name}")?;
            file.iter().try_for_each(|finding| self.finding(finding))?;
            writeln!(self.out)?;
        }
        Ok(())
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let Some(rule) = self.report.rules.get(&finding.rule) else { return Ok(()) };
        let span = finding.place.span;
        let severity = self.painted(finding.severity.name(), paint(finding.severity));
        let name = self.painted(&visible(&rule.name), BOLD);
        let sure = self.painted(&format!("{} confidence", finding.confidence.name()), DIM);
        let sure = if finding.confidence == Confidence::Certain {
            self.painted("certain", BOLD)
        } else {
            sure
        };
        let (line, column) = (span.line, span.column);
        writeln!(self.out, "  {line}:{column}  {severity}  {name}  {sure}")?;
        self.excerpt(finding)?;
        let reasons: Vec<_> = finding.reasons.iter().map(|reason| reason.text.as_ref()).collect();
        self.field("why", &reasons.join("; "))?;
        let claims = finding.principal.iter();
        let claims: Vec<_> = claims.map(|c| format!("{} {}", c.field.name(), c.value)).collect();
        self.field("whose", &claims.join(", "))?;
        let key = finding.key.iter().cloned();
        let count = (finding.count > 1).then(|| format!("{} times", finding.count));
        self.field("key", &key.chain(count).collect::<Vec<_>>().join(", "))?;
        for holder in &finding.holders {
            self.field("holder", &holder.text())?;
        }
        let exposure: Vec<_> = finding.exposure.iter().map(|fact| fact.text()).collect();
        self.field("open", &exposure.join("; "))?;
        let past = finding.history.as_ref().map(past::phrases).unwrap_or_default();
        self.field("history", &past.join("; "))?;
        let others = self.seen.get(&finding.secret_id).copied().unwrap_or(1) - 1;
        if others > 0 {
            let noun = if others == 1 { "place" } else { "places" };
            self.field("also", &format!("the same credential in {others} more {noun}"))?;
        }
        if self.advised.insert(rule.id.clone()) {
            self.advice(rule)?;
        }
        Ok(())
    }

    /// The line with the value masked, and a mark under it.
    fn excerpt(&mut self, finding: &Finding) -> io::Result<()> {
        let raw = finding.secret.as_ref().map(|s| visible(&String::from_utf8_lossy(s.expose())));
        let value = raw.unwrap_or_else(|| visible(&finding.redacted));
        let room = self.style.width.saturating_sub(width(&value) + 6).max(20);
        let before = visible(finding.excerpt.before.trim_start());
        let after = visible(&finding.excerpt.after);
        let before = fit_end(&before, (room * 2 / 3).max(room.saturating_sub(width(&after))));
        let after = fit_start(&after, room.saturating_sub(width(&before)));
        let value = self.painted(&value, paint(finding.severity));
        writeln!(self.out, "    {} {before}{value}{after}", self.painted("|", DIM))
    }

    /// A named, indented, wrapped line; nothing if there is nothing to say.
    fn field(&mut self, name: &str, text: &str) -> io::Result<()> {
        let text = visible(text);
        if text.is_empty() {
            return Ok(());
        }
        let mut label = self.painted(&format!("{name:>7}"), DIM);
        for line in wrap(&text, self.style.width.saturating_sub(13).max(20)) {
            writeln!(self.out, "    {label}  {line}")?;
            label = " ".repeat(7);
        }
        Ok(())
    }

    fn advice(&mut self, rule: &RuleInfo) -> io::Result<()> {
        self.field("risk", &rule.grants)?;
        for (name, advice) in [("revoke", &rule.revoke), ("replace", &rule.replace)] {
            let doubt = advice.source.contains("not confirmed");
            let usually = if doubt && !advice.text.is_empty() { "Usually: " } else { "" };
            let link = if advice.url.is_empty() { "" } else { " " };
            self.field(name, &format!("{usually}{}{link}{}", advice.text, advice.url))?;
        }
        Ok(())
    }

    /// The credentials that go to several places, the most urgent first.
    fn trails(&mut self) -> io::Result<()> {
        let least = self.style.least;
        let goes = |trail: &&Trail| trail.confidence >= least && trail.holders.len() > 1;
        let mut trails = self.report.trails.iter().filter(goes);
        for (n, trail) in trails.by_ref().take(MOST_TRAILS).enumerate() {
            if n == 0 {
                writeln!(
                    self.out,
                    "{}\n",
                    self.painted("Trails: one credential, several holders", BOLD)
                )?;
            }
            tree::trail(trail, self.style.colour, self.style.width, self.out)?;
            writeln!(self.out)?;
        }
        match trails.count() {
            0 => Ok(()),
            more => writeln!(self.out, "and {more} more: --format html shows all\n"),
        }
    }

    /// The holders that an earlier report does not know.
    fn news(&mut self) -> io::Result<()> {
        let least = self.style.least;
        let news = self.report.news.iter().filter(|(trail, _)| trail.confidence >= least);
        let line = |(trail, holder): &(Trail, TrailHolder)| {
            let at = holder.key.as_deref().map_or_else(String::new, |key| format!("  {key}"));
            let text = format!("{}  {}  {}{at}", trail.redacted, holder.text(), holder.path);
            visible(&text)
        };
        let lines: Vec<_> = news.map(line).collect();
        if lines.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "{}", self.painted("New holders", BOLD))?;
        self.list(&lines, MOST_ISSUES)
    }

    /// Whether each statement of policy holds.
    fn policies(&mut self) -> io::Result<()> {
        let line = |verdict: &Verdict| {
            let against = verdict.trails.len() + verdict.left_out as usize;
            let said = match against {
                0 => "holds".to_owned(),
                count => format!("broken by {}", plural(count, "credential")),
            };
            visible(&format!("{}: {said}", verdict.statement))
        };
        let lines: Vec<_> = self.report.verdicts.iter().map(line).collect();
        if lines.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "{}", self.painted("Policy", BOLD))?;
        self.list(&lines, usize::MAX)
    }

    fn coverage(&mut self) -> io::Result<()> {
        let coverage = &self.report.coverage;
        let skips = grouped(&coverage.skipped);
        if !skips.is_empty() {
            writeln!(self.out, "{}", self.painted("Left out on purpose", BOLD))?;
            self.list(&skips, MOST_SKIPS)?;
        }
        if !coverage.issues.is_empty() {
            writeln!(self.out, "{}", self.painted("Not covered", BOLD))?;
            let lines: Vec<_> = coverage.issues.iter().map(issue).collect();
            self.list(&lines, MOST_ISSUES)?;
        }
        Ok(())
    }

    fn list(&mut self, lines: &[String], most: usize) -> io::Result<()> {
        for line in lines.iter().take(most) {
            writeln!(self.out, "  {}", fit_start(line, self.style.width.saturating_sub(2)))?;
        }
        if lines.len() > most {
            writeln!(self.out, "  and {} more", lines.len() - most)?;
        }
        writeln!(self.out)
    }

    fn summary(&mut self) -> io::Result<()> {
        let Report { findings, coverage, elapsed, .. } = self.report;
        let (shown, hidden): (Vec<_>, Vec<_>) =
            findings.iter().partition(|finding| finding.confidence >= self.style.least);
        let time = elapsed.map(|t| format!(" in {:.2} s", t.as_secs_f64())).unwrap_or_default();
        let files = amount(coverage.files, "file", coverage.bytes);
        let objects = amount(coverage.objects, "Git object", coverage.object_bytes);
        let objects = if coverage.objects > 0 { format!(" and {objects}") } else { String::new() };
        let known = match coverage.known_objects {
            0 => String::new(),
            known => format!(", {} known from before", plural(known as usize, "Git object")),
        };
        let read = format!("{files}{objects} read{time}{known}");
        if shown.is_empty() {
            writeln!(self.out, "No credentials found. {read}.")?;
        } else {
            let count = |severity: &Severity| {
                let count = shown.iter().filter(|f| f.severity == *severity).count();
                (count > 0).then(|| format!("{count} {}", severity.name()))
            };
            let counts: Vec<_> = Severity::ALL.iter().rev().filter_map(count).collect();
            let total = plural(shown.len(), "finding");
            let text = format!("{total} of {}", plural(self.seen.len(), "credential"));
            let text = self.painted(&text, BOLD);
            writeln!(self.out, "{text}: {}. {read}.", counts.join(", "))?;
        }
        if !hidden.is_empty() {
            let below = plural(hidden.len(), "finding");
            let least = self.style.least.name();
            writeln!(
                self.out,
                "{below} below {least} confidence not shown: --min-confidence low shows all."
            )?;
        }
        if coverage.interrupted {
            writeln!(self.out, "Partial: the scan was stopped before its end.")?;
        } else if !coverage.issues.is_empty() {
            writeln!(
                self.out,
                "Incomplete: {}.",
                plural(coverage.issues.len(), "item") + " not covered"
            )?;
        }
        Ok(())
    }
}

fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn amount(count: u64, noun: &str, bytes: u64) -> String {
    let end = if count == 1 { "" } else { "s" };
    let size = match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.2} GB", bytes as f64 / 1e9),
    };
    format!("{count} {noun}{end}, {size}")
}

fn name(origin: &Origin) -> String {
    match origin.path() {
        Some(path) => {
            let text = path.to_string_lossy();
            visible(text.strip_prefix("./").unwrap_or(&text))
        }
        None => "standard input".to_owned(),
    }
}

fn issue(issue: &Issue) -> String {
    let path = issue.path.as_ref().map_or("standard input".into(), |path| path.to_string_lossy());
    format!("{}: {}", visible(&path), visible(&issue.message))
}

/// A line for each reason to leave things out: what, or how many of them.
fn grouped(skips: &[Skip]) -> Vec<String> {
    let mut groups: BTreeMap<SkipReason, Vec<&PathBuf>> = BTreeMap::new();
    skips.iter().for_each(|skip| groups.entry(skip.reason).or_default().push(&skip.path));
    let line = |(reason, paths): (&SkipReason, &Vec<&PathBuf>)| {
        let first: Vec<_> = paths.iter().take(3).map(|p| visible(&p.to_string_lossy())).collect();
        let more = match paths.len().saturating_sub(3) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        format!("{}: {}{more}", reason.text(), first.join(", "))
    };
    groups.iter().map(line).collect()
}
