//! What providers take for attributes that are left out, by the version that a project uses.
//!
//! The version is that of `.terraform.lock.hcl`, else the one that `required_providers` allow; where they allow several major
//! versions, nothing is assumed, and rules say what they take for granted. Which values, and since when, is data: `defaults.txt`.

use std::{collections::BTreeMap, sync::Arc};

use super::parse;
use crate::{
    Graph, Kind, Member, Place, ResourceId, ResourceKind, Value,
    project::{Project, joined},
};

/// Where the versions stand that were chosen, in the folder of a root module.
pub(super) const LOCK_FILE: &str = ".terraform.lock.hcl";

static TABLE: &str = include_str!("defaults.txt");

/// Major versions, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Majors {
    first: u32,
    last: u32,
}

/// A line of the table.
#[derive(Debug, PartialEq)]
struct Assumed {
    provider: &'static str,
    majors: Majors,
    of_type: &'static str,
    attribute: &'static str,
    value: Kind,
}

impl Majors {
    const ALL: Self = Self { first: 0, last: u32::MAX };

    /// The versions of a range of the table.
    fn of_range(text: &str) -> Option<Self> {
        let number = |text: &str, open: u32| if text.is_empty() { Some(open) } else { text.parse().ok() };
        match text.split_once("..") {
            Some((first, last)) => Some(Self { first: number(first, 0)?, last: number(last, u32::MAX)? }),
            None => text.parse().ok().map(|only| Self { first: only, last: only }),
        }
    }

    /// The versions that a constraint allows: `~> 4.1`, `>= 3.0, < 5.0`. What can't be read allows all.
    fn of_constraint(text: &str) -> Self {
        text.split(',').fold(Self::ALL, |majors, part| majors.and(Self::of_part(part.trim()).unwrap_or(Self::ALL)))
    }

    fn of_part(text: &str) -> Option<Self> {
        let version = text.trim_start_matches(['~', '>', '<', '=', '!', ' ']);
        let operator = text.strip_suffix(version)?.trim();
        let mut numbers = version.split('.').map(|part| part.trim().parse::<u32>().ok());
        let major = numbers.next()??;
        let rest: Vec<u32> = numbers.flatten().collect();
        let is_first_of_major = rest.iter().all(|number| *number == 0);
        Some(match operator {
            "" | "=" => Self { first: major, last: major },
            "~>" if rest.is_empty() => Self { first: major, ..Self::ALL },
            "~>" => Self { first: major, last: major },
            ">=" | ">" => Self { first: major, ..Self::ALL },
            "<" if is_first_of_major => Self { last: major.checked_sub(1)?, ..Self::ALL },
            "<" | "<=" => Self { last: major, ..Self::ALL },
            _ => Self::ALL,
        })
    }

    fn and(self, other: Self) -> Self {
        Self { first: self.first.max(other.first), last: self.last.min(other.last) }
    }

    /// Whether all of these lie within others; of none, no.
    fn are_within(self, others: Self) -> bool {
        self.first <= self.last && others.first <= self.first && self.last <= others.last
    }
}

impl Assumed {
    fn parse(line: &'static str) -> Option<Self> {
        let (path, value) = line.split_once(" = ")?;
        let mut words = path.split_whitespace();
        let (provider, majors, path) = (words.next()?, Majors::of_range(words.next()?)?, words.next()?);
        let (of_type, attribute) = path.split_once('.')?;
        let value = match value.trim() {
            "true" => Kind::Boolean(true),
            "false" => Kind::Boolean(false),
            text => Kind::Text(text.into()),
        };
        Some(Self { provider, majors, of_type, attribute, value })
    }
}

fn lines() -> impl Iterator<Item = &'static str> {
    TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Puts what the providers of a root module take for granted into its resources: those that the graph has since `first`.
pub(super) fn fill(graph: &mut Graph, first: ResourceId, folder: &str, project: &Project<'_>) {
    let mut versions = required(graph, first);
    versions.extend(locked(folder, project));
    let known = lines()
        .filter_map(Assumed::parse)
        .filter(|default| versions.get(default.provider).is_some_and(|majors| majors.are_within(default.majors)));
    for default in known {
        let lacks = |id: &ResourceId| graph.get(*id).is_some_and(|resource| resource.get(default.attribute).is_none());
        let is_new = |id: &ResourceId| first <= *id;
        let of_type = graph.of_type(default.of_type).filter(|resource| resource.kind == ResourceKind::Managed);
        let ids: Vec<ResourceId> = of_type.map(|resource| resource.id).filter(is_new).filter(lacks).collect();
        for id in ids {
            let Some(body) = graph.get(id).map(|resource| resource.body.clone()) else { continue };
            let Kind::Map(mut map) = body.kind else { continue };
            let value = Value::new(default.value.clone(), Place::NONE);
            Arc::make_mut(&mut map).0.insert(default.attribute.into(), Member { name: Place::NONE, value });
            graph.set_body(id, Value { kind: Kind::Map(map), ..body });
        }
    }
}

/// The versions that all modules of a root allow, by the last part of the provider's source.
fn required(graph: &Graph, first: ResourceId) -> BTreeMap<String, Majors> {
    let mut versions: BTreeMap<String, Majors> = BTreeMap::new();
    let settings = graph.of_type("terraform").filter(|resource| resource.kind == ResourceKind::Settings && first <= resource.id);
    let blocks = settings.filter_map(|resource| resource.get("required_providers")).flat_map(Value::items);
    for (name, member) in blocks.filter_map(Value::map).flat_map(|map| &map.0) {
        let source = member.value.get("source").and_then(Value::text).unwrap_or(name);
        let constraint = member.value.get("version").and_then(Value::text).or_else(|| member.value.text()).unwrap_or_default();
        let majors = versions.entry(short(source).to_owned()).or_insert(Majors::ALL);
        *majors = majors.and(Majors::of_constraint(constraint));
    }
    versions
}

/// The versions that were chosen for a root.
fn locked(folder: &str, project: &Project<'_>) -> Vec<(String, Majors)> {
    let Some(path) = joined(folder, LOCK_FILE) else { return Vec::new() };
    let Some(file) = project.files.iter().find(|file| file.path.as_str() == Some(path.as_str())) else { return Vec::new() };
    let body = parse::parse(file.text).body;
    let version = |block: &super::syntax::Block| {
        let source = block.labels.first()?;
        let version = block.body.attribute("version")?.value.text()?.to_owned();
        Some((short(source).to_owned(), Majors::of_part(&version)?))
    };
    body.blocks.iter().filter(|block| &*block.kind == "provider").filter_map(version).collect()
}

fn short(source: &str) -> &str {
    source.rsplit('/').next().unwrap_or(source)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn every_line_of_the_table_is_read() {
        for line in lines() {
            assert!(Assumed::parse(line).is_some(), "{line}");
        }
    }

    #[test]
    fn constraints_allow_major_versions() {
        for (constraint, first, last) in [
            ("4.16.0", 4, 4),
            ("= 3.1", 3, 3),
            ("~> 3.1", 3, 3),
            ("~> 3", 3, u32::MAX),
            (">= 3.0, < 5.0", 3, 4),
            (">= 3.0, < 4.2", 3, 4),
            ("> 2", 2, u32::MAX),
            ("latest", 0, u32::MAX),
            ("", 0, u32::MAX),
        ] {
            assert_eq!(Majors::of_constraint(constraint), Majors { first, last }, "{constraint}");
        }
    }

    fn tls(constraint: &str, lock: &str) -> Option<String> {
        let main = format!(
            "terraform {{\n  required_providers {{\n    azurerm = {{\n      source  = \"hashicorp/azurerm\"\n      version = \"{constraint}\"\n    }}\n  }}\n}}\nresource \"azurerm_storage_account\" \"a\" {{}}\n"
        );
        let lock = format!("provider \"registry.terraform.io/hashicorp/azurerm\" {{\n  version = \"{lock}\"\n}}\n");
        let files = [("main.tf", main.as_str()), (LOCK_FILE, lock.as_str())];
        let n_files = if lock.contains("\"\"") { 1 } else { 2 };
        let graph = fixture::graph(&files[..n_files]);
        let account = graph.of_type("azurerm_storage_account").next().unwrap();
        account.get("min_tls_version").and_then(Value::text).map(str::to_owned)
    }

    #[test]
    fn what_is_left_out_is_what_the_version_takes() {
        assert_eq!(tls("~> 2.99", "").as_deref(), Some("TLS1_0"));
        assert_eq!(tls("~> 3.1", "").as_deref(), Some("TLS1_2"));
        assert_eq!(tls(">= 2.0", ""), None, "several versions are allowed");
        assert_eq!(tls(">= 2.0", "3.117.0").as_deref(), Some("TLS1_2"), "the lock file decides");
    }
}
