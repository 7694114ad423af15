//! Two repositories with history, a home, a runner's folder, an image, an archive of logs and a process.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::json;

use super::files::file;
use super::forms::Form;
use crate::repository::{Repo, write};

/// Where a text is to stand, and what it is to be.
pub struct Put<'p> {
    /// The path, as in the plan.
    pub path: &'p str,
    /// The form that the text is in.
    pub form: Form,
    /// The text.
    pub text: String,
}

/// All of it, until it is dropped.
pub struct Corpus {
    repo: Repo,
    process: Option<Child>,
    /// The paths of holders that are not those of the plan.
    told: BTreeMap<String, String>,
}

const LAYER: &str = "image.tar!/0a1b/layer.tar!/";
const CONFIG: &str = "image.tar!/c0de.json";
const LOGS: &str = "logs.zip!/";
const MESSAGE: &str = "repo-a@message";
const PROCESS: &str = "process";

impl Corpus {
    /// Builds it.
    pub fn new(puts: &[Put<'_>]) -> Self {
        let mut corpus = Self { repo: Repo::new(), process: None, told: BTreeMap::new() };
        corpus.histories(puts);
        for put in puts {
            let outside = put.path.starts_with("home/") || put.path.starts_with("actions-runner/");
            if outside {
                corpus.write(put.path, put);
            }
        }
        corpus.repo_write("image.tar", &image(puts));
        corpus.repo_write("logs.zip", &logs(puts));
        corpus.start(puts);
        corpus
    }

    /// Where it lies.
    pub fn folder(&self) -> PathBuf {
        self.repo.beside("")
    }

    /// The path that a holder at `path` of the plan has in a report.
    pub fn told(&self, path: &str) -> String {
        let told = self.told.get(path).cloned();
        told.unwrap_or_else(|| path.split('@').next().unwrap_or(path).to_owned())
    }

    fn histories(&mut self, puts: &[Put<'_>]) {
        for name in ["repo-a", "repo-b"] {
            let top = self.repo.beside(name);
            std::fs::create_dir(&top).expect("ours");
            let git = |arguments: &[&str]| self.repo.git_in(&top, arguments, b"");
            git(&["init", "--quiet", "--initial-branch=main"]);
            let within = |put: &&Put<'_>| put.path.starts_with(&format!("{name}/"));
            let marked = |mark: &str| {
                let all = puts.iter().filter(within);
                all.filter(|put| put.path.ends_with(mark)).collect::<Vec<_>>()
            };
            puts.iter().filter(within).filter(|put| !put.path.contains('@')).for_each(|put| {
                self.write(put.path, put);
            });
            marked("@deleted").iter().for_each(|put| self.write(bare(put.path), put));
            write(&top.join("README.md"), "A shop.\n");
            git(&["add", "--all", "--force"]);
            git(&["commit", "--quiet", "--message", "begin"]);
            for put in marked("@deleted") {
                let path = bare(put.path).trim_start_matches(name).trim_start_matches('/');
                git(&["rm", "--quiet", path]);
            }
            git(&["commit", "--quiet", "--allow-empty", "--message", "clean up"]);
            let stashed = marked("@stash");
            stashed.iter().for_each(|put| self.write(bare(put.path), put));
            if !stashed.is_empty() {
                git(&["stash", "push", "--quiet", "--include-untracked"]);
            }
        }
        self.message(puts);
    }

    fn message(&mut self, puts: &[Put<'_>]) {
        let Some(put) = puts.iter().find(|put| put.path == MESSAGE) else { return };
        let top = self.repo.beside("repo-a");
        let text = format!("rotate\n\nIt was {} until now.", put.text);
        let commit = ["commit", "--quiet", "--allow-empty", "--message", &text];
        self.repo.git_in(&top, commit, b"");
        let id = self.repo.git_in(&top, ["rev-parse", "HEAD"], b"");
        let (folder, rest) = id.split_at(2);
        self.told.insert(MESSAGE.to_owned(), format!("repo-a/.git/objects/{folder}/{rest}"));
    }

    fn start(&mut self, puts: &[Put<'_>]) {
        let Some(put) = puts.iter().find(|put| put.path == PROCESS) else { return };
        let mut command = Command::new("sleep");
        command.arg("300").env_clear().env("DEPLOY_TOKEN", &put.text);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let child = command.spawn().expect("it starts");
        self.told.insert(PROCESS.to_owned(), format!("process/{}/environment", child.id()));
        self.process = Some(child);
    }

    fn write(&self, path: &str, put: &Put<'_>) {
        self.repo_write(path, file(path, put.form, &put.text).as_bytes());
    }

    fn repo_write(&self, path: &str, bytes: &[u8]) {
        write(&self.repo.beside(path), bytes);
    }
}

impl Drop for Corpus {
    fn drop(&mut self) {
        if let Some(mut child) = self.process.take() {
            // Whoever is gone already needs no end.
            _ = child.kill();
            _ = child.wait();
        }
    }
}

fn bare(path: &str) -> &str {
    path.split('@').next().unwrap_or(path)
}

fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, Path::new(name), *bytes).expect("memory");
    }
    tar.into_inner().expect("memory")
}

/// What `docker save` writes.
fn image(puts: &[Put<'_>]) -> Vec<u8> {
    let within = puts.iter().filter_map(|put| Some((put.path.strip_prefix(LAYER)?, put)));
    let files: Vec<_> = within.map(|(path, put)| (path, file(path, put.form, &put.text))).collect();
    let files: Vec<_> = files.iter().map(|(path, text)| (*path, text.as_bytes())).collect();
    let variable = puts.iter().find(|put| put.path == CONFIG);
    let variable = variable.map(|put| format!("DEPLOY_TOKEN={}", put.text));
    let config = json!({
        "architecture": "amd64", "os": "linux",
        "config": {"Env": variable.into_iter().chain(["PATH=/bin".to_owned()]).collect::<Vec<_>>()},
        "rootfs": {"type": "layers", "diff_ids": ["sha256:01"]},
        "history": [{"created_by": "COPY . /srv/app # buildkit"}],
    });
    let manifest =
        json!([{"Config": "c0de.json", "RepoTags": ["shop:1"], "Layers": ["0a1b/layer.tar"]}]);
    let layer = tar(&files);
    tar(&[
        ("c0de.json", config.to_string().as_bytes()),
        ("0a1b/layer.tar", &layer),
        ("manifest.json", manifest.to_string().as_bytes()),
    ])
}

/// The logs of a run, as GitHub archives them.
fn logs(puts: &[Put<'_>]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for put in puts {
        let Some(name) = put.path.strip_prefix(LOGS) else { continue };
        zip.start_file(name, zip::write::SimpleFileOptions::default()).expect("memory");
        let text = format!("##[group]Run make\n##[endgroup]\nsaid: {}\ndone", put.text);
        for line in text.lines() {
            let line = format!("2026-01-02T03:04:05.1234567Z {line}\r\n");
            zip.write_all(line.as_bytes()).expect("memory");
        }
    }
    zip.finish().expect("memory").into_inner()
}
