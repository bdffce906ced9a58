//! Reads `Dockerfile` and `Containerfile`: the images that stages begin with, and those that they copy from.
//!
//! The format: <https://docs.docker.com/reference/dockerfile/>. The image that the last stage begins with is what runs; others are
//! there to build it.

mod instruction;

use std::collections::HashMap;

use bartizan_core::{ByteRange, Scope};

use self::instruction::{Instruction, Word};
use super::{image, shell};
use crate::{Claim, PackageIndex, Parsed, Read, Reader, Scopes, SourceText};

/// `Dockerfile`.
pub(crate) static READER: Reader = Reader { name: "Dockerfile", claims: &[Claim::Like(is_dockerfile)], read: Read::Text(read) };

/// `Dockerfile`, `Dockerfile.dev`, `app.dockerfile`, and the same of `Containerfile`.
fn is_dockerfile(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let is_kind = |kind: &str| {
        let rest = name.strip_prefix(kind).unwrap_or("no");
        rest.is_empty() || rest.starts_with('.') || name.ends_with(&format!(".{kind}"))
    };
    (is_kind("dockerfile") || is_kind("containerfile")) && !name.ends_with(".dockerignore") && !name.ends_with(".md")
}

fn read(source: &SourceText<'_>) -> Parsed {
    let mut file = File { parsed: Parsed::default(), arguments: HashMap::new(), stages: Vec::new() };
    for instruction in instruction::read(source.text) {
        match instruction.name.to_ascii_uppercase().as_str() {
            "ARG" if file.stages.is_empty() => file.argument(&instruction),
            "FROM" => file.from(&instruction),
            "COPY" | "ADD" => file.copy(&instruction),
            "RUN" => file.mount(&instruction),
            _ => {}
        }
    }
    file.finish()
}

struct File<'t> {
    parsed: Parsed,
    /// What `ARG` gives before the first stage; nothing for those without a default.
    arguments: HashMap<&'t str, Option<String>>,
    stages: Vec<Stage<'t>>,
}

struct Stage<'t> {
    name: &'t str,
    image: Option<PackageIndex>,
    /// The earlier stage that it begins with.
    base: Option<usize>,
}

impl<'t> File<'t> {
    fn argument(&mut self, instruction: &Instruction<'t>) {
        for word in &instruction.words {
            let (name, default) = word.text.split_once('=').map_or((word.text, None), |(name, default)| (name, Some(unquoted(default))));
            let default = default.and_then(|default| self.replaced(default).ok());
            self.arguments.insert(name, default);
        }
    }

    fn from(&mut self, instruction: &Instruction<'t>) {
        let mut words = instruction.words.iter().filter(|word| !word.text.starts_with("--"));
        let Some(word) = words.next() else {
            self.parsed.unreadable(instruction.range, "`FROM` without an image");
            return;
        };
        let is_named = words.next().is_some_and(|word| word.text.eq_ignore_ascii_case("as"));
        let name = words.next().filter(|_| is_named).map_or("", |word| word.text);
        let base = self.stage(word.text);
        let image = if base.is_some() { None } else { self.image(word.text, word.range, Scope::Build) };
        self.stages.push(Stage { name, image, base });
    }

    /// `COPY --from=image`.
    fn copy(&mut self, instruction: &Instruction<'t>) {
        for Word { text, range } in &instruction.words {
            if let Some(from) = text.strip_prefix("--from=") {
                self.source(unquoted(from), *range);
            }
        }
    }

    /// `RUN --mount=type=bind,from=image`.
    fn mount(&mut self, instruction: &Instruction<'t>) {
        for Word { text, range } in instruction.words.iter().take_while(|word| word.text.starts_with("--")) {
            let Some(options) = text.strip_prefix("--mount=") else { continue };
            if let Some(from) = options.split(',').find_map(|option| option.strip_prefix("from=")) {
                self.source(unquoted(from), *range);
            }
        }
    }

    fn source(&mut self, from: &'t str, range: ByteRange) {
        let is_number = !from.is_empty() && from.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number && self.stage(from).is_none() {
            self.image(from, range, Scope::Build);
        }
    }

    fn stage(&self, name: &str) -> Option<usize> {
        self.stages.iter().rposition(|stage| !stage.name.is_empty() && stage.name.eq_ignore_ascii_case(name))
    }

    fn image(&mut self, written: &str, range: ByteRange, scope: Scope) -> Option<PackageIndex> {
        let written = unquoted(written);
        match self.replaced(written) {
            // An empty image to begin with.
            Ok(reference) if reference == "scratch" => None,
            Ok(reference) => match self.stage(&reference) {
                Some(_) => None,
                None => image::add(&reference, range, scope, &mut self.parsed),
            },
            Err(unknown) => {
                image::add_open(written, &unknown, range, scope, &mut self.parsed);
                None
            }
        }
    }

    fn replaced(&self, text: &str) -> Result<String, String> {
        shell::replace(text, &|name| self.arguments.get(name).cloned().flatten())
    }

    fn finish(mut self) -> Parsed {
        // From the last stage down to the image that it begins with: a stage only begins with an earlier one.
        let mut stage = self.stages.last();
        while let Some(base) = stage.and_then(|stage| stage.base) {
            stage = self.stages.get(base);
        }
        let runs = stage.and_then(|stage| stage.image).and_then(|index| usize::try_from(index.0).ok());
        if let Some(package) = runs.and_then(|index| self.parsed.inventory.packages.get_mut(index)) {
            package.scopes = Scopes::of(Scope::Runtime);
        }
        self.parsed
    }
}

fn unquoted(text: &str) -> &str {
    text.trim_matches(['"', '\''])
}

#[cfg(test)]
mod tests {
    use crate::fixture::check;

    #[test]
    fn stages_are_no_images() {
        check(
            &super::READER,
            "app/Dockerfile",
            "# syntax=docker/dockerfile:1
ARG GO_VERSION=1.22
FROM --platform=$BUILDPLATFORM golang:${GO_VERSION}-alpine AS build
COPY --from=ghcr.io/astral-sh/uv:0.4.1@sha256:0a /uv /uv
RUN --mount=type=bind,from=busybox:1.36,target=/x <<EOF
FROM nothing:1
EOF
FROM gcr.io/distroless/static@sha256:41 AS base
from Base
COPY --from=build --chown=0 \\
  /app /app
COPY --from=0 /a /b
",
            "
docker golang 1.22-alpine @3 [build]
docker astral-sh/uv 0.4.1 @4 [build] sha256:0a registry ghcr.io
docker busybox 1.36 @5 [build]
docker distroless/static sha256:41 @8 [runtime] sha256:41 registry gcr.io
",
        );
    }

    #[test]
    fn what_only_the_build_knows_is_said() {
        check(
            &super::READER,
            "Dockerfile.dev",
            "ARG TAG\nARG BASE\nFROM $BASE AS a\nFROM node:${TAG}\nFROM scratch\nFROM\nFROM Upper:1\nFROM alpine\n",
            "
docker node ? @4 [build]
docker alpine ? @8 [runtime]
3: unresolved: the image `$BASE` is not known: `BASE` is given elsewhere
4: unresolved: the image `node:${TAG}` is not known: `TAG` is given elsewhere
6: unreadable: `FROM` without an image
7: unreadable: `Upper:1` is no name of an image
8: unresolved: the image `alpine` has no tag: it is whatever `latest` is
",
        );
    }

    #[test]
    fn names_of_dockerfiles() {
        for name in ["Dockerfile", "a/Containerfile", "Dockerfile.prod", "web.Dockerfile"] {
            assert!(super::is_dockerfile(name), "{name}");
        }
        for name in ["Dockerfile.dockerignore", "Dockerfiles", "docker.rs", "my-dockerfile-notes.txt"] {
            assert!(!super::is_dockerfile(name), "{name}");
        }
    }
}
