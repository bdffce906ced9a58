//! What a project is made of.

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    location::Location,
    scale::{ComponentKind, HashAlgorithm, Scope},
};

/// A piece of software that the project uses.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Component<'a> {
    /// Its package URL.
    purl: &'a str,
    /// Its name as the ecosystem writes it.
    name: &'a str,
    /// Its exact version; absent where none is pinned.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'a str>,
    /// What it is to the project.
    kind: ComponentKind,
    /// The weightiest reason why it is there.
    scope: Scope,
    /// Its licences, as declared: SPDX expressions, or what the author wrote.
    licences: &'a [String],
    /// What its content is known by.
    hashes: Vec<Hash<'a>>,
    /// Where it is named.
    locations: Vec<Location>,
    /// The layer that brought it, if it is of an image of a container.
    #[serde(skip_serializing_if = "Option::is_none")]
    layer: Option<Layer<'a>>,
}

/// A layer of an image of a container.
#[derive(Debug, Serialize, JsonSchema)]
struct Layer<'a> {
    /// The digest of its content: `sha256:…`.
    digest: &'a str,
    /// The command that made it, as the image tells; empty where it does not.
    created_by: &'a str,
}

/// What content is known by.
#[derive(Debug, Serialize, JsonSchema)]
struct Hash<'a> {
    /// How it is made.
    algorithm: HashAlgorithm,
    /// Its value in lower-case hexadecimal.
    value: &'a str,
}

/// An edge of the dependency graph.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Dependency<'a> {
    /// Package URL of the component that depends.
    dependent: &'a str,
    /// Package URL of the component that is depended on.
    dependency: &'a str,
    /// What for.
    scope: Scope,
}

impl<'a> From<&'a bartizan_core::Component> for Component<'a> {
    fn from(component: &'a bartizan_core::Component) -> Self {
        Self {
            purl: &component.purl,
            name: &component.name,
            version: component.version.as_deref(),
            kind: component.kind.into(),
            scope: component.scope.into(),
            licences: &component.licences,
            hashes: component.hashes.iter().map(Hash::from).collect(),
            locations: component.locations.iter().map(Location::from).collect(),
            layer: component.layer.as_ref().map(|layer| Layer { digest: &layer.digest, created_by: &layer.created_by }),
        }
    }
}

impl<'a> From<&'a bartizan_core::Dependency> for Dependency<'a> {
    fn from(dependency: &'a bartizan_core::Dependency) -> Self {
        Self { dependent: &dependency.dependent, dependency: &dependency.dependency, scope: dependency.scope.into() }
    }
}

impl<'a> From<&'a bartizan_core::Hash> for Hash<'a> {
    fn from(hash: &'a bartizan_core::Hash) -> Self {
        Self { algorithm: hash.algorithm.into(), value: &hash.value }
    }
}
