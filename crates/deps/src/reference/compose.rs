//! Reads the images of Compose: `compose.yaml`, `docker-compose.yml`.
//!
//! The format: <https://github.com/compose-spec/compose-spec/blob/main/spec.md>. What a service builds itself is no image from
//! elsewhere. Variables have their defaults: `.env` is not read.

use bartizan_core::Scope;
use bartizan_source::document::{Node, parse_yaml};

use super::{image, shell};
use crate::{Claim, Parsed, Read, Reader, SourceText};

/// `compose.yaml`.
pub(crate) static READER: Reader = Reader { name: "compose.yaml", claims: &[Claim::Like(is_compose)], read: Read::Text(read) };

/// `compose.yaml`, `docker-compose.yml`, `docker-compose.override.yml`.
fn is_compose(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml"));
    let rest = stem.and_then(|stem| stem.strip_prefix("docker-compose").or_else(|| stem.strip_prefix("compose")));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '_']))
}

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let Some(root) = parsed.root(parse_yaml(source.text)) else { return parsed };
    for service in root.get("services").map(Node::members).unwrap_or_default() {
        let Some(node) = service.node.get("image").filter(|_| service.node.get("build").is_none()) else { continue };
        let Some(written) = node.text() else {
            parsed.unreadable(node.range, format!("the image of the service `{}` is no text", service.name));
            continue;
        };
        match shell::replace(written, &|_| None) {
            Ok(reference) => {
                image::add(&reference, node.range, Scope::Runtime, &mut parsed);
            }
            Err(unknown) => image::add_open(written, &unknown, node.range, Scope::Runtime, &mut parsed),
        }
    }
    parsed
}

#[cfg(test)]
mod tests {
    use crate::fixture::check;

    #[test]
    fn services_have_images() {
        check(
            &super::READER,
            "deploy/docker-compose.prod.yml",
            "services:
  web:
    build: .
    image: acme/web:dev
  db:
    image: postgres:${PG_VERSION:-16.2}
  cache:
    image: \"redis:${REDIS}\"
  odd:
    image: [a]
",
            "
docker postgres 16.2 @6 [runtime]
docker redis ? @8 [runtime]
8: unresolved: the image `redis:${REDIS}` is not known: `REDIS` is given elsewhere
10: unreadable: the image of the service `odd` is no text
",
        );
    }
}
