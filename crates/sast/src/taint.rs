//! Follows data from sources to sinks.
//!
//! All taint rules of a file are followed in one pass: what a value carries names the sources that it comes from, and for each
//! of them the rules for which it was made harmless. Functions are analyzed once; calls use what is known of the function
//! called. Everything is bounded by steps, never by time, so that the same code always gives the same result.
//!
//! What matches where is found by [`marks`], the values are in [`shape`], what variables carry at a point is in
//! [`env`]; [`flow`] walks over the code, and writes to [`place`]s.

mod call;
mod container;
mod context;
mod env;
mod explain;
mod flow;
mod function;
mod label;
mod marks;
mod open;
mod place;
mod plan;
mod report;
mod shape;
mod statement;
mod summary;
#[cfg(test)]
mod tests;

pub(crate) use self::{
    container::run as run_container,
    explain::explain,
    flow::{MAX_OPEN_STEPS, analyze},
    function::{is_constructor, is_field_too, params},
    label::Relabel,
    marks::{Marks, PassRule},
    open::Open,
    plan::{PropagatorPlan, SanitizerPlan, SinkPlan, SourcePlan, TaintPlan},
    report::{Hit, StepRole, TraceStep},
    shape::{Key, MAX_RULES, Origin, Path, RECEIVER, RuleMask, Shape, Step, Taint, Taints},
};
