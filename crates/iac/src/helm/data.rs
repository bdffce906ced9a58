//! Values as documents: YAML, JSON and TOML, read and written as Helm's libraries do.

pub(super) mod json;
pub(super) mod scalar;
pub(super) mod toml;
pub(super) mod yaml;
