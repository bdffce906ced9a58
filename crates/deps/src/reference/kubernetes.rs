//! Reads the images of Kubernetes' objects, whichever YAML they stand in.
//!
//! The format: <https://kubernetes.io/docs/concepts/overview/working-with-objects/>. Any `image` with a text counts, wherever it is in
//! an object: resources of other makers have containers, too. Templates of Helm are no YAML: they are read line by line.

use bartizan_core::{ByteRange, Scope};
use bartizan_source::document::{Node, Value, parse_yaml_stream};

use super::image;
use crate::{Claim, Parsed, Read, Reader, SourceText, line};

/// Objects of Kubernetes.
pub(crate) static READER: Reader =
    Reader { name: "Kubernetes", claims: &[Claim::Suffix(".yaml"), Claim::Suffix(".yml")], read: Read::Text(read) };

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    // Most YAML is something else: it is not parsed.
    if !["apiVersion:", "kind:", "image:"].iter().all(|word| source.text.contains(word)) {
        return parsed;
    }
    if source.text.contains("{{") {
        read_template(source.text, &mut parsed);
        return parsed;
    }
    let stream = parse_yaml_stream(source.text);
    parsed.document(stream.problems);
    for document in stream.roots.iter().filter(|document| is_object(document)) {
        read_object(document, &mut parsed);
    }
    parsed
}

fn is_object(document: &Node<'_>) -> bool {
    document.text_of("apiVersion").is_some() && document.text_of("kind").is_some()
}

/// Every `image` of an object, in the order of the text.
fn read_object(object: &Node<'_>, parsed: &mut Parsed) {
    let (mut open, mut images) = (vec![object], Vec::new());
    while let Some(node) = open.pop() {
        match &node.value {
            Value::List(items) => open.extend(items),
            Value::Map(members) => {
                let is_image = |name: &str| name == "image";
                images.extend(
                    members
                        .iter()
                        .filter(|member| is_image(&member.name))
                        .filter_map(|member| Some((member.node.range, member.node.text()?))),
                );
                open.extend(members.iter().map(|member| &member.node));
            }
            Value::Null | Value::Boolean(_) | Value::Number(_) | Value::Text(_) => {}
        }
    }
    images.sort_by_key(|(range, _)| range.start());
    for (range, text) in images {
        add(text, range, parsed);
    }
}

fn read_template(text: &str, parsed: &mut Parsed) {
    for (range, text) in line::of(text) {
        let content = text.strip_prefix("- ").unwrap_or(text).trim_start();
        let Some(value) = content.strip_prefix("image:").map(str::trim).filter(|value| !value.is_empty()) else { continue };
        let value = value.split(" #").next().unwrap_or(value).trim().trim_matches(['"', '\'']);
        if value.contains("{{") {
            parsed.unresolved(range, format!("the image `{value}` is known only when the template is filled in"));
            continue;
        }
        add(value, range, parsed);
    }
}

fn add(text: &str, range: ByteRange, parsed: &mut Parsed) {
    // Other tools put their own variables in: `$(IMAGE)`, `${IMAGE}`, `$IMAGE`.
    if let Some((_, unknown)) = text.split_once('$') {
        image::add_open(text, &format!("${unknown}"), range, Scope::Runtime, parsed);
        return;
    }
    // An address is a picture, not an image to run.
    if !text.is_empty() && !text.contains("://") {
        image::add(text, range, Scope::Runtime, parsed);
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::check;

    #[test]
    fn objects_have_images() {
        check(
            &super::READER,
            "k8s/app.yaml",
            "apiVersion: apps/v1
kind: Deployment
spec:
  template:
    spec:
      initContainers:
        - { name: init, image: \"busybox:1.36\" }
      containers:
        - name: web
          image: registry.k8s.io/web:v1@sha256:0a
        - name: open
          image: acme/open:$(TAG)
---
kind: something else
image: nothing:1
---
apiVersion: v1
kind: Logo
image: https://example.org/logo.png
",
            "
docker busybox 1.36 @7 [runtime]
docker web v1 @10 [runtime] sha256:0a registry registry.k8s.io
docker acme/open ? @12 [runtime]
12: unresolved: the image `acme/open:$(TAG)` is not known: `$(TAG)` is given elsewhere
",
        );
    }

    #[test]
    fn templates_are_read_by_line() {
        check(
            &super::READER,
            "charts/a/templates/pod.yaml",
            "apiVersion: v1
kind: Pod
metadata: {{ include \"labels\" . | nindent 4 }}
    - image: \"busybox:1.36\" # pinned
      image: {{ .Values.image }}
",
            "
docker busybox 1.36 @4 [runtime]
5: unresolved: the image `{{ .Values.image }}` is known only when the template is filled in
",
        );
    }

    #[test]
    fn other_yaml_is_not_looked_at() {
        check(&super::READER, "config.yml", "image: [broken\n", "");
    }
}
