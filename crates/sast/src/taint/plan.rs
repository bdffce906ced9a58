//! Taint rules, compiled.

use std::sync::Arc;

use crate::{
    ir::Symbol,
    plan::{Clause, Compiler, Target},
    rule::{BySideEffect, Entry, Label, Problem, Propagator, Requires, Sanitizer, Sink, SinkRequires, Source, TaintSpec},
};

/// A taint rule in one language.
#[derive(Debug)]
pub(crate) struct TaintPlan {
    pub(crate) sources: Vec<SourcePlan>,
    pub(crate) sinks: Vec<SinkPlan>,
    pub(crate) sanitizers: Vec<SanitizerPlan>,
    pub(crate) propagators: Vec<PropagatorPlan>,
}

#[derive(Debug, Clone)]
pub(crate) struct SourcePlan {
    pub(crate) clause: Arc<Clause>,
    pub(crate) is_exact: bool,
    pub(crate) by_side_effect: BySideEffect,
    /// Whether running it is what is followed.
    pub(crate) is_control: bool,
    pub(crate) label: Label,
    pub(crate) requires: Option<Requires>,
}

#[derive(Debug, Clone)]
pub(crate) struct SinkPlan {
    pub(crate) clause: Arc<Clause>,
    pub(crate) is_exact: bool,
    pub(crate) at_exit: bool,
    pub(crate) requires: SinkRequires,
    /// The metavariables that [`SinkRequires::Each`] names, in its order.
    pub(crate) names: Vec<Symbol>,
}

#[derive(Debug, Clone)]
pub(crate) struct SanitizerPlan {
    pub(crate) clause: Arc<Clause>,
    pub(crate) is_exact: bool,
    pub(crate) by_side_effect: BySideEffect,
    pub(crate) not_conflicting: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct PropagatorPlan {
    pub(crate) clause: Arc<Clause>,
    pub(crate) from: Symbol,
    pub(crate) to: Symbol,
    pub(crate) by_side_effect: bool,
    pub(crate) label: Option<Label>,
    pub(crate) requires: Option<Requires>,
    pub(crate) replace_labels: Option<Vec<Label>>,
}

impl TaintPlan {
    /// Compiles the lists of a rule, and those of the models that it refers to.
    pub(crate) fn compile(compiler: &mut Compiler, spec: &TaintSpec, target: Target) -> Result<Self, Box<Problem>> {
        let mut plan = Self { sources: Vec::new(), sinks: Vec::new(), sanitizers: Vec::new(), propagators: Vec::new() };
        for entry in &spec.sources {
            match entry {
                Entry::Own(source) => plan.sources.push(SourcePlan::compile(compiler, source, target)?),
                Entry::Model(reference) => {
                    for mut source in compiler.model_sources(reference, target)? {
                        if let Some(label) = &reference.label {
                            source.label = label.clone();
                        }
                        source.requires = both(source.requires, reference.requires.clone());
                        plan.sources.push(source);
                    }
                }
            }
        }
        for entry in &spec.sinks {
            match entry {
                Entry::Own(sink) => plan.sinks.push(SinkPlan::compile(compiler, sink, target)?),
                Entry::Model(reference) => {
                    for mut sink in compiler.model_sinks(reference, target)? {
                        if let Some(requires) = &reference.requires {
                            sink.requires = SinkRequires::Whole(requires.clone());
                        }
                        plan.sinks.push(sink);
                    }
                }
            }
        }
        for entry in &spec.sanitizers {
            match entry {
                Entry::Own(sanitizer) => plan.sanitizers.push(SanitizerPlan::compile(compiler, sanitizer, target)?),
                Entry::Model(reference) => plan.sanitizers.extend(compiler.model_sanitizers(reference, target)?),
            }
        }
        for entry in &spec.propagators {
            match entry {
                Entry::Own(propagator) => plan.propagators.push(PropagatorPlan::compile(compiler, propagator, target)?),
                Entry::Model(reference) => plan.propagators.extend(compiler.model_propagators(reference, target)?),
            }
        }
        Ok(plan)
    }
}

fn both(one: Option<Requires>, other: Option<Requires>) -> Option<Requires> {
    match (one, other) {
        (Some(one), Some(other)) => Some(Requires::And(vec![one, other])),
        (one, other) => one.or(other),
    }
}

impl SourcePlan {
    pub(crate) fn compile(compiler: &mut Compiler, source: &Source, target: Target) -> Result<Self, Box<Problem>> {
        Ok(Self {
            clause: Arc::new(compiler.clause(&source.formula, target)?),
            is_exact: source.is_exact,
            by_side_effect: source.by_side_effect,
            is_control: source.is_control,
            label: source.label.clone(),
            requires: source.requires.clone(),
        })
    }
}

impl SinkPlan {
    pub(crate) fn compile(compiler: &mut Compiler, sink: &Sink, target: Target) -> Result<Self, Box<Problem>> {
        let names = match &sink.requires {
            SinkRequires::Each(each) => each.iter().map(|(name, _)| compiler.name(name)).collect(),
            SinkRequires::Default | SinkRequires::Whole(_) => Vec::new(),
        };
        Ok(Self {
            clause: Arc::new(compiler.clause(&sink.formula, target)?),
            is_exact: sink.is_exact,
            at_exit: sink.at_exit,
            requires: sink.requires.clone(),
            names,
        })
    }
}

impl SanitizerPlan {
    pub(crate) fn compile(compiler: &mut Compiler, sanitizer: &Sanitizer, target: Target) -> Result<Self, Box<Problem>> {
        Ok(Self {
            clause: Arc::new(compiler.clause(&sanitizer.formula, target)?),
            is_exact: sanitizer.is_exact,
            by_side_effect: sanitizer.by_side_effect,
            not_conflicting: sanitizer.not_conflicting,
        })
    }
}

impl PropagatorPlan {
    pub(crate) fn compile(compiler: &mut Compiler, propagator: &Propagator, target: Target) -> Result<Self, Box<Problem>> {
        Ok(Self {
            clause: Arc::new(compiler.clause(&propagator.formula, target)?),
            from: compiler.name(&propagator.from),
            to: compiler.name(&propagator.to),
            by_side_effect: propagator.by_side_effect,
            label: propagator.label.clone(),
            requires: propagator.requires.clone(),
            replace_labels: propagator.replace_labels.clone(),
        })
    }
}
