//! Checks of the images that containers run.

use crate::{
    Cause, Verdict,
    check::{Check, Context, Look},
    kubernetes::{
        field::{self, Field},
        pod::{Container, Role},
    },
};

pub(crate) const CHECKS: &[Check] = &[
    Check { name: "image-tag-mutable", look: Look::Container(mutable_tag) },
    Check { name: "image-without-digest", look: Look::Container(without_digest) },
    Check { name: "image-registry-untrusted", look: Look::Container(untrusted_registry) },
    Check { name: "image-pull-not-always", look: Look::Container(pull_not_always) },
    Check { name: "image-of", look: Look::Container(image_of) },
    Check { name: "image-with-variable", look: Look::Container(image_with_variable) },
];

/// A reference to an image, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Image<'t> {
    /// The registry's host, if one is named.
    pub(crate) registry: Option<&'t str>,
    /// The path in the registry.
    pub(crate) repository: &'t str,
    /// The tag, if one is named.
    pub(crate) tag: Option<&'t str>,
    /// The digest, if one is named.
    pub(crate) digest: Option<&'t str>,
}

impl<'t> Image<'t> {
    /// Takes a reference apart: `registry/repository:tag@digest`.
    pub(crate) fn parse(reference: &'t str) -> Self {
        let (rest, digest) = reference.split_once('@').map_or((reference, None), |(rest, digest)| (rest, Some(digest)));
        let (path, tag) = match rest.rsplit_once(':') {
            Some((path, tag)) if !tag.contains('/') => (path, Some(tag)),
            _ => (rest, None),
        };
        let is_host = |host: &str| host.contains(['.', ':']) || host == "localhost";
        let (registry, repository) = match path.split_once('/') {
            Some((host, repository)) if is_host(host) => (Some(host), repository),
            _ => (None, path),
        };
        Self { registry, repository, tag, digest }
    }

    /// Whether the tag is one that everybody moves, or is not named, which means the same.
    pub(crate) fn is_latest(&self) -> bool {
        self.digest.is_none() && self.tag.is_none_or(|tag| tag == "latest")
    }
}

/// The image of a container, as far as it is known when the manifest is applied.
fn image<'p>(container: &Container<'p>) -> Field<&'p str> {
    match field::text(Some(container.value), "image") {
        Field::Is(image, place) if image.contains(['$', '{', '<']) => {
            Field::Unknown(Cause::Runtime("what stands for the image".into()), place)
        }
        Field::Is(image, _) if image.trim().is_empty() => Field::Absent,
        other => other,
    }
}

fn mutable_tag(container: &Container<'_>, _: &Context<'_>) -> Verdict {
    let message = |image| container.says(&format!("runs the image `{image}`, which may be another one tomorrow"));
    image(container).must_not(|image| Image::parse(image).is_latest(), "image", message)
}

fn without_digest(container: &Container<'_>, _: &Context<'_>) -> Verdict {
    let message = |image| container.says(&format!("runs the image `{image}`, whose content no digest fixes"));
    image(container).must_not(|image| Image::parse(image).digest.is_none(), "image", message)
}

/// `with`: `registries` are hosts, which may start with `*.`, and may be followed by a path.
fn untrusted_registry(container: &Container<'_>, context: &Context<'_>) -> Verdict {
    let is_trusted = |image: &&str| {
        let image = Image::parse(image);
        context.texts("registries").any(|trusted| {
            let (host, path) = trusted.split_once('/').unwrap_or((trusted, ""));
            let registry = image.registry.unwrap_or("docker.io");
            let is_host = host.strip_prefix('*').map_or(host == registry, |suffix| registry.ends_with(suffix));
            let repository =
                if image.repository.contains('/') { image.repository.to_owned() } else { format!("library/{}", image.repository) };
            is_host && (path.is_empty() || repository.starts_with(&format!("{path}/")))
        })
    };
    let message = |image| container.says(&format!("runs the image `{image}`, whose registry is not on the list"));
    image(container).must_not(|image| !is_trusted(image), "image", message)
}

fn pull_not_always(container: &Container<'_>, _: &Context<'_>) -> Verdict {
    let image = image(container);
    let Some(parsed) = image.clone().known().map(Image::parse) else { return image.must_not(|_| false, "image", |_| String::new()) };
    if parsed.digest.is_some() || container.role == Role::Ephemeral {
        return Verdict::Pass;
    }
    let message = || container.says("may run an image that its node has kept, without asking the registry whether it still may");
    match field::text(Some(container.value), "imagePullPolicy") {
        // What is pulled by default depends on the tag.
        Field::Absent if parsed.is_latest() => Verdict::Pass,
        policy => policy.must(|policy| *policy == "Always", "imagePullPolicy", message()),
    }
}

/// `with`: `repositories` are ends of the paths of images that should not run; `says` is what is wrong with them.
fn image_of(container: &Container<'_>, context: &Context<'_>) -> Verdict {
    let is_one = |image: &&str| {
        let repository = Image::parse(image).repository;
        context.texts("repositories").any(|bad| repository.strip_suffix(bad).is_some_and(|rest| rest.is_empty() || rest.ends_with('/')))
    };
    image(container).must_not(is_one, "image", |image| container.says(&format!("runs the image `{image}`: {}", context.text("says"))))
}

/// `with`: images of `repositories` should not be told `variables`; `says` is what they do.
fn image_with_variable(container: &Container<'_>, context: &Context<'_>) -> Verdict {
    let Some(name) = image(container).known().map(|image| Image::parse(image).repository.rsplit('/').next().unwrap_or_default()) else {
        return Verdict::NotApplicable;
    };
    if !context.texts("repositories").any(|known| known == name) {
        return Verdict::NotApplicable;
    }
    let variables = container.value.get("env").map(crate::Value::items).unwrap_or_default();
    let is_bad = |variable: &&crate::Value| {
        let name = variable.get("name").and_then(crate::Value::text).unwrap_or_default();
        context.texts("variables").any(|bad| bad == name)
    };
    match variables.iter().find(is_bad) {
        None => Verdict::Pass,
        Some(variable) => Verdict::fail_because(field::place_of(variable, "name"), "env", container.says(context.text("says"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_taken_apart() {
        let parts = |text| {
            let Image { registry, repository, tag, digest } = Image::parse(text);
            (registry, repository, tag, digest.is_some())
        };
        assert_eq!(parts("nginx"), (None, "nginx", None, false));
        assert_eq!(parts("localhost:5000/a/b:1@sha256:ab"), (Some("localhost:5000"), "a/b", Some("1"), true));
        assert_eq!(parts("gcr.io/p/i:latest"), (Some("gcr.io"), "p/i", Some("latest"), false));
    }
}
