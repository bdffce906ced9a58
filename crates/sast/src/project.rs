//! Flow across files.
//!
//! What a file defines, calls and passes on is noted when it is visited ([`facts`]): functions by what they do with what they are
//! given, calls by what they are given and by what names their function. A call whose function may be in another file has a
//! result that stands for itself until all files are known. Then names are resolved over the project ([`index`]), and functions
//! are put together from the callees up ([`solve`]); no tree is kept, and no file is read twice.

mod callgraph;
mod configuration;
mod encode;
mod facts;
mod finish;
mod index;
mod outline;
mod solve;
mod summaries;

pub use self::{
    callgraph::{CallGraph, FunctionCall, FunctionNode, callgraph},
    summaries::{FlowEnd, FlowSummary, FunctionSummary, Summaries, summaries},
};
pub(crate) use self::{
    configuration::read as configured,
    encode::Encoder,
    facts::{Callee, FileFacts, Text},
    finish::{Family, family_of, finish},
    outline::Outline,
};
