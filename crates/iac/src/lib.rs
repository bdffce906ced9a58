//! Finds misconfigurations: in infrastructure code, Kubernetes, containers and CI workflows.
//!
//! Documents of many formats become resources of one graph; checks look at resources, whatever format they were written in. What
//! is not known is a value of its own, which says why, and a check that depends on it says so instead of passing.

pub mod check;
mod compose;
mod data;
mod engine;
#[cfg(test)]
mod fixture;
pub mod format;
mod judge;
mod kubernetes;
mod policy;
mod project;
mod report;
mod resource;
pub mod rule;
mod secret_name;
mod value;
mod verdict;

pub use data::DataKind;
pub use engine::{ID, IacEngine, Options, UnknownPolicy};
pub use judge::Counts;
pub use kubernetes::{Container, Pod};
pub use resource::{Format, Graph, Resource, ResourceId, ResourceKind, ScopeId};
pub use value::{Cause, Kind, MAX_ALTERNATIVES, Map, Member, Place, References, Unknown, Value};
pub use verdict::{Failure, Verdict};
