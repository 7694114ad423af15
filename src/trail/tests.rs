//! What a trail says of made-up findings.

use serde_json::json;

use super::{Facts, Owners, join, new_holders};
use crate::model::{Basis, Life, Lifetime, Reuse, SecretId, Sighting, Trail, Zone};

const NOW: &str = "2026-01-01T00:00:00Z";

/// A finding of the credential `n` at `path`, with what else is told of it.
fn sighting(n: u8, path: &str, more: impl Into<serde_json::Value>) -> Sighting {
    let mut all = json!({
        "rule": "github-pat-classic", "provider": "github", "kind": "personal-access-token",
        "path": path, "line": 3, "confidence": "high", "severity": "high",
        "secret_id": SecretId::from_bytes([n; 16]), "comparable": "anywhere",
        "finding_id": format!("kf_{:032x}", path.len() * 256 + usize::from(n)), "redacted": "ghp_…(40)",
    });
    let object = all.as_object_mut().expect("an object");
    object.extend(more.into().as_object().expect("an object").clone());
    serde_json::from_value(all).expect("a sighting")
}

fn held(kind: &str, tool: &str, scope: &str) -> serde_json::Value {
    json!({ "holders": [{ "kind": kind, "tool": tool, "tool_name": tool, "scope": scope }] })
}

fn trail(sightings: &[Sighting]) -> Trail {
    trail_of(sightings, Life::Unknown)
}

fn trail_of(sightings: &[Sighting], life: Life) -> Trail {
    join(sightings, |_| Facts { name: "A token", life, now: NOW }).expect("a sighting")
}

#[test]
fn each_holder_is_in_its_zone() {
    for (path, told, zone) in [
        ("a.py", json!({}), Zone::Developer),
        ("a.py", json!({ "exposure": ["untracked"] }), Zone::Developer),
        ("a.py", json!({ "exposure": ["tracked"] }), Zone::Repository),
        ("-", json!({}), Zone::Developer),
        ("process/12/environment", json!({}), Zone::Runtime),
        ("x.zip!/etc/env", json!({}), Zone::Developer),
        (".env", held("environment", "dotenv", "project"), Zone::Developer),
        ("h/.cursor/mcp.json", held("mcp-server", "cursor", "user"), Zone::Developer),
        ("r/.cursor/mcp.json", held("mcp-server", "cursor", "project"), Zone::Developer),
        ("h/s.jsonl", held("memory", "claude-code", "user"), Zone::Transcript),
        ("ci.yml", held("ci", "github-actions", "project"), Zone::Ci),
        ("i.tar!/x", held("image", "docker", "system"), Zone::Image),
        ("process/1/environment", held("process", "node", "user"), Zone::Runtime),
        ("h/.netrc", held("store", "netrc", "user"), Zone::Developer),
        ("compose.yaml", held("application", "compose", "project"), Zone::Runtime),
    ] {
        assert_eq!(trail(&[sighting(1, path, told)]).zones, [zone], "{path}");
    }
    let mut kept = held("store", "netrc", "user");
    kept["exposure"] = json!(["tracked"]);
    assert_eq!(trail(&[sighting(1, "dotfiles/.netrc", kept)]).zones, [Zone::Repository]);
}

#[test]
fn reuse_is_told_by_its_classes() {
    let cursor = || sighting(1, "h/.cursor/mcp.json", held("mcp-server", "cursor", "user"));
    let other = || sighting(1, "h/b/.cursor/mcp.json", held("mcp-server", "cursor", "user"));
    let shell = || sighting(1, "h/.netrc", held("store", "netrc", "user"));
    let memory = || sighting(1, "h/s.jsonl", held("memory", "cursor", "user"));
    let file = |path| sighting(1, path, json!({ "exposure": ["tracked"] }));
    for (sightings, classes) in [
        (vec![cursor()], vec![]),
        (vec![cursor(), cursor()], vec![]),
        (vec![file("a/x.py"), file("b/x.py")], vec![Reuse::Copied]),
        (vec![file("a.py"), file("b.py")], vec![Reuse::Copied]),
        (vec![cursor(), other()], vec![Reuse::SameTool]),
        (vec![cursor(), shell()], vec![Reuse::CrossTool]),
        (vec![cursor(), memory()], vec![Reuse::SameTool, Reuse::CrossZone]),
        (vec![shell(), file("a.py")], vec![Reuse::Copied, Reuse::CrossZone]),
    ] {
        assert_eq!(trail(&sightings).reuse, classes, "{sightings:?}");
    }
}

#[test]
fn the_rank_is_the_product_of_its_parts_and_grows_with_each() {
    let rank = |trail: Trail| trail.rank;
    let one = sighting(1, "h/.netrc", held("store", "netrc", "user"));
    let wide = [one.clone(), sighting(1, "a.py", json!({ "exposure": ["tracked"] }))];
    let (low, high) = (rank(trail(std::slice::from_ref(&one))), rank(trail(&wide)));
    assert!(high.score > low.score);
    for rank in [&low, &high] {
        let product: f64 = rank.parts.iter().map(|part| f64::from(part.percent) / 100.0).product();
        assert_eq!(rank.score, (product * 1000.0).round() as u32);
        let names: Vec<_> = rank.parts.iter().map(|part| part.name.as_str()).collect();
        assert_eq!(names, ["power", "place", "spread", "lifetime", "certainty"]);
    }
    let expired =
        json!({ "principal": [{ "field": "expires_at", "value": "2025-12-31T23:59:59Z" }] });
    let expired = rank(trail(&[sighting(1, "a.py", expired)]));
    assert!(expired.score < 50, "{expired:?}");
}

#[test]
fn lifetimes_come_from_claims_then_from_the_rule() {
    let at = |end: &str| json!({ "principal": [{ "field": "expires_at", "value": end }] });
    let of = |told, life| trail_of(&[sighting(1, "a", told)], life).lifetime;
    let (gone, soon) = ("2025-12-31T23:59:59Z", "2026-06-01T00:00:00Z");
    assert_eq!(of(at(gone), Life::Endless), Lifetime::Expired(gone.to_owned()));
    assert_eq!(of(at(soon), Life::Unknown), Lifetime::Expires(soon.to_owned()));
    assert_eq!(of(at("tomorrow"), Life::Unknown), Lifetime::Unknown);
    assert_eq!(of(json!({}), Life::Endless), Lifetime::Endless);
}

#[test]
fn the_order_of_findings_makes_no_difference() {
    let mut all: Vec<_> = (0..12)
        .map(|n| {
            let kinds =
                [("store", "netrc"), ("memory", "codex"), ("ci", "gitlab"), ("shell", "zsh")];
            let (kind, tool) = kinds[n % 4];
            let confidence = ["low", "medium", "high", "certain"][n / 3];
            let mut told = held(kind, tool, "user");
            told["confidence"] = json!(confidence);
            sighting(1, &format!("{}/f{}", n % 3, n % 5), told)
        })
        .collect();
    let first = trail(&all);
    for round in 0..50 {
        all.rotate_left(round % 7);
        all.swap(round % 12, (round * 5 + 1) % 12);
        assert_eq!(trail(&all), first);
    }
}

#[test]
fn trails_of_one_identity_know_one_another() {
    let of = |tenant: &str| json!({ "principal": [{ "field": "tenant", "value": tenant }] });
    let mut trails: Vec<_> = [(1, "acme"), (2, "acme"), (3, "other"), (4, "acme")]
        .iter()
        .map(|(n, tenant)| trail(&[sighting(*n, "a.py", of(tenant))]))
        .collect();
    let alone = trails[0].rank.score;
    let owners = Owners::link(&mut trails);
    assert_eq!(owners.len(), 1);
    assert_eq!((owners[0].name.as_str(), owners[0].trails.len()), ("github: acme", 3));
    assert_eq!(trails[0].siblings, [SecretId::from_bytes([2; 16]), SecretId::from_bytes([4; 16])]);
    assert_eq!(trails[0].reuse, [Reuse::SharedPrincipal]);
    assert!(trails[0].rank.score > alone);
    assert!(trails[2].siblings.is_empty() && trails[2].reuse.is_empty());
}

#[test]
fn new_holders_are_those_that_the_earlier_report_lacks() {
    let file = |n, path| sighting(n, path, json!({}));
    let old = [trail(&[file(1, "a"), file(1, "b")])];
    let moved = Sighting { line: 99, ..file(1, "a") };
    let new = [trail(&[moved, file(1, "c")]), trail(&[file(2, "a")])];
    let paths = |new: &[Trail]| -> Vec<String> {
        new_holders(&old, new).iter().map(|(_, holder)| holder.path.clone()).collect()
    };
    assert_eq!(paths(&new), ["c", "a"]);
    // An id of one run says nothing: what stood there before is not new.
    let run = [Trail { comparable: Basis::Run, ..new[1].clone() }];
    assert!(paths(&run).is_empty());
}

#[test]
fn a_holder_tells_the_form_that_it_has() {
    let key = |rule: &str| json!({ "rule": rule, "kind": "private-key" });
    let made = trail(&[
        sighting(1, "home/.ssh/id_rsa", key("openssh-key")),
        sighting(1, "tls/server.key", key("pem-rsa")),
    ]);
    assert_eq!(made.rule.as_str(), "openssh-key");
    let forms: Vec<_> = made.holders.iter().map(|holder| (&*holder.path, &holder.rule)).collect();
    assert_eq!(forms[0], ("home/.ssh/id_rsa", &None));
    assert_eq!(forms[1].0, "tls/server.key");
    assert_eq!(forms[1].1.as_ref().map(|rule| rule.as_str()), Some("pem-rsa"));
}

#[test]
fn who_brought_it_first_is_told() {
    let stay = |date: &str, author: &str| {
        let commit = json!({ "id": "0".repeat(40), "author": author, "date": date });
        json!({ "history": { "in_head": true, "places": [{ "path": "a", "brought": commit }] } })
    };
    let made = trail(&[
        sighting(1, "a", stay("2024-05-06T07:08:09Z", "Bob <bob@acme.example>")),
        sighting(1, "b", stay("2024-05-06T08:08:09+02:00", "Ada <ada@acme.example>")),
    ]);
    assert_eq!(made.first_seen.as_deref(), Some("2024-05-06T08:08:09+02:00"));
    assert_eq!(made.brought_by.as_deref(), Some("Ada <ada@acme.example>"));
}
