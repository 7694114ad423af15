//! Findings and trails, and what frameworks call them.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::book::{Book, DATA};
use super::written::{File, Of, Row};
use super::*;

fn finding(fields: Value) -> Sighting {
    let mut whole = json!({
        "rule": "example-key", "provider": "example", "kind": "api-key", "path": "notes.txt",
        "confidence": "high", "severity": "high", "comparable": "team", "redacted": "…",
        "secret_id": "ks_00000000000000000000000000000001",
        "finding_id": "kf_00000000000000000000000000000001",
    });
    put(&mut whole, fields);
    serde_json::from_value(whole).expect("a finding")
}

fn trail(fields: Value) -> Trail {
    let mut whole = json!({
        "secret_id": "ks_00000000000000000000000000000001", "comparable": "team",
        "rule": "example-key", "name": "Example key", "provider": "example", "kind": "api-key",
        "redacted": "…", "severity": "high", "confidence": "high", "lifetime": {"state": "unknown"},
        "holders": [], "zones": [], "rank": {"score": 10, "parts": []}, "findings": [],
    });
    put(&mut whole, fields);
    serde_json::from_value(whole).expect("a trail")
}

fn put(whole: &mut Value, fields: Value) {
    let Value::Object(fields) = fields else { panic!("fields") };
    for (key, value) in fields {
        whole[key] = value;
    }
}

fn held(kind: &str, tool: &str, zone: &str) -> Value {
    json!({"kind": kind, "tool": tool, "zone": zone, "path": "a/b", "line": 1, "findings": 1})
}

fn has(ids: Ids, texts: &[&str]) {
    for text in texts {
        assert!(EntryId::of_text(text).is_some_and(|id| ids.iter().any(|has| has == id)), "{text}");
    }
}

fn lacks(ids: Ids, texts: &[&str]) {
    for text in texts {
        assert!(EntryId::of_text(text).is_some(), "{text} is known");
        assert!(ids.iter().all(|id| id.text() != *text), "{text}");
    }
}

#[test]
fn findings_are_named_by_where_they_lie() {
    let cases: [(Value, Zone, &[&str]); 11] = [
        (
            json!({"path": "src/a.rs"}),
            Zone::Repository,
            &["cwe-4.20:CWE-798", "owasp-nhi-2025:NHI2"],
        ),
        (
            json!({"kind": "password"}),
            Zone::Repository,
            &["cwe-4.20:CWE-259", "mitre-attack-18.1:T1213.003"],
        ),
        (json!({"kind": "private-key"}), Zone::Developer, &["mitre-attack-18.1:T1552.004"]),
        (json!({"path": "app/.env"}), Zone::Developer, &["cwe-4.20:CWE-526"]),
        (json!({"path": "ci/build.log"}), Zone::Ci, &["cwe-4.20:CWE-532", "owasp-nhi-2025:NHI6"]),
        (
            json!({"path": "process/1/arguments"}),
            Zone::Runtime,
            &["cwe-4.20:CWE-214", "mitre-attack-18.1:T1003.007"],
        ),
        (json!({"path": "process/1/environment"}), Zone::Runtime, &["cwe-4.20:CWE-526"]),
        (
            json!({"history": {"in_head": false}}),
            Zone::Repository,
            &["cwe-4.20:CWE-540", "owasp-nhi-2025:NHI1"],
        ),
        (
            json!({"path": "i.tar!/app/.git/config"}),
            Zone::Image,
            &["cwe-4.20:CWE-527", "cwe-4.20:CWE-538"],
        ),
        (json!({"exposure": ["world-readable"]}), Zone::Developer, &["cwe-4.20:CWE-552"]),
        (
            json!({"holders": [{"kind": "shell", "tool": "bash"}]}),
            Zone::Developer,
            &["mitre-attack-18.1:T1552.003"],
        ),
    ];
    for (fields, zone, texts) in cases {
        has(of_finding(&finding(fields), zone), texts);
    }
    let here = of_finding(&finding(json!({"history": {"in_head": true}})), Zone::Repository);
    lacks(here, &["cwe-4.20:CWE-540", "owasp-nhi-2025:NHI1", "owasp-agentic-2026:ASI03"]);
}

#[test]
fn agents_have_agentic_entries_and_others_have_none() {
    let server = json!({"holders": [{"kind": "mcp-server", "tool": "cursor"}]});
    let ids = of_finding(&finding(server), Zone::Developer);
    has(ids, &["owasp-agentic-2026:ASI03", "owasp-agentic-threats-1.1:T9", "maestro-1:L7"]);
    has(ids, &["cwe-4.20:CWE-312", "owasp-nhi-2025:NHI7", "nist-ai-rmf-1.0:GOVERN 6.1"]);
    let refers = json!({"path": "a.json", "key": "env.TOKEN"});
    let refers = json!({"holders": [{"kind": "mcp-server", "tool": "cursor", "refers": refers}]});
    let ids = of_finding(&finding(refers), Zone::Developer);
    has(ids, &["owasp-agentic-2026:ASI03"]);
    lacks(ids, &["cwe-4.20:CWE-312", "owasp-nhi-2025:NHI4"]);
    let memory = json!({"holders": [{"kind": "memory", "tool": "claude-code", "role": "tool"}]});
    let ids = of_finding(&finding(memory), Zone::Transcript);
    has(ids, &["owasp-agentic-2026:ASI06", "mitre-attack-18.1:T1552.008", "cwe-4.20:CWE-532"]);
    let store = json!({"holders": [{"kind": "store", "tool": "aws"}]});
    let ids = of_finding(&finding(store), Zone::Developer);
    lacks(ids, &["owasp-agentic-2026:ASI03", "owasp-agentic-threats-1.1:T3", "maestro-1:L3"]);
}

#[test]
fn what_is_doubtful_has_no_entries() {
    assert!(of_finding(&finding(json!({"confidence": "low"})), Zone::Repository).is_empty());
    let holders = json!([held("file", "", "repository")]);
    assert!(of_trail(&trail(json!({"confidence": "low", "holders": holders}))).is_empty());
}

#[test]
fn trails_are_named_by_how_they_spread_and_live() {
    let spread = json!({
        "reuse": ["cross-tool", "cross-zone"],
        "holders": [held("store", "aws", "developer"), held("ci", "jenkins", "ci")],
    });
    let ids = of_trail(&trail(spread));
    has(ids, &["owasp-nhi-2025:NHI8", "owasp-nhi-2025:NHI9", "cwe-4.20:CWE-1391"]);
    lacks(ids, &["owasp-agentic-2026:ASI03"]);
    let agents = json!({
        "reuse": ["cross-tool"],
        "holders": [held("memory", "claude-code", "transcript"), held("agent", "cursor", "developer")],
    });
    has(of_trail(&trail(agents)), &["owasp-agentic-2026:ASI03", "owasp-agentic-2026:ASI06"]);
    let endless = of_trail(&trail(json!({"kind": "jwt", "lifetime": {"state": "endless"}})));
    has(endless, &["owasp-nhi-2025:NHI7", "cwe-4.20:CWE-613"]);
    let past = json!({"state": "expired", "at": "2020-01-01T00:00:00Z"});
    has(of_trail(&trail(json!({"lifetime": past}))), &["cwe-4.20:CWE-324", "owasp-nhi-2025:NHI1"]);
    let person = json!({"kind": "personal-access-token", "holders": [held("ci", "jenkins", "ci")]});
    has(of_trail(&trail(person)), &["owasp-nhi-2025:NHI10"]);
    let own =
        json!({"kind": "personal-access-token", "holders": [held("store", "gh", "developer")]});
    lacks(
        of_trail(&trail(own)),
        &["owasp-nhi-2025:NHI10", "owasp-nhi-2025:NHI9", "owasp-nhi-2025:NHI8"],
    );
}

#[test]
fn entries_are_sorted_and_read_back() {
    let ids = of_finding(&finding(json!({"kind": "private-key"})), Zone::Repository);
    let texts = ids.texts();
    assert!(texts.len() > 3 && texts.is_sorted());
    assert_eq!(Ids::of_texts(&texts), ids);
    assert!(Ids::of_texts(["owasp-nhi-2025:NHI99", ""]).is_empty());
    let first = EntryId::of_text("owasp-nhi-2025:NHI9").expect("it is known");
    assert_eq!(
        (first.entry().title.as_str(), first.framework().version.as_str()),
        ("NHI Reuse", "2025")
    );
}

#[test]
fn counts_are_by_framework_and_entry() {
    let leak = Ids::of_texts(["owasp-nhi-2025:NHI2", "cwe-4.20:CWE-798"]);
    let reuse = Ids::of_texts(["owasp-nhi-2025:NHI2", "owasp-nhi-2025:NHI9"]);
    let counts = count([leak, leak], [reuse]);
    let ids: Vec<_> = counts.iter().map(|framework| framework.id.as_str()).collect();
    assert_eq!(ids, ["cwe-4.20", "owasp-nhi-2025"]);
    let told = |id: &str| (counts[1].entries[id].findings, counts[1].entries[id].trails);
    assert_eq!((told("NHI2"), told("NHI9"), counts[1].entries.len()), ((2, 1), (0, 1), 2));
    assert!(Counter::default().counts().is_empty());
}

#[test]
fn tags_are_few_and_the_plainest_weaknesses_first() {
    let ids = Ids::of_texts([
        "cwe-4.20:CWE-1391",
        "cwe-4.20:CWE-312",
        "cwe-4.20:CWE-522",
        "cwe-4.20:CWE-798",
        "owasp-nhi-2025:NHI10",
        "owasp-nhi-2025:NHI2",
        "owasp-agentic-2026:ASI03",
        "maestro-1:L4",
    ]);
    let tags = ["external/cwe/cwe-798", "external/cwe/cwe-522", "nhi-2", "nhi-10", "asi-03"];
    assert_eq!(sarif_tags(ids), tags);
    let every: Ids =
        book().entries.iter().filter_map(|entry| EntryId::of_text(&entry.text)).collect();
    assert_eq!(sarif_tags(every).len(), 9);
    assert!(sarif_tags(Ids::default()).is_empty());
}

#[test]
fn the_data_are_sound_and_each_framework_is_used_and_dated() {
    let book = Book::read(DATA).unwrap_or_else(|error| panic!("{error}"));
    let given: Ids = parsed()
        .mapping
        .iter()
        .flat_map(|row| row.give.clone())
        .filter_map(|text| book.id(&text))
        .collect();
    for (at, framework) in all().iter().enumerate() {
        assert!(framework.id.ends_with(&framework.version), "{}", framework.id);
        assert!(given.iter().any(|id| id.entry().framework == at), "{}", framework.id);
    }
    // Frameworks of which only what is used is listed.
    for entry in book
        .entries
        .iter()
        .filter(|e| ["cwe", "mitre", "nist"].iter().any(|f| e.text.starts_with(f)))
    {
        assert!(given.iter().any(|id| id.text() == entry.text), "{} is not used", entry.text);
    }
    assert!(book.tagged.iter().all(|id| book.id(&format!("cwe-4.20:{id}")).is_some()));
}

#[test]
fn damaged_data_are_refused() {
    let wrong = DATA.replace("zone:image", "zone:moon");
    assert!(Book::read(&wrong).is_err_and(|error| error.ends_with("unknown zone:moon")));
    let wrong = DATA.replace("NHI10 =", "NHI11 =");
    assert!(Book::read(&wrong).is_err_and(|error| error.ends_with("unknown owasp-nhi-2025:NHI10")));
}

#[test]
fn the_documentation_says_what_the_data_say() {
    let page = include_str!("../../docs/frameworks.md");
    let data = parsed();
    let mut tables =
        String::from("| id | name | version | status | source |\n|---|---|---|---|---|\n");
    for f in all() {
        let status = f.status.name();
        writeln!(
            tables,
            "| `{}` | [{}]({}) | {} | {status} | {} |",
            f.id, f.name, f.url, f.version, f.source
        )
        .expect("a text takes all");
    }
    assert!(page.contains(&tables), "{tables}");
    let mut tables = String::from("| case | facts | entries |\n|---|---|---|\n");
    data.mapping.iter().for_each(|row| tables.push_str(&line(row)));
    assert!(page.contains(&tables), "{tables}");
}

fn parsed() -> File {
    toml::from_str(DATA).expect("the data are read")
}

fn line(row: &Row) -> String {
    let list = |all: &[String]| all.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>();
    let or = |all: &[String]| (!all.is_empty()).then(|| list(all).join(" or "));
    let none = (!row.none.is_empty()).then(|| format!("not {}", list(&row.none).join(" nor ")));
    let all = (!row.all.is_empty()).then(|| list(&row.all).join(", "));
    let facts: Vec<_> = [all, or(&row.any), or(&row.also), none].into_iter().flatten().collect();
    let facts = if facts.is_empty() { "always".to_owned() } else { facts.join("; ") };
    let of = if row.of == Of::Trail { "trail: " } else { "" };
    format!("| {of}{} | {facts} | {} |\n", row.what, list(&row.give).join(" "))
}
