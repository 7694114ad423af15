//! Which system wrote a log.

use crate::read::lines;
use crate::read::log::stamp::{self, GITHUB_DIGITS, Prefix};
use crate::read::log::{HEAD, escape, mark};

/// The systems whose logs are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Log {
    /// GitHub Actions.
    GitHub,
    /// GitLab CI/CD.
    GitLab,
    /// Buildkite.
    Buildkite,
    /// Jenkins.
    Jenkins,
    /// Azure Pipelines.
    Azure,
    /// Travis CI.
    Travis,
}

impl Log {
    /// Its maker's name for the system.
    pub fn name(self) -> &'static str {
        match self {
            Self::GitHub => "GitHub Actions",
            Self::GitLab => "GitLab CI/CD",
            Self::Buildkite => "Buildkite",
            Self::Jenkins => "Jenkins",
            Self::Azure => "Azure Pipelines",
            Self::Travis => "Travis CI",
        }
    }

    /// The slug of the tool that `rules/holders` has for it.
    pub fn slug(self) -> &'static str {
        match self {
            Self::GitHub => "github-actions",
            Self::GitLab => "gitlab-ci",
            Self::Buildkite => "buildkite",
            Self::Jenkins => "jenkins",
            Self::Azure => "azure-pipelines",
            Self::Travis => "travis-ci",
        }
    }
}

/// The system that wrote the log `text`, as its first 8 KiB show; none if it is no such log.
pub fn kind(text: &[u8]) -> Option<Log> {
    let head = &text[..text.len().min(HEAD)];
    let head = &head[lines::start(head)..];
    if stamp::prefix(head) == Prefix::GitLab {
        return Some(Log::GitLab);
    }
    let marked = head.split(|&b| b == b'\n').find_map(marked);
    let first = head.split(|&b| b == b'\n').next().unwrap_or_default();
    let is_github = stamp::time(first).is_some_and(|(_, digits)| digits == GITHUB_DIGITS);
    marked.or(is_github.then_some(Log::GitHub))
}

/// The system whose mark `line` starts with.
fn marked(line: &[u8]) -> Option<Log> {
    const MARKS: [(&[u8], Log); 8] = [
        (b"##vso[", Log::Azure),
        (b"##[section]Starting: ", Log::Azure),
        (b"##[group]Run ", Log::GitHub),
        (b"section_start:", Log::GitLab),
        (b"travis_fold:", Log::Travis),
        (b"travis_time:", Log::Travis),
        (b"[Pipeline] ", Log::Jenkins),
        (b"Running with gitlab-runner ", Log::GitLab),
    ];
    let mut rest = &line[stamp::time(line).map_or(0, |(length, _)| length)..];
    while rest.first() == Some(&b'\x1B') {
        if rest.starts_with(b"\x1B_bk;t=") {
            return Some(Log::Buildkite);
        }
        if rest.starts_with(b"\x1B[8mha:") {
            return Some(Log::Jenkins);
        }
        rest = &rest[escape::length(rest)..];
    }
    let (_, log) = MARKS.iter().find(|(mark, _)| rest.starts_with(mark))?;
    let is_fold = rest.starts_with(b"section_start:");
    (!is_fold || mark::length(rest) > 0).then_some(*log)
}
