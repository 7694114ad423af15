//! Any bytes where some tool keeps its credentials: who holds what lies in the text.

#![no_main]

use std::sync::LazyLock;

use keytrail::holders::{Look, Places};
use keytrail::rules::Tools;
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

/// Places of every format, and some that nobody keeps.
const PATHS: [&str; 16] = [
    "home/ann/.cursor/mcp.json",
    "home/ann/.codex/config.toml",
    "home/ann/.continue/config.yaml",
    "home/ann/.claude/projects/a/b.jsonl",
    "home/ann/.claude.json",
    "home/ann/.aws/credentials",
    "home/ann/.m2/settings.xml",
    "home/ann/.kube/config",
    "home/ann/.netrc",
    "home/ann/.npmrc",
    "home/ann/.bash_history",
    "shop/.env",
    "shop/docker-compose.yml",
    "shop/build.log",
    "shop/a.plist",
    "shop/a",
];

static TOOLS: Tools = Tools::embedded();
static PLACES: LazyLock<Places<'static>> = LazyLock::new(|| Places::new(&TOOLS, Vec::new()));

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    keytrail_fuzz::sow(data, size, max_size, seed, |_, _| true)
});

fuzz_target!(|data: &[u8]| {
    let [first, second, text @ ..] = data else { return };
    let path = PATHS[usize::from(*first) % PATHS.len()];
    let kept = PLACES.at(path);
    let (whole, found) = (second & 1 == 0, second & 2 == 0);
    let cell = (second & 4 > 0).then_some("item/row/value");
    let Some(look) = Look::at(path, cell, &kept, (text, whole, found)) else { return };
    assert!(look.flaw().is_none_or(|(at, _)| at <= text.len()));
    let (literals, _) = look.fields();
    for literal in &literals {
        assert!(literal.range.start <= literal.range.end && literal.range.end <= text.len());
        _ = look.named(&literal.range, literal.value.as_bytes());
    }
    let start = text.len() * usize::from(*second) / 256;
    let end = text.len().min(start + 40);
    _ = look.named(&(start..end), &text[start..end]);
});
