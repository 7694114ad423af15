//! Dumps of a process's environment, in the shapes that tools print them.

use crate::read::Tree;
use crate::read::parts::Flaws;

mod blocks;
mod command_file;
mod documents;
mod literal;
mod php;
mod powershell;
mod rows;
mod shell;
mod signs;

pub use signs::recognise;

/// The shapes of environment dumps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `env` and `printenv`: `A=b`, values unquoted.
    Env,
    /// `env -0` and `/proc/<pid>/environ`: `A=b`, parted by NUL.
    Nul,
    /// `export -p` and `declare -x`.
    Export,
    /// `set` of bash and dash.
    Set,
    /// `set` of cmd.
    CmdSet,
    /// `Get-ChildItem Env:` as a table.
    PowerShellTable,
    /// `Get-ChildItem Env: | Format-List`.
    PowerShellList,
    /// `Get-ChildItem Env: | ConvertTo-Json`.
    PowerShellJson,
    /// Node's `console.log(process.env)`.
    NodeObject,
    /// A JSON object of variables, as of `JSON.stringify(process.env)`.
    Json,
    /// A diagnostic report of Node.
    NodeReport,
    /// Python's `os.environ`, or a dict of it.
    Python,
    /// Ruby's `ENV.to_h`.
    Ruby,
    /// `phpinfo()` as HTML.
    PhpHtml,
    /// `phpinfo()` at a command line.
    PhpText,
    /// `docker inspect`, or the configuration of an image.
    Docker,
    /// `kubectl describe`.
    Kubectl,
    /// `systemctl show-environment`, or `systemctl show`.
    Systemd,
    /// The process list that pm2 saves.
    Pm2,
    /// `launchctl print`.
    Launchctl,
    /// A configuration of supervisor.
    Supervisor,
    /// A crash report of a Java virtual machine.
    JavaCrash,
    /// A file in which a step of a GitHub job sets variables or outputs.
    CommandFile,
}

impl Shape {
    /// What printed it, in words that a user knows.
    pub fn name(self) -> &'static str {
        match self {
            Self::Env => "env output",
            Self::Nul => "NUL-separated environment",
            Self::Export => "export -p output",
            Self::Set => "shell set output",
            Self::CmdSet => "cmd set output",
            Self::PowerShellTable => "PowerShell environment table",
            Self::PowerShellList => "PowerShell environment list",
            Self::PowerShellJson => "PowerShell environment JSON",
            Self::NodeObject => "Node process.env",
            Self::Json => "environment as JSON",
            Self::NodeReport => "Node diagnostic report",
            Self::Python => "Python os.environ",
            Self::Ruby => "Ruby ENV",
            Self::PhpHtml => "phpinfo page",
            Self::PhpText => "phpinfo text",
            Self::Docker => "docker inspect output",
            Self::Kubectl => "kubectl describe output",
            Self::Systemd => "systemd environment",
            Self::Pm2 => "pm2 process list",
            Self::Launchctl => "launchctl print output",
            Self::Supervisor => "supervisor configuration",
            Self::JavaCrash => "Java crash report",
            Self::CommandFile => "GitHub Actions command file",
        }
    }
}

/// Reads the dump `text`: a map of the variables' names. What is no variable is passed over.
pub fn dump(text: &[u8], shape: Shape) -> Tree {
    let mut flaws = Flaws::default();
    let entries = match shape {
        Shape::Export => return crate::read::dotenv::dotenv(text),
        Shape::Env => rows::env(text),
        Shape::Nul => rows::nul(text),
        Shape::CmdSet => rows::cmd(text),
        Shape::JavaCrash => rows::java(text),
        Shape::Set => shell::set(text, &mut flaws),
        Shape::Systemd => shell::systemd(text, &mut flaws),
        Shape::PowerShellTable => powershell::table(text, &mut flaws),
        Shape::PowerShellList => powershell::list(text, &mut flaws),
        Shape::NodeObject | Shape::Python | Shape::Ruby => literal::pairs(text, &mut flaws),
        Shape::PhpHtml => php::html(text),
        Shape::PhpText => php::text(text),
        Shape::Kubectl => blocks::kubectl(text),
        Shape::Launchctl => blocks::launchctl(text),
        Shape::CommandFile => command_file::variables(text, &mut flaws),
        Shape::Supervisor => documents::supervisor(text, &mut flaws),
        Shape::PowerShellJson | Shape::Json | Shape::NodeReport | Shape::Docker | Shape::Pm2 => {
            documents::json(text, shape, &mut flaws)
        }
    };
    flaws.tree(text, entries)
}

#[cfg(test)]
mod tests;
