//! A tool's file as written, and the one way from there to a valid tool.

use serde::Deserialize;

use crate::model::Scope;
use crate::rules::rule::Text;
use crate::rules::tools::expand::{alternatives, endings, shelf};
use crate::rules::tools::tool::{FORMATS, Holds, Keep, System, Tool, ToolKind, Where};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    kind: String,
    #[serde(default)]
    url: String,
    #[serde(default)]
    processes: Vec<String>,
    #[serde(default)]
    file: Vec<Written>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    holds: String,
    #[serde(default)]
    project: Vec<String>,
    #[serde(default)]
    user: Vec<String>,
    #[serde(default)]
    linux: Vec<String>,
    #[serde(default)]
    macos: Vec<String>,
    #[serde(default)]
    windows: Vec<String>,
    #[serde(default)]
    system: Vec<String>,
    format: String,
    #[serde(default)]
    servers: Vec<String>,
    #[serde(default)]
    secrets: Vec<String>,
    #[serde(default)]
    public: Vec<String>,
    #[serde(default)]
    commands: Vec<String>,
    #[serde(default)]
    references: Vec<String>,
    #[serde(default)]
    owner: Vec<String>,
    #[serde(default = "yes")]
    confirmed: bool,
    source: String,
}

const fn yes() -> bool {
    true
}

/// Reads the text of the file `<id>.toml`. Refuses it whole, and says why, if anything in it is not valid.
pub fn read(id: &str, text: &str) -> Result<Tool, String> {
    let word =
        |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    if !id.split('-').all(word) {
        return Err("the file's name is not words of a-z0-9 joined by hyphens".to_owned());
    }
    let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
    let keeps = file.file.into_iter().enumerate();
    let keeps = keeps.map(|(n, w)| w.validate().map_err(|why| format!("file {}: {why}", n + 1)));
    Ok(Tool {
        id: id.to_owned().into(),
        name: file.name.into(),
        kind: one_of("kind", &file.kind, &ToolKind::ALL, ToolKind::name)?,
        url: file.url.into(),
        processes: texts(file.processes),
        keeps: keeps.collect::<Result<Vec<_>, _>>()?.into(),
    })
}

impl Written {
    fn validate(self) -> Result<Keep, String> {
        let holds = one_of("holds", &self.holds, &Holds::ALL, Holds::name)?;
        if !FORMATS.contains(&self.format.as_str()) {
            return Err(format!("format: there is none called `{}`", self.format));
        }
        if (holds == Holds::Servers) == self.servers.is_empty() {
            return Err("servers: stand where, and only where, `holds` says so".to_owned());
        }
        let sorts = [
            (self.project, Scope::Project, None),
            (self.user, Scope::User, None),
            (self.linux, Scope::User, Some(System::Linux)),
            (self.macos, Scope::User, Some(System::Macos)),
            (self.windows, Scope::User, Some(System::Windows)),
            (self.system, Scope::System, None),
        ];
        let mut places = Vec::new();
        for (patterns, scope, system) in sorts {
            for pattern in patterns {
                well_formed(&pattern, scope)?;
                let endings = alternatives(&pattern).into_iter().flat_map(|text| endings(&text));
                if endings.into_iter().any(|ending| shelf(&ending).is_none()) {
                    return Err(format!("`{pattern}`: nothing in it is fixed"));
                }
                places.push(Where { pattern: pattern.into(), scope, system });
            }
        }
        if places.is_empty() {
            return Err("there is no place".to_owned());
        }
        Ok(Keep {
            holds,
            places: places.into(),
            format: self.format.into(),
            servers: texts(self.servers),
            secrets: texts(self.secrets),
            public: texts(self.public),
            commands: texts(self.commands),
            references: texts(self.references),
            owner: texts(self.owner),
            confirmed: self.confirmed,
            source: self.source.into(),
        })
    }
}

/// Names of one segment that stand in too many projects to say anything.
const COMMON: [&str; 12] = [
    "config.json",
    "config.toml",
    "config.yaml",
    "config.yml",
    "settings.json",
    "settings.xml",
    "config",
    "credentials",
    "credentials.json",
    "token",
    "auth.json",
    "manifest.json",
];

fn well_formed(pattern: &str, scope: Scope) -> Result<(), String> {
    if pattern.is_empty() || pattern.contains('\\') || pattern.contains("//") {
        return Err(format!("`{pattern}`: no path of segments between slashes"));
    }
    if COMMON.contains(&pattern) {
        return Err(format!("`{pattern}`: stands in too many projects; name its folder too"));
    }
    let opened = |(depth, deepest): (i32, i32), c| match c {
        '{' => (depth + 1, deepest.max(depth + 1)),
        '}' => (depth - 1, deepest),
        _ => (depth, deepest),
    };
    if !matches!(pattern.chars().fold((0, 0), opened), (0, 0 | 1)) {
        return Err(format!("`{pattern}`: alternatives are left open, or nested"));
    }
    let is_home = ["~/", "CFG/", "DATA/", "STATE/", "LOCAL/", "CODE/", "CODE("];
    let at_home = is_home.iter().any(|lead| pattern.starts_with(lead));
    let absolute = pattern.starts_with('/') || pattern.starts_with('%');
    let fits = match scope {
        Scope::Project => !at_home && !absolute,
        Scope::User => at_home,
        Scope::System => absolute,
    };
    fits.then_some(()).ok_or_else(|| format!("`{pattern}`: not a path of its scope"))
}

fn texts(list: Vec<String>) -> crate::rules::rule::List<Text> {
    list.into_iter().map(Into::into).collect::<Vec<_>>().into()
}

fn one_of<T: Copy>(
    field: &str,
    name: &str,
    all: &[T],
    name_of: impl Fn(T) -> &'static str,
) -> Result<T, String> {
    let found = all.iter().copied().find(|&one| name_of(one) == name);
    found.ok_or_else(|| {
        let known: Vec<_> = all.iter().map(|&one| name_of(one)).collect();
        format!("{field}: `{name}` is none of {}", known.join(", "))
    })
}
