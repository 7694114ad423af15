//! Container images: as one file, and as a folder.

use std::fs;

use serde_json::{Value, json};

use super::packs::{gzip, tar};
use super::{findings, in_file, line, token};

/// The holders of the finding with the token of that number, and its path.
fn held(found: &[Value], number: u64) -> (String, Value) {
    let token = token(number);
    let mut all = found.iter().filter(|finding| finding["secret"] == token);
    let finding = all.next().expect("it is found");
    assert!(all.next().is_none(), "it is found once");
    (finding["path"].as_str().expect("a text").to_owned(), finding["holders"].clone())
}

#[test]
fn a_saved_image_names_the_layer_and_what_made_it() {
    let argument = format!("|1 DEPLOY_TOKEN={} /bin/sh -c npm ci", token(13));
    let config = json!({
        "history": [
            {"created_by": "ADD rootfs.tar / # buildkit"},
            {"created_by": "ENV A=b", "empty_layer": true},
            {"created_by": "COPY app.env /srv/ # buildkit"},
            {"created_by": argument},
        ],
        "rootfs": {"type": "layers", "diff_ids": ["sha256:01", "sha256:02", "sha256:03"]},
    });
    let manifest = json!([{
        "Config": "c.json", "RepoTags": ["shop:1"], "Layers": ["1/layer.tar", "2/layer.tar", "3/layer.tar"],
    }]);
    let image = tar(&[
        ("1/layer.tar", &tar(&[("etc/os-release", b"NAME=none\n")])),
        ("2/layer.tar", &tar(&[("srv/app.env", &line(14))])),
        ("3/layer.tar", &tar(&[("srv/x", b"nothing\n")])),
        ("c.json", config.to_string().as_bytes()),
        ("manifest.json", manifest.to_string().as_bytes()),
    ]);
    let found = in_file("shop.tar", &image);
    let (path, holders) = held(&found, 14);
    assert_eq!(path, "shop.tar!/2/layer.tar!/srv/app.env");
    let named = |name: &str| json!({"kind": "image", "tool": "container-image", "name": name});
    let layer = named("layer 2 of 3, made by COPY app.env /srv/ # buildkit of shop:1");
    assert!(holders.as_array().is_some_and(|all| all.contains(&layer)), "{holders:#}");
    let (path, holders) = held(&found, 13);
    assert_eq!(path, "shop.tar!/c.json");
    let whole = named("configuration of shop:1");
    assert!(holders.as_array().is_some_and(|all| all.contains(&whole)), "{holders:#}");
    let names: String = found.iter().map(|finding| finding["holders"].to_string()).collect();
    assert!(!names.contains(&token(13)), "no holder's name tells a build argument");
}

#[test]
fn a_layout_in_a_folder_is_looked_into() {
    let dir = tempfile::tempdir().expect("a folder");
    let blobs = dir.path().join("blobs/sha256");
    fs::create_dir_all(&blobs).expect("ours");
    fs::write(dir.path().join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#).expect("ours");
    fs::write(blobs.join("aa11"), gzip(&tar(&[("srv/app.env", &line(15))]))).expect("ours");
    let config = json!({"config": {"Env": [format!("DEPLOY_TOKEN={}", token(16))]}});
    fs::write(blobs.join("bb22"), config.to_string()).expect("ours");
    let found = findings(dir.path());
    assert_eq!(held(&found, 15).0, "blobs/sha256/aa11!/aa11!/srv/app.env");
    assert_eq!(held(&found, 16).0, "blobs/sha256/bb22");
    assert_eq!(found.len(), 2);
}
