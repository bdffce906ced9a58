//! Reads what workflows and actions of GitHub use: actions, reusable workflows, images.
//!
//! The format: <https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax>. An action is a repository at a tag
//! or a commit; which folder of it is used makes no other component. What is used of the same repository (`./`) is no component.

use bartizan_core::{ByteRange, Scope};
use bartizan_source::document::{Node, parse_yaml};

use super::image;
use crate::{Claim, Ecosystem, Package, Parsed, Read, Reader, Scopes, SourceText};

/// Workflows and actions.
pub(crate) static READER: Reader = Reader { name: "GitHub Actions", claims: &[Claim::Like(is_workflow)], read: Read::Text(read) };

fn is_workflow(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let is_yaml = name.ends_with(".yml") || name.ends_with(".yaml");
    let is_among_workflows = folder == ".github/workflows" || folder.ends_with("/.github/workflows");
    is_yaml && is_among_workflows || matches!(name, "action.yml" | "action.yaml")
}

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let Some(root) = parsed.root(parse_yaml(source.text)) else { return parsed };
    for job in root.get("jobs").map(Node::members).unwrap_or_default() {
        let job = &job.node;
        uses(job.get("uses"), &mut parsed);
        steps(job.get("steps"), &mut parsed);
        container(job.get("container"), &mut parsed);
        for service in job.get("services").map(Node::members).unwrap_or_default() {
            container(Some(&service.node), &mut parsed);
        }
    }
    if let Some(runs) = root.get("runs") {
        steps(runs.get("steps"), &mut parsed);
        // Any other image is the action's own Dockerfile.
        let is_remote = |node: &&Node<'_>| node.text().is_some_and(|text| text.starts_with("docker://"));
        uses(runs.get("image").filter(is_remote), &mut parsed);
    }
    parsed
}

fn steps(steps: Option<&Node<'_>>, parsed: &mut Parsed) {
    for step in steps.map(Node::items).unwrap_or_default() {
        uses(step.get("uses"), parsed);
    }
}

/// `image`, or a map with it.
fn container(node: Option<&Node<'_>>, parsed: &mut Parsed) {
    let Some(node) = node.and_then(|node| node.get("image").or(Some(node))).filter(|node| node.text().is_some()) else { return };
    add_image(node.text().unwrap_or_default(), node.range, parsed);
}

/// `owner/repository/folder@ref`, `docker://image` or `./folder`.
fn uses(node: Option<&Node<'_>>, parsed: &mut Parsed) {
    let Some(node) = node else { return };
    let Some(text) = node.text().map(str::trim) else {
        parsed.unreadable(node.range, "`uses` is a text");
        return;
    };
    if text.starts_with("./") || text.starts_with("../") {
        return;
    }
    if let Some(reference) = text.strip_prefix("docker://") {
        add_image(reference, node.range, parsed);
        return;
    }
    let Some((action, version)) = text.split_once('@').filter(|(_, version)| !version.is_empty()) else {
        parsed.unreadable(node.range, format!("`{text}` has no `@` with a tag or a commit"));
        return;
    };
    let mut parts = action.split('/');
    let (Some(owner), Some(repository)) = (part(parts.next()), part(parts.next())) else {
        parsed.unreadable(node.range, format!("`{text}` is no `owner/repository@ref`"));
        return;
    };
    if text.contains("${{") {
        parsed.unresolved(node.range, format!("`{text}` is known only when it runs"));
        return;
    }
    let package = Package::dependency(Ecosystem::GitHub, format!("{owner}/{repository}"), Some(version), node.range);
    parsed.inventory.add(Package { scopes: Scopes::of(Scope::Build), ..package });
}

fn part(part: Option<&str>) -> Option<&str> {
    part.filter(|part| !part.is_empty() && !part.contains(char::is_whitespace))
}

fn add_image(reference: &str, range: ByteRange, parsed: &mut Parsed) {
    if reference.is_empty() {
        return;
    }
    if reference.contains("${{") {
        image::add_open(reference, "${{ … }}", range, Scope::Build, parsed);
        return;
    }
    image::add(reference, range, Scope::Build, parsed);
}

#[cfg(test)]
mod tests {
    use crate::fixture::check;

    #[test]
    fn workflows_use_actions_workflows_and_images() {
        check(
            &super::READER,
            ".github/workflows/ci.yml",
            r#"on: push
jobs:
  build:
    runs-on: ubuntu-latest
    container: node:20
    services:
      db: { image: "postgres:16" }
      odd: { image: "redis:${{ matrix.redis }}" }
    steps:
      - uses: actions/checkout@v4
      - uses: actions/cache/restore@0c45773b623bea8c8e75f6c82b208c3cf94ea4f9 # v4.0.2
      - uses: ./.github/actions/own
      - uses: docker://alpine:3.19
      - uses: actions/setup-node
      - uses: nonsense@v1
      - run: "uses: x/y@z"
  call:
    uses: octo/shared/.github/workflows/ci.yml@main
"#,
            "
github actions/checkout v4 @10 [build]
github actions/cache 0c45773b623bea8c8e75f6c82b208c3cf94ea4f9 @11 [build]
docker alpine 3.19 @13 [build]
docker node 20 @5 [build]
docker postgres 16 @7 [build]
docker redis ? @8 [build]
github octo/shared main @18 [build]
8: unresolved: the image `redis:${{ matrix.redis }}` is not known: `${{ … }}` is given elsewhere
14: unreadable: `actions/setup-node` has no `@` with a tag or a commit
15: unreadable: `nonsense@v1` is no `owner/repository@ref`
",
        );
    }

    #[test]
    fn actions_use_actions() {
        check(&super::READER, "own/action.yml", "runs:\n  using: composite\n  steps:\n    - uses: a/b@v1\n", "github a/b v1 @4 [build]");
        check(&super::READER, "action.yaml", "runs: {using: docker, image: Dockerfile}\n", "");
        check(&super::READER, "action.yaml", "runs: {using: docker, image: 'docker://a/b:1'}\n", "docker a/b 1 @1 [build]");
    }
}
