//! How long a merge of very many findings takes, and how much memory:
//! `cargo bench --bench merge_many -- FINDINGS [REPORTS] [FOLDER]`; with two reports they are compared instead.
#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::time::Instant;

use keytrail::merge::diff::diff;
use keytrail::merge::{Document, Input, Join, merge};
use keytrail::model::{Life, RuleId, Sighting, Trail};
use keytrail::report::RuleInfo;
use keytrail::trail::{self, Facts};

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, end: u64) -> u64 {
        (self.next() >> 11) % end.max(1)
    }
}

fn mixed(n: u64) -> u64 {
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

/// One finding: three in ten of a credential of their own, the others of one that is seen elsewhere too; one in a
/// hundred of twenty that are everywhere.
fn finding(dice: &mut Dice, all: u64, out: &mut dyn Write, lines: bool) -> io::Result<()> {
    let secret = match dice.below(100) {
        0 => dice.below(20),
        _ => 20 + dice.below((all * 4 / 10).max(1)),
    };
    let (id, place) = (mixed(secret), dice.next());
    let rule = secret % 40;
    let (service, file) = (dice.below(400), dice.below(9000));
    let line = dice.below(900);
    out.write_all(if lines { b"{\"type\":\"finding\"," } else { b"{" })?;
    write!(
        out,
        "\"rule\":\"example-token-{rule}\",\"provider\":\"example-{rule}\",\"kind\":\"api-key\",\
         \"path\":\"services/service-{service}/config/environment-{file}.env\",\"line\":{line},\"column\":12,\
         \"end_line\":{line},\"end_column\":52,\"offset\":{},\"length\":40,\"confidence\":\"high\",\
         \"severity\":\"high\",\"reasons\":[{{\"kind\":\"format\",\"text\":\"prefix, alphabet and length fit\"}},\
         {{\"kind\":\"context\",\"text\":\"the name beside it says what it is\"}}],\"secret_id\":\"ks_{id:016x}{:016x}\",\
         \"comparable\":\"team\",\"finding_id\":\"kf_{place:016x}{:016x}\",\"redacted\":\"ex{rule}_…(40)\",\"layers\":[]",
        line * 40,
        mixed(!secret),
        mixed(place),
    )?;
    if secret.is_multiple_of(5) {
        let owner = secret / 5 % (all / 250).max(1);
        write!(out, ",\"principal\":[{{\"field\":\"tenant\",\"value\":\"{}\"}},", owner % 999)?;
        write!(out, "{{\"field\":\"principal\",\"value\":\"robot-{owner}@example.org\"}}]")?;
    }
    write!(out, ",\"key\":\"services.api.env.TOKEN_{rule}\"")?;
    if dice.below(3) == 0 {
        write!(
            out,
            ",\"holders\":[{{\"kind\":\"environment\",\"tool\":\"dotenv\",\"tool_name\":\"Dotenv\",\
             \"name\":\"service-{service}\",\"scope\":\"project\"}}]"
        )?;
    }
    out.write_all(b",\"exposure\":[\"tracked\"]}")
}

fn report(n: u64, count: u64, all: u64, path: &Path) -> io::Result<()> {
    let mut dice = Dice(mixed(n + 1) | 1);
    let mut out = BufWriter::with_capacity(1 << 18, File::create(path)?);
    let lines = n % 2 == 1;
    let head = format!(
        "\"schema\":\"keytrail/report/v1\",\"tool\":{{\"name\":\"keytrail\",\"version\":\"0\"}},\
         \"key\":{{\"id\":\"kk_{:032x}\",\"note\":\"\"}},\"source\":\"machine-{n}\"",
        7
    );
    let coverage = "\"coverage\":{\"complete\":true,\"files\":9,\"skipped\":[],\"issues\":[]}";
    if !lines {
        writeln!(out, "{{{head},\"trails\":[],\"findings\":[")?;
    }
    for n in 0..count {
        finding(&mut dice, all, &mut out, lines)?;
        out.write_all(if lines || n + 1 == count { b"\n" } else { b",\n" })?;
    }
    if lines {
        writeln!(
            out,
            "{{\"type\":\"summary\",{head},\"findings\":{count},\"left_out\":0,{coverage}}}"
        )?;
    } else {
        writeln!(out, "],\"left_out\":0,\"rules\":{{{}}},{coverage}}}", rules())?;
    }
    out.flush()
}

fn rules() -> String {
    let rule = |n: u64| {
        let advice = "{\"text\":\"Make a new one, put it in place, revoke the old one.\",\"url\":\"\",\"source\":\"\"}";
        format!(
            "\"example-token-{n}\":{{\"id\":\"example-token-{n}\",\"name\":\"Example token {n}\",\"provider\":\
             \"example-{n}\",\"provider_name\":\"Example\",\"kind\":\"api-key\",\"severity\":\"high\",\"grants\":\
             \"Everything.\",\"revoke\":{advice},\"replace\":{advice}}}"
        )
    };
    (0..40).map(rule).collect::<Vec<_>>().join(",")
}

/// Findings to trails, as the program makes them.
struct Trails;

impl Join for Trails {
    fn trail(&self, sightings: &[Sighting], rules: &BTreeMap<RuleId, RuleInfo>) -> Option<Trail> {
        let facts = |sighting: &Sighting| {
            let name = rules.get(&sighting.rule).map_or("", |rule| &rule.name);
            Facts { name, life: Life::Unknown, now: "2026-01-01T00:00:00Z" }
        };
        trail::join(sightings, facts)
    }

    fn owner(&self, trail: &Trail) -> Option<String> {
        trail::owner(trail)
    }

    fn shared(&self, trail: &mut Trail) {
        trail::shared(trail);
    }
}

/// Counts what is written and lets it go.
#[derive(Default)]
struct Counted(u64);

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The most memory that was ever resident, as Linux tells it.
fn peak() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|line| line.starts_with("VmHWM"));
    peak.map_or("unknown".to_owned(), |line| line.replace("VmHWM:", "").trim().to_owned())
}

/// The processor time spent so far in seconds, as Linux tells it: what else the machine does, and its disks, leave
/// it as it is.
fn spent() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split(' ');
    fields.skip(12).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Cargo adds a flag of its own.
    let mut args = std::env::args().skip(1).filter(|arg| !arg.starts_with("--"));
    let findings: u64 = args.next().unwrap_or_else(|| "100000".to_owned()).parse()?;
    let reports: u64 = args.next().unwrap_or_else(|| "20000".to_owned()).parse()?;
    let base = args.next().map_or_else(std::env::temp_dir, Into::into);
    let folder = tempfile::tempdir_in(base)?;
    let start = Instant::now();
    let mut inputs = Vec::new();
    let mut bytes = 0;
    for n in 0..reports {
        let path = folder.path().join(format!("{n}.json"));
        report(n, findings / reports, findings, &path)?;
        bytes += fs::metadata(&path)?.len();
        inputs.push(Input::at(path));
    }
    println!("{reports} reports, {} MB, made in {:.1?}", bytes >> 20, start.elapsed());
    let (start, before) = (Instant::now(), spent());
    if let [old, new] = &*inputs {
        let mut changes = 0_u64;
        let summary = diff(old, new, &mut |_| {
            changes += 1;
            Ok(())
        })?;
        println!(
            "{changes} changes, {} left behind: {:.1?}, {:.1} s of a processor, at most {}",
            summary.left_behind,
            start.elapsed(),
            spent() - before,
            peak()
        );
        return Ok(());
    }
    let mut out = Counted::default();
    let told = merge(&inputs, &Trails, &mut Document::new("0", &mut out))?;
    println!(
        "{} findings, {} trails, {} principals, {} troubles, {} MB written: {:.1?}, {:.1} s of a processor, at most {}",
        told.findings,
        told.trails,
        told.owners,
        told.opening.troubles.len(),
        out.0 >> 20,
        start.elapsed(),
        spent() - before,
        peak()
    );
    told.opening.notes.iter().for_each(|note| println!("{note}"));
    Ok(())
}
