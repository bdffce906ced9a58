//! Tests from outside of the crate.

#[cfg(test)]
mod helm;
#[cfg(test)]
mod kustomize;
#[cfg(test)]
mod yaml;
