//! Finds weaknesses in source code.
//!
//! Source text becomes a syntax tree (`bartizan-syntax`), the tree becomes an [`ir`], and rules are matched on that. Rules are
//! those of Semgrep's format, ours included.

pub mod entropy;
pub mod generic;
pub mod ir;
mod lower;
pub mod redos;
pub mod string_literal;
