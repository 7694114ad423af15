//! Running processes: what their environments and arguments hold, and which agent started them.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use zeroize::Zeroizing;

use crate::inspect::{Bytes, Whence};
use crate::model::{Finding, Holder, HolderKind, Issue, IssueKind, Origin, Process};
use crate::rules::Tools;
use crate::rules::tools::{Tool, ToolKind};
use crate::scan::Scan;
use crate::source::Buffer;
use crate::source::processes::{self, ancestry, each_process};

/// Where Linux lists processes.
const LIST: &str = "/proc";

impl Scan<'_> {
    /// Reads all processes of the caller's own; this one is left out.
    pub(super) fn processes(&self, tools: &Tools) {
        let mut parents = BTreeMap::new();
        let mut names = BTreeMap::new();
        let mut held: Vec<(u32, Vec<Finding>)> = Vec::new();
        let mut buffer = Buffer::default();
        let unread = each_process(Path::new(LIST), &mut |process| {
            parents.insert(process.pid, process.parent);
            names.insert(process.pid, Called::of(&process));
            if !process.own {
                held.push((process.pid, self.process(&process, &mut buffer)));
            }
            if self.stopped() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        for (pid, mut findings) in held {
            let line = [pid].into_iter().chain(ancestry(&parents, pid));
            let tool = line.filter_map(|pid| names.get(&pid)).find_map(|called| called.tool(tools));
            let name = names.get(&pid).map(|called| format!("{} ({pid})", called.name));
            for finding in &mut findings {
                let (id, spelled) = tool.map_or(("process".into(), "".into()), |tool| {
                    (tool.id.clone(), tool.name.clone())
                });
                let holder =
                    Holder { name: name.clone(), ..Holder::of(HolderKind::Process, id, spelled) };
                finding.holders = vec![holder];
            }
            self.ledger(|ledger| ledger.found(findings));
        }
        for processes::Unread { pid, name, why } in unread {
            let path = Some(PathBuf::from(format!("process/{pid}")));
            let issue =
                Issue { path, kind: IssueKind::Unreadable, message: format!("{name}: {why}") };
            self.ledger(|ledger| ledger.issue(issue));
        }
    }

    /// What one process was given.
    fn process(&self, process: &processes::Process, buffer: &mut Buffer) -> Vec<Finding> {
        let parts = [("environment", &process.environment), ("arguments", &process.arguments)];
        let mut all = Vec::new();
        for (part, bytes) in parts {
            let path = PathBuf::from(format!("process/{}/{part}", process.pid));
            let logical = format!("process/{}/{part}", process.name);
            let origin = Origin::Process(Arc::new(Process { path, id: process.pid }));
            let whence = Whence { origin: &origin, logical: &logical };
            // One variable, or argument, a line.
            let mut lines = Zeroizing::new(bytes.to_vec());
            lines.iter_mut().filter(|b| **b == 0).for_each(|b| *b = b'\n');
            let kept = if part == "environment" { self.places.variables() } else { Vec::new() };
            let mut goes_on = |_| true;
            let reading: (_, &mut dyn FnMut(u64) -> bool) = (&mut *buffer, &mut goes_on);
            let inspected = self.inspector().read_as(&kept, Bytes::Held(&lines), whence, reading);
            for mut finding in inspected.findings {
                finding.key = match part {
                    "environment" => variable(bytes, finding.place.span.offset as usize),
                    _ => Some(part.to_owned()),
                };
                all.push(finding);
            }
        }
        self.watch.files.fetch_add(1, Ordering::Relaxed);
        all
    }
}

/// The name of the variable that stands at `at`.
fn variable(environment: &[u8], at: usize) -> Option<String> {
    let before = environment.get(..at)?;
    let start = memchr::memrchr(0, before).map_or(0, |zero| zero + 1);
    let end = memchr::memchr(b'=', environment.get(start..)?)?;
    Some(String::from_utf8_lossy(&environment[start..start + end]).into_owned())
}

/// What a process is called by.
struct Called {
    name: String,
    /// Its program, and the script that an interpreter runs for it: base names in lower case.
    programs: Vec<String>,
}

/// Programs that run others given by their arguments.
const RUNNERS: [&str; 9] = ["node", "bun", "deno", "python", "python3", "npx", "uvx", "ruby", "sh"];

impl Called {
    fn of(process: &processes::Process) -> Self {
        let base = |text: &str| {
            let name = text.rsplit(['/', '\\']).next().unwrap_or(text).to_ascii_lowercase();
            [".exe", ".js", ".mjs", ".cjs", ".py"]
                .iter()
                .fold(name, |name, end| name.strip_suffix(end).unwrap_or(&name).to_owned())
        };
        let mut programs = vec![base(&process.name)];
        programs.extend(process.program.as_ref().map(|path| base(&path.to_string_lossy())));
        let arguments: Vec<_> = process.arguments.split(|&b| b == 0).take(4).collect();
        let arguments: Vec<_> = arguments.into_iter().map(String::from_utf8_lossy).collect();
        let first = arguments.first().map(|text| base(text)).unwrap_or_default();
        if RUNNERS.contains(&first.as_str()) {
            let script = arguments.iter().skip(1).find(|text| !text.starts_with('-'));
            programs.extend(script.map(|text| base(text)));
        }
        programs.push(first);
        Self { name: process.name.clone(), programs }
    }

    /// The tool whose program it is.
    fn tool<'t>(&self, tools: &'t Tools) -> Option<&'t Tool> {
        let runs = |tool: &&Tool| {
            matches!(tool.kind, ToolKind::Agent | ToolKind::Ci)
                && tool.processes.iter().any(|name| self.programs.iter().any(|own| own == name))
        };
        tools.all().iter().find(runs)
    }
}
