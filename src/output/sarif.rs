//! SARIF 2.1.0 for code scanning: no snippet, no value, stable fingerprints, within GitHub's limits.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Component, Path};

use serde_json::{Value, json};
use serde_sarif::sarif::{
    ArtifactLocation, Invocation, Location, Message, MultiformatMessageString, Notification,
    PhysicalLocation, PropertyBag, Region, ReportingConfiguration, ReportingDescriptor, Result,
    ResultLevel, Run, Sarif, Tool, ToolComponent,
};

use crate::model::{Confidence, Finding, FindingId, Issue, Kind, Origin, RuleId, Severity};
use crate::output::escape::visible;
use crate::output::holding::HolderView;
use crate::output::past::PastView;
use crate::output::{Format, Style};
use crate::report::{Advice, Report, RuleInfo};
use crate::standards::{Ids, sarif_tags};

/// The format.
pub(super) const FORMAT: Format = Format {
    name: "sarif",
    about: "SARIF 2.1.0, for GitHub code scanning and others",
    least: Confidence::Medium,
    write,
};

/// GitHub shows 5,000 results and refuses 25,001: more are named in a notification.
const MOST_RESULTS: usize = 4_900;
/// GitHub shows ten tags of a rule.
const MOST_TAGS: usize = 10;
/// GitHub's limit on descriptions, in characters.
const MOST_TEXT: usize = 1_024;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
const HOME: &str = "https://github.com/keytrail/keytrail";

fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut shown: Vec<_> =
        report.findings.iter().filter(|finding| finding.confidence >= style.least).collect();
    let left_out = shown.len().saturating_sub(MOST_RESULTS);
    if left_out > 0 {
        shown.sort_by_key(|f| std::cmp::Reverse((f.severity, f.confidence)));
        shown.truncate(MOST_RESULTS);
    }
    let rules: Vec<&RuleInfo> =
        report.rules.values().filter(|rule| shown.iter().any(|f| f.rule == rule.id)).collect();
    let place: BTreeMap<&RuleId, usize> =
        rules.iter().enumerate().map(|(n, rule)| (&rule.id, n)).collect();
    let mut seen: BTreeMap<FindingId, usize> = BTreeMap::new();
    let results = shown.iter().filter_map(|finding| {
        let index = *place.get(&finding.rule)?;
        let nth = seen.entry(finding.id).or_default();
        *nth += 1;
        Some(result(finding, *nth, rules[index], index, report))
    });
    let run = Run::builder()
        .tool(tool(&rules, &shown))
        .column_kind("unicodeCodePoints")
        .redaction_tokens(vec!["…".to_owned()])
        .invocations(vec![invocation(report, left_out)])
        .results(results.collect::<Vec<_>>())
        .build();
    let sarif = Sarif::builder().schema(SCHEMA).version(json!("2.1.0")).runs(vec![run]).build();
    serde_json::to_writer_pretty(&mut *out, &sarif)?;
    writeln!(out)
}

fn tool(rules: &[&RuleInfo], shown: &[&Finding]) -> Tool {
    let entries = |rule: &RuleInfo| {
        let of = shown.iter().filter(|finding| finding.rule == rule.id);
        Ids::of_texts(of.flat_map(|finding| &finding.frameworks))
    };
    let descriptors = rules.iter().map(|rule| descriptor(rule, entries(rule)));
    let driver = ToolComponent::builder()
        .name("keytrail")
        .full_name(concat!("keytrail ", env!("CARGO_PKG_VERSION")))
        .version(env!("CARGO_PKG_VERSION"))
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .information_uri(HOME)
        .rules(descriptors.collect::<Vec<_>>())
        .build();
    Tool::builder().driver(driver).build()
}

fn descriptor(rule: &RuleInfo, entries: Ids) -> ReportingDescriptor {
    let full = format!("{} found in a place where it can be read. {}", rule.name, rule.grants);
    let builder = ReportingDescriptor::builder()
        .id(rule.id.as_str())
        .name(pascal_case(rule.id.as_str()))
        .short_description(plain(&rule.name))
        .full_description(plain(&full))
        .help(help(rule))
        .default_configuration(
            ReportingConfiguration::builder().level(json!(level_name(rule.severity))).build(),
        )
        .properties(rule_properties(rule, entries));
    match link(rule) {
        Some(link) => builder.help_uri(link).build(),
        None => builder.help_uri(HOME).build(),
    }
}

fn link(rule: &RuleInfo) -> Option<&str> {
    [&rule.revoke, &rule.replace].into_iter().map(|a| a.url.as_str()).find(|url| !url.is_empty())
}

fn plain(text: &str) -> MultiformatMessageString {
    MultiformatMessageString::builder().text(cut(text)).build()
}

fn cut(text: &str) -> String {
    text.chars().take(MOST_TEXT).collect()
}

fn help(rule: &RuleInfo) -> MultiformatMessageString {
    let advice = |name: &str, advice: &Advice, link: fn(&str) -> String| {
        let url = if advice.url.is_empty() { String::new() } else { link(&advice.url) };
        let usual = if advice.source.contains("not confirmed") { "Usually: " } else { "" };
        (!advice.text.is_empty()).then(|| format!("{name}{usual}{}{url}", advice.text))
    };
    let both = |names: [&str; 2], link: fn(&str) -> String| {
        let [revoke, replace] = names;
        [advice(revoke, &rule.revoke, link), advice(replace, &rule.replace, link)]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
    };
    let text = both(["Revoke: ", "Replace: "], |url| format!(" {url}")).join("\n");
    let markdown =
        both(["## Revoke\n\n", "## Replace\n\n"], |url| format!(" [{url}]({url})")).join("\n\n");
    let grants = &rule.grants;
    MultiformatMessageString::builder()
        .text(format!("{}. {grants}\n{text}", rule.name))
        .markdown(format!("# {}\n\n{grants}\n\n{markdown}", rule.name))
        .build()
}

/// What GitHub shows of a rule, with the `entries` of frameworks that its findings in this run have.
fn rule_properties(rule: &RuleInfo, entries: Ids) -> PropertyBag {
    let weakness = match rule.kind {
        Kind::Password | Kind::ConnectionString => "external/cwe/cwe-259",
        Kind::PrivateKey | Kind::EncryptionKey => "external/cwe/cwe-321",
        _ => "external/cwe/cwe-798",
    };
    let more = [
        ("precision", json!("high")),
        ("security-severity", json!(score(rule.severity))),
        ("problem.severity", json!(level_name(rule.severity))),
    ];
    let mut tags = vec!["security".to_owned(), weakness.to_owned(), rule.kind.name().to_owned()];
    tags.extend(sarif_tags(entries).into_iter().filter(|tag| tag != weakness));
    tags.truncate(MOST_TAGS);
    PropertyBag::builder().tags(tags).additional_properties(properties(more)).build()
}

fn properties<const N: usize>(pairs: [(&str, Value); N]) -> BTreeMap<String, Value> {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// A number within GitHub's bands: over 9.0 critical, 7.0 high, 4.0 medium, 0.1 low.
const fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.8",
        Severity::High => "8.3",
        Severity::Medium => "5.5",
        Severity::Low => "2.5",
        Severity::Info => "0.5",
    }
}

const fn level_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

const fn level(severity: Severity) -> ResultLevel {
    match severity {
        Severity::Critical | Severity::High => ResultLevel::Error,
        Severity::Medium => ResultLevel::Warning,
        Severity::Low | Severity::Info => ResultLevel::Note,
    }
}

fn pascal_case(id: &str) -> String {
    let word = |word: &str| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_uppercase() + rest
    };
    id.split('-').map(word).collect()
}

/// The result for the `nth` finding of its id.
fn result(finding: &Finding, nth: usize, rule: &RuleInfo, index: usize, report: &Report) -> Result {
    let reasons: Vec<_> = finding.reasons.iter().map(|reason| reason.text.as_ref()).collect();
    let text = format!(
        "{} in {}{}. Why: {}. {}",
        rule.name,
        name(&finding.place.origin, report),
        held(finding),
        visible(&reasons.join("; ")),
        rule.revoke.text
    );
    let fingerprints = BTreeMap::from([
        ("primaryLocationLineHash".to_owned(), line_hash(finding, nth)),
        ("keytrailFinding/v1".to_owned(), own_id(finding.id, nth)),
    ]);
    let more = [
        ("confidence", json!(finding.confidence)),
        ("severity", json!(finding.severity)),
        ("secretId", json!(finding.secret_id)),
        ("redacted", json!(finding.redacted)),
        ("principal", json!(finding.principal)),
    ];
    let history = finding.history.as_ref().map(|past| ("history", json!(PastView::of(past))));
    let holders: Vec<_> = finding.holders.iter().map(HolderView::of).collect();
    let holders = (!holders.is_empty()).then(|| ("holders", json!(holders)));
    let key = finding.key.as_ref().map(|key| ("key", json!(key)));
    let exposure = (!finding.exposure.is_empty()).then(|| ("exposure", json!(finding.exposure)));
    let frameworks =
        (!finding.frameworks.is_empty()).then(|| ("frameworks", json!(finding.frameworks)));
    let count = (finding.count > 1).then(|| ("count", json!(finding.count)));
    let more = more
        .into_iter()
        .chain(history)
        .chain(holders)
        .chain(key)
        .chain(exposure)
        .chain(count)
        .chain(frameworks)
        .map(|(name, value)| (name.to_owned(), value));
    Result::builder()
        .rule_id(rule.id.as_str())
        .rule_index(number(index as u64))
        .level(level(finding.severity))
        .message(Message::builder().text(text.trim_end()).build())
        .locations(vec![location(finding, report)])
        .partial_fingerprints(fingerprints)
        .properties(
            PropertyBag::builder().additional_properties(more.collect::<BTreeMap<_, _>>()).build(),
        )
        .build()
}

/// Who holds it, as half a sentence.
fn held(finding: &Finding) -> String {
    let holders: Vec<_> = finding.holders.iter().map(|holder| visible(&holder.text())).collect();
    if holders.is_empty() { String::new() } else { format!(", held by {}", holders.join("; ")) }
}

/// The id, and which of that id it is if it is not the first: no two results of a run are the same.
fn own_id(id: FindingId, nth: usize) -> String {
    if nth == 1 { id.to_string() } else { format!("{id}:{nth}") }
}

fn line_hash(finding: &Finding, nth: usize) -> String {
    let own = |id: FindingId| format!("{}:{nth}", &id.to_string()["kf_".len()..][..16]);
    finding.line_hash.clone().unwrap_or_else(|| own(finding.id))
}

/// The path, without any value even where others show it.
fn masked<'r>(path: &'r Path, report: &'r Report) -> &'r Path {
    report.masks.get(path).map_or(path, |masked| masked)
}

fn name(origin: &Origin, report: &Report) -> String {
    let file = origin.path().and_then(|path| masked(path, report).file_name());
    file.map_or("standard input".to_owned(), |file| visible(&file.to_string_lossy()))
}

fn location(finding: &Finding, report: &Report) -> Location {
    let physical = PhysicalLocation::builder()
        .artifact_location(
            ArtifactLocation::builder().uri(uri(&finding.place.origin, report)).build(),
        )
        .region(region(finding))
        .build();
    Location::builder().physical_location(physical).build()
}

fn region(finding: &Finding) -> Region {
    let span = finding.place.span;
    let lines = Region::builder()
        .start_line(number(span.line))
        .end_line(number(span.end_line))
        .byte_offset(number(span.offset))
        .byte_length(number(span.length));
    match span.code_points {
        Some((start, end)) => lines.start_column(number(start)).end_column(number(end)).build(),
        None => lines.build(),
    }
}

fn number(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Relative to the report's base for what lies below it, else absolute; percent-encoded (RFC 3986).
fn uri(origin: &Origin, report: &Report) -> String {
    let Some(path) = origin.path() else { return "stdin".to_owned() };
    uri_of(path, report)
}

fn uri_of(path: &Path, report: &Report) -> String {
    let absolute = plain_path(&report.here.join(masked(path, report)));
    let (lead, path) = match absolute.strip_prefix(&report.base) {
        Ok(relative) => ("", relative),
        Err(_) => ("file://", &*absolute),
    };
    let text = path.to_string_lossy().replace('\\', "/");
    let mut uri = lead.to_owned();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri
}

/// Without `.` and with `..` resolved by name.
fn plain_path(path: &Path) -> std::path::PathBuf {
    path.components().fold(std::path::PathBuf::new(), |mut plain, part| {
        match part {
            Component::CurDir => {}
            Component::ParentDir => _ = plain.pop(),
            part => plain.push(part),
        }
        plain
    })
}

fn invocation(report: &Report, left_out: usize) -> Invocation {
    let mut notes: Vec<_> =
        report.coverage.issues.iter().map(|issue| not_covered(issue, report)).collect();
    if left_out > 0 {
        let text = format!(
            "{left_out} results of lesser severity were left out: code scanning takes no more. \
             The json format holds all."
        );
        notes.push(note(text, "warning", Vec::new()));
    }
    if report.coverage.interrupted {
        let text = "The scan was stopped before its end.".to_owned();
        notes.push(note(text, "error", Vec::new()));
    }
    Invocation::builder()
        .execution_successful(!report.coverage.interrupted)
        .tool_execution_notifications(notes)
        .build()
}

fn not_covered(issue: &Issue, report: &Report) -> Notification {
    let message = format!("Not covered: {}", visible(&issue.message));
    let Some(path) = &issue.path else { return note(message, "warning", Vec::new()) };
    let artifact = ArtifactLocation::builder().uri(uri_of(path, report)).build();
    let physical = PhysicalLocation::builder().artifact_location(artifact).build();
    note(message, "warning", vec![Location::builder().physical_location(physical).build()])
}

fn note(text: String, level: &str, locations: Vec<Location>) -> Notification {
    Notification::builder()
        .message(Message::builder().text(text).build())
        .level(json!(level))
        .locations(locations)
        .build()
}
