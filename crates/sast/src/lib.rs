//! Finds weaknesses in source code.
//!
//! Source text becomes a syntax tree (`bartizan-syntax`), the tree becomes an [`ir`], and rules are matched on that. Rules are
//! those of Semgrep's format, ours included.

mod comparison;
pub mod debug;
mod engine;
pub mod entropy;
pub mod explain;
pub mod generic;
pub mod ir;
mod lower;
mod matching;
mod names;
mod pack;
mod pattern;
mod plan;
pub mod probe;
mod project;
pub mod redos;
pub mod regex;
pub mod rule;
mod run;
mod search;
mod string_literal;
pub mod suite;
mod taint;
mod unit;
mod value;

pub use self::{
    engine::{ID, MAX_FILE_BYTES, Reach, Rules, SastEngine},
    pack::{built_in, built_in_problems, models},
    plan::{KeptPatterns, Model, Models, Plan},
};
