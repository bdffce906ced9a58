//! Labels: what sources give, and what they, propagators and sinks ask for.

use super::{
    flow::Flow,
    shape::{Origin, RuleMask, Shape, Step, Taint, Taints},
};
use crate::rule::Requires;

/// A source that gives its label to what carries others.
pub(crate) struct Relabel<'r> {
    /// The source.
    pub(crate) source: u32,
    pub(crate) rules: RuleMask,
    pub(crate) label: u16,
    /// The rules that ask for what comes from an origin.
    pub(crate) rules_of: &'r dyn Fn(Origin) -> RuleMask,
    /// Whether labels are what the source asks for.
    pub(crate) holds: &'r dyn Fn(&[u16]) -> bool,
}

impl Relabel<'_> {
    /// What the source makes of a value, now that it is known what that carries: taint of its own of what is known, and taint that
    /// holds later of what is not.
    pub(crate) fn of(&self, carried: &Taints) -> Taints {
        let live = |one: &Taint| if one.origin.is_open() { 0 } else { (self.rules_of)(one.origin) & !one.sanitized & self.rules };
        let labels: Vec<u16> = carried.iter().filter(|one| live(one) != 0).map(|one| one.label).collect();
        let holds = (self.holds)(&labels);
        let mut made = Taints::default();
        for one in carried.iter() {
            if one.origin.is_open() && one.given.is_none() {
                made.add(Taint { label: self.label, given: Some(self.source), ..one.clone() });
            } else if holds && live(one) != 0 {
                let sanitized = one.sanitized | self.rules & !(self.rules_of)(one.origin);
                made.add(Taint { origin: Origin::Source(self.source), label: self.label, sanitized, ..one.clone() });
            }
        }
        made
    }
}

impl Flow<'_> {
    /// The taint of a source. One that asks for labels makes it of what carries them; of what is not known yet it makes taint that
    /// holds if that carries them.
    pub(super) fn made_by_source(&self, index: u32, value: &Shape) -> Taints {
        let mut made = Taints::default();
        let Some(source) = self.marks.sources.get(index as usize) else { return made };
        let of = |origin| Taint { origin, label: source.label, given: None, sanitized: 0, trace: Step::then(None, source.node) };
        let Some(requires) = source.requires else { return of(Origin::Source(index)).into() };
        let carried = value.all();
        if self.holds(requires, &self.labels_of(&carried, source.rules)) {
            return of(Origin::Source(index)).into();
        }
        for taint in carried.iter().filter(|taint| taint.origin.is_open() && taint.given.is_none()) {
            let trace = Step::then(taint.trace.as_ref(), source.node);
            made.add(Taint { given: Some(index), sanitized: taint.sanitized, trace, ..of(taint.origin) });
        }
        made
    }

    /// What taint that a source made of something open is, now that it is known what that carries.
    pub(super) fn known_of(&self, taint: &Taint, carried: Shape) -> Shape {
        let Some(index) = taint.given else { return carried };
        let Some(source) = self.marks.sources.get(index as usize) else { return carried };
        let relabel = Relabel {
            source: index,
            rules: source.rules,
            label: source.label,
            rules_of: &|origin| self.rules_of(origin),
            holds: &|labels| source.requires.is_none_or(|requires| self.holds(requires, labels)),
        };
        Shape::of(relabel.of(&carried.all()))
    }

    /// The labels of what is harmful to any of some rules, as far as it is known where that comes from.
    pub(super) fn labels_of(&self, taints: &Taints, rules: RuleMask) -> Vec<u16> {
        let is_live = |taint: &&Taint| !taint.origin.is_open() && self.rules_of(taint.origin) & !taint.sanitized & rules != 0;
        taints.iter().filter(is_live).map(|taint| taint.label).collect()
    }

    /// Whether labels fulfil what is asked for.
    pub(super) fn holds(&self, requires: &Requires, labels: &[u16]) -> bool {
        requires.holds(&|wanted| labels.iter().any(|label| self.marks.labels().get(usize::from(*label)) == Some(wanted)))
    }
}
