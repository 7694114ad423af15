//! What a path tells of the place.

/// The ends of names of configurations.
const CONFIGS: [&str; 14] = [
    "cfg",
    "cnf",
    "conf",
    "config",
    "ini",
    "json",
    "plist",
    "properties",
    "tfvars",
    "toml",
    "xml",
    "yaml",
    "yml",
    "jsonc",
];

/// The ends of names of dumps of memory.
const DUMPS: [&str; 6] = ["dmp", "mdmp", "hprof", "heapsnapshot", "heapdump", "core"];

/// What the mapping calls a place with this path.
pub(super) fn roles(path: &str) -> impl Iterator<Item = &'static str> {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let process = path.starts_with("process/");
    let roles = [
        (!process && is_environment(name), "env-file"),
        (ends(name, &CONFIGS), "config-file"),
        (is_log(name), "log-file"),
        (path.split(['/', '\\']).any(|part| matches!(part, ".git" | ".hg" | ".svn")), "vcs-data"),
        (!process && is_dump(name), "memory-dump"),
        (process && name == "environment", "process-environment"),
        (process && name == "arguments", "process-arguments"),
    ];
    roles.into_iter().filter(|(holds, _)| *holds).map(|(_, role)| role)
}

/// `.env`, `.env.local`, `production.env`, `.envrc`.
fn is_environment(name: &str) -> bool {
    name == ".env" || name == ".envrc" || name.starts_with(".env.") || ends(name, &["env"])
}

/// `build.log`, `build.log.1`, `build.log.gz`.
fn is_log(name: &str) -> bool {
    let rolled = |(_, end): (&str, &str)| {
        end.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b))
    };
    ends(name, &["log"]) || name.rsplit_once(".log.").is_some_and(rolled)
}

/// `core`, `core.1234`, `heap.hprof`.
fn is_dump(name: &str) -> bool {
    let number = name.strip_prefix("core.");
    name == "core"
        || number.is_some_and(|end| end.bytes().all(|b| b.is_ascii_digit()))
        || ends(name, &DUMPS)
}

fn ends(name: &str, all: &[&str]) -> bool {
    let end = name.rsplit_once('.').map(|(_, end)| end);
    end.is_some_and(|end| all.iter().any(|known| known.eq_ignore_ascii_case(end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_tell_what_a_place_is() {
        let cases: [(&str, &[&str]); 12] = [
            ("app/.env", &["env-file"]),
            ("app/.env.local", &["env-file"]),
            ("C:\\app\\prod.ENV", &["env-file"]),
            ("app/settings.yaml", &["config-file"]),
            ("run.zip!/logs/1_build.log", &["log-file"]),
            ("var/log/app.log.2.gz", &["log-file"]),
            ("var/log/app.log.1", &["log-file"]),
            ("image.tar!/app/.git/config", &["vcs-data"]),
            ("core.4711", &["memory-dump"]),
            ("src/core/main.rs", &[]),
            ("process/12/arguments", &["process-arguments"]),
            ("process/12/environment", &["process-environment"]),
        ];
        for (path, told) in cases {
            assert_eq!(roles(path).collect::<Vec<_>>(), told, "{path}");
        }
    }
}
