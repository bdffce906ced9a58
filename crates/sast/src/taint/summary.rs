//! What is known of a function, whoever calls it.

use std::rc::Rc;

use smallvec::SmallVec;

use super::{
    env::{Base, Env},
    flow::{Flow, MAX_CALL_DEPTH},
    function::{body, is_constructor, is_field_too, params, receiver_name},
    report::Hit,
    shape::{Key, Origin, Shape, Taint},
};
use crate::ir::{Kind, NodeId};

/// What a function gives back, what it does to what it is given, and where that arrives.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    pub(crate) returned: Shape,
    /// What its object carries afterwards, in terms of parameters.
    pub(crate) receiver: Shape,
    /// What parameters carry afterwards, by index, where that is more than before.
    pub(crate) params: Vec<(u32, Shape)>,
    /// Parameters that arrive at sinks.
    pub(crate) hits: Vec<Hit>,
}

impl Flow<'_> {
    /// The summary of a function; nothing while it is being made, that is, for a call of itself.
    pub(super) fn summary(&mut self, function: NodeId) -> Option<Rc<Summary>> {
        if let Some(known) = self.summaries.get(&function) {
            return known.clone();
        }
        if MAX_CALL_DEPTH <= self.depth {
            return None;
        }
        self.summaries.insert(function, None);
        let summary = Rc::new(self.summarize(function));
        if self.is_exhausted() {
            // Half of a function says nothing of the whole.
            return None;
        }
        self.summaries.insert(function, Some(summary.clone()));
        Some(summary)
    }

    /// The object that a method runs on: what it is given, and what its class sets fields to.
    fn receiver_of(&mut self, function: NodeId) -> Shape {
        let mut receiver = Self::receiver_taint();
        let Some(class) = self.enclosing_class(function) else { return receiver };
        if !is_constructor(self.unit, function) {
            self.join_constructed(class, &mut receiver);
        }
        if let Some(fields) = self.fields_of.get(&class) {
            for (key, part) in fields.parts() {
                let mut field = receiver.part(*key);
                field.join(part);
                receiver.write(&[*key], field);
            }
        }
        receiver
    }

    /// What a closure sees of variables around it, and what the file sets up. Parameters are those of the function at hand.
    fn seen_from_closures(&mut self, outer: &Env) -> Env {
        if let Some((known, seen)) = &self.seen
            && known.is_same(outer)
        {
            return seen.clone();
        }
        let mut seen = Env::default();
        for (base, shape) in outer.iter().filter(|(base, shape)| *base != Base::This && !shape.is_clean()) {
            let is_own = |taint: &Taint| matches!(taint.origin, Origin::Param(..));
            let mut shape = shape.clone();
            if shape.any(&mut |taint| is_own(taint)) {
                Rc::make_mut(&mut shape).retain(&mut |taint| !is_own(taint));
            }
            seen.share(base, shape);
        }
        self.seen = Some((outer.clone(), seen.clone()));
        seen
    }

    /// What constructors set fields to, whatever they are given: every object of the class has it.
    fn join_constructed(&mut self, class: NodeId, receiver: &mut Shape) {
        let members = self.unit.tree.child(class, 4);
        let constructors: SmallVec<[NodeId; 1]> =
            self.unit.tree.children(members).filter(|member| is_constructor(self.unit, *member)).collect();
        for constructor in constructors {
            let Some(summary) = self.summary(constructor) else { continue };
            for (key, part) in summary.receiver.parts() {
                let mut part = part.clone();
                part.retain(&mut |taint| !taint.origin.is_open());
                if !part.is_clean() {
                    let mut field = receiver.part(*key);
                    field.join(&part);
                    receiver.write(&[*key], field);
                }
            }
        }
    }

    pub(super) fn summarize(&mut self, function: NodeId) -> Summary {
        let outer_env = std::mem::take(&mut self.env);
        let outer_exits = std::mem::take(&mut self.exits);
        let outer_hits = std::mem::take(&mut self.hits);
        let outer_function = std::mem::replace(&mut self.function, function);
        let n_nested = self.nested.len();
        self.depth += 1;

        let mut env = self.seen_from_closures(&outer_env);
        let mut receiver = self.receiver_of(function);
        if let Some(name) = receiver_name(self.unit, function) {
            self.mark_target(name, &mut receiver);
        }
        env.set(Base::This, receiver);
        self.env = env;
        let params = params(self.unit, function);
        for (index, param) in params.iter().enumerate() {
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            self.parameter(*param, Self::param_taint(index));
            if is_field_too(self.unit, function, *param) {
                let name = self.unit.tree.node(self.unit.tree.child(*param, 1)).symbol;
                self.env.slot(Base::This).write(&[Key::Field(name)], Self::param_taint(index));
            }
        }
        let body = body(self.unit, function);
        let mut returned = Shape::default();
        if self.unit.tree.kind(body) == Kind::Block {
            returned = self.body(body);
        } else if self.unit.tree.kind(body) != Kind::None {
            returned = self.expression(body);
        }
        returned.join(&std::mem::take(&mut self.exits.returned));
        if let Some(at_return) = self.exits.at_return.take() {
            self.env.join(&at_return);
        }
        // Functions that stand in it see what it has left.
        for nested in self.nested.split_off(n_nested) {
            self.summary(nested);
        }
        let receiver = self.env.get(Base::This).cloned().unwrap_or_default().without_itself(super::shape::RECEIVER);
        let mut effects = Vec::new();
        for (index, param) in params.iter().enumerate() {
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            let name = if self.unit.tree.kind(*param) == Kind::Param { self.unit.tree.child(*param, 1) } else { *param };
            // A parameter that was given another value says nothing of what the caller has.
            let is_reassigned = self.unit.names.of(name).is_none_or(|binding| 1 < binding.definitions.len());
            if is_reassigned {
                continue;
            }
            if let Some(place) = self.place(name) {
                let after = self.read(&place).without_itself(index);
                if !after.is_clean() {
                    effects.push((index, after));
                }
            }
        }
        let hits = std::mem::replace(&mut self.hits, outer_hits);
        self.env = outer_env;
        self.exits = outer_exits;
        self.function = outer_function;
        self.depth -= 1;
        Summary { returned, receiver, params: effects, hits }
    }
}
