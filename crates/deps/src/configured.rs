//! Files that say which registries the project's package managers ask.
//!
//! They name no packages: what is in them decides which addresses in a lock file are no surprise. Tokens that stand beside the
//! addresses are not read.

pub(crate) mod bunfig;
pub(crate) mod cargo_config;
pub(crate) mod npmrc;
pub(crate) mod pip_conf;
pub(crate) mod yarnrc;
