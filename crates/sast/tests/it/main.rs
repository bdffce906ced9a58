//! The engine from outside.

mod built_in;
mod flow;
