//! Reads the rule files once, here, so that no start of the program does.
#![allow(dead_code, missing_docs, unreachable_pub, unused_imports)]

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs, process};

#[path = "src/model/mod.rs"]
mod model;

/// The parts of the room `rules` that read a file, compiled into the build as they stand.
mod rules {
    #[path = "../src/rules/format.rs"]
    pub mod format;
    #[path = "../src/rules/row.rs"]
    pub mod row;
    #[path = "../src/rules/rule.rs"]
    pub mod rule;
    #[path = "../src/rules/written.rs"]
    pub mod written;
    /// The parts that read a tool's file.
    #[path = "../src/rules/tools"]
    pub mod tools {
        pub mod expand;
        pub mod place;
        pub mod tool;
        pub mod written;
    }
}

use rules::rule::{Advice, Pair, Rule, Text};
use rules::tools::place::Place;
use rules::tools::tool::{Keep, Tool};

fn main() {
    let sources = [
        "rules/secrets",
        "rules/holders",
        "src/rules",
        "src/model",
        "src/read",
        "src/source",
        "src/detect",
        "src/holders",
        "src/inspect",
        "src/git",
        "src/history",
    ];
    let mut digest = DefaultHasher::new();
    for folder in sources {
        println!("cargo::rerun-if-changed={folder}");
        digest_of(Path::new(folder), &mut digest);
    }
    // What was inspected by other sources is inspected again.
    println!("cargo::rustc-env=KEYTRAIL_SOURCES={:016x}", digest.finish());
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    write(&out.join("catalogue.rs"), catalogue(Path::new("rules/secrets")));
    write(&out.join("tools.rs"), tools(Path::new("rules/holders")));
}

fn write(path: &Path, made: Result<String, String>) {
    match made {
        Ok(source) => fs::write(path, source).expect("OUT_DIR is writable"),
        Err(message) => {
            println!("cargo::error={}", message.replace('\n', " "));
            process::exit(1);
        }
    }
}

/// All tools as Rust source: one static array, sorted by id.
fn tools(dir: &Path) -> Result<String, String> {
    let mut tools = Vec::new();
    let entries = fs::read_dir(dir).map_err(|e| format!("{}: {e}", dir.display()))?;
    for entry in entries.flatten().map(|e| e.path()) {
        let Some(id) = entry.file_stem().and_then(|s| s.to_str()) else { continue };
        let text = fs::read_to_string(&entry).map_err(|e| format!("{}: {e}", entry.display()))?;
        let tool = rules::tools::written::read(id, &text);
        tools.push(tool.map_err(|e| format!("{}: {e}", entry.display()))?);
    }
    tools.sort_by(|a, b| a.id.cmp(&b.id));
    let mut source = format!("static TOOLS: [Tool; {}] = [", tools.len());
    tools.iter().for_each(|tool| a_tool(&mut source, tool));
    source.push_str("];\n");
    let places = rules::tools::place::places(&tools);
    _ = writeln!(source, "static PLACES: [Place; {}] = [", places.len());
    for Place { shelf, key, ending, tool, keep, scope } in &places {
        let [key, ending] = [key, ending].map(text);
        _ = writeln!(
            source,
            "Place {{ shelf: Shelf::{shelf:?}, key: {key}, ending: {ending}, tool: {tool}, \
             keep: {keep}, scope: Scope::{scope:?} }},"
        );
    }
    source.push_str("];\n");
    Ok(source)
}

fn a_tool(out: &mut String, tool: &Tool) {
    let [id, name, url] = [&tool.id, &tool.name, &tool.url].map(text);
    let (kind, processes) = (tool.kind, list(&tool.processes));
    _ = write!(
        out,
        "Tool {{ id: {id}, name: {name}, kind: ToolKind::{kind:?}, url: {url}, \
         processes: {processes}, keeps: List::Borrowed(&["
    );
    tool.keeps.iter().for_each(|keep| a_keep(out, keep));
    out.push_str("]) },\n");
}

fn a_keep(out: &mut String, keep: &Keep) {
    let place = |place: &rules::tools::tool::Where| {
        let system = place.system.map_or("None".to_owned(), |s| format!("Some(System::{s:?})"));
        let (pattern, scope) = (text(&place.pattern), place.scope);
        format!("Where {{ pattern: {pattern}, scope: Scope::{scope:?}, system: {system} }}")
    };
    let places: Vec<_> = keep.places.iter().map(place).collect();
    let lists = [
        ("servers", &keep.servers),
        ("secrets", &keep.secrets),
        ("public", &keep.public),
        ("commands", &keep.commands),
        ("references", &keep.references),
        ("owner", &keep.owner),
    ];
    _ = write!(
        out,
        "Keep {{ holds: Holds::{:?}, places: List::Borrowed(&[{}]), format: {}, ",
        keep.holds,
        places.join(", "),
        text(&keep.format)
    );
    lists.iter().for_each(|(name, texts)| _ = write!(out, "{name}: {}, ", list(texts)));
    _ = write!(out, "confirmed: {}, source: {} }}, ", keep.confirmed, text(&keep.source));
}

fn list(texts: &[Text]) -> String {
    let items: Vec<_> = texts.iter().map(text).collect();
    format!("List::Borrowed(&[{}])", items.join(", "))
}

/// Adds the names and bytes of all files below `path`.
fn digest_of(path: &Path, digest: &mut DefaultHasher) {
    if path.is_dir() {
        let entries = fs::read_dir(path).expect("the sources are readable").flatten();
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        paths.sort();
        paths.iter().for_each(|path| digest_of(path, digest));
    } else {
        path.hash(digest);
        fs::read(path).expect("the sources are readable").hash(digest);
    }
}

/// The whole catalogue as Rust source: one static array, sorted by id.
fn catalogue(dir: &Path) -> Result<String, String> {
    let mut rules = Vec::new();
    let entries = fs::read_dir(dir).map_err(|e| format!("{}: {e}", dir.display()))?;
    for entry in entries.flatten().map(|e| e.path()) {
        let Some(provider) = entry.file_stem().and_then(|s| s.to_str()) else { continue };
        let text = fs::read_to_string(&entry).map_err(|e| format!("{}: {e}", entry.display()))?;
        let read = rules::written::read(provider, &text, &|_| true);
        rules.extend(read.map_err(|e| format!("{}: {e}", entry.display()))?);
    }
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    if let Some(twice) = rules.windows(2).find(|w| w[0].id == w[1].id) {
        return Err(format!("rule {}: there are two of that id", twice[0].id));
    }
    let mut source = String::new();
    rules.iter().enumerate().for_each(|(n, rule)| lists(&mut source, n, rule));
    _ = writeln!(source, "static EMBEDDED: [Rule; {}] = [", rules.len());
    rules.iter().enumerate().for_each(|(n, rule)| block(&mut source, n, rule));
    source.push_str("];\n");
    Ok(source)
}

fn lists(out: &mut String, n: usize, rule: &Rule) {
    texts(out, &format!("LITERALS_{n}"), &rule.literals);
    if let Some(context) = &rule.context {
        texts(out, &format!("WORDS_{n}"), &context.words);
    }
    _ = writeln!(out, "static PAIRS_{n}: [Pair; {}] = [", rule.pairs.len());
    for Pair { field, format, within } in rule.pairs.iter() {
        let format = text(format);
        _ = writeln!(
            out,
            "Pair {{ field: Field::{field:?}, format: {format}, within: {within} }},"
        );
    }
    out.push_str("];\n");
}

fn texts(out: &mut String, name: &str, list: &[Text]) {
    let items: Vec<_> = list.iter().map(text).collect();
    _ = writeln!(out, "static {name}: [Text; {}] = [{}];", list.len(), items.join(", "));
}

fn text(text: &Text) -> String {
    format!("Text::Borrowed({:?})", text.as_ref())
}

fn advice(advice: &Advice) -> String {
    let [text, url, source] = [&advice.text, &advice.url, &advice.source].map(text);
    format!("Advice {{ text: {text}, url: {url}, source: {source} }}")
}

fn block(out: &mut String, n: usize, rule: &Rule) {
    let fields: Vec<_> = rule.identity.iter().map(|f| format!("Field::{f:?}")).collect();
    let context = rule.context.as_ref().map_or_else(
        || "None".to_owned(),
        |c| {
            let (within, lines) = (c.within, c.lines);
            format!(
                "Some(Context {{ words: List::Borrowed(&WORDS_{n}), within: {within}, lines: {lines} }})"
            )
        },
    );
    let check = rule.check.as_ref().map_or("None".to_owned(), |c| format!("Some({})", text(c)));
    _ = writeln!(
        out,
        "Rule {{ id: RuleId::from_static({:?}), name: {}, provider: {}, provider_name: {}, \
         kind: Kind::{:?}, severity: Severity::{:?}, confidence: Confidence::{:?}, grants: {}, \
         format: {}, literals: List::Borrowed(&LITERALS_{n}), context: {context}, \
         entropy: {:?}, check: {check}, identity: List::Borrowed(&[{}]), \
         pairs: List::Borrowed(&PAIRS_{n}), life: Life::{:?}, revoke: {}, replace: {}, shape: {:?} }},",
        rule.id.as_str(),
        text(&rule.name),
        text(&rule.provider),
        text(&rule.provider_name),
        rule.kind,
        rule.severity,
        rule.confidence,
        text(&rule.grants),
        text(&rule.format),
        rule.entropy,
        fields.join(", "),
        rule.life,
        advice(&rule.revoke),
        advice(&rule.replace),
        rule.shape,
    );
}
