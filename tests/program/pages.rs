//! The page that `view` and `scan` write, as a person meets it in a browser.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::model::Trail;
use crate::report::Record;
use crate::support::run;
use crate::{browser, html, made_up};

/// The page of `record`, written by the program.
fn page(folder: &Path, name: &str, record: &Record) -> PathBuf {
    let report = folder.join(format!("{name}.json"));
    fs::write(&report, serde_json::to_vec(record).expect("it is JSON")).expect("written");
    let page = folder.join(format!("{name}.html"));
    let flags = ["view", "--format", "html", "--min-confidence", "low", "--output"];
    let paths = [page.as_os_str(), report.as_os_str()];
    let args = flags.iter().map(std::ffi::OsStr::new).chain(paths);
    let output = run(folder, args);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    page
}

#[test]
fn a_page_works_in_a_browser() {
    let folder = tempfile::tempdir().expect("a folder");
    for count in [10, 500] {
        let page = page(folder.path(), &count.to_string(), &made_up::record(count));
        html::try_page(&page, count);
    }
}

#[test]
fn a_scan_writes_the_page_of_its_trails() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/trail");
    let page = folder.path().join("page.html");
    let format = format!("html={}", page.display());
    let args = ["scan", "shop", "--home", "home", "--fail-on", "none", "--format", &format];
    let output = run(&data, args);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let text = fs::read_to_string(&page).expect("a page");
    for part in ["default-src 'none'", "mcpServers.orders.env.ACME_API_KEY", "Claude Code"] {
        assert!(text.contains(part), "{part}");
    }
}

#[test]
fn hostile_text_does_not_run() {
    let mut record = made_up::record(10);
    let hostile = "</script><script>document.title='run'</script><img src=x onerror=\"document.title='run'\">";
    for Trail { name, provider, holders, .. } in &mut record.trails {
        name.replace_range(.., hostile);
        provider.replace_range(.., "__proto__");
        holders[0].path = format!("{hostile}\u{202e}gpj");
        holders[0].tool = "constructor".to_owned();
        holders[0].tool_name = hostile.to_owned();
        holders[0].key = Some("javascript:document.title='run'".to_owned());
    }
    record.source = hostile.to_owned();
    for rule in record.rules.values_mut() {
        rule.revoke.url = "javascript:document.title='run'".to_owned();
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = page(folder.path(), "hostile", &record);
    let text = fs::read_to_string(&path).expect("a page");
    assert_eq!(text.matches("<script").count(), 2, "nothing breaks out of the data");
    assert!(!text.contains('\u{202e}'), "what turns text around is written out");
    let Some(program) = browser::find() else { return };
    let mut page = browser::Browser::open(&program, &path, (1280, 900));
    page.eval("document.querySelectorAll('.row').forEach(row => row.click())");
    page.eval(
        "document.querySelectorAll('a').forEach(a => a.href.startsWith('https:') || a.click())",
    );
    let found = page.eval("[document.title === 'run', document.images.length, document.scripts.length, document.querySelectorAll('a[href^=javascript]').length]");
    assert_eq!(found, json!([false, 0, 2, 0]));
    assert_eq!(page.errors, [""; 0]);
}
