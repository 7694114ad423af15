//! Images as Docker saves them.

use std::io::Cursor;

use super::super::made::tar;
use super::super::{Budget, Limits};
use super::{Image, LayerInfo, describe, layers};

const CONFIG: &str = r#"{"history":[{"created_by":"ADD rootfs"},{"created_by":"ENV A=b","empty_layer":true},
    {"created_by":"COPY . ."}],"rootfs":{"type":"layers","diff_ids":["sha256:01","sha256:02"]}}"#;

fn described(files: &[(&str, &str)]) -> Vec<Image> {
    let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    describe(&mut Cursor::new(tar(&files)), &Budget::new(Limits::default(), None))
}

fn layer(blob: &str, digest: &str, step: Option<&str>) -> LayerInfo {
    LayerInfo {
        blob: blob.to_owned(),
        digest: digest.to_owned(),
        created_by: step.map(str::to_owned),
    }
}

#[test]
fn older_images_are_described_though_layers_come_first() {
    let manifest =
        r#"[{"Config":"c.json","RepoTags":["app:1"],"Layers":["x/layer.tar","y/layer.tar"]}]"#;
    let large = "x".repeat(100_000);
    let files = [
        ("x/layer.tar", &large[..]),
        ("y/layer.tar", ""),
        ("manifest.json", manifest),
        ("c.json", CONFIG),
    ];
    let images = described(&files);
    assert_eq!(
        (images.len(), images[0].name.as_deref(), &images[0].config[..]),
        (1, Some("app:1"), "c.json")
    );
    let expected = [
        layer("x/layer.tar", "sha256:01", Some("ADD rootfs")),
        layer("y/layer.tar", "sha256:02", Some("COPY . .")),
    ];
    assert_eq!(images[0].layers, expected);
}

#[test]
fn several_images_are_told_apart() {
    let manifest = r#"[{"Config":"a.json","Layers":["1"]},{"Config":"b.json","Layers":["2","3"]}]"#;
    let images = described(&[("a.json", "{}"), ("./b.json", CONFIG), ("manifest.json", manifest)]);
    assert_eq!((images[0].layers.clone(), images[1].layers.len()), (vec![layer("1", "", None)], 2));
    assert_eq!(images[1].layers[1], layer("3", "sha256:02", Some("COPY . .")));
}

#[test]
fn oci_layouts_are_described_through_their_indexes() {
    let index = r#"{"manifests":[{"digest":"sha256:aa","annotations":{"io.containerd.image.name":"app:2"}}]}"#;
    let inner = r#"{"manifests":[{"digest":"sha256:bb"},{"digest":"sha256:missing"}]}"#;
    let manifest = r#"{"config":{"digest":"sha256:cc"},"layers":[{"digest":"sha256:dd"},{"digest":"sha256:ee"}]}"#;
    let files = [
        ("blobs/sha256/aa", inner),
        ("blobs/sha256/bb", manifest),
        ("blobs/sha256/cc", CONFIG),
        ("index.json", index),
    ];
    let images = described(&files);
    assert_eq!((images.len(), images[0].name.as_deref()), (1, Some("app:2")));
    assert_eq!(images[0].config, "blobs/sha256/cc");
    assert_eq!(images[0].layers[1], layer("blobs/sha256/ee", "sha256:ee", Some("COPY . .")));
}

#[test]
fn what_is_no_image_is_none() {
    assert_eq!(described(&[("a", "b")]), []);
    assert_eq!(
        described(&[("manifest.json", "[{}, 7, {\"Config\": 3}]"), ("index.json", "no")]),
        []
    );
    let endless = r#"{"manifests":[{"digest":"sha256:aa"},{"digest":"sha256:aa"}]}"#;
    assert_eq!(described(&[("blobs/sha256/aa", endless), ("index.json", endless)]), []);
    assert_eq!(layers(b"", b"\xff"), []);
    assert_eq!(describe(&mut Cursor::new(b"no tar"), &Budget::new(Limits::default(), None)), []);
}
