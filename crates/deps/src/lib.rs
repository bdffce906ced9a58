//! What a project is made of: manifests and lock files, read into components and the graph of what depends on what.
//!
//! One file of a project is read by one [`Reader`] into an [`Inventory`]; the registry is [`READERS`]. What the files of a
//! project say together is put together in `graph`. What can't be read or resolved becomes a diagnostic with its place.
//! What is known of versions and advisories is in `version` and `osv`.
//! Nothing in here opens files, asks a network, or runs a package manager.

pub mod advisory;
mod composer;
mod encoding;
mod engine;
#[cfg(test)]
mod fixture;
mod golang;
mod graph;
mod guard;
mod identity;
mod installed;
mod inventory;
mod line;
mod lockfile;
mod manifest;
mod maven;
mod name;
mod npm;
pub mod osv;
mod property;
mod python;
mod reader;
mod reference;
mod requirement;
mod ruby;
pub mod version;
mod vulnerable;
mod ways;

pub use self::{
    engine::{DepsEngine, ID},
    inventory::{
        Answer, Ecosystem, Edge, Inventory, JavaArchive, Origin, Package, PackageIndex, PackageKind, Role, Scopes, System, Target,
    },
    maven::{Declared, Parent, Pom},
    reader::{Claim, Parsed, Problem, ProblemKind, READERS, Read, Reader, SourceText},
    ways::{MAX_WAYS, Step, Ways, ways},
};
