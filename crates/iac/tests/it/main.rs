//! Tests from outside of the crate.

mod helm;
mod kustomize;
mod yaml;
