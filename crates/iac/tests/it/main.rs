//! Tests from outside of the crate.

mod helm;
