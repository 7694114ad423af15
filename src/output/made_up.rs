//! Made-up records of any size for tests: many providers, tools and zones, and no value of anything.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::model::{Owner, SecretId, Trail};
use crate::report::Record;
use crate::trail::owner;

/// A runbook with everything that runbooks are written with.
pub const RUNBOOK: &str = include_str!("made_up/runbook.md");

/// (rule, name, provider, provider's spelling, kind, redacted, severity)
const RULES: &str = include_str!("made_up/rules.txt");

/// (zone, kind, tool, tool's spelling, name, path, key)
const PLACES: &str = include_str!("made_up/places.txt");

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % end
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// Small numbers often, `end` seldom.
    fn few(&mut self, end: usize) -> usize {
        let most = 1 + self.below(end);
        1 + self.below(most)
    }
}

fn cells<const N: usize>(line: &str) -> [&str; N] {
    let mut cells = line.split('|').map(str::trim);
    std::array::from_fn(|_| cells.next().unwrap_or_default())
}

/// Any row of a table.
fn row<const N: usize>(table: &'static str, dice: &mut Dice) -> [&'static str; N] {
    cells(table.lines().nth(dice.below(table.lines().count())).unwrap_or_default())
}

/// A record of `count` trails.
pub fn record(count: usize) -> Record {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut trails: Vec<Trail> = (0..count).map(|n| trail(n, &mut dice)).collect();
    trails.sort_by_key(|trail| std::cmp::Reverse(trail.rank.score));
    let principals = owners(&mut trails);
    let ids = |is: &dyn Fn(&Trail) -> bool| -> Vec<SecretId> {
        trails.iter().filter(|trail| is(trail)).map(|trail| trail.secret_id).collect()
    };
    let classic = ids(&|trail| trail.rule.as_str() == "github-pat-classic");
    let tools = ids(&|trail| trail.zones.len() > 3);
    let policies = json!([
        {"id": "no-classic-pat", "statement": "No classic personal access token.", "holds": classic.is_empty(), "trails": classic},
        {"id": "few-zones", "statement": "No credential in more than three zones.", "holds": tools.is_empty(), "trails": tools},
        {"id": "no-agent-hands", "statement": "No session cookie in an agent's hands.", "holds": true, "trails": []},
    ]);
    let entry = |title: &str, trails: usize| json!({"title": title, "findings": trails * 3, "trails": trails});
    let frameworks = json!([
        {"id": "owasp-nhi-2025", "name": "OWASP Non-Human Identities Top 10", "version": "2025", "entries": {
            "NHI2": entry("Secret leakage", count), "NHI7": entry("Long-lived secrets", count * 2 / 3),
            "NHI9": entry("NHI reuse", count / 2), "NHI10": entry("Human use of NHI", count / 5)}},
        {"id": "cwe-4.17", "name": "Common Weakness Enumeration", "version": "4.17", "entries": {
            "CWE-798": entry("Use of hard-coded credentials", count), "CWE-532": entry("Sensitive information in log files", count / 6)}},
    ]);
    let record = json!({
        "schema": "keytrail/report/v1",
        "key": {"id": null, "note": "No key was given: ids of credentials that could be guessed are good for this run only."},
        "source": "acme platform, October",
        "trails": trails, "principals": principals, "policies": policies, "frameworks": frameworks,
        "rules": rules(), "coverage": {"complete": count != 40},
    });
    read(record)
}

fn read<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("made-up data has the report's shape")
}

fn rules() -> Value {
    let rule = |[id, name, provider, spelling, kind, _, severity]: [&str; 7]| {
        let rule = json!({
            "id": id, "name": name, "provider": provider, "provider_name": spelling, "kind": kind, "severity": severity,
            "grants": format!("Acts as its owner at {spelling}, with all that this one may do."),
            "life": "endless",
            "revoke": {"text": format!("Delete it in the settings of {spelling}."), "url": format!("https://{provider}.example/settings/tokens"), "source": "vendor"},
            "replace": {"text": "Use workload identity federation (OIDC) instead of a stored key.", "url": "https://docs.example/oidc", "source": "[G] not confirmed"},
        });
        (id.to_owned(), rule)
    };
    json!(RULES.lines().map(cells).map(rule).collect::<BTreeMap<_, _>>())
}

fn trail(n: usize, dice: &mut Dice) -> Trail {
    let [rule, name, provider, spelling, kind, redacted, severity] = row(RULES, dice);
    let mut holders: Vec<Value> = Vec::new();
    for _ in 0..dice.few(14) {
        let holder = holder(dice);
        if !holders.contains(&holder) {
            holders.push(holder);
        }
    }
    let all = |field: &str| -> Vec<&str> {
        let mut all: Vec<_> = holders.iter().filter_map(|holder| holder[field].as_str()).collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    let order = ["repository", "transcript", "image", "ci", "runtime", "developer"];
    let zones: Vec<_> = order.into_iter().filter(|zone| all("zone").contains(zone)).collect();
    let tools = all("tool").iter().filter(|tool| !tool.is_empty()).count();
    let classes = [
        ("copied", holders.len() > 1 && tools < 2),
        ("cross-tool", tools > 1),
        ("cross-zone", zones.len() > 1),
    ];
    let reuse: Vec<_> = classes.into_iter().filter(|(_, is)| *is).map(|(name, _)| name).collect();
    let lifetime = match dice.below(6) {
        0 => json!({"state": "expired", "at": "2025-03-01T00:00:00Z"}),
        1 => json!({"state": "expires", "at": "2027-01-31T12:00:00Z"}),
        2 => json!({"state": "unknown"}),
        _ => json!({"state": "endless"}),
    };
    let confidence = ["certain", "high", "high", "medium"][dice.below(4)];
    let id = |prefix: &str, salt: usize| {
        format!(
            "{prefix}_{:032x}",
            (n as u128 + 1) * 0x9e37_79b9_7f4a_7c15_f39c_0c2e + salt as u128
        )
    };
    let findings: Vec<_> = (0..holders.len() + dice.below(4)).map(|at| id("kf", at)).collect();
    let proofs = if dice.one_in(5) {
        json!([{"text": "signs the JWT in deploy/token.txt (HMAC-SHA-256 holds)", "path": "deploy/token.txt"}])
    } else {
        json!([])
    };
    read(json!({
        "secret_id": id("ks", 0), "comparable": (["run", "anywhere", "team"][dice.below(3)]),
        "rule": rule, "name": name, "provider": provider, "kind": kind, "redacted": redacted,
        "severity": severity, "confidence": confidence,
        "principal": principal(provider, spelling, dice),
        "lifetime": lifetime, "zones": zones, "reuse": reuse, "rank": rank(severity, confidence, &zones, &lifetime, holders.len()),
        "holders": holders, "proofs": proofs, "frameworks": ["owasp-nhi-2025:NHI2", "owasp-nhi-2025:NHI7", "cwe-4.17:CWE-798"],
        "findings": findings, "first_seen": (dice.one_in(2).then_some("2024-01-02T09:14:00Z")),
    }))
}

fn holder(dice: &mut Dice) -> Value {
    let [zone, kind, tool, spelling, name, path, key] = row(PLACES, dice);
    let mut holder = json!({"zone": zone, "kind": kind, "tool": tool, "tool_name": spelling, "path": path,
        "line": 1 + dice.below(400), "findings": 1 + dice.below(3)});
    for (field, value) in [("name", name), ("key", key)] {
        if !value.is_empty() {
            holder[field] = json!(value);
        }
    }
    if kind == "mcp-server" {
        holder["scope"] = json!(if zone == "repository" { "project" } else { "user" });
    }
    if kind == "memory" {
        holder["role"] = json!(["person", "tool"][dice.below(2)]);
    }
    holder["past"] = json!(kind == "commit");
    holder["by_reference"] = json!(dice.one_in(9));
    holder
}

fn principal(provider: &str, spelling: &str, dice: &mut Dice) -> Value {
    let who = ["deploy", "mirror", "nightly", "reports", "billing", "alex", "sam", "robin"]
        [dice.below(8)];
    match provider {
        "aws" => {
            json!([{"field": "tenant", "value": format!("{:012}", 123_456_789_012_u64 + dice.below(3) as u64)}])
        }
        "gcp" => {
            json!([{"field": "principal", "value": format!("{who}@acme.iam.gserviceaccount.com")}, {"field": "tenant", "value": "acme"}])
        }
        "github" => {
            json!([{"field": "issuer", "value": "github.com"}, {"field": "principal", "value": format!("user {}", 12_345 + dice.below(5))}])
        }
        "postgres" => {
            json!([{"field": "principal", "value": who}, {"field": "endpoint", "value": "db.acme.example:5432"}])
        }
        "slack" => json!([{"field": "tenant", "value": "T0ACME"}]),
        "generic" | "discord" => json!([]),
        _ if dice.one_in(2) => {
            json!([{"field": "principal", "value": who}, {"field": "issuer", "value": spelling}])
        }
        _ => json!([]),
    }
}

fn rank(
    severity: &str,
    confidence: &str,
    zones: &[&str],
    lifetime: &Value,
    holders: usize,
) -> Value {
    let pick = |of: &[(&str, u32)], name: &str| {
        of.iter().find(|(n, _)| *n == name).map_or(50, |(_, p)| *p)
    };
    let power = pick(
        &[("critical", 100), ("high", 75), ("medium", 45), ("low", 20), ("info", 5)],
        severity,
    );
    let place = pick(
        &[
            ("repository", 95),
            ("transcript", 75),
            ("image", 90),
            ("ci", 80),
            ("runtime", 55),
            ("developer", 45),
        ],
        zones[0],
    );
    let spread = if zones.len() > 1 { 95 } else { 50 };
    let life = pick(
        &[("expired", 5), ("expires", 80), ("endless", 100), ("unknown", 90)],
        lifetime["state"].as_str().unwrap_or_default(),
    );
    let sure = pick(&[("certain", 100), ("high", 90), ("medium", 60)], confidence);
    let parts = [
        ("power", power, format!("{severity} severity")),
        ("place", place, format!("in a {}", zones[0])),
        ("spread", spread, format!("{holders} holders in {} zones", zones.len())),
        ("lifetime", life, format!("{} lifetime", lifetime["state"].as_str().unwrap_or_default())),
        ("certainty", sure, format!("{confidence} confidence")),
    ];
    let score = parts.iter().fold(1000.0, |all, part| all * f64::from(part.1) / 100.0).round();
    json!({"score": score as u32, "parts": parts.map(|(name, percent, text)| json!({"name": name, "percent": percent, "text": text}))})
}

fn owners(trails: &mut [Trail]) -> Vec<Owner> {
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (n, trail) in trails.iter().enumerate() {
        if let Some(name) = owner(trail) {
            groups.entry(name).or_default().push(n);
        }
    }
    groups.retain(|_, group| group.len() > 1);
    let mut owners = Vec::new();
    for (name, group) in groups {
        let ids: Vec<SecretId> = group.iter().map(|&n| trails[n].secret_id).collect();
        let holders = group.iter().map(|&n| trails[n].holders.len()).sum();
        for &n in &group {
            trails[n].siblings =
                ids.iter().copied().filter(|id| *id != trails[n].secret_id).collect();
            trails[n].reuse.push(crate::model::Reuse::SharedPrincipal);
        }
        owners.push(Owner { name, trails: ids, holders });
    }
    owners
}
