//! Policies in Rego, as they are: the rules of others over documents as they were written.
//!
//! [`host`] compiles a set of modules once and asks rules of it about one input after another, within limits; it supplies what the
//! interpreter lacks. It knows nothing of what the modules say: who names an entry point, shapes the input and understands the
//! answer is a dialect, one module each.
//!
//! Nothing that policies do reaches beyond their input: there is no network, no file, no clock and no chance.

mod builtin;
mod error;
pub mod host;
#[cfg(test)]
mod tests;

pub use host::{Bundle, Evaluator, Failure, Limits, Problem};
