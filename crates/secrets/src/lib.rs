//! Finds credentials in files.
//!
//! Rules are data ([`rule`]). One automaton finds the keywords of all rules in one pass over a file; expressions run only in
//! windows around hits, whose bounds are computed from the patterns. Values without a shape of their own are read as assignments
//! and judged by their context. Offline proofs tell live-looking values from invented ones.
//!
//! This crate asks no network whether a credential still works, and it never walks or opens files.

#![cfg_attr(test, expect(clippy::string_slice, reason = "a test may panic"))]

pub mod context;
pub mod gitleaks;
pub mod go_regex;

mod assignment;
mod candidate;
mod decode;
mod detector;
mod engine;
mod proof;
pub mod rule;
mod scan;
mod syntax;
mod trigger;
mod window;

pub use engine::{Options, SecretsEngine};
pub use scan::Observation;
