//! Merging as users rely on it.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::merge::trial::{Dice, First, id, lines, merged, put, report, sighting};
use crate::merge::{Document, Input, Refusal, merge};
use crate::model::{Basis, Claim, Field, Sighting};

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

/// Reports of a few credentials in many places, with keys, without, in lines, with doubles.
fn some(dice: &mut Dice, folder: &Path) -> Vec<Input> {
    let one = |n: usize, dice: &mut Dice| {
        let key = (!n.is_multiple_of(3)).then_some(9);
        let findings: Vec<_> = (0..dice.below(40))
            .map(|_| {
                let (secret, place) = (dice.below(12) as u64, dice.below(20) as u64);
                let mut sighting = sighting(secret, place);
                sighting.comparable = match (key, dice.below(3)) {
                    (Some(_), _) => Basis::Team,
                    (None, 0) => Basis::Run,
                    (None, _) => Basis::Anywhere,
                };
                // Two that are one need not say the same.
                sighting.line = dice.below(3) as u64;
                if secret < 6 {
                    let principal = Claim::new(Field::Principal, format!("robot {}", secret % 2));
                    sighting.principal = vec![principal];
                }
                sighting
            })
            .collect();
        let report = report(&format!("machine {}", n % 7), key, &findings);
        let text = match dice.below(3) {
            0 => lines(&report),
            1 => report.to_string(),
            _ => serde_json::to_string_pretty(&report).expect("it is JSON"),
        };
        put(folder, &format!("{n}.json"), text)
    };
    (0..10).map(|n| one(n, dice)).collect()
}

#[test]
fn the_order_of_reports_makes_no_difference() {
    let folder = folder();
    let mut dice = Dice::new(2);
    let mut inputs = some(&mut dice, folder.path());
    let (told, document, bytes) = merged(&inputs).expect("merged");
    assert!(told.findings > 50 && told.folded > 0 && told.trails > 12 && told.owners == 2);
    assert!(told.opening.troubles.is_empty());
    assert_eq!(document["findings"].as_array().map(Vec::len), Some(told.findings as usize));
    for _ in 0..10 {
        dice.shuffle(&mut inputs);
        let again = merged(&inputs).expect("merged");
        assert!((again.0 == told) && (again.2 == bytes));
    }
}

#[test]
fn merging_step_by_step_makes_no_difference() {
    let folder = folder();
    let mut dice = Dice::new(3);
    for round in 0..10 {
        let inputs = some(&mut dice, folder.path());
        let whole = merged(&inputs).expect("merged").2;
        let (left, right) = inputs.split_at(1 + dice.below(9));
        let name = |side: &str| format!("{side} {round}");
        let step = put(folder.path(), &name("step"), merged(left).expect("merged").2);
        let other = put(folder.path(), &name("other"), merged(right).expect("merged").2);
        assert!(merged(&[step.clone(), other.clone()]).expect("merged").2 == whole);
        let all: Vec<_> = [step.clone()].into_iter().chain(right.iter().cloned()).collect();
        assert!(merged(&all).expect("merged").2 == whole);
        let twice: Vec<_> = inputs.iter().cloned().chain([other, step]).collect();
        assert!(merged(&twice).expect("merged").2 == whole);
    }
}

fn trails(document: &Value) -> BTreeSet<(String, usize)> {
    let trails = document["trails"].as_array().expect("a list").iter();
    let of = |trail: &Value| {
        let id = trail["secret_id"].as_str().expect("an id").to_owned();
        (id, trail["holders"].as_array().expect("a list").len())
    };
    trails.map(of).collect()
}

#[test]
fn equal_credentials_of_two_machines_are_one_trail() {
    let folder = folder();
    let a = put(
        folder.path(),
        "a",
        report("a", Some(1), &[sighting(1, 1), sighting(2, 2)]).to_string(),
    );
    let b =
        put(folder.path(), "b", lines(&report("b", Some(1), &[sighting(1, 1), sighting(3, 2)])));
    let (told, document, _) = merged(&[a.clone(), b, a]).expect("merged");
    assert_eq!((told.findings, told.folded, told.trails), (4, 2, 3));
    let expected = [(1, 2), (2, 1), (3, 1)].map(|(n, holders)| (id(n).to_string(), holders));
    assert_eq!(trails(&document), expected.into_iter().collect());
    assert_eq!(document["sources"], serde_json::json!(["a", "b"]));
    let sources: BTreeSet<_> = document["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|f| f["source"].as_str())
        .collect();
    assert_eq!(sources, BTreeSet::from([Some("a"), Some("b")]));
    assert_eq!(
        (&document["left_out"], &document["coverage"]["complete"]),
        (&2.into(), &true.into())
    );
    assert_eq!(document["trails"][0]["secret_id"], id(1).to_string(), "the most urgent first");
}

#[test]
fn a_report_without_a_name_is_called_as_its_file() {
    let folder = folder();
    let a = put(folder.path(), "a.json", report("", None, &[sighting(1, 1)]).to_string());
    let (_, document, _) = merged(&[a]).expect("merged");
    assert_eq!(
        (&document["sources"][0], &document["findings"][0]["source"]),
        (&"a.json".into(), &"a.json".into())
    );
}

#[test]
fn different_keys_are_refused_before_anything_is_written() {
    let folder = folder();
    let a = put(folder.path(), "a", report("a", Some(1), &[sighting(1, 1)]).to_string());
    let b = put(folder.path(), "b", lines(&report("b", Some(2), &[sighting(1, 1)])));
    // The key may stand behind the findings.
    let late = report("c", Some(3), &[sighting(1, 1)]).to_string();
    assert!(late.find("\"key\":{") > late.find("\"findings\":"));
    let c = put(folder.path(), "c", late);
    let key = |n: u8| format!("kk_{n:032x}");
    for (pair, keys) in
        [([&a, &b], [1, 2]), ([&b, &a], [1, 2]), ([&a, &c], [1, 3]), ([&c, &b], [2, 3])]
    {
        let mut out = Vec::new();
        let inputs = pair.map(Clone::clone);
        let refused = merge(&inputs, &First, &mut Document::new("0", &mut out));
        let Err(refusal @ Refusal::Keys { .. }) = refused else { unreachable!("it is refused") };
        let text = refusal.to_string();
        let [first, second] = keys.map(|n| ["", "a", "b", "c"][usize::from(n)]);
        assert!(
            text.starts_with(&format!("{first} is made with the key {}, {second}", key(keys[0]))),
            "{text}"
        );
        assert!(text.contains(&key(keys[1])) && out.is_empty(), "{text}");
    }
}

#[test]
fn ids_of_a_run_are_joined_within_their_report_only() {
    let folder = folder();
    let of = |basis, place| Sighting { comparable: basis, ..sighting(1, place) };
    let runs = [of(Basis::Run, 1), of(Basis::Run, 2)];
    let a = put(folder.path(), "a", report("a", None, &runs).to_string());
    let b = put(folder.path(), "b", report("b", None, &runs).to_string());
    let c = put(folder.path(), "c", report("c", Some(1), &[sighting(2, 1)]).to_string());
    let d = put(folder.path(), "d", report("d", None, &[of(Basis::Anywhere, 1)]).to_string());
    let (told, document, _) = merged(&[a, b, c, d]).expect("merged");
    assert_eq!((told.trails, told.findings), (4, 6));
    let notes = document["notes"].as_array().expect("a list");
    assert!(
        notes[0]
            .as_str()
            .is_some_and(|note| note.starts_with("3 reports have no key: 2 guessable")),
        "{notes:?}"
    );
    assert!(
        notes[1].as_str().is_some_and(|note| note.contains(": 1 credential of theirs is joined")),
        "{notes:?}"
    );
}

#[test]
fn ids_of_a_team_without_a_key_are_not_trusted() {
    let folder = folder();
    let a = put(folder.path(), "a", report("a", None, &[sighting(1, 1)]).to_string());
    let b = put(folder.path(), "b", report("b", Some(1), &[sighting(1, 1)]).to_string());
    assert_eq!(merged(&[a, b]).expect("merged").0.trails, 2);
}

#[test]
fn what_is_cut_off_is_told_and_the_rest_is_merged() {
    let folder = folder();
    let good = put(folder.path(), "good", report("good", Some(1), &[sighting(1, 1)]).to_string());
    let bad = report("bad", Some(1), &[sighting(1, 2), sighting(2, 3), sighting(3, 4)]);
    let pretty = serde_json::to_string_pretty(&bad).expect("it is JSON");
    let mut most = 0;
    for text in [pretty, bad.to_string(), lines(&bad)] {
        for end in (0..text.trim_end().len()).step_by(13) {
            let bad = put(folder.path(), "bad", &text.as_bytes()[..floor(&text, end)]);
            let (told, document, _) = merged(&[bad, good.clone()]).expect("merged");
            let [trouble] = &*told.opening.troubles else {
                unreachable!("one trouble at {end}: {:?}", told.opening.troubles)
            };
            assert!(trouble.path == "bad" && trouble.message.contains("(byte "), "{trouble:?}");
            assert!(told.findings >= 1 && !told.opening.complete);
            most = most.max(told.findings);
            assert_eq!(document["coverage"]["complete"], false);
        }
    }
    assert_eq!(most, 4, "what stands before the cut is taken");
}

fn floor(text: &str, mut end: usize) -> usize {
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    end
}

#[test]
fn what_is_damaged_is_told_and_never_shown() {
    let folder = folder();
    let mut report = report("bad", Some(1), &[sighting(1, 1), sighting(2, 2), sighting(3, 3)]);
    report["findings"][0]["line"] = "swordfish".into();
    report["findings"][2]["secret_id"] = "swordfish".into();
    for text in [report.to_string(), lines(&report)] {
        let (told, ..) = merged(&[put(folder.path(), "bad", text)]).expect("merged");
        assert_eq!(told.findings, 1);
        let message = &told.opening.troubles[0].message;
        assert!(
            message.contains("a finding is damaged") && message.ends_with("1 more like it"),
            "{message}"
        );
        assert!(!message.contains("swordfish"));
    }
}

#[test]
fn what_is_no_report_is_not_taken() {
    let folder = folder();
    let other = report("x", None, &[]).to_string().replace("report/v1", "report/v9");
    let texts = ["", "  \n", "[]", "null", "{}", "{\"a\":1}\n{\"b\":2}\n", "\u{1}\u{2}", &other];
    for text in texts {
        let (told, document, _) = merged(&[put(folder.path(), "x", text)]).expect("merged");
        assert_eq!((told.findings, told.opening.troubles.len()), (0, 1), "{text}");
        assert_eq!(document["sources"], serde_json::json!([]));
    }
    let (told, ..) = merged(&[Input::at(folder.path()), Input::at("/nowhere")]).expect("merged");
    assert_eq!(told.opening.troubles.len(), 2);
}

#[test]
fn noise_is_borne() {
    let folder = folder();
    let mut dice = Dice::new(5);
    let good = report("bad", Some(1), &[sighting(1, 1), sighting(2, 2)]);
    for text in [good.to_string(), lines(&good)] {
        for _ in 0..300 {
            let mut bytes = text.clone().into_bytes();
            for _ in 0..=dice.below(4) {
                let at = dice.below(bytes.len());
                bytes[at] = b"{}[]\",:\\ \n0a\xff\0"[dice.below(14)];
            }
            let (told, ..) = merged(&[put(folder.path(), "bad", bytes)]).expect("merged");
            assert!(told.findings <= 2);
        }
    }
}

#[test]
fn trails_of_one_principal_are_siblings() {
    let folder = folder();
    let owned = |secret: u64, name: &str| Sighting {
        principal: vec![Claim::new(Field::Principal, name)],
        ..sighting(secret, secret)
    };
    let mut findings: Vec<_> = (0..150).map(|n| owned(n, "many")).collect();
    findings.extend([owned(200, "one"), owned(201, "two"), owned(202, "two")]);
    let (told, document, _) =
        merged(&[put(folder.path(), "a", report("a", None, &findings).to_string())])
            .expect("merged");
    assert_eq!(told.owners, 2);
    assert_eq!(document["principals"][0]["name"], "many");
    assert_eq!(document["principals"][0]["trails"].as_array().map(Vec::len), Some(150));
    assert_eq!(
        (&document["principals"][1]["name"], &document["principals"][1]["holders"]),
        (&"two".into(), &2.into())
    );
    for trail in document["trails"].as_array().expect("a list") {
        let count = trail["siblings"].as_array().map_or(0, Vec::len);
        let expected = match trail["principal"][0]["value"].as_str() {
            Some("many") => 100,
            Some("two") => 1,
            _ => 0,
        };
        assert_eq!(count, expected);
        let own = trail["siblings"].as_array().is_some_and(|all| all.contains(&trail["secret_id"]));
        let shared =
            trail["reuse"].as_array().is_some_and(|all| all.contains(&"shared-principal".into()));
        assert_eq!((own, shared), (false, expected > 0));
        assert_eq!(trail["rank"]["score"], if expected > 0 { 51 } else { 1 });
    }
}

#[test]
fn proofs_of_reports_are_carried_over() {
    let folder = folder();
    let single =
        merged(&[put(folder.path(), "a", report("a", None, &[sighting(1, 1)]).to_string())])
            .expect("merged")
            .1;
    let mut first =
        report("a", None, &[Sighting { comparable: Basis::Anywhere, ..sighting(1, 1) }]);
    first["trails"] = single["trails"].clone();
    first["trails"][0]["comparable"] = "anywhere".into();
    first["trails"][0]["proofs"] = serde_json::json!([{"text": "signs a token"}]);
    let second = put(
        folder.path(),
        "b",
        report("b", None, &[Sighting { comparable: Basis::Anywhere, ..sighting(1, 1) }])
            .to_string(),
    );
    let first = put(folder.path(), "a", first.to_string());
    let (_, document, bytes) = merged(&[first, second.clone()]).expect("merged");
    assert_eq!(document["trails"][0]["proofs"], serde_json::json!([{"text": "signs a token"}]));
    let again = put(folder.path(), "c", &bytes);
    assert!(merged(&[again, second]).expect("merged").2 == bytes);
}

#[test]
fn one_credential_with_very_many_findings_is_borne() {
    let folder = folder();
    let count = super::MOST_FINDINGS as u64 + 5;
    let findings: Vec<_> = (0..count).map(|place| sighting(1, place)).collect();
    let (told, document, _) =
        merged(&[put(folder.path(), "a", report("a", Some(1), &findings).to_string())])
            .expect("merged");
    assert_eq!((told.findings, told.trails), (count, 1));
    assert_eq!(
        document["trails"][0]["holders"].as_array().map(Vec::len),
        Some(super::MOST_FINDINGS)
    );
    assert!(told.opening.notes[0].contains("1 credential has more than"));
}

#[test]
fn two_keys_in_one_report_are_told() {
    let folder = folder();
    let text = report("a", Some(1), &[sighting(1, 1)]).to_string();
    let other = r#","key":{"id":"kk_00000000000000000000000000000002","note":""}}"#;
    let text = format!("{}{other}", text.strip_suffix('}').expect("it ends"));
    let (told, ..) = merged(&[put(folder.path(), "a", text)]).expect("merged");
    let message = &told.opening.troubles[0].message;
    assert!(message.starts_with("it names two keys"), "{message}");
}

#[test]
fn a_summary_is_found_before_other_lines() {
    let folder = folder();
    let text = lines(&report("a", Some(1), &[sighting(1, 1), sighting(2, 2)]));
    let (findings, summary) = text.trim_end().rsplit_once('\n').expect("two lines");
    let a = put(folder.path(), "a", format!("{summary}\n\n{findings}\n\n"));
    let (told, document, _) = merged(&[a]).expect("merged");
    assert_eq!((told.findings, told.opening.troubles.len()), (2, 0));
    assert_eq!(document["key"]["id"], format!("kk_{:032x}", 1));
}

#[test]
fn what_would_take_memory_is_left_out_and_told() {
    let folder = folder();
    let long = Sighting { path: "x".repeat(20 << 10), ..sighting(1, 1) };
    let mut many = sighting(2, 2);
    let holder = serde_json::json!({"kind": "agent", "tool": "example"});
    many.holders = vec![serde_json::from_value(holder).expect("a holder"); 500];
    let mut wide = report("a", Some(1), &[long, many]);
    wide["findings"][1]["note"] = "y".repeat(1 << 20).into();
    let (told, ..) = merged(&[put(folder.path(), "a", wide.to_string())]).expect("merged");
    assert_eq!((told.findings, told.opening.troubles.len()), (0, 1));
    wide["findings"][1]["note"] = "".into();
    let (told, document, _) = merged(&[put(folder.path(), "a", lines(&wide))]).expect("merged");
    assert_eq!(told.findings, 1);
    assert_eq!(document["findings"][0]["holders"].as_array().map(Vec::len), Some(100));
}
