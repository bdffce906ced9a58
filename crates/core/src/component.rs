//! The supply chain: what a project is made of.

use serde::{Deserialize, Serialize};

use crate::Location;

/// A piece of software that a project uses.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Component {
    /// Its package URL, canonical: `pkg:cargo/serde@1.0.0`. The component's identity.
    pub purl: String,
    /// Its name as the ecosystem writes it.
    pub name: String,
    /// Its exact version; nothing where none is pinned.
    pub version: Option<String>,
    /// Where it is named: lock files, manifests, installed metadata.
    pub locations: Vec<Location>,
}

/// An edge of the dependency graph.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Dependency {
    /// Package URL of the component that depends.
    pub dependent: String,
    /// Package URL of the component that is depended on.
    pub dependency: String,
    /// What for.
    pub scope: Scope,
}

/// What a dependency is needed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Scope {
    /// It runs in production.
    Runtime,
    /// It may be absent at run time.
    Optional,
    /// It is needed to build.
    Build,
    /// It is needed to test.
    Test,
    /// It is needed to develop.
    Development,
}
