//! Manifests: what projects ask for, one format a module.

pub(crate) mod build_rs;
pub(crate) mod cargo;
pub(crate) mod composer_json;
pub(crate) mod gemfile;
pub(crate) mod gemspec;
pub(crate) mod gradle_catalog;
pub(crate) mod msbuild;
pub(crate) mod package_json;
pub(crate) mod pipfile;
pub(crate) mod pom;
pub(crate) mod pyproject;
pub(crate) mod setup_cfg;
pub(crate) mod setup_py;
