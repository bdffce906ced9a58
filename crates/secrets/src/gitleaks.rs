//! gitleaks' configuration (8.x, TOML), read and run as gitleaks does.
//!
//! [`config`] reads the file. Everything that gitleaks would refuse is an error with file, line and column; what it silently
//! ignores is a warning. [`GitleaksEngine`] runs the rules with the semantics of `gitleaks dir`, and [`Scanner`] gives the
//! result in gitleaks' own terms, for comparisons and for its JSON report.

pub mod config;

mod lower;
