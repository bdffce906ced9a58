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
    /// What it is to the project.
    pub kind: ComponentKind,
    /// The weightiest reason why it is there.
    pub scope: Scope,
    /// Its licences, as declared: SPDX expressions, or what the author wrote.
    pub licences: Vec<String>,
    /// What its content is known by.
    pub hashes: Vec<Hash>,
    /// Where it is named: lock files, manifests, installed metadata.
    pub locations: Vec<Location>,
    /// The layer that brought it, if it is of an image of a container.
    pub layer: Option<Layer>,
}

/// A layer of an image of a container.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Layer {
    /// The digest of its content: `sha256:…`.
    pub digest: String,
    /// The command that made it, as the image tells; empty where it does not.
    pub created_by: String,
}

/// What a component is to the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ComponentKind {
    /// The project itself, or a member of its workspace: what other components are there for.
    Application,
    /// Something that it is made of.
    Library,
    /// An image of a container.
    Container,
    /// A package of an operating system.
    OperatingSystem,
    /// The image of a container that is looked at: what else is in it is there for it.
    Image,
}

impl ComponentKind {
    /// Whether other components are there for it.
    #[must_use]
    pub const fn is_root(self) -> bool {
        matches!(self, Self::Application | Self::Image)
    }
}

/// What content is known by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Hash {
    /// How it is made.
    pub algorithm: HashAlgorithm,
    /// Its value in lower-case hexadecimal.
    pub value: String,
}

/// How hashes are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum HashAlgorithm {
    /// MD5: broken, and still written.
    Md5,
    /// SHA-1: broken, and still written.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
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
