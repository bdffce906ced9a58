//! Kubernetes: manifests become resources, whatever wrote them, and checks look at the pods that they would start.
//!
//! The canonical type of a manifest is its kind. All manifests of a project share one scope: folders of a repository are usually
//! applied to the same cluster, piece by piece, so that a policy in one folder may well cover pods of another, and a companion that
//! lies anywhere counts. Where two objects have the same name (an overlay for each environment, say), the one in the nearest folder
//! is meant. What is rendered (charts, overlays) and what Terraform declares brings a scope of its own.

pub(crate) mod check;
pub(crate) mod connection;
pub(crate) mod field;
mod index;
pub(crate) mod manifest;
mod pod;
pub(crate) mod pod_security;
pub(crate) mod rbac;
mod rendered;
#[cfg(test)]
mod rendered_tests;
pub(crate) mod terraform;

pub(crate) use index::Index;
pub(crate) use manifest::{READER, canonical_type};
pub use pod::{Container, Pod};
pub(crate) use pod::{KINDS, template_way};
