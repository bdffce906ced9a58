//! What arrives at sinks.

use std::rc::Rc;

use smallvec::SmallVec;

use super::{
    env::Base,
    flow::Flow,
    shape::{Origin, Step, Taint, Taints},
};
use crate::{
    ir::NodeId,
    rule::{Label, SinkRequires},
};

/// A parameter that arrives at a sink within a function.
#[derive(Debug, Clone)]
pub(crate) struct Hit {
    /// The sink, by its index.
    pub(crate) sink: u32,
    /// The node where it arrives.
    pub(crate) node: NodeId,
    pub(crate) taint: Taint,
    /// The labels of sources that arrive there together with it.
    pub(crate) labels: SmallVec<[u16; 2]>,
}

/// A call on the way to a sink that lies in the function called.
#[derive(Debug, Clone)]
pub(super) struct Via {
    pub(super) call: NodeId,
    /// The way from the parameter to the sink.
    pub(super) inner: Option<Rc<Step>>,
}

/// Data of a source that arrives at a sink.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TaintFinding {
    /// The rule, by its index in the plan.
    pub(crate) rule: usize,
    /// The range of the sink's match.
    pub(crate) range: (u32, u32),
    /// The sink and the source, by their indexes among the marks.
    pub(crate) sink: u32,
    pub(crate) source: u32,
    /// The way, from the source to the sink.
    pub(crate) trace: Vec<TraceStep>,
}

/// One step on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TraceStep {
    pub(crate) range: (u32, u32),
    pub(crate) role: StepRole,
}

/// What happens at a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StepRole {
    Source,
    Passes,
    Sink,
}

impl Flow<'_> {
    /// Taint arrives at a sink.
    pub(super) fn sink(&mut self, node: NodeId, index: u32, taints: &Taints) {
        let Some(sink) = self.marks.sinks.get(index as usize) else { return };
        let control = if self.marks.has_control { self.env.get(Base::Control) } else { None };
        if taints.is_empty() && control.is_none() {
            return;
        }
        let all = taints.iter().chain(control.iter().flat_map(|control| control.own.iter()));
        let live: Vec<Taint> = all.filter(|taint| self.is_live(taint, sink.rule)).cloned().collect();
        if taints.is_full() && !live.iter().any(|taint| matches!(taint.origin, Origin::Source(_))) {
            self.limited.insert(sink.rule);
        }
        if live.is_empty() {
            return;
        }
        if let SinkRequires::Each(each) = sink.requires {
            let is_fulfilled = each.iter().zip(&sink.each).all(|((_, requires), bound)| {
                let taints = bound.map(|bound| self.peek(bound)).unwrap_or_default();
                let labels: Vec<u16> = taints.iter().filter(|taint| self.is_live(taint, sink.rule)).map(|taint| taint.label).collect();
                self.holds(requires, &labels)
            });
            if !is_fulfilled {
                return;
            }
        }
        let labels = labels(live.iter(), &[]);
        let is_fulfilled = self.is_fulfilled(index, &labels);
        for taint in live.iter().filter(|taint| taint.origin.is_open() || is_fulfilled) {
            self.hit(index, node, taint, None, &labels);
        }
    }

    /// Whether labels are what a sink asks for.
    pub(super) fn is_fulfilled(&self, sink: u32, labels: &[u16]) -> bool {
        match self.marks.sinks.get(sink as usize).map(|sink| sink.requires) {
            Some(SinkRequires::Default) => {
                let default = Label::default();
                labels.iter().any(|label| self.marks.labels().get(usize::from(*label)) == Some(&default))
            }
            Some(SinkRequires::Whole(requires)) => self.holds(requires, labels),
            Some(SinkRequires::Each(_)) | None => true,
        }
    }

    /// Whether taint is harmful for a rule, by its bit.
    fn is_live(&self, taint: &Taint, rule: usize) -> bool {
        self.rules_of(taint.origin) & !taint.sanitized & (1 << rule) != 0
    }

    /// Reports taint of a source; notes that of a parameter.
    pub(super) fn hit(&mut self, index: u32, node: NodeId, taint: &Taint, via: Option<&Via>, labels: &[u16]) {
        let Some(sink) = self.marks.sinks.get(index as usize) else { return };
        if !self.is_live(taint, sink.rule) {
            return;
        }
        let source = match taint.origin {
            Origin::Source(source) => source,
            Origin::Result(..) | Origin::Effect(..) => {
                let function = self.function;
                let Some(recorder) = self.recorder.as_mut() else { return };
                let hits = &mut recorder.open.hits;
                let is_known = hits.iter().rev().any(|(known, hit)| *known == function && hit.sink == index && hit.taint.is_same(taint));
                if !is_known {
                    let mut taint = taint.clone();
                    if let Some(via) = via {
                        taint.trace = Step::then(taint.trace.as_ref(), via.call);
                    }
                    hits.push((function, Hit { sink: index, node, taint, labels: labels.into() }));
                }
                return;
            }
            Origin::Param(..) => {
                let is_known = self.hits.iter().any(|hit| hit.sink == index && hit.node == node && hit.taint.is_same(taint));
                if !is_known {
                    let mut taint = taint.clone();
                    if let Some(via) = via {
                        taint.trace = Step::then(taint.trace.as_ref(), via.call);
                    }
                    self.hits.push(Hit { sink: index, node, taint, labels: labels.into() });
                }
                return;
            }
        };
        let Some(rule) = self.marks.rule(sink.rule) else { return };
        if rule.options.taint_unify_mvars && !self.is_unified(source, index) {
            return;
        }
        let trace = self.trace(taint, via, sink.node);
        let key = (sink.rule, sink.node);
        match self.found.get(&key).and_then(|position| self.findings.get_mut(*position)) {
            // Of several ways the shortest is shown; of equal ones the first source.
            Some(known) => {
                if (trace.len(), source) < (known.trace.len(), known.source) {
                    (known.source, known.trace) = (source, trace);
                }
            }
            None => {
                self.found.insert(key, self.findings.len());
                self.findings.push(TaintFinding { rule: rule.index, range: sink.range, sink: index, source, trace });
            }
        }
    }

    /// Whether what source and sink bind agrees.
    fn is_unified(&self, source: u32, sink: u32) -> bool {
        let (Some(source), Some(sink)) = (self.marks.sources.get(source as usize), self.marks.sinks.get(sink as usize)) else {
            return true;
        };
        source.bindings.iter().all(|(name, bound)| sink.bindings.get(name).is_none_or(|other| self.unit.is_equal(bound, other)))
    }

    fn trace(&self, taint: &Taint, via: Option<&Via>, sink: NodeId) -> Vec<TraceStep> {
        let mut nodes = steps(taint.trace.as_ref());
        if let Some(via) = via {
            nodes.push(via.call);
            nodes.extend(steps(via.inner.as_ref()));
        }
        nodes.push(sink);
        nodes.dedup_by_key(|node| self.unit.tree.range(*node));
        let last = nodes.len().saturating_sub(1);
        let role = |index| match index {
            0 => StepRole::Source,
            _ if index == last => StepRole::Sink,
            _ => StepRole::Passes,
        };
        nodes.iter().enumerate().map(|(index, node)| TraceStep { range: self.unit.tree.range(*node), role: role(index) }).collect()
    }
}

/// The labels of what comes from sources, with some that are known.
pub(super) fn labels<'t>(taints: impl Iterator<Item = &'t Taint>, known: &[u16]) -> SmallVec<[u16; 2]> {
    let mut labels: SmallVec<[u16; 2]> = known.into();
    for taint in taints.filter(|taint| !taint.origin.is_open()) {
        if !labels.contains(&taint.label) {
            labels.push(taint.label);
        }
    }
    labels
}

/// The nodes of a way, in order.
fn steps(last: Option<&Rc<Step>>) -> Vec<NodeId> {
    let mut nodes = Vec::new();
    let mut at = last;
    while let Some(step) = at {
        nodes.push(step.node);
        at = step.before.as_ref();
    }
    nodes.reverse();
    nodes
}
