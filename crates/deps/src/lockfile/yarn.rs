//! Reads `yarn.lock`, of yarn 1 and of yarn 2 to 4.
//!
//! The two have little but the file's name in common: yarn 1 writes a format of its own, later ones write YAML.

mod berry;
mod classic;

use std::collections::HashMap;

use bartizan_core::{ByteRange, Scope};

use crate::{Claim, Edge, PackageIndex, Parsed, Read, Reader, SourceText, Target, npm, requirement::likeness};

/// `yarn.lock`.
pub(crate) static READER: Reader = Reader { name: "yarn.lock", claims: &[Claim::Name("yarn.lock")], read: Read::Text(read) };

fn read(source: &SourceText<'_>) -> Parsed {
    if source.text.lines().any(|line| line.trim_end().trim_matches('"').starts_with("__metadata")) {
        return berry::read(source.text);
    }
    classic::read(source.text)
}

/// Who asks for what: `NAME@REQUIREMENT` is the key of the entry that answers.
#[derive(Default)]
struct Requests {
    /// The package of each key.
    by_key: HashMap<String, PackageIndex>,
    /// The packages that answer to a name, with their versions.
    by_name: HashMap<String, Vec<(PackageIndex, String)>>,
    wanted: Vec<Wanted>,
}

struct Wanted {
    dependent: PackageIndex,
    name: String,
    requirement: String,
    scope: Scope,
    range: ByteRange,
}

impl Requests {
    /// Says which package answers a key; to manifests, too.
    fn answer(&mut self, key: &str, package: PackageIndex, parsed: &mut Parsed) {
        let (name, requirement) = npm::split(key);
        let plain = requirement.strip_prefix("npm:").unwrap_or(requirement);
        parsed.inventory.answers(name, requirement, package);
        if plain != requirement {
            parsed.inventory.answers(name, plain, package);
        }
        // A manifest asks for the real name of what it gives another.
        if let Some(real) = npm::request(requirement).name {
            parsed.inventory.answers(real, requirement, package);
        }
        let version = parsed.inventory.package(package).and_then(|package| package.version.clone()).unwrap_or_default();
        self.by_name.entry(name.to_owned()).or_default().push((package, version));
        self.by_key.insert(key.to_owned(), package);
    }

    fn package(&self, name: &str, requirement: &str) -> Option<PackageIndex> {
        let find = |key: &str| self.by_key.get(key).copied();
        // yarn 2 writes `^1` where it means `npm:^1`.
        let answer = find(&format!("{name}@{requirement}")).or_else(|| find(&format!("{name}@npm:{requirement}")));
        // The manifest's `resolutions` may have changed what is asked for: then the package of that name is meant that is likeliest.
        let likeliest = || {
            let several = self.by_name.get(name)?.iter().map(|(package, version)| (likeness(requirement, version), *package));
            several.rev().max_by_key(|(likeness, _)| *likeness).map(|(_, package)| package)
        };
        answer.or_else(likeliest)
    }

    /// Makes edges of what was asked for.
    fn resolve(self, parsed: &mut Parsed) {
        for wanted in &self.wanted {
            match self.package(&wanted.name, &wanted.requirement) {
                Some(target) => parsed.inventory.edges.push(Edge {
                    dependent: wanted.dependent,
                    target: Target::Package(target),
                    scope: wanted.scope,
                    requirement: wanted.requirement.clone(),
                    range: None,
                }),
                // What is optional may be left out.
                None if wanted.scope == Scope::Optional => {}
                None => {
                    parsed.unresolved(wanted.range, format!("`{}@{}` is not in this lock file", wanted.name, wanted.requirement));
                }
            }
        }
    }
}
