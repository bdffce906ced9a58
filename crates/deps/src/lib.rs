//! What a project is made of: manifests and lock files, read into components and the graph of what depends on what.
//!
//! One file of a project is read by one [`Reader`] into an [`Inventory`]; the registry is [`READERS`]. What the files of a
//! project say together is put together in `graph`. What can't be read or resolved becomes a diagnostic with its place.
//! What is known of versions and advisories is in `version` and `osv`, of attacks in `exploited`.
//! Nothing in here opens files, asks a network, or runs a package manager.

pub mod advisory;
mod composer;
mod configured;
mod encoding;
mod engine;
pub mod exploited;
#[cfg(test)]
mod fixture;
mod golang;
mod graph;
mod guard;
pub mod hygiene;
mod identity;
mod installed;
mod inventory;
pub mod licence;
mod line;
mod lockfile;
mod manifest;
mod maven;
mod name;
mod npm;
pub mod osv;
mod property;
mod python;
mod reachability;
mod reader;
mod reference;
mod remark;
mod requirement;
mod ruby;
pub mod upgrade;
mod usage;
pub mod version;
mod vex;
mod vulnerable;
mod ways;

pub use self::{
    engine::{DepsEngine, ID},
    inventory::{
        Answer, Ecosystem, Edge, Inventory, JavaArchive, NameInCode, Origin, Package, PackageIndex, PackageKind, Role, Scopes, System,
        Target,
    },
    maven::{Declared, Parent, Pom},
    reachability::Sources,
    reader::{Claim, Parsed, Problem, ProblemKind, READERS, Read, Reader, SourceText},
    remark::{Index, Remark, Serves},
    vex::{Expired, Expiry, VexContext, VexFile, expired, vex_document},
    vulnerable::in_osv,
    ways::{MAX_WAYS, Step, Ways, ways},
};
