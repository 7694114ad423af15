//! The user's Git, so called that it copies a repository and does nothing else.

use std::env;
use std::fs::File;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use super::address::{Address, Login};

/// The folder of the copy, beside what Git said.
pub(super) const REPOSITORY: &str = "repository.git";
/// The file with what Git said.
pub(super) const COMPLAINT: &str = "said";

/// Settings that neither the user's nor the system's can undo: nothing but Git itself runs, nothing is
/// left to run when it has ended, and a repository with damage in it comes as it is.
const SETTINGS: [&str; 8] = [
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "protocol.ext.allow=never",
    "transfer.fsckObjects=false",
    "fetch.fsckObjects=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "advice.detachedHead=false",
];

/// What tells Git of a repository that is not meant here: a hook's environment is full of it.
const INHERITED: [&str; 15] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_DEFAULT_HASH",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_SHALLOW_FILE",
    "GIT_TEMPLATE_DIR",
    "GIT_WORK_TREE",
];

/// What keeps Git, `ssh` and helpers from asking anyone, unless the user has said how to ask.
const SILENCE: [(&str, &str); 3] =
    [("GIT_ASKPASS", ""), ("SSH_ASKPASS_REQUIRE", "never"), ("GCM_INTERACTIVE", "never")];

/// The names by which a login travels to Git: every user of a machine can read a program's arguments, but
/// only the same user its environment.
const USER: &str = "KEYTRAIL_CLONE_USER";
const PASSWORD: &str = "KEYTRAIL_CLONE_PASSWORD";
/// Answers Git when a server asks who is there; the words come from the environment.
const HELPER: &str = "!f() { test \"$1\" = get && printf 'username=%s\\npassword=%s\\n' \
                      \"$KEYTRAIL_CLONE_USER\" \"$KEYTRAIL_CLONE_PASSWORD\"; }; f";

/// Copies `url` into `folder`, in the environment that [`prepare`] made.
pub(super) fn clone_into(folder: &Path, url: &str) -> io::Result<Command> {
    let mut git = Command::new("git");
    git.args(SETTINGS.iter().flat_map(|setting| ["-c", setting]));
    git.args(["clone", "--mirror", "--quiet", "--no-recurse-submodules", "--template="]);
    git.args(["--", url, REPOSITORY]).current_dir(folder);
    git.stdin(Stdio::null()).stdout(Stdio::null()).stderr(File::create(folder.join(COMPLAINT))?);
    Ok(git)
}

/// Gives `command` the environment in which Git may fetch from `address`.
pub(super) fn prepare(command: &mut Command, address: &Address) {
    INHERITED.into_iter().for_each(|name| _ = command.env_remove(name));
    command.env("LC_ALL", "C").env("GIT_TERMINAL_PROMPT", "0");
    command.env("GIT_CEILING_DIRECTORIES", env::temp_dir()).env("GIT_DEFAULT_REF_FORMAT", "files");
    for (name, value) in SILENCE {
        if env::var_os(name).is_none() {
            command.env(name, value);
        }
    }
    if let (Some(login), Some(site)) = (&address.login, address.site()) {
        let settings = answers(command, login, &site);
        add_settings(command, &settings);
    }
}

/// The settings by which a login is given to the server it is meant for and to no other, wherever that
/// one redirects to. A header or a rewritten URL would not do: the one goes along to other servers, the
/// other is an argument of Git's own helper.
fn answers(command: &mut Command, login: &Login, site: &str) -> Vec<(String, String)> {
    let named = |name: &str, value: &str| (format!("credential.{site}.{name}"), value.to_owned());
    let Some(password) = &login.password else {
        return vec![named("username", &login.user)];
    };
    command.env(USER, &login.user).env(PASSWORD, password);
    // The empty one ends the list of the user's own helpers, which would answer first, and keep it.
    vec![named("helper", ""), named("helper", HELPER)]
}

/// Adds to the settings that the environment may hold already.
fn add_settings(command: &mut Command, settings: &[(String, String)]) {
    let there = env::var("GIT_CONFIG_COUNT").ok().and_then(|count| count.parse().ok());
    let mut count: usize = there.unwrap_or(0);
    for (key, value) in settings {
        command.env(format!("GIT_CONFIG_KEY_{count}"), key);
        command.env(format!("GIT_CONFIG_VALUE_{count}"), value);
        count += 1;
    }
    command.env("GIT_CONFIG_COUNT", count.to_string());
}
