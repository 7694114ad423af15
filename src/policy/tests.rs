//! Statements as users write them, against trails.

use serde_json::{Value, json};

use super::*;
use crate::model::{Confidence, Severity, Trail, Verdict};

/// A trail with these fields instead of the usual ones; its holders take the usual fields where they tell none.
pub(super) fn trail(mut fields: Value) -> Trail {
    let mut whole = json!({
        "secret_id": "ks_00000000000000000000000000000001", "comparable": "team",
        "rule": "example-key", "name": "Example key", "provider": "example", "kind": "api-key",
        "redacted": "…", "severity": "high", "confidence": "high", "lifetime": {"state": "unknown"},
        "holders": [{}], "zones": [], "rank": {"score": 10, "parts": []}, "findings": [],
    });
    let holders = fields.as_object_mut().and_then(|fields| fields.remove("holders"));
    for (key, value) in fields.as_object().expect("fields") {
        whole[key] = value.clone();
    }
    let told = holders.unwrap_or_else(|| json!([{}]));
    let holder = |told: &Value| {
        let mut holder = json!({"zone": "developer", "kind": "file", "path": "notes.txt", "line": 1, "findings": 1});
        for (key, value) in told.as_object().expect("fields") {
            holder[key] = value.clone();
        }
        holder
    };
    whole["holders"] = told.as_array().expect("a list").iter().map(holder).collect();
    serde_json::from_value(whole).expect("a trail")
}

fn refused(text: &str) -> String {
    Policies::read(text, "keytrail.toml").expect_err("it is refused").to_string()
}

fn breaks(conditions: &str, fields: Value) -> bool {
    let text = format!("[[policy]]\nid = \"a\"\nstatement = \"A\"\n{conditions}");
    let policies = Policies::read(&text, "keytrail.toml").expect("it is read");
    !policies.judge([trail(fields)].iter())[0].holds
}

#[test]
fn every_ready_made_statement_is_broken_by_one_trail_and_not_by_another() {
    let endless = json!({"state": "endless"});
    let until = json!({"state": "expires", "at": "2030-01-01T00:00:00Z"});
    let past = json!({"state": "expired", "at": "2020-01-01T00:00:00Z"});
    let tools = json!([{"kind": "agent", "tool": "cursor"}, {"kind": "store", "tool": "aws"}]);
    let tool = json!([{"kind": "agent", "tool": "aws"}, {"kind": "store", "tool": "aws"}]);
    let cases = [
        (
            "no-service-account-key-with-agents",
            json!({"kind": "service-account-key", "holders": [{"kind": "mcp-server", "tool": "cursor"}]}),
            json!({"kind": "service-account-key", "holders": [{"kind": "ci", "tool": "jenkins"}]}),
        ),
        ("one-tool-per-credential", json!({"holders": tools}), json!({"holders": tool})),
        (
            "one-zone-per-credential",
            json!({"holders": [{"zone": "developer"}, {"zone": "ci"}]}),
            json!({"holders": [{"zone": "ci"}, {"zone": "ci", "line": 2}]}),
        ),
        (
            "no-classic-pat",
            json!({"rule": "github-pat-classic"}),
            json!({"rule": "github-pat-fine-grained"}),
        ),
        (
            "expiry-in-ci",
            json!({"lifetime": endless, "holders": [{"kind": "ci", "zone": "image"}]}),
            json!({"lifetime": until, "holders": [{"kind": "ci", "zone": "ci"}]}),
        ),
        (
            "no-personal-token-in-automation",
            json!({"kind": "personal-access-token", "holders": [{"kind": "ci"}]}),
            json!({"kind": "personal-access-token", "holders": [{"kind": "store"}]}),
        ),
        (
            "no-secret-in-repositories",
            json!({"holders": [{"zone": "repository"}]}),
            json!({"holders": [{"zone": "repository", "past": true, "kind": "commit"}]}),
        ),
        (
            "no-private-key-in-repositories",
            json!({"kind": "private-key", "holders": [{"zone": "repository", "past": true}]}),
            json!({"kind": "private-key", "holders": [{"zone": "developer"}]}),
        ),
        (
            "no-secret-in-transcripts",
            json!({"holders": [{"zone": "transcript", "kind": "memory"}]}),
            json!({"holders": [{"zone": "developer", "kind": "agent"}]}),
        ),
        (
            "no-secret-in-images",
            json!({"holders": [{"zone": "image"}]}),
            json!({"holders": [{"zone": "ci"}]}),
        ),
        (
            "no-secret-in-project-agent-settings",
            json!({"holders": [{"kind": "mcp-server", "scope": "project"}]}),
            json!({"holders": [{"kind": "mcp-server", "scope": "project", "by_reference": true}]}),
        ),
        ("nothing-expired", json!({"lifetime": past}), json!({"lifetime": until})),
    ];
    let named: Vec<_> = cases.iter().map(|(id, ..)| *id).collect();
    let ready = &Policies::ready_made().statements;
    assert_eq!(named, ready.iter().map(|statement| statement.id.as_str()).collect::<Vec<_>>());
    for (id, against, fine) in cases {
        let text = format!("[policy]\nuse = [\"{id}\"]");
        let policies = Policies::read(&text, "keytrail.toml").expect("it is read");
        let holds = |fields| policies.judge([trail(fields)].iter())[0].holds;
        assert!(!holds(against), "{id}");
        assert!(holds(fine), "{id}");
    }
}

#[test]
fn what_is_asked_of_a_holder_must_hold_of_one_and_the_same() {
    let agent_in_ci = "forbid = { holder = \"agent\", zone = \"ci\" }";
    let apart = json!([{"kind": "agent"}, {"kind": "ci", "zone": "ci"}]);
    assert!(!breaks(agent_in_ci, json!({"holders": apart})));
    assert!(breaks(agent_in_ci, json!({"holders": [{"kind": "agent", "zone": "ci"}]})));
}

#[test]
fn every_condition_lets_in_and_keeps_out() {
    let usual = json!({
        "reuse": ["cross-tool"], "holders": [{"kind": "memory", "tool": "claude-code", "scope": "user",
            "role": "tool", "path": "a/b.jsonl", "source": "laptop"}],
    });
    let cases = [
        ("kind = \"api-key\"", "kind = \"password\""),
        ("provider = \"ex*\"", "provider = \"github\""),
        ("rule = [\"x\", \"*-key\"]", "rule = \"*-token\""),
        ("severity = \"medium\"", "severity = \"critical\""),
        ("confidence = \"high\"", "confidence = \"certain\""),
        ("reuse = [\"cross-tool\", \"copied\"]", "reuse = \"cross-zone\""),
        ("lifetime = \"unknown\"", "lifetime = [\"endless\", \"expired\"]"),
        ("holder = [\"memory\", \"file\"]", "holder = \"file\""),
        ("tool = \"claude-*\"", "tool = \"cursor\""),
        ("zone = \"developer\"", "zone = \"ci\""),
        ("scope = \"user\"", "scope = \"project\""),
        ("role = \"tool\"", "role = \"person\""),
        ("path = \"*.jsonl\"", "path = \"*.log\""),
        ("source = \"laptop\"", "source = \"server\""),
        ("past = false", "past = true"),
        ("by-reference = false", "by_reference = true"),
        ("tools-more-than = 0", "tools-more-than = 1"),
        ("zones_more_than = 0", "zones_more_than = 1"),
        ("holders-more-than = 0", "holders-more-than = 1"),
    ];
    for (holds, fails) in cases {
        assert!(breaks(&format!("forbid = {{ {holds} }}"), usual.clone()), "{holds}");
        assert!(!breaks(&format!("forbid = {{ {fails} }}"), usual.clone()), "{fails}");
    }
    let mut asked: Vec<_> = cases
        .iter()
        .map(|(holds, _)| holds.split(' ').next().expect("a key").replace('_', "-"))
        .collect();
    let mut known = condition::KEYS.map(str::to_owned).to_vec();
    asked.sort();
    known.sort();
    assert_eq!(asked, known);
}

#[test]
fn an_excepted_holder_is_as_if_it_were_not_there() {
    let rule = "forbid = { tools-more-than = 1 }\nexcept = { tool = \"git\" }";
    let two = json!([{"kind": "agent", "tool": "cursor"}, {"kind": "store", "tool": "git"}]);
    let three = json!([{"kind": "agent", "tool": "cursor"}, {"kind": "store", "tool": "git"},
        {"kind": "store", "tool": "aws"}]);
    assert!(!breaks(rule, json!({"holders": two})));
    assert!(breaks(rule, json!({"holders": three})));
    let rule = "forbid = { kind = \"api-key\" }\nexcept = { path = \"*.txt\" }";
    assert!(!breaks(rule, json!({})));
    assert!(breaks(rule, json!({"holders": [{}, {"path": "a.rs"}]})));
}

#[test]
fn an_excepted_trail_is_let_through() {
    let rule = "forbid = { kind = \"api-key\" }\nexcept = [{ provider = \"example\" }, { kind = \"jwt\" }]";
    assert!(!breaks(rule, json!({})));
    assert!(breaks(rule, json!({"provider": "other"})));
}

#[test]
fn old_credentials_are_let_through_if_it_holds_since_a_day() {
    for since in ["2026-01-31", "\"2026-01-31\""] {
        let rule = format!("since = {since}\nforbid = {{ kind = \"api-key\" }}");
        assert!(!breaks(&rule, json!({"first_seen": "2026-01-30T23:00:00+02:00"})));
        assert!(breaks(&rule, json!({"first_seen": "2026-01-31T00:00:00Z"})));
        assert!(breaks(&rule, json!({})));
    }
}

#[test]
fn what_is_doubtful_breaks_nothing_unless_asked_for() {
    let doubtful = json!({"confidence": "low"});
    assert!(!breaks("forbid = { kind = \"api-key\" }", doubtful.clone()));
    assert!(breaks("forbid = { kind = \"api-key\", confidence = \"low\" }", doubtful));
}

#[test]
fn a_verdict_names_the_most_urgent_first_in_whatever_order_they_came() {
    let policies = Policies::read(
        "[[policy]]\nid = \"a\"\nstatement = \"A\"\nforbid = { kind = \"api-key\" }",
        "keytrail.toml",
    )
    .expect("it is read");
    let make = |n: u32| {
        let rank = json!({"score": n % 7, "parts": []});
        trail(json!({"secret_id": format!("ks_{n:032x}"), "rank": rank}))
    };
    let trails: Vec<_> = (0..10_050).map(make).collect();
    let judge = |trails: &mut dyn Iterator<Item = &Trail>| {
        let mut judge = Judge::new(&policies);
        trails.for_each(|trail| judge.see(trail));
        judge.verdicts()
    };
    let verdicts = judge(&mut trails.iter());
    assert_eq!(verdicts, judge(&mut trails.iter().rev()));
    let [Verdict { holds: false, trails: named, left_out, .. }] = verdicts.as_slice() else {
        panic!("one verdict")
    };
    assert_eq!((named.len(), left_out), (10_000, &50));
    assert_eq!(named[0], trails[6].secret_id);
}

#[test]
fn statements_and_ready_made_ones_stand_together() {
    let own = "id = \"own\"\nstatement = \"Own\"\nforbid = { zone = \"ci\" }\n";
    let table =
        format!("[scan]\nx = 1\n[policy]\nuse = [\"no-classic-pat\"]\n[[policy.statement]]\n{own}");
    let list = format!("[[policy]]\nuse = \"no-classic-pat\"\n[[policy]]\n{own}");
    for text in [table, list] {
        let read = Policies::read(&text, "keytrail.toml").expect("it is read");
        let ids: Vec<_> = read.statements.iter().map(|statement| statement.id.as_str()).collect();
        assert_eq!(ids, ["no-classic-pat", "own"]);
    }
    assert_eq!(Policies::read("[scan]\nx = 1", "keytrail.toml"), Ok(Policies::default()));
}

#[test]
fn a_refusal_names_file_line_and_what_is_allowed() {
    let head = "\n[[policy]]\nid = \"a\"\nstatement = \"A\"\n";
    let cases = [
        (
            "forbid = { holdr = \"agent\" }",
            "keytrail.toml:5: unknown key `holdr`; known: kind, provider",
        ),
        (
            "forbid = { kind = \"pat\" }",
            "keytrail.toml:5: `kind`: unknown `pat`; known: personal-access-token",
        ),
        ("forbid = { zone = [] }", "keytrail.toml:5: `zone` is an empty list"),
        ("forbid = { kind = 7 }", "keytrail.toml:5: `kind` must be a text"),
        ("forbid = {}", "keytrail.toml:5: `forbid` has no condition"),
        ("forbid = 1979-05-27", "keytrail.toml:5: `forbid` must be a table"),
        ("forbid = { past = \"no\" }", "keytrail.toml:5: `past` must be true or false"),
        (
            "forbid = { tools-more-than = -1 }",
            "keytrail.toml:5: `tools-more-than` must be a whole number",
        ),
        (
            "forbid = { tools-more-than = 99999999999999999999 }",
            "keytrail.toml:5: `tools-more-than` must be",
        ),
        ("reason = \"x\"\nsince = \"soon\"", "keytrail.toml:6: `since` must be a day"),
        ("reason = \"x\"", "keytrail.toml:2: a statement of policy needs `forbid`"),
        ("forbids = 1", "keytrail.toml:5: unknown key `forbids`; known: id, statement, forbid"),
        ("use = \"x\"", "keytrail.toml:5: `use` stands alone"),
        ("forbid = {", "keytrail.toml:5: not TOML"),
    ];
    for (lines, begins) in cases {
        let error = refused(&format!("{head}{lines}"));
        assert!(error.starts_with(begins), "{error}");
    }
    let ready = refused("[policy]\nuse = [\n\"no-classic-pat\",\n\"nothing\"]");
    assert!(
        ready.starts_with("keytrail.toml:4: `use`: unknown `nothing`; known: no-service"),
        "{ready}"
    );
    let twice = refused("[policy]\nuse = [\"no-classic-pat\", \"no-classic-pat\"]");
    assert!(
        twice.contains(":2: a statement of policy `no-classic-pat` is there already"),
        "{twice}"
    );
    assert!(refused("policy = 3").starts_with("keytrail.toml:1: `policy` must be"));
}

#[test]
fn hostile_configurations_are_refused_and_nothing_else_happens() {
    let deep = format!("[[policy]]\nforbid = {}{}", "[".repeat(100_000), "]".repeat(100_000));
    let dotted = format!("[policy]\n{}a = 1", "a.".repeat(100_000));
    let huge = format!("# {}", "x".repeat(2 << 20));
    let long = format!("[policy]\nuse = \"{}\"", "x".repeat(100_000));
    let many = format!("[policy]\nuse = [{}]", "\"no-classic-pat\",".repeat(2000));
    for text in [&deep, &dotted, &huge, &long, &many] {
        assert!(refused(text).len() < 1000);
    }
    assert!(Gates::read(&deep, "keytrail.toml").is_err());
}

#[test]
fn later_statements_take_the_place_of_earlier_ones() {
    let read = |zone| {
        let text =
            format!("[[policy]]\nid = \"a\"\nstatement = \"A\"\nforbid = {{ zone = \"{zone}\" }}");
        Policies::read(&text, "keytrail.toml").expect("it is read")
    };
    let mut all = read("ci");
    all.add(read("image"));
    assert_eq!(all, read("image"));
}

#[test]
fn gates_are_read_from_flags_and_from_configuration() {
    let both = vec![Gate::Reused, Gate::Severity(Severity::High)];
    let flag = Gates::parse("reused, severity=high,reused").map(|gates| gates.gates);
    assert_eq!(flag.as_ref(), Ok(&both));
    for text in ["fail-on = [\"reused\", \"severity=high\"]", "fail_on = \"reused,severity=high\""]
    {
        let read = Gates::read(&format!("[scan]\n[gate]\n{text}"), "keytrail.toml");
        assert_eq!(read.map(|gates| gates.gates).as_ref(), Ok(&both));
    }
    assert_eq!(Gate::parse("any"), Ok(Gate::Confidence(Confidence::Low)));
    let wrong = Gate::parse("severity=info").expect_err("it is no gate");
    assert!(Gate::ALL.iter().all(|(word, _)| wrong.contains(word)), "{wrong}");
    assert_eq!(Gates::parse("none,any"), Err("`none` stands alone".to_owned()));
    let read = |text: &str| Gates::read(text, "keytrail.toml").expect_err("refused").to_string();
    assert!(
        read("[gate]\nfail-on = [\"reused\",\n\"x\"]")
            .starts_with("keytrail.toml:3: `fail-on`: unknown `x`")
    );
    assert_eq!(read("[gate]\nfail = 1"), "keytrail.toml:2: unknown key `fail`; known: fail-on");
    assert_eq!(Gates::read("", "keytrail.toml"), Ok(Gates::default()));
}

#[test]
fn the_documentation_names_every_key_and_every_ready_made_statement() {
    let page = include_str!("../../docs/policy.md");
    for key in condition::KEYS.iter().chain(&statement::KEYS) {
        assert!(page.contains(&format!("`{key}`")), "{key}");
    }
    for statement in &Policies::ready_made().statements {
        let row = format!("| `{}` | {} |", statement.id, statement.statement);
        assert!(page.contains(&row), "{row}");
    }
    for (word, _) in Gate::ALL {
        assert!(page.contains(&format!("`{word}`")), "{word}");
    }
    let examples = page.split("```toml\n").skip(1).filter_map(|part| part.split("```").next());
    for example in examples {
        assert!(Policies::read(example, "example").is_ok(), "{example}");
        assert!(Gates::read(example, "example").is_ok(), "{example}");
    }
}
