//! The page is opened in a browser: it filters, opens trails, and neither errs nor asks for anything.

use std::path::Path;

use serde_json::json;

use crate::browser::{self, Browser};

const ROWS: &str = "document.querySelectorAll('#rows .trail').length";

/// Opens the page at `path` and tries all that a reader does; `count` trails are in it.
pub fn try_page(path: &Path, count: usize) {
    let Some(program) = browser::find() else {
        use std::io::Write as _;
        let told = b"left out: there is no Chromium on the path nor in KEYTRAIL_CHROMIUM\n";
        std::io::stderr().write_all(told).expect("told");
        return;
    };
    let mut page = Browser::open(&program, path, (1280, 900));
    let trails = count.min(100);
    assert_eq!(page.eval(ROWS), json!(trails), "the page shows its trails");
    filters_by_text(&mut page, trails);
    filters_by_box(&mut page, count);
    opens(&mut page);
    filters_by_graph(&mut page);
    follows_a_link(&mut page);
    changes_its_colours(&mut page);
    prints(&mut page);
    fits(&mut page);
    assert_eq!(page.errors, [""; 0], "no error in the console");
    let own = page.eval("location.href.split('#')[0]");
    assert_eq!(json!(page.requests), json!([own]), "nothing is asked for but the page itself");
}

fn filters_by_text(page: &mut Browser, trails: usize) {
    page.press("/", "/");
    assert_eq!(page.eval("document.activeElement.id"), json!("find"), "/ goes to the filter");
    page.type_text("no such trail");
    assert_eq!(page.eval(ROWS), json!(0));
    let told = page.eval("document.getElementById('count').textContent");
    assert!(told.as_str().is_some_and(|told| told.starts_with("0 of ")), "{told}");
    page.press("Escape", "");
    assert_eq!(page.eval(ROWS), json!(trails), "Escape clears the text");
    let path = page.eval("document.querySelector('.row code').textContent");
    page.type_text(path.as_str().unwrap_or_default());
    let all = "[...document.querySelectorAll('#rows .row code')]";
    let same = format!("{all}.length > 0 && {all}.every(c => c.textContent === {path})");
    assert_eq!(page.eval(&same), json!(true), "what is left has the text");
    page.eval("document.getElementById('clear').click()");
    assert_eq!(page.eval(ROWS), json!(trails), "and can be cleared");
}

fn filters_by_box(page: &mut Browser, count: usize) {
    let told = "(() => { const box = document.querySelector('[data-facet=severity]'); box.click();\
        return [box.value, box.closest('label').lastChild.textContent,\
        document.getElementById('count').textContent, \
        [...document.querySelectorAll('#rows .level')].every(l => l.textContent === box.value)]; })()";
    let told = page.eval(told);
    assert_eq!(told[3], json!(true), "only trails of that severity are left");
    let left = told[1].as_str().unwrap_or_default();
    let expected =
        if left == count.to_string() { format!("{left} ") } else { format!("{left} of ") };
    assert!(told[2].as_str().is_some_and(|text| text.starts_with(&expected)), "{told}");
    page.eval("document.getElementById('clear').click()");
}

fn opens(page: &mut Browser) {
    page.eval("document.activeElement.blur()");
    page.press("j", "j");
    let focus = "document.activeElement.classList.contains('row')";
    assert_eq!(page.eval(focus), json!(true), "j goes to the first trail");
    let open = "document.activeElement.getAttribute('aria-expanded')";
    page.press("Enter", "\r");
    assert_eq!(page.eval(open), json!("true"), "Enter opens it");
    let holders =
        "document.activeElement.closest('.trail').querySelectorAll('.held li').length > 0";
    assert_eq!(page.eval(holders), json!(true), "and it shows its holders");
    page.press("Enter", "\r");
    assert_eq!(page.eval(open), json!("false"), "and closes it");
    page.eval("document.querySelector('.row').click()");
    let visible = "document.querySelector('.body').getBoundingClientRect().height > 100";
    assert_eq!(page.eval(visible), json!(true), "a click opens it");
}

fn filters_by_graph(page: &mut Browser) {
    let nodes = "document.querySelectorAll('#canvas .node').length > 2";
    assert_eq!(page.eval(nodes), json!(true), "the graph is drawn");
    let before = page.eval("document.getElementById('count').textContent");
    let click = "document.querySelector('#canvas .node').dispatchEvent(new MouseEvent('click', {bubbles: true}))";
    page.eval(click);
    let chosen = "document.querySelector('#chosen button').textContent.startsWith('Holder: ')";
    assert_eq!(page.eval(chosen), json!(true), "a click on a holder filters by it");
    page.eval("document.getElementById('clear').click()");
    assert_eq!(page.eval("document.getElementById('count').textContent"), before);
}

fn follows_a_link(page: &mut Browser) {
    let link = "(() => { const link = document.querySelector('#policies a[href^=\"#ks_\"]');\
        if (!link) return true; link.click();\
        return document.activeElement.closest('.trail').id === link.hash.slice(1); })()";
    assert_eq!(page.eval(link), json!(true), "a link goes to its trail");
}

fn changes_its_colours(page: &mut Browser) {
    let paper = "getComputedStyle(document.body).backgroundColor";
    let before = page.eval(paper);
    page.eval("document.getElementById('theme').click()");
    assert_ne!(page.eval(paper), before, "light and dark differ");
    page.eval("document.getElementById('theme').click()");
    assert_eq!(page.eval(paper), before);
}

fn prints(page: &mut Browser) {
    page.eval("dispatchEvent(new Event('beforeprint'))");
    let all = "[...document.querySelectorAll('.row')].slice(0, 100).every(r => r.getAttribute('aria-expanded') === 'true')";
    assert_eq!(page.eval(all), json!(true), "on paper the most urgent are open");
    page.eval("dispatchEvent(new Event('afterprint'))");
    assert_eq!(page.eval(all), json!(false), "and closed again");
}

fn fits(page: &mut Browser) {
    let size = json!({"width": 360, "height": 800, "deviceScaleFactor": 1, "mobile": false});
    page.call("Emulation.setDeviceMetricsOverride", &size);
    let wide = "document.documentElement.scrollWidth <= 360";
    assert_eq!(page.eval(wide), json!(true), "a narrow window is not scrolled sideways");
}
