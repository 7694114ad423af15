//! The README tells of exactly the tools and kinds of holder that the program knows.

use std::fs;
use std::path::Path;

use keytrail::model::HolderKind;
use keytrail::rules::Tools;
use keytrail::rules::tools::ToolKind;

/// Where the list stands.
const MARKS: (&str, &str) = ("<!-- holders -->\n", "<!-- /holders -->");

/// The widest line.
const WIDTH: usize = 110;

/// What a sort of tool is called.
const fn heading(kind: ToolKind) -> &'static str {
    match kind {
        ToolKind::Agent => "Agents, editors and MCP clients",
        ToolKind::Store => "Credential stores and command lines",
        ToolKind::Ci => "Continuous integration",
        ToolKind::Runtime => "Shells, frameworks and deployments",
    }
}

/// What must stand between the marks.
fn expected() -> String {
    let tools = Tools::embedded();
    let kinds = HolderKind::ALL.map(|kind| format!("`{}`", kind.name()));
    let mut text = String::from("\n");
    for kind in ToolKind::ALL {
        let of_kind = tools.all().iter().filter(|tool| tool.kind == kind);
        let mut names: Vec<&str> = of_kind.map(|tool| tool.name.as_ref()).collect();
        names.sort_by_key(|name| name.to_lowercase());
        let item = format!("- **{}** ({}): {}.", heading(kind), names.len(), names.join(", "));
        text.push_str(&wrapped(&item, "  "));
    }
    let item = format!("Kinds of holder in reports: {}.", kinds.join(", "));
    text.push('\n');
    text.push_str(&wrapped(&item, ""));
    text.push('\n');
    text
}

/// `text` in lines of at most [`WIDTH`] characters, all but the first behind `indent`.
fn wrapped(text: &str, indent: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is one");
        if line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(format!("{indent}{word}"));
        } else {
            line.push_str(if line.is_empty() { "" } else { " " });
            line.push_str(word);
        }
    }
    lines.into_iter().map(|line| line + "\n").collect()
}

#[test]
fn the_readme_lists_every_tool() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(path).expect("it is there").replace("\r\n", "\n");
    let (open, close) = MARKS;
    let between = readme.split_once(open).and_then(|(_, rest)| rest.split_once(close));
    let there = between.map(|(text, _)| text).unwrap_or_default();
    let expected = expected();
    assert!(there == expected, "README.md must hold this list:\n{open}{expected}{close}\n");
}
