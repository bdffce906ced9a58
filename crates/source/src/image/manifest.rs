//! Which layers an image has: `manifest.json` of `docker save`, or the index and the manifest of a layout.
//!
//! The formats: <https://github.com/moby/docker-image-spec> and
//! <https://github.com/opencontainers/image-spec/blob/main/{image-index,manifest,config}.md>.

use bartizan_core::Layer;

use super::{INDEX, blobs::Blobs};
use crate::{
    Limits,
    document::{JsonDialect, Node, parse_json},
};

/// What `docker save` writes.
const MANIFEST: &str = "manifest.json";

/// Where an index says under which name an image is known.
const NAMES: [&str; 2] = ["io.containerd.image.name", "org.opencontainers.image.ref.name"];

/// The platform of most servers.
const USUAL_PLATFORM: &str = "linux/amd64";

/// An image.
#[derive(Debug)]
pub(super) struct Found {
    /// Its name, as far as it is known.
    pub(super) name: String,
    /// The digest of its manifest, or of its configuration.
    pub(super) digest: String,
    /// Whether the digest is that of its manifest.
    pub(super) has_manifest: bool,
    /// Its layers, the lowest first.
    pub(super) layers: Vec<FoundLayer>,
    /// Its configuration: the name and the content.
    pub(super) config: (String, Vec<u8>),
    /// What is good to know.
    pub(super) remarks: Vec<String>,
}

/// A layer.
#[derive(Debug)]
pub(super) struct FoundLayer {
    /// The name of its content.
    pub(super) blob: String,
    /// What is known of it.
    pub(super) layer: Layer,
}

/// Finds the image, for a platform if one is asked for.
///
/// # Errors
///
/// Returns why there is none.
pub(super) fn find(blobs: &Blobs, platform: Option<&str>) -> Result<Found, String> {
    match text(blobs, MANIFEST)? {
        Some(manifest) => of_docker(blobs, &manifest),
        None => of_layout(blobs, platform),
    }
}

/// `[{"Config": "….json", "RepoTags": ["name:tag"], "Layers": ["…/layer.tar"]}]`
fn of_docker(blobs: &Blobs, manifest: &str) -> Result<Found, String> {
    let document = parse_json(manifest, JsonDialect::Strict);
    let images = document.root.as_ref().map(Node::items).unwrap_or_default();
    let image = images.first().ok_or_else(|| format!("`{MANIFEST}` names no image"))?;
    let config = image.text_of("Config").ok_or_else(|| format!("`{MANIFEST}` names no configuration"))?;
    let names: Vec<String> = texts(image.get("Layers"));
    let tag = image.get("RepoTags").map(Node::items).unwrap_or_default().first().and_then(Node::text);
    let digest = config.rsplit('/').next().unwrap_or(config).trim_end_matches(".json").trim_start_matches("sha256:");
    let content = bytes(blobs, config)?.ok_or_else(|| format!("the configuration `{config}` is missing"))?;
    let layers = with_history(names, &[], &content);
    let remarks = match images.len() {
        1 => Vec::new(),
        n_images => vec![format!("the archive holds {n_images} images, and the first one was looked at: save one at a time")],
    };
    Ok(Found {
        name: tag.unwrap_or_default().to_owned(),
        digest: format!("sha256:{digest}"),
        has_manifest: false,
        layers,
        config: (config.to_owned(), content),
        remarks,
    })
}

/// An image that an index names.
#[derive(Debug, Clone)]
struct Candidate {
    digest: String,
    platform: String,
    name: String,
}

fn of_layout(blobs: &Blobs, platform: Option<&str>) -> Result<Found, String> {
    let mut candidates = Vec::new();
    let index = text(blobs, INDEX)?.ok_or_else(|| format!("there is neither `{MANIFEST}` nor `{INDEX}`: this is no image"))?;
    collect(blobs, &index, "", 0, &mut candidates)?;
    let chosen = choose(&candidates, platform)?;
    let mut remarks = Vec::new();
    if 1 < candidates.len() && platform.is_none() {
        let platforms: Vec<&str> = candidates.iter().map(|candidate| candidate.platform.as_str()).collect();
        remarks.push(format!(
            "the layout holds {} images ({}), and that for {} was looked at",
            candidates.len(),
            platforms.join(", "),
            chosen.platform
        ));
    }
    let manifest = required(blobs, &chosen.digest)?;
    let manifest = String::from_utf8_lossy(&manifest).into_owned();
    let document = parse_json(&manifest, JsonDialect::Strict);
    let root = document.root.ok_or("the manifest is no JSON")?;
    let config = root.at(&["config", "digest"]).and_then(Node::text).ok_or("the manifest names no configuration")?;
    let content = required(blobs, config)?;
    let digests: Vec<String> = root
        .get("layers")
        .map(Node::items)
        .unwrap_or_default()
        .iter()
        .filter_map(|layer| layer.text_of("digest"))
        .map(str::to_owned)
        .collect();
    let names = digests.iter().map(|digest| name_of(digest).unwrap_or_default()).collect();
    let layers = with_history(names, &digests, &content);
    let config = (name_of(config).unwrap_or_default(), content);
    Ok(Found { name: chosen.name, digest: chosen.digest, has_manifest: true, layers, config, remarks })
}

/// Collects the images of an index, and of those that it names.
fn collect(blobs: &Blobs, index: &str, name: &str, depth: usize, candidates: &mut Vec<Candidate>) -> Result<(), String> {
    const MAX_CANDIDATES: usize = 1_000;
    if Limits::MAX_IMAGE_INDEXES <= depth {
        return Err(format!("indexes are nested more deeply than {} (max-image-indexes)", Limits::MAX_IMAGE_INDEXES));
    }
    let document = parse_json(index, JsonDialect::Strict);
    let root = document.root.ok_or_else(|| format!("`{INDEX}` is no JSON"))?;
    for entry in root.get("manifests").map(Node::items).unwrap_or_default() {
        let Some(digest) = entry.text_of("digest") else { continue };
        let named = NAMES.iter().find_map(|key| entry.at(&["annotations", key]).and_then(Node::text)).unwrap_or(name);
        let kind = entry.text_of("mediaType").unwrap_or_default();
        if kind.ends_with("image.index.v1+json") || kind.ends_with("manifest.list.v2+json") {
            let below = required(blobs, digest)?;
            collect(blobs, &String::from_utf8_lossy(&below), named, depth + 1, candidates)?;
            continue;
        }
        let part = |name: &str| entry.at(&["platform", name]).and_then(Node::text).unwrap_or_default();
        let mut platform = format!("{}/{}", part("os"), part("architecture"));
        if !part("variant").is_empty() {
            platform = format!("{platform}/{}", part("variant"));
        }
        // Attestations are kept beside images, and are none.
        let is_image = platform != "unknown/unknown" && entry.at(&["annotations", "vnd.docker.reference.type"]).is_none();
        if is_image && candidates.len() < MAX_CANDIDATES {
            let platform = if platform == "/" { String::new() } else { platform };
            candidates.push(Candidate { digest: digest.to_owned(), platform, name: named.to_owned() });
        }
    }
    Ok(())
}

/// The image for a platform; without one, the usual one or the only one.
fn choose(candidates: &[Candidate], platform: Option<&str>) -> Result<Candidate, String> {
    let of = |platform: &str| {
        // `linux/arm64` is every variant of it.
        let is_of =
            |candidate: &&Candidate| candidate.platform.strip_prefix(platform).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        candidates.iter().find(is_of)
    };
    let chosen = match (platform, candidates) {
        (None, [only]) => Some(only),
        (None, _) => of(USUAL_PLATFORM).or_else(|| candidates.first()),
        // A layout of one image may not say what it is for.
        (Some(_), [only]) if only.platform.is_empty() => Some(only),
        (Some(platform), _) => of(platform),
    };
    chosen.cloned().ok_or_else(|| {
        let known: Vec<&str> = candidates.iter().map(|candidate| candidate.platform.as_str()).collect();
        match platform {
            Some(platform) => format!("there is no image for {platform}: there is {}", known.join(", ")),
            None => format!("`{INDEX}` names no image"),
        }
    })
}

/// Layers with the commands that made them. Commands that changed no file have no layer.
fn with_history(names: Vec<String>, digests: &[String], config: &[u8]) -> Vec<FoundLayer> {
    let text = String::from_utf8_lossy(config).into_owned();
    let document = parse_json(&text, JsonDialect::Strict);
    let root = document.root;
    let unpacked = texts(root.as_ref().and_then(|root| root.at(&["rootfs", "diff_ids"])));
    let history = root.as_ref().and_then(|root| root.get("history")).map(Node::items).unwrap_or_default();
    let mut commands =
        history.iter().filter(|step| !step.is_true("empty_layer")).map(|step| step.text_of("created_by").unwrap_or_default());
    let layers = names.into_iter().enumerate().map(|(index, blob)| {
        let digest = digests.get(index).or_else(|| unpacked.get(index)).cloned().unwrap_or_default();
        FoundLayer { blob, layer: Layer { digest, created_by: one_line(commands.next().unwrap_or_default()) } }
    });
    layers.collect()
}

/// A command on one line, not too long, and without what may be a secret: reports quote it.
fn one_line(command: &str) -> String {
    const MAX_CHARS: usize = 400;
    let mut words: Vec<String> = Vec::new();
    let mut is_argument = false;
    for word in command.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        // `RUN |2 NAME=value OTHER=value /bin/sh -c …`: arguments of the build, with their values.
        let begins = word.strip_prefix('|').is_some_and(|n| !n.is_empty() && n.bytes().all(|byte| byte.is_ascii_digit()));
        is_argument = begins || is_argument && !word.starts_with('/');
        if begins {
            words.push("…".to_owned());
        } else if !is_argument {
            words.push(without_secret(word));
        }
    }
    let line = words.join(" ");
    if MAX_CHARS < line.chars().count() { line.chars().take(MAX_CHARS).chain(['…']).collect() } else { line }
}

/// A word without the value of a name that promises a secret, and without what stands before the host of an address.
fn without_secret(word: &str) -> String {
    const PROMISES: [&str; 8] = ["token", "secret", "passw", "pwd", "key", "credential", "auth", "cookie"];
    if let Some((before, after)) = word.split_once("://")
        && let Some((_, rest)) = after.split('/').next().unwrap_or_default().rsplit_once('@')
    {
        let path = after.split_once('/').map_or(String::new(), |(_, path)| format!("/{path}"));
        return format!("{before}://…@{rest}{path}");
    }
    match word.split_once(['=', ':']) {
        Some((name, value)) if !value.is_empty() && PROMISES.iter().any(|promise| name.to_ascii_lowercase().contains(promise)) => {
            format!("{name}=…")
        }
        _ => word.to_owned(),
    }
}

fn texts(list: Option<&Node<'_>>) -> Vec<String> {
    list.map(Node::items).unwrap_or_default().iter().filter_map(Node::text).map(str::to_owned).collect()
}

/// The name of what has a digest: `blobs/sha256/…`.
fn name_of(digest: &str) -> Option<String> {
    let (algorithm, hex) = digest.split_once(':')?;
    let is_plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (is_plain(algorithm) && is_plain(hex)).then(|| format!("blobs/{algorithm}/{hex}"))
}

fn required(blobs: &Blobs, digest: &str) -> Result<Vec<u8>, String> {
    let name = name_of(digest).ok_or_else(|| format!("`{digest}` is no digest"))?;
    bytes(blobs, &name)?.ok_or_else(|| format!("`{name}` is missing"))
}

fn text(blobs: &Blobs, name: &str) -> Result<Option<String>, String> {
    Ok(bytes(blobs, name)?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
}

fn bytes(blobs: &Blobs, name: &str) -> Result<Option<Vec<u8>>, String> {
    blobs.document(name).map_err(|error| format!("`{name}` can't be read: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(platform: &str) -> Candidate {
        Candidate { digest: format!("sha256:{platform}"), platform: platform.to_owned(), name: String::new() }
    }

    #[test]
    fn the_platform_that_is_asked_for_is_chosen_else_the_usual_one() {
        let all = [candidate("linux/arm64/v8"), candidate("linux/amd64"), candidate("windows/amd64")];
        let chosen = |candidates: &[Candidate], platform| choose(candidates, platform).map(|chosen| chosen.platform);
        assert_eq!(chosen(&all, None).as_deref(), Ok("linux/amd64"));
        assert_eq!(chosen(&all, Some("linux/arm64")).as_deref(), Ok("linux/arm64/v8"));
        assert_eq!(
            chosen(&all, Some("linux/arm64/v7")).unwrap_err(),
            "there is no image for linux/arm64/v7: there is linux/arm64/v8, linux/amd64, windows/amd64"
        );
        assert_eq!(chosen(&all[..1], None).as_deref(), Ok("linux/arm64/v8"));
        assert_eq!(chosen(&[candidate("")], Some("linux/arm64")).as_deref(), Ok(""));
        assert!(choose(&[], None).is_err());
    }

    #[test]
    fn commands_that_changed_nothing_have_no_layer() {
        let config = br#"{"rootfs": {"diff_ids": ["sha256:a", "sha256:b"]}, "history": [{"created_by": "ADD x"},
            {"created_by": "ENV y", "empty_layer": true}, {"created_by": "RUN  a \n b"}]}"#;
        let layers = with_history(vec!["1".to_owned(), "2".to_owned(), "3".to_owned()], &[], config);
        let shown: Vec<_> = layers.iter().map(|layer| (layer.layer.digest.as_str(), layer.layer.created_by.as_str())).collect();
        assert_eq!(shown, [("sha256:a", "ADD x"), ("sha256:b", "RUN a b"), ("", "")]);
    }

    #[test]
    fn commands_are_told_without_secrets() {
        for (command, shown) in [
            ("RUN |2 A=b NPM_TOKEN=x y /bin/sh -c npm  ci # buildkit", "RUN … /bin/sh -c npm ci # buildkit"),
            ("RUN API_KEY=0a make PREFIX=/usr", "RUN API_KEY=… make PREFIX=/usr"),
            ("ADD https://me:pw@example.com/a/b /a", "ADD https://…@example.com/a/b /a"),
            ("ADD https://example.com/a@1 /a", "ADD https://example.com/a@1 /a"),
            ("a\n\tb", "a b"),
        ] {
            assert_eq!(one_line(command), shown);
        }
        assert_eq!(one_line(&"x".repeat(1_000)).chars().count(), 401);
    }

    #[test]
    fn digests_are_names_and_nothing_else() {
        assert_eq!(name_of("sha256:0a").as_deref(), Some("blobs/sha256/0a"));
        assert_eq!((name_of("sha256:../x"), name_of("sha256"), name_of(":")), (None, None, None));
    }
}
