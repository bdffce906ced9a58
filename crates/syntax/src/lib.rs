//! Syntax trees: which grammar reads which language, and parsing within limits.
//!
//! This is the one leaf crate with C code in it. It knows nothing about files, rules or engines.

mod grammar;
mod parse;
mod trees;

pub use grammar::Grammar;
pub use parse::{MAX_TREE_BYTES, ParseError, Tree, parse};
pub use tree_sitter;
pub use trees::{Parsed, Trees};
