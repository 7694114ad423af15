//! Reports for tests: made of dice, joined by a small stand-in.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::merge::{Document, Input, Join, Merged, Refusal, merge};
use crate::model::{Claim, Field, RuleId, SecretId, Sighting, Trail};
use crate::report::RuleInfo;

/// Numbers that look random and are the same every time.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        (self.next() >> 11) as usize % end
    }

    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}

/// The id of credential `n`.
pub(super) fn id(n: u64) -> SecretId {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&n.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    bytes[8..].copy_from_slice(&n.to_be_bytes());
    SecretId::from_bytes(bytes)
}

/// A finding of credential `secret` at place `place`.
pub(super) fn sighting(secret: u64, place: u64) -> Sighting {
    let finding = serde_json::json!({
        "rule": "example-token", "provider": "example", "kind": "api-key",
        "path": format!("folder/{place}.env"), "line": place, "offset": place * 10,
        "confidence": "high", "severity": "high",
        "reasons": [{"kind": "format", "text": "prefix fits"}],
        "secret_id": id(secret), "comparable": "team",
        "finding_id": format!("kf_{:032x}", secret * 1000 + place),
        "redacted": "ex_…(40)", "key": "TOKEN",
    });
    serde_json::from_value(finding).expect("it is a sighting")
}

/// A report with `findings`.
pub(super) fn report(source: &str, key: Option<u8>, findings: &[Sighting]) -> serde_json::Value {
    serde_json::json!({
        "schema": "keytrail/report/v1", "tool": {"name": "keytrail", "version": "0"},
        "key": {"id": key.map(|key| format!("kk_{key:032x}")), "note": ""}, "source": source,
        "trails": [], "principals": [], "policies": [], "frameworks": [], "findings": findings,
        "left_out": 1, "rules": {}, "coverage": {"complete": true, "skipped": [{"path": "a"}], "issues": []},
    })
}

/// The same report in lines.
pub(super) fn lines(report: &serde_json::Value) -> String {
    let mut all = String::new();
    for finding in report["findings"].as_array().into_iter().flatten() {
        let mut line = finding.clone();
        line["type"] = "finding".into();
        all.push_str(&format!("{line}\n"));
    }
    let mut summary = report.clone();
    summary["type"] = "summary".into();
    summary["findings"] = 7.into();
    ["trails", "rules", "principals"].iter().for_each(|name| {
        summary.as_object_mut().expect("an object").remove(*name);
    });
    all + &format!("{summary}\n")
}

/// Writes a report into `folder`.
pub(super) fn put(folder: &Path, name: &str, text: impl AsRef<[u8]>) -> Input {
    let path = folder.join(name);
    fs::write(&path, text).expect("written");
    Input { path, name: name.to_owned() }
}

/// Joins by the first finding; principals are what a claim names.
pub(super) struct First;

impl Join for First {
    fn trail(&self, sightings: &[Sighting], _: &BTreeMap<RuleId, RuleInfo>) -> Option<Trail> {
        let first = sightings.first()?;
        let holders = sightings.iter().map(|s| {
            serde_json::json!({
                "zone": "repository", "kind": "file", "source": s.source, "path": s.path, "key": s.key,
                "line": s.line, "findings": 1,
            })
        });
        let trail = serde_json::json!({
            "secret_id": first.secret_id, "comparable": first.comparable, "rule": first.rule,
            "name": "Example", "provider": first.provider, "kind": first.kind, "redacted": first.redacted,
            "severity": first.severity, "confidence": first.confidence, "principal": first.principal,
            "lifetime": {"state": "unknown"}, "holders": holders.collect::<Vec<_>>(), "zones": [],
            "rank": {"score": sightings.len().min(900), "parts": []},
            "findings": sightings.iter().map(|s| s.finding_id).collect::<Vec<_>>(),
        });
        serde_json::from_value(trail).ok()
    }

    fn owner(&self, trail: &Trail) -> Option<String> {
        let claim = trail.principal.iter().find(|claim| claim.field == Field::Principal);
        claim.map(|claim: &Claim| claim.value.clone())
    }

    fn shared(&self, trail: &mut Trail) {
        trail.rank.score += 50;
    }
}

/// The merged report of `inputs`, and what came of it.
pub(super) fn merged(inputs: &[Input]) -> Result<(Merged, serde_json::Value, Vec<u8>), Refusal> {
    let mut out = Vec::new();
    let told = merge(inputs, &First, &mut Document::new("0", &mut out))?;
    Ok((told, serde_json::from_slice(&out).expect("it is JSON"), out))
}
