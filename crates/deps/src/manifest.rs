//! Manifests: what a project asks for, one format a module.

pub(crate) mod gradle_catalog;
pub(crate) mod msbuild;
pub(crate) mod pom;
