//! Documents: the text that people see in them.

use super::packs::{deflate, zip};
use super::{holds, in_file, token};

const NAMESPACE: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/// A text in three parts.
fn parts(text: &str) -> [&str; 3] {
    let (start, rest) = text.split_at(6);
    let (middle, end) = rest.split_at(9);
    [start, middle, end]
}

#[test]
fn a_token_in_three_runs_of_a_document_is_found_once() {
    let token_9 = token(9);
    let runs =
        parts(&token_9).map(|part| format!("<w:r><w:rPr><w:b/></w:rPr><w:t>{part}</w:t></w:r>"));
    let xml = format!(
        "<w:document xmlns:w=\"{NAMESPACE}\"><w:body><w:p><w:r><w:t xml:space=\"preserve\">Token: \
            </w:t></w:r>{}</w:p></w:body></w:document>",
        runs.concat()
    );
    let types: (&str, &[u8]) = ("[Content_Types].xml", b"<Types/>");
    let docx = zip(&[types, ("word/document.xml", xml.as_bytes())]);
    holds("report.docx", &docx, 9, "report.docx!/word/document.xml");
    let whole = xml.replace(&runs.concat(), &format!("<w:r><w:t>{token_9}</w:t></w:r>"));
    let docx = zip(&[types, ("word/document.xml", whole.as_bytes())]);
    holds("whole.docx", &docx, 9, "whole.docx!/word/document.xml");
}

#[test]
fn sheets_and_slides_are_read() {
    let types: (&str, &[u8]) = ("[Content_Types].xml", b"<Types/>");
    let token_10 = token(10);
    let runs = parts(&token_10).map(|part| format!("<r><t>{part}</t></r>"));
    let strings = format!("<sst xmlns=\"{NAMESPACE}\"><si>{}</si></sst>", runs.concat());
    let xlsx = zip(&[types, ("xl/sharedStrings.xml", strings.as_bytes())]);
    holds("a.xlsx", &xlsx, 10, "a.xlsx!/xl/sharedStrings.xml");
    let runs = parts(&token_10).map(|part| format!("<a:r><a:t>{part}</a:t></a:r>"));
    let slide = format!("<p:sld xmlns:p=\"{NAMESPACE}\"><a:p>{}</a:p></p:sld>", runs.concat());
    let pptx = zip(&[types, ("ppt/slides/slide1.xml", slide.as_bytes())]);
    holds("a.pptx", &pptx, 10, "a.pptx!/ppt/slides/slide1.xml");
}

#[test]
fn what_a_pdf_shows_and_what_it_hides_is_found() {
    let (shown, filled) = (token(11), token(12));
    let [start, middle, end] = parts(&shown);
    let middle: String = middle.bytes().map(|byte| format!("{byte:02x}")).collect();
    let page = format!("BT /F1 11 Tf 72 700 Td [(Token: {start})-14<{middle}>8({end})] TJ ET");
    let wide: String = filled.bytes().map(|byte| format!("00{byte:02x}")).collect();
    let mut pdf = b"%PDF-1.7\n4 0 obj\n<</Filter/FlateDecode>>\nstream\n".to_vec();
    pdf.extend(deflate(page.as_bytes()));
    let form =
        format!("\nendstream\nendobj\n5 0 obj\n<</FT/Tx/T(token)/V<FEFF{wide}>>>\nendobj\n%%EOF\n");
    pdf.extend(form.bytes());
    let mut found: Vec<_> = in_file("a.pdf", &pdf)
        .iter()
        .map(|finding| (finding["path"].to_string(), finding["secret"].to_string()))
        .collect();
    found.sort();
    let expected = [("a.pdf!/document", filled), ("a.pdf!/object 4", shown)];
    assert_eq!(
        found,
        expected.map(|(path, secret)| (format!("\"{path}\""), format!("\"{secret}\"")))
    );
}
