//! One file a command.

pub(crate) mod advisories;
pub(crate) mod audit;
pub(crate) mod baseline;
pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod debug;
pub(crate) mod deps;
pub(crate) mod docs;
pub(crate) mod doctor;
pub(crate) mod explain;
pub(crate) mod findings;
pub(crate) mod fix;
pub(crate) mod iac;
pub(crate) mod import;
pub(crate) mod k8s;
pub(crate) mod licenses;
pub(crate) mod man;
pub(crate) mod policy;
pub(crate) mod rules;
pub(crate) mod sbom;
pub(crate) mod scan;
pub(crate) mod vex;
