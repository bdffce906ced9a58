//! Policies in Rego, as they are: the rules of others over documents as they were written.
//!
//! [`host`] compiles a set of modules once and asks rules of it about one input after another, within limits; it supplies what the
//! interpreter lacks. It knows nothing of what the modules say: who names an entry point, shapes the input and understands the
//! answer is a dialect, one module each.
//!
//! Nothing that policies do reaches beyond their input: there is no network, no file, no clock and no chance.

mod answer;
mod builtin;
mod error;
mod files;
pub mod host;
mod input;
pub mod kics;
pub mod module;
mod policies;
mod recursion;
mod rewrite;
#[cfg(test)]
mod scan_tests;
pub mod suite;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;

pub use files::{DataFile, Files};
pub use host::{Bundle, Evaluator, Failure, Input, Limits, Problem, check};
pub use policies::Policies;
pub(crate) use policies::kept;
