//! The processes of systems other than Linux, by the system's own list.

use std::ffi::OsString;
use std::ops::ControlFlow;
use std::path::Path;

use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System, Uid, UpdateKind};

use super::{Process, Secret, Unread, base_name, cut};

/// Visits the processes of the own user; the system's library keeps copies of what they hold, which are
/// not wiped.
pub(super) fn each_process(
    _: &Path,
    visit: &mut dyn FnMut(Process) -> ControlFlow<()>,
) -> Vec<Unread> {
    let Some((mut system, pids)) = list() else {
        let why = "the system does not list its processes".to_owned();
        return vec![Unread { pid: 0, name: String::new(), why }];
    };
    let mut unread = Vec::new();
    for pid in pids {
        // Asked for one by one, so that no other user's are read.
        let wanted = ProcessRefreshKind::nothing()
            .with_cmd(UpdateKind::Always)
            .with_environ(UpdateKind::Always)
            .with_exe(UpdateKind::Always);
        system.refresh_processes_specifics(ProcessesToUpdate::Some(&[pid]), true, wanted);
        let Some(process) = system.process(pid) else { continue };
        if visit(read(process, &mut unread)).is_break() {
            break;
        }
    }
    unread
}

/// The processes of the own user, by their numbers.
fn list() -> Option<(System, Vec<Pid>)> {
    let mut system = System::new().ok()?;
    let users = ProcessRefreshKind::nothing().with_user(UpdateKind::Always);
    system.refresh_processes_specifics(ProcessesToUpdate::All, true, users);
    let own = user(system.process(sysinfo::get_current_pid().ok()?)?)?;
    let is_own = |process: &&sysinfo::Process| user(process) == Some(own);
    let mut pids: Vec<Pid> =
        system.processes().values().filter(is_own).map(sysinfo::Process::pid).collect();
    pids.sort();
    Some((system, pids))
}

/// The user whose rights a process has.
fn user(process: &sysinfo::Process) -> Option<&Uid> {
    process.effective_user_id().or(process.user_id())
}

fn read(process: &sysinfo::Process, unread: &mut Vec<Unread>) -> Process {
    let pid = process.pid().as_u32();
    let (arguments, environment) = (joined(process.cmd()), joined(process.environ()));
    let mut name = process.name().to_string_lossy().into_owned();
    if name.is_empty() {
        name = base_name(&arguments.bytes);
    }
    for (part, secret) in [("arguments", &arguments), ("environment", &environment)] {
        // The library does not tell what is empty from what is closed.
        let why = if secret.cut {
            cut(part)
        } else if secret.bytes.is_empty() {
            format!("{part}: none, or the system does not give them away")
        } else {
            continue;
        };
        unread.push(Unread { pid, name: name.clone(), why });
    }
    Process {
        pid,
        parent: process.parent().map_or(0, Pid::as_u32),
        name,
        arguments: arguments.bytes,
        environment: environment.bytes,
        program: process.exe().map(Path::to_owned),
        own: pid == std::process::id(),
    }
}

/// All of `parts`, each with a zero byte behind it.
fn joined(parts: &[OsString]) -> Secret {
    let mut secret = Secret::default();
    for part in parts {
        secret.add(part.as_encoded_bytes());
        secret.add(b"\0");
    }
    secret
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;
    use std::path::Path;

    use super::each_process;

    #[test]
    fn this_process_is_found_with_its_arguments() {
        let mut found = Vec::new();
        each_process(Path::new(""), &mut |process| {
            found.extend(process.own.then_some(process));
            ControlFlow::Continue(())
        });
        let [own] = &found[..] else { unreachable!("it is listed once") };
        let first = std::env::args_os().next().expect("a name");
        assert!(own.arguments.starts_with(first.as_encoded_bytes()));
        assert!(!own.environment.is_empty());
    }
}
