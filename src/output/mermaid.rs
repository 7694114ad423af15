//! Trails as a Mermaid flowchart, for Markdown that draws it.

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::model::{Confidence, Severity, Trail, Zone};
use crate::output::graph::Graph;
use crate::output::{Format, Style};
use crate::report::Report;

/// The format.
pub(super) const FORMAT: Format = Format {
    name: "mermaid",
    about: "the same graph, for Markdown that draws Mermaid",
    least: Confidence::Medium,
    write: graph,
};

fn graph(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let shown = report.trails.iter().filter(|trail| trail.confidence >= style.least);
    write(&shown.cloned().collect::<Vec<_>>(), out)
}

/// How many trails are drawn, the most urgent first.
const MOST: usize = 150;
/// Mermaid draws no longer text and no more edges unless it is told to.
const MOST_BYTES: usize = 50_000;
const MOST_EDGES: usize = 500;

/// Writes holders, credentials and principals of `trails` as a flowchart that Mermaid draws as it is
/// installed; says how many were left out.
pub fn write(trails: &[Trail], out: &mut dyn Write) -> io::Result<()> {
    let mut most = MOST.min(trails.len());
    loop {
        let graph = Graph::of(trails, most);
        let text = drawn(&graph);
        let edges = graph.holds.len() + graph.acts.len();
        if most <= 1 || text.len() <= MOST_BYTES && edges <= MOST_EDGES {
            return out.write_all(text.as_bytes());
        }
        most = most * 7 / 8;
    }
}

fn drawn(graph: &Graph) -> String {
    let mut text = "flowchart LR\n".to_owned();
    for &zone in Zone::ALL {
        holders(graph, zone, &mut text);
    }
    for (number, credential) in graph.credentials.iter().enumerate() {
        let (label, class) = (quoted(&credential.lines), credential.severity.name());
        _ = writeln!(text, "  c{number}[{label}]:::{class}");
    }
    for (name, number) in &graph.owners {
        _ = writeln!(text, "  p{number}([{}])", quoted(std::slice::from_ref(name)));
    }
    for ((holder, credential), past) in &graph.holds {
        let line = if *past { "-.->" } else { "-->" };
        _ = writeln!(text, "  h{holder} {line} c{credential}");
    }
    for (credential, owner) in &graph.acts {
        _ = writeln!(text, "  c{credential} --> p{owner}");
    }
    if graph.left_out > 0 {
        _ = writeln!(text, "  rest[{}]", quoted(&[graph.rest()]));
    }
    for severity in Severity::ALL {
        let (name, colour) = (severity.name(), colour(severity));
        _ = writeln!(text, "  classDef {name} stroke:{colour},stroke-width:2px");
    }
    text
}

fn holders(graph: &Graph, zone: Zone, text: &mut String) {
    let mut here = graph.holders.iter().filter(|((of, _), _)| *of == zone).peekable();
    if here.peek().is_none() {
        return;
    }
    _ = writeln!(text, "  subgraph z_{}[\"{}\"]", zone.name(), zone.words());
    for ((_, holder), number) in here {
        _ = writeln!(text, "    h{number}[{}]", quoted(std::slice::from_ref(holder)));
    }
    text.push_str("  end\n");
}

/// `lines` as one label. All ASCII that could mean something to Mermaid, Markdown or HTML stands by number.
fn quoted(lines: &[String]) -> String {
    let mut label = "\"".to_owned();
    for (n, line) in lines.iter().enumerate() {
        if n > 0 {
            label.push_str("<br>");
        }
        for c in line.chars() {
            if c.is_ascii_alphanumeric() || !c.is_ascii() || " -.,:/()@".contains(c) {
                label.push(c);
            } else {
                _ = write!(label, "#{};", u32::from(c));
            }
        }
    }
    label + "\""
}

const fn colour(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "#a81c35",
        Severity::High => "#a34a06",
        Severity::Medium => "#7b6100",
        Severity::Low => "#2b629c",
        Severity::Info => "#5c656c",
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST_BYTES, MOST_EDGES, quoted, write};
    use crate::output::made_up;

    fn drawn(count: usize) -> String {
        let mut out = Vec::new();
        write(&made_up::record(count).trails, &mut out).expect("written");
        String::from_utf8(out).expect("the chart is UTF-8")
    }

    #[test]
    fn every_node_that_an_edge_names_is_there() {
        let text = drawn(30);
        let edge = |line: &str| line.contains("->").then(|| line.trim().to_owned());
        let edges: Vec<_> = text.lines().filter_map(edge).collect();
        assert!(edges.len() > 60);
        for end in
            edges.iter().flat_map(|edge| [edge.split(' ').next(), edge.split(' ').next_back()])
        {
            let end = end.expect("an edge has two ends");
            assert!(
                text.contains(&format!("  {end}[")) || text.contains(&format!("  {end}([")),
                "{end}"
            );
        }
    }

    #[test]
    fn it_stays_within_what_mermaid_draws() {
        let text = drawn(600);
        assert!(text.len() <= MOST_BYTES && text.matches("->").count() <= MOST_EDGES);
        assert!(text.contains("less urgent trails are left out"));
        assert!(text.matches(":::").count() > 40, "and uses it");
    }

    #[test]
    fn hostile_text_stays_in_its_label() {
        let hostile = "a\"] --> b; %%{init: {}}%% `<img>` #quot;\\n".to_owned();
        let label = quoted(&[hostile]);
        assert_eq!(label.matches('"').count(), 2);
        let meaning = ['%', '{', '<', '>', '`', '[', ']', '\\', '&'];
        assert!(!label.contains(meaning), "{label}");
        assert_eq!(quoted(&["a#b".to_owned(), "c".to_owned()]), "\"a#35;b<br>c\"");
    }
}
