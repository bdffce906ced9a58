//! Whole scans with an engine made for the purpose.

mod cache;
mod changes;
mod configuration;
mod findings;
mod robustness;
mod support;
mod suppressions;
