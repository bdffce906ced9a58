//! What sources, sinks, sanitizers and propagators match in a file, by node.

use std::{rc::Rc, sync::Arc};

use rustc_hash::FxHashMap;

use super::{
    plan::TaintPlan,
    shape::{MAX_RULES, RuleMask},
};
use crate::{
    ir::{Kind, NodeId},
    matching::{Bindings, is_expression},
    plan::Clause,
    rule::{BySideEffect, Label, Requires, SinkRequires},
    search::{Range, Search},
    unit::Unit,
};

/// A rule of the pass.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PassRule<'a> {
    /// Its index in the plan.
    pub(crate) index: usize,
    /// Its bit in masks.
    pub(crate) bit: usize,
    pub(crate) plan: &'a TaintPlan,
    pub(crate) options: &'a crate::rule::Options,
}

/// A place that a source matched.
#[derive(Debug)]
pub(crate) struct SourceMark<'a> {
    pub(crate) rules: RuleMask,
    pub(crate) label: u16,
    pub(crate) requires: Option<&'a Requires>,
    pub(crate) is_exact: bool,
    pub(crate) by_side_effect: BySideEffect,
    /// Whether running it is what is followed: whatever runs behind it carries its taint.
    pub(crate) is_control: bool,
    pub(crate) node: NodeId,
    pub(crate) bindings: Bindings,
    pub(crate) range: (u32, u32),
}

/// A place that a sink matched.
#[derive(Debug)]
pub(crate) struct SinkMark<'a> {
    /// The rule's bit.
    pub(crate) rule: usize,
    pub(crate) requires: &'a SinkRequires,
    /// Whether a metavariable is meant, and no call as a whole with all that it is given.
    pub(crate) is_focused: bool,
    /// The nodes that metavariables of [`SinkRequires::Each`] are bound to.
    pub(crate) each: Vec<Option<NodeId>>,
    pub(crate) node: NodeId,
    pub(crate) bindings: Bindings,
    pub(crate) range: (u32, u32),
    pub(crate) fix: Option<Arc<str>>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct SanitizerMark {
    pub(crate) rules: RuleMask,
    pub(crate) by_side_effect: BySideEffect,
}

#[derive(Debug)]
pub(crate) struct PropagatorMark<'a> {
    pub(crate) rules: RuleMask,
    pub(crate) to: NodeId,
    pub(crate) by_side_effect: bool,
    pub(crate) label: Option<u16>,
    /// What the data must carry already.
    pub(crate) requires: Option<&'a Requires>,
    /// The labels in whose place the new one comes; all if none are given.
    pub(crate) replaced: Option<Vec<u16>>,
}

/// All that matches in a file.
#[derive(Debug, Default)]
pub(crate) struct Marks<'a> {
    pub(crate) rules: Vec<PassRule<'a>>,
    pub(crate) sources: Vec<SourceMark<'a>>,
    pub(crate) sinks: Vec<SinkMark<'a>>,
    pub(crate) propagators: Vec<PropagatorMark<'a>>,
    /// Sources by the nodes that they make tainted.
    pub(crate) sources_of: FxHashMap<NodeId, Vec<u32>>,
    pub(crate) sinks_of: FxHashMap<NodeId, Vec<u32>>,
    pub(crate) sanitizers_of: FxHashMap<NodeId, Vec<SanitizerMark>>,
    /// Propagators by the node that they match.
    pub(crate) propagators_of: FxHashMap<NodeId, Vec<u32>>,
    /// Propagators that change the value of a node, and nothing behind it, by that node.
    pub(crate) propagators_to: FxHashMap<NodeId, Vec<u32>>,
    /// Whether running something is followed.
    pub(crate) has_control: bool,
    labels: Vec<Label>,
    /// What clauses match that several rules share.
    matched: Matched,
}

/// What clauses match, by their address.
type Matched = FxHashMap<*const Clause, Rc<Vec<Range>>>;

impl<'a> Marks<'a> {
    /// Matches the lists of some rules. A rule without a source or a sink in the file is left out, unless other files may have one.
    pub(crate) fn collect(search: &Search<'_>, rules: &[PassRule<'a>], has_other_files: bool) -> Self {
        let mut marks = Self { labels: vec![Label::default()], ..Self::default() };
        for rule in rules.iter().filter(|rule| rule.bit < MAX_RULES) {
            marks.add_rule(search, *rule, has_other_files);
        }
        marks
    }

    /// The rules whose switches say so.
    pub(crate) fn rules_where(&self, is_so: impl Fn(&crate::rule::Options) -> bool) -> RuleMask {
        self.rules.iter().filter(|rule| is_so(rule.options)).fold(0, |mask, rule| mask | (1 << rule.bit))
    }

    /// The rule of a bit.
    pub(crate) fn rule(&self, bit: usize) -> Option<&PassRule<'a>> {
        self.rules.iter().find(|rule| rule.bit == bit)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    pub(crate) fn labels(&self) -> &[Label] {
        &self.labels
    }

    fn label(&mut self, label: &Label) -> u16 {
        let index = self.labels.iter().position(|known| known == label).unwrap_or_else(|| {
            self.labels.push(label.clone());
            self.labels.len() - 1
        });
        u16::try_from(index).unwrap_or(0)
    }

    fn ranges(&mut self, search: &Search<'_>, clause: &Arc<Clause>) -> Rc<Vec<Range>> {
        let known = self.matched.entry(Arc::as_ptr(clause));
        known.or_insert_with(|| Rc::new(search.evaluate(clause, None))).clone()
    }

    fn add_rule(&mut self, search: &Search<'_>, rule: PassRule<'a>, has_other_files: bool) {
        // Sinks are looked for first: there are fewer of them.
        let sinks: Vec<Rc<Vec<Range>>> = rule.plan.sinks.iter().map(|sink| self.ranges(search, &sink.clause)).collect();
        if sinks.iter().all(|ranges| ranges.is_empty()) && !has_other_files {
            return;
        }
        let sources: Vec<Rc<Vec<Range>>> = rule.plan.sources.iter().map(|source| self.ranges(search, &source.clause)).collect();
        if sources.iter().all(|ranges| ranges.is_empty()) && !has_other_files {
            return;
        }
        let bit = rule.bit;
        let mask: RuleMask = 1 << bit;
        self.rules.push(rule);
        let unit = search.unit;
        for (plan, ranges) in rule.plan.sources.iter().zip(&sources) {
            for range in ranges.iter() {
                self.add_source(unit, plan, range, mask);
            }
        }
        for (plan, ranges) in rule.plan.sinks.iter().zip(&sinks) {
            let is_focused = plan.clause.has_focus();
            for range in ranges.iter() {
                for node in nodes(unit, range) {
                    if plan.at_exit && !is_at_exit(unit, node) {
                        continue;
                    }
                    let each = plan.names.iter().map(|name| match range.bindings.get(*name) {
                        Some(crate::matching::Bound::Node(node)) => Some(node),
                        _ => None,
                    });
                    let index = u32::try_from(self.sinks.len()).unwrap_or(u32::MAX);
                    self.sinks.push(SinkMark {
                        rule: bit,
                        requires: &plan.requires,
                        is_focused,
                        each: each.collect(),
                        node,
                        bindings: range.bindings.clone(),
                        range: range.range,
                        fix: range.fix.clone(),
                    });
                    self.sinks_of.entry(node).or_default().push(index);
                    if !plan.is_exact {
                        for below in unit.tree.descendants(node).filter(|below| is_expression(unit.tree.kind(*below))) {
                            self.sinks_of.entry(below).or_default().push(index);
                        }
                    }
                }
            }
        }
        for plan in &rule.plan.sanitizers {
            for range in self.ranges(search, &plan.clause).iter() {
                // It is no sanitizer where it is the source or the sink itself.
                let conflicts =
                    |ranges: &[Rc<Vec<Range>>]| ranges.iter().flat_map(|ranges| ranges.iter()).any(|other| other.range == range.range);
                if plan.not_conflicting && (conflicts(&sources) || conflicts(&sinks)) {
                    continue;
                }
                for node in nodes(unit, range) {
                    let mark = SanitizerMark { rules: mask, by_side_effect: plan.by_side_effect };
                    self.sanitizers_of.entry(node).or_default().push(mark);
                    if !plan.is_exact {
                        for below in unit.tree.descendants(node).filter(|below| is_expression(unit.tree.kind(*below))) {
                            self.sanitizers_of.entry(below).or_default().push(SanitizerMark { by_side_effect: BySideEffect::No, ..mark });
                        }
                    }
                }
            }
        }
        for plan in &rule.plan.propagators {
            let label = plan.label.as_ref().map(|label| self.label(label));
            let replaced: Option<Vec<u16>> =
                plan.replace_labels.as_ref().map(|labels| labels.iter().map(|label| self.label(label)).collect());
            for range in self.ranges(search, &plan.clause).iter() {
                let bound = |name| match range.bindings.get(name) {
                    Some(crate::matching::Bound::Node(node)) => Some(node),
                    Some(crate::matching::Bound::Row { first, .. }) => first,
                    _ => None,
                };
                let (Some(from), Some(to)) = (bound(plan.from), bound(plan.to)) else { continue };
                let index = u32::try_from(self.propagators.len()).unwrap_or(u32::MAX);
                self.propagators.push(PropagatorMark {
                    rules: mask,
                    to,
                    by_side_effect: plan.by_side_effect,
                    label,
                    requires: plan.requires.as_ref(),
                    replaced: replaced.clone(),
                });
                if !plan.by_side_effect {
                    self.propagators_to.entry(to).or_default().push(index);
                }
                // It acts once what it comes from is known.
                self.propagators_of.entry(from).or_default().push(index);
            }
        }
    }

    fn add_source(&mut self, unit: &Unit<'_>, plan: &'a super::plan::SourcePlan, range: &Range, mask: RuleMask) {
        let label = self.label(&plan.label);
        self.has_control |= plan.is_control;
        for node in nodes(unit, range) {
            // The same place for another rule is the same source.
            let known = self.sources_of.get(&node).and_then(|known| {
                known.iter().copied().find(|index| {
                    self.sources.get(*index as usize).is_some_and(|source| {
                        source.node == node
                            && source.label == label
                            && source.requires == plan.requires.as_ref()
                            && source.is_exact == plan.is_exact
                            && source.by_side_effect == plan.by_side_effect
                            && source.is_control == plan.is_control
                            && source.bindings == range.bindings
                    })
                })
            });
            if let Some(known) = known.and_then(|index| self.sources.get_mut(index as usize)) {
                known.rules |= mask;
                continue;
            }
            let index = u32::try_from(self.sources.len()).unwrap_or(u32::MAX);
            self.sources.push(SourceMark {
                rules: mask,
                label,
                requires: plan.requires.as_ref(),
                is_exact: plan.is_exact,
                by_side_effect: plan.by_side_effect,
                is_control: plan.is_control,
                node,
                bindings: range.bindings.clone(),
                range: range.range,
            });
            self.sources_of.entry(node).or_default().push(index);
            if !plan.is_exact {
                for below in unit.tree.descendants(node).filter(|below| is_expression(unit.tree.kind(*below))) {
                    self.sources_of.entry(below).or_default().push(index);
                }
            }
        }
    }
}

/// Whether a function ends behind a node: nothing of it runs after the statement that the node is in.
fn is_at_exit(unit: &Unit<'_>, node: NodeId) -> bool {
    let mut at = node;
    while let Some(parent) = unit.tree.parent(at) {
        match unit.tree.kind(at) {
            Kind::Return | Kind::Throw => return true,
            Kind::While | Kind::DoWhile | Kind::For | Kind::ForEach => return false,
            _ => {}
        }
        match unit.tree.kind(parent) {
            Kind::FuncDef | Kind::Lambda | Kind::Root => return true,
            Kind::Block if unit.tree.children(parent).last() != Some(at) => return false,
            _ => at = parent,
        }
    }
    true
}

/// The nodes that a range means: the one that was matched, or the largest ones that lie within.
fn nodes(unit: &Unit<'_>, range: &Range) -> Vec<NodeId> {
    if let Some(node) = range.node.filter(|node| unit.tree.range(*node) == range.range) {
        return vec![match unit.tree.kind(node) {
            Kind::ExprStmt | Kind::Annotation => unit.tree.child(node, 0),
            Kind::Param => unit.tree.child(node, 1),
            _ => node,
        }];
    }
    let mut found = Vec::new();
    let mut next = 0;
    while let Some(node) = unit.tree.nodes().get(next as usize) {
        let id = NodeId(next);
        if range.range.0 <= node.start && node.end <= range.range.1 && node.start < node.end && is_expression(node.kind) {
            found.push(id);
            next = node.subtree_end;
        } else if node.end <= range.range.0 || range.range.1 <= node.start {
            // Nothing below it can lie within; children never reach beyond their parent.
            next = node.subtree_end.max(next + 1);
        } else {
            next += 1;
        }
    }
    found
}
