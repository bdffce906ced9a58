//! Finds misconfigurations: in infrastructure code, Kubernetes, containers and CI workflows.
//!
//! Documents of many formats become resources of one graph; checks look at resources, whatever format they were written in. What
//! is not known is a value of its own, which says why, and a check that depends on it says so instead of passing.

pub mod admission;
mod ansible;
mod arm;
mod aws;
mod azure;
mod bicep;
pub mod check;
mod cloudformation;
mod compose;
mod data;
mod dockerfile;
mod engine;
mod exposure;
mod file_mode;
#[cfg(test)]
mod fixture;
pub mod format;
mod google;
pub mod helm;
mod inspect;
mod judge;
mod kubernetes;
pub mod kustomize;
mod openapi;
pub mod policy;
mod project;
pub mod rego;
pub mod rendered;
mod repair;
mod report;
mod resource;
pub mod rule;
mod secrecy;
mod secret;
mod serverless;
mod shell;
pub mod terraform;
mod translate;
mod value;
#[cfg(test)]
mod vectors;
mod verdict;
mod workflow;

pub use data::DataKind;
pub use engine::{ID, IacEngine, Options, PolicyText, UnknownPolicy};
pub use inspect::{AdminStep, AdminWay, Answer, Inspector, Question, Shown, ValueIn};
pub use judge::Counts;
pub use kubernetes::{Container, Pod};
pub use repair::{Literal, Repair, Target};
pub use resource::{Format, Graph, Resource, ResourceId, ResourceKind, ScopeId};
pub use value::{Cause, HOLE, Kind, MAX_ALTERNATIVES, Map, Member, Place, References, Unknown, Value};
pub use verdict::{Failure, Verdict};
pub use workflow::Facts as WorkflowFacts;
