//! Finds misconfigurations: in infrastructure code, Kubernetes, containers and CI workflows.
//!
//! Documents of many formats become resources of one graph; checks look at resources, whatever format they were written in. What
//! is not known is a value of its own, which says why, and a check that depends on it says so instead of passing.

pub mod helm;
pub mod kustomize;
pub mod rendered;
