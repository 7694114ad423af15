//! Trails as a graph in the language of Graphviz.

use std::io::{self, Write};

use crate::model::{Confidence, Severity, Trail, Zone};
use crate::output::graph::Graph;
use crate::output::{Format, Style};
use crate::report::Report;

/// The format.
pub(super) const FORMAT: Format = Format {
    name: "dot",
    about: "the graph of credentials, holders and principals, for Graphviz",
    least: Confidence::Medium,
    write: graph,
};

fn graph(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let shown = report.trails.iter().filter(|trail| trail.confidence >= style.least);
    write(&shown.cloned().collect::<Vec<_>>(), out)
}

/// How many trails are drawn, the most urgent first.
const MOST: usize = 150;

/// Writes holders, credentials and principals of `trails` as a graph; says how many were left out.
pub fn write(trails: &[Trail], out: &mut dyn Write) -> io::Result<()> {
    let graph = Graph::of(trails, MOST);
    writeln!(out, "digraph keytrail {{")?;
    writeln!(out, "  graph [rankdir=LR, ranksep=1.6, nodesep=0.12, fontname=\"Helvetica\"];")?;
    writeln!(
        out,
        "  node [shape=box, style=\"rounded,filled\", fillcolor=\"#f7f6f2\", \
        color=\"#8a929a\", fontname=\"Helvetica\", fontsize=11];"
    )?;
    writeln!(out, "  edge [color=\"#8a929a\", arrowsize=0.6];")?;
    if graph.left_out > 0 {
        writeln!(out, "  label={};", quoted(&[graph.rest()]))?;
    }
    for &zone in Zone::ALL {
        holders(&graph, zone, out)?;
    }
    for (number, credential) in graph.credentials.iter().enumerate() {
        let (label, colour) = (quoted(&credential.lines), colour(credential.severity));
        writeln!(out, "  c{number} [label={label}, color=\"{colour}\", penwidth=2];")?;
    }
    for (name, number) in &graph.owners {
        let label = quoted(std::slice::from_ref(name));
        writeln!(out, "  p{number} [label={label}, shape=ellipse];")?;
    }
    for ((holder, credential), past) in &graph.holds {
        let style = if *past { " [style=dashed]" } else { "" };
        writeln!(out, "  h{holder} -> c{credential}{style};")?;
    }
    for (credential, owner) in &graph.acts {
        writeln!(out, "  c{credential} -> p{owner};")?;
    }
    writeln!(out, "}}")
}

fn holders(graph: &Graph, zone: Zone, out: &mut dyn Write) -> io::Result<()> {
    let mut here = graph.holders.iter().filter(|((of, _), _)| *of == zone).peekable();
    if here.peek().is_none() {
        return Ok(());
    }
    writeln!(out, "  subgraph cluster_{} {{", zone.name())?;
    writeln!(out, "    label=\"{}\"; color=\"#dcd9cf\"; style=rounded;", zone.words())?;
    for ((_, text), number) in here {
        writeln!(out, "    h{number} [label={}];", quoted(std::slice::from_ref(text)))?;
    }
    writeln!(out, "  }}")
}

/// `lines` as one quoted string. Graphviz reads escapes and HTML entities in it, so neither may be hostile.
fn quoted(lines: &[String]) -> String {
    let escaped =
        |line: &String| line.replace('\\', r"\\").replace('"', "\\\"").replace('&', "&amp;");
    let lines: Vec<_> = lines.iter().map(escaped).collect();
    format!("\"{}\"", lines.join(r"\n"))
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
    use super::{MOST, quoted, write};
    use crate::output::made_up;

    fn drawn(count: usize) -> String {
        let mut out = Vec::new();
        write(&made_up::record(count).trails, &mut out).expect("written");
        String::from_utf8(out).expect("the graph is UTF-8")
    }

    #[test]
    fn every_node_that_an_edge_names_is_there() {
        let text = drawn(40);
        let edges = text.lines().filter_map(|line| line.trim().split_once(" -> "));
        let ends = edges.flat_map(|(from, to)| [from, to.split([' ', ';']).next().unwrap_or(to)]);
        let mut count = 0;
        for end in ends {
            assert!(text.contains(&format!("  {end} [label=")), "{end}");
            count += 1;
        }
        assert!(count > 80);
    }

    #[test]
    fn the_most_urgent_are_kept() {
        let text = drawn(MOST + 50);
        assert!(text.contains("label=\"50 less urgent trails are left out\""));
        assert!(text.contains("  c149 [") && !text.contains("  c150 ["));
        assert!(!drawn(MOST).contains("left out"));
    }

    #[test]
    fn hostile_text_stays_in_its_label() {
        let hostile = "a\"]; evil [label=\"\\".to_owned();
        assert_eq!(quoted(&[hostile]), r#""a\"]; evil [label=\"\\""#);
        assert_eq!(quoted(&["&#8238;".to_owned(), "b".to_owned()]), r#""&amp;#8238;\nb""#);
    }
}
