//! gitleaks' configuration (8.x, TOML), read and run as gitleaks does.
//!
//! [`config`] reads the file. Everything that gitleaks would refuse is an error with file, line and column; what it silently
//! ignores is a warning. [`GitleaksEngine`] runs the rules with the semantics of `gitleaks dir`, and [`Scanner`] gives the
//! result in gitleaks' own terms, for comparisons and for its JSON report.

pub mod config;

mod allow;
mod decode;
mod engine;
mod entropy;
mod file_kind;
mod fragment;
mod keywords;
mod lanes;
mod leak;
mod lower;
mod position;
mod rule;
mod scanner;

pub use engine::GitleaksEngine;
pub use leak::{Leak, to_json};
pub use scanner::{ALLOW_MARK, ScanOptions, Scanner, Skip};
