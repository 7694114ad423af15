//! Values that a scan finds stand nowhere in what it says, whatever else in the text repeats them.

use crate::support::run;

use super::{folder, random, sealed};

/// Everything that a scan says of a folder, in every format.
fn said(dir: &std::path::Path) -> String {
    let formats = ["human", "json", "jsonl", "sarif"];
    let said = formats.map(|format| {
        let output = run(dir, ["scan", "--format", format, "--min-confidence", "low", "."]);
        let text = [output.stdout, output.stderr].concat();
        String::from_utf8_lossy(&text).into_owned()
    });
    said.concat()
}

#[test]
fn a_literal_that_is_repeated_beside_itself_is_told_nowhere() {
    let value = random(301);
    let texts = [
        (".netrc", format!("machine h.example login {value} password {value}\n")),
        (".aws/credentials", format!("[{value}]\naws_secret_access_key = {value}\n")),
        (
            ".mcp.json",
            format!(r#"{{"mcpServers":{{"{value}":{{"env":{{"A_TOKEN":"{value}"}}}}}}}}"#),
        ),
        (".env", format!("A_PASSWORD=zebra!{value}\n# once zebra!{value} was {value}\n")),
    ];
    for (path, text) in texts {
        let said = said(folder(&[(path, text)]).path());
        assert!(said.contains("literal-in-secret-field"), "{path}: {said}");
        assert!(!said.contains(&value), "{path}: {said}");
    }
}

#[test]
fn the_row_of_a_database_is_named_without_its_secret() {
    let (value, token) = (random(302), sealed("github-pat-classic"));
    let dir = tempfile::tempdir().expect("a folder");
    let db = rusqlite::Connection::open(dir.path().join("a.db")).expect("it is made");
    let rows = "CREATE TABLE tokens (token TEXT, note TEXT)";
    db.execute(rows, []).expect("it is made");
    db.execute("INSERT INTO tokens VALUES (?, ?)", [&value, &token]).expect("it is put in");
    drop(db);
    let said = said(dir.path());
    assert!(said.contains("a.db!/tokens/…/note"), "{said}");
    assert!(!said.contains(&value) && !said.contains(&token), "{said}");
}

#[test]
fn the_step_that_made_a_layer_is_told_without_arguments() {
    let (value, token) = (random(303), sealed("github-pat-classic"));
    for step in [
        format!("|1 A_TOKEN={value} /bin/bash -c make"),
        format!("RUN |2 A={value} B_TOKEN={value} /bin/ash -c make # buildkit"),
        format!("ENV API_KEY={value}"),
        format!("/bin/sh -c API_KEY={value} make"),
        format!("RUN echo {} {token}", "y".repeat(30)),
    ] {
        let config = serde_json::json!({
            "rootfs": {"type": "layers", "diff_ids": ["sha256:aa"]},
            "history": [{"created_by": step}],
        });
        let manifest = serde_json::json!([{"Config": "c.json", "Layers": ["l/layer.tar"]}]);
        let mut layer = tar::Builder::new(Vec::new());
        append(&mut layer, "app/key", format!("{token}\n").as_bytes());
        let layer = layer.into_inner().expect("it is written");
        let mut image = tar::Builder::new(Vec::new());
        append(&mut image, "l/layer.tar", &layer);
        append(&mut image, "c.json", config.to_string().as_bytes());
        append(&mut image, "manifest.json", manifest.to_string().as_bytes());
        let image = image.into_inner().expect("it is written");
        let said = said(folder(&[("image.tar", image)]).path());
        assert!(said.contains("layer 1 of 1"), "{said}");
        assert!(!said.contains(&value), "{step}: {said}");
        assert!(!said.contains(&token[..20]), "{step}: {said}");
    }
}

fn append(archive: &mut tar::Builder<Vec<u8>>, name: &str, bytes: &[u8]) {
    let mut header = tar::Header::new_ustar();
    header.set_size(bytes.len() as u64);
    header.set_mode(0o644);
    archive.append_data(&mut header, name, bytes).expect("it is written");
}
