//! Running processes: what was given to them is found, and by whom it is held.

use std::process::{Child, Command, Stdio};

use serde_json::Value;

use super::{sealed, text};
use crate::support::findings;

/// A process that runs until it is dropped.
struct Running(Child);

impl Running {
    /// Starts `program` with one argument and these variables alone.
    fn start(program: &str, argument: &str, variables: &[(&str, &str)]) -> Self {
        let mut command = Command::new(program);
        command.arg(argument).env_clear().envs(variables.iter().copied());
        command.stdin(Stdio::piped()).stdout(Stdio::null());
        Self(command.spawn().expect("it starts"))
    }

    /// The findings of a scan of processes that lie in this one's `part`.
    fn findings(&self, part: &str) -> Vec<Value> {
        let empty = tempfile::tempdir().expect("a folder");
        let path = format!("process/{}/{part}", self.0.id());
        // Other processes of this user hold what they hold.
        let flags = ["--processes", "--allow-partial", "--quiet"];
        let all = findings(empty.path(), &flags);
        all.into_iter().filter(|finding| text(finding, "path") == path).collect()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Whoever is gone already needs no end.
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

fn is_held(findings: &[Value], key: &str, process: &str) {
    let [finding] = findings else { panic!("{} findings", findings.len()) };
    assert_eq!(text(finding, "rule"), "gitlab-pat-routable");
    assert_eq!(text(finding, "key"), key);
    let holders = finding["holders"].as_array().expect("a list");
    let [holder] = &holders[..] else { panic!("{} holders", holders.len()) };
    assert_eq!((text(holder, "kind"), text(holder, "name")), ("process", process));
}

#[test]
fn a_variable_of_a_process_is_found_under_its_name() {
    let token = sealed("gitlab-pat-routable");
    let variables = [("LANG", "C"), ("GITLAB_TOKEN", &token), ("HOME", "/nowhere")];
    let running = Running::start("sleep", "30", &variables);
    let name = format!("sleep ({})", running.0.id());
    is_held(&running.findings("environment"), "GITLAB_TOKEN", &name);
}

#[test]
fn an_argument_of_a_process_is_found() {
    // A comment, so that the program waits for its input.
    let script = format!("# {}", sealed("gitlab-pat-routable"));
    let running = Running::start("sed", &script, &[]);
    let name = format!("sed ({})", running.0.id());
    is_held(&running.findings("arguments"), "arguments", &name);
}
