//! Text of scanned places through every output: nothing in it reaches a terminal as a control.

#![no_main]

use std::collections::BTreeMap;

use keytrail::model::{
    Claim, Commit, Confidence, Excerpt, Field, Finding, FindingId, History, Holder, HolderKind,
    Issue, IssueKind, Kind, ObjectId, ObjectKind, Origin, Place, Reach, Reason, ReasonKind, RuleId,
    Secret, SecretId, Severity, Skip, SkipReason, Span, Stay,
};
use keytrail::output::{self, Style};
use keytrail::report::{Advice, Coverage, Report, RuleInfo};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((&width, data)) = data.split_first() else { return };
    let text = String::from_utf8_lossy(data);
    let report = report(&text, data);
    for format in output::ALL {
        let mut out = Vec::new();
        let style = Style { colour: false, width: usize::from(width), least: Confidence::Low };
        (format.write)(&report, &style, &mut out).expect("memory takes everything");
        let written = String::from_utf8(out).expect("reports are UTF-8");
        match format.name {
            "human" => harmless(&written),
            "jsonl" => written.lines().for_each(well_formed),
            _ => well_formed(&written),
        }
    }
});

fn well_formed(json: &str) {
    serde_json::from_str::<serde_json::Value>(json).expect("a JSON value");
}

fn harmless(written: &str) {
    let bad = |c: char| {
        let reorders = matches!(c, '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}');
        c.is_control() || reorders
    };
    let found = written.lines().flat_map(str::chars).find(|c| bad(*c));
    assert!(found.is_none(), "{found:?} gets through");
    assert!(!written.contains('\r'), "a carriage return gets through");
}

fn report(text: &str, raw: &[u8]) -> Report {
    let rule = RuleId::from_static("fuzz");
    let advice = || Advice { text: text.into(), url: text.into(), source: String::new() };
    let info = RuleInfo {
        id: rule.clone(),
        name: text.into(),
        provider: text.into(),
        provider_name: text.into(),
        kind: Kind::ALL[0],
        severity: Severity::High,
        grants: text.into(),
        revoke: advice(),
        replace: advice(),
    };
    let finding = |secret: Option<Secret>| Finding {
        id: FindingId::from_bytes([1; 16]),
        secret_id: SecretId::from_bytes([2; 16]),
        rule: rule.clone(),
        place: Place { origin: origin(raw), span: Span::default(), layers: Vec::new() },
        key: Some(text.to_owned()),
        holders: vec![holder(text)],
        exposure: Vec::new(),
        count: 2,
        confidence: Confidence::High,
        severity: Severity::High,
        reasons: vec![Reason::new(ReasonKind::Format, text.to_owned())],
        principal: vec![Claim::new(Field::Tenant, text)],
        redacted: text.into(),
        excerpt: Excerpt { before: text.into(), after: text.into() },
        line_hash: None,
        history: Some(history(text)),
        secret,
    };
    let coverage = Coverage {
        skipped: vec![Skip { path: text.into(), reason: SkipReason::Dependencies }],
        issues: vec![Issue {
            path: Some(text.into()),
            kind: IssueKind::Unreadable,
            message: text.into(),
        }],
        ..Coverage::default()
    };
    Report {
        findings: vec![finding(None), finding(Some(Secret::new(raw.to_vec())))],
        rules: BTreeMap::from([(rule.clone(), info)]),
        coverage,
        ..Report::default()
    }
}

fn holder(text: &str) -> Holder {
    let holder = Holder::of(HolderKind::McpServer, "cursor".into(), "Cursor".into());
    Holder { name: Some(text.to_owned()), ..holder }
}

fn history(text: &str) -> History {
    let id = ObjectId::from_bytes(&[7; 20]).expect("a length of Git's");
    let commit = || Some(Commit { id, author: text.to_owned(), date: text.to_owned() });
    let names = || vec![text.to_owned(); 2];
    let path = Some(text.to_owned());
    History {
        object: id,
        kind: ObjectKind::Blob,
        reach: Reach::Stash(names()),
        in_head: false,
        refs: names(),
        refs_total: 2,
        places: vec![Stay { path, brought: commit(), removed: commit() }],
        versions: 1,
    }
}

#[cfg(unix)]
fn origin(raw: &[u8]) -> Origin {
    use std::os::unix::ffi::OsStrExt;
    Origin::file(std::ffi::OsStr::from_bytes(raw))
}

#[cfg(not(unix))]
fn origin(raw: &[u8]) -> Origin {
    Origin::file(String::from_utf8_lossy(raw).into_owned())
}
