//! The JSON texts that tell which files of an archive are an image's layers.

use serde_json::Value;

use super::{LayerInfo, plain};

/// The layers of an image, from the lowest: `manifest` is `manifest.json` of `docker save` or a manifest of
/// an OCI layout, `config` the image's configuration. What cannot be read tells of no layers.
pub fn layers(manifest: &[u8], config: &[u8]) -> Vec<LayerInfo> {
    layers_of(manifest, config, None)
}

/// The layers of the image with the configuration that is called so, for a `manifest.json` of several.
pub(super) fn layers_of(manifest: &[u8], config: &[u8], named: Option<&str>) -> Vec<LayerInfo> {
    let manifest = json(manifest);
    let config = json(config);
    let layers: Vec<_> = match &manifest {
        Value::Array(images) => {
            let is_it =
                |image: &&Value| named.is_none() || text(&image["Config"]).map(plain) == named;
            let image = images.iter().find(is_it).unwrap_or(&Value::Null);
            list(&image["Layers"])
                .iter()
                .filter_map(text)
                .map(|blob| (plain(blob).to_owned(), None))
                .collect()
        }
        image => {
            let digest = |layer: &Value| text(&layer["digest"]).map(str::to_owned);
            let digests = list(&image["layers"]).iter().filter_map(digest);
            digests.map(|digest| (blob(&digest), Some(digest))).collect()
        }
    };
    let steps = steps(&config);
    let plain_digests = list(&config["rootfs"]["diff_ids"]);
    let layer = |(n, (blob, digest)): (usize, (String, Option<String>))| {
        let plain_digest = || plain_digests.get(n).and_then(text).map(str::to_owned);
        let digest = digest.or_else(|| digest_in(&blob)).or_else(plain_digest).unwrap_or_default();
        LayerInfo { blob, digest, created_by: steps.get(n).cloned().flatten() }
    };
    layers.into_iter().enumerate().map(layer).collect()
}

/// The steps of a history that made a layer.
fn steps(config: &Value) -> Vec<Option<String>> {
    let made = |step: &&Value| step["empty_layer"] != Value::Bool(true);
    let steps = list(&config["history"]).iter().filter(made);
    steps.map(|step| text(&step["created_by"]).map(str::to_owned)).collect()
}

/// The names and configurations of the images in a `manifest.json`.
pub(super) fn saved(manifest: &[u8]) -> Vec<(Option<String>, String)> {
    let name = |image: &Value| list(&image["RepoTags"]).first().and_then(text).map(str::to_owned);
    let image = |image: &Value| Some((name(image), plain(text(&image["Config"])?).to_owned()));
    list(&json(manifest)).iter().filter_map(image).collect()
}

/// The names and files of the manifests in an index.
pub(super) fn indexed(index: &[u8]) -> Vec<(Option<String>, String)> {
    let name = |manifest: &Value| {
        let notes = &manifest["annotations"];
        let names =
            [&notes["io.containerd.image.name"], &notes["org.opencontainers.image.ref.name"]];
        names.into_iter().find_map(text).map(str::to_owned)
    };
    let one = |manifest: &Value| Some((name(manifest), blob(text(&manifest["digest"])?)));
    list(&json(index)["manifests"]).iter().filter_map(one).collect()
}

/// The file of the configuration that a manifest names.
pub(super) fn config(manifest: &[u8]) -> Option<String> {
    text(&json(manifest)["config"]["digest"]).map(blob)
}

/// The file of an OCI layout that has that digest.
fn blob(digest: &str) -> String {
    format!("blobs/{}", digest.replacen(':', "/", 1))
}

fn digest_in(blob: &str) -> Option<String> {
    let (kind, hex) = blob.strip_prefix("blobs/")?.split_once('/')?;
    Some(format!("{kind}:{hex}"))
}

fn json(text: &[u8]) -> Value {
    serde_json::from_slice(text).unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> Option<&str> {
    value.as_str()
}
