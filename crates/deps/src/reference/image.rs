//! Names of images of containers: `ghcr.io/owner/name:tag@sha256:…`.
//!
//! The grammar: <https://github.com/distribution/reference/blob/main/reference.go>. Docker Hub is the registry where none is named.

use bartizan_core::{ByteRange, Hash, HashAlgorithm, Scope};

use crate::{Ecosystem, Origin, Package, PackageIndex, Parsed, Scopes};

/// An image as it is named.
#[derive(Debug, PartialEq, Eq)]
struct Image<'t> {
    registry: Option<&'t str>,
    name: &'t str,
    tag: Option<&'t str>,
    digest: Option<&'t str>,
}

/// Adds an image; says what about its name can't be known.
pub(super) fn add(reference: &str, range: ByteRange, scope: Scope, parsed: &mut Parsed) -> Option<PackageIndex> {
    let reference = reference.trim();
    let Some(image) = read(reference) else {
        parsed.unreadable(range, format!("`{reference}` is no name of an image"));
        return None;
    };
    let hash = image.digest.and_then(|digest| digest.strip_prefix("sha256:"));
    let hashes = hash.map(|value| Hash { algorithm: HashAlgorithm::Sha256, value: value.to_owned() }).into_iter().collect();
    let version = image.tag.or(image.digest);
    if version.is_none() {
        parsed.unresolved(range, format!("the image `{}` has no tag: it is whatever `latest` is", image.name));
    }
    let origin = Origin::Registry(image.registry.map(str::to_owned));
    let package = Package::dependency(Ecosystem::Docker, image.name, version, range);
    Some(parsed.inventory.add(Package { scopes: Scopes::of(scope), origin, hashes, ..package }))
}

/// Adds an image of which a part is only known when it is used: what is known of its name is kept.
pub(super) fn add_open(reference: &str, unknown: &str, range: ByteRange, scope: Scope, parsed: &mut Parsed) {
    let known = reference.split('$').next().unwrap_or_default();
    // What is not known may be a tag or a digest, but no part of the name.
    let name = known.rsplit_once([':', '@']).map(|(name, _)| name).filter(|name| read(name).is_some_and(|image| image.tag.is_none()));
    parsed.unresolved(range, format!("the image `{reference}` is not known: `{unknown}` is given elsewhere"));
    if let Some(image) = name.and_then(read) {
        let origin = Origin::Registry(image.registry.map(str::to_owned));
        let package = Package::dependency(Ecosystem::Docker, image.name, None, range);
        parsed.inventory.add(Package { scopes: Scopes::of(scope), origin, ..package });
    }
}

fn read(reference: &str) -> Option<Image<'_>> {
    let (rest, digest) = reference.split_once('@').map_or((reference, None), |(rest, digest)| (rest, Some(digest)));
    if digest.is_some_and(|digest| !is_digest(digest)) {
        return None;
    }
    // A colon before a slash belongs to the port of the registry.
    let (path, tag) = match rest.rsplit_once(':') {
        Some((path, tag)) if !tag.contains('/') => (path, Some(tag)),
        Some(_) | None => (rest, None),
    };
    if tag.is_some_and(|tag| !is_tag(tag)) {
        return None;
    }
    let first = path.split_once('/');
    let (registry, name) = match first {
        Some((host, name)) if host.contains(['.', ':']) || host == "localhost" => (Some(host), name),
        Some(_) | None => (None, path),
    };
    let registry = registry.filter(|host| !matches!(*host, "docker.io" | "index.docker.io" | "registry-1.docker.io"));
    let name = if registry.is_none() { name.strip_prefix("library/").unwrap_or(name) } else { name };
    let is_host = registry.is_none_or(|host| {
        host.starts_with(|c: char| c.is_ascii_alphanumeric())
            && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '_'))
    });
    (is_host && name.split('/').all(is_part)).then_some(Image { registry, name, tag, digest })
}

fn is_part(part: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-');
    !part.is_empty() && part.chars().all(is_allowed)
}

fn is_tag(tag: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    !tag.is_empty() && tag.len() <= 128 && tag.chars().all(is_allowed)
}

fn is_digest(digest: &str) -> bool {
    digest.split_once(':').is_some_and(|(algorithm, hex)| !algorithm.is_empty() && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check<'t>(reference: &'t str, expected: impl Into<Option<Image<'t>>>) {
        assert_eq!(read(reference), expected.into(), "{reference}");
    }

    #[test]
    fn names_have_registry_tag_and_digest() {
        check("nginx", Some(Image { registry: None, name: "nginx", tag: None, digest: None }));
        check("docker.io/library/nginx:1.25", Some(Image { registry: None, name: "nginx", tag: Some("1.25"), digest: None }));
        check("grafana/grafana:10.0.0", Some(Image { registry: None, name: "grafana/grafana", tag: Some("10.0.0"), digest: None }));
        check("localhost:5000/a/b", Some(Image { registry: Some("localhost:5000"), name: "a/b", tag: None, digest: None }));
        check(
            "ghcr.io/o/n:v1@sha256:0a",
            Some(Image { registry: Some("ghcr.io"), name: "o/n", tag: Some("v1"), digest: Some("sha256:0a") }),
        );
    }

    #[test]
    fn other_texts_are_no_names() {
        for reference in ["", "https://example.org/logo.png", "Upper", "a b", "a:", "a@b", "a//b", "./x"] {
            check(reference, None);
        }
    }
}
