//! What a call gives a function beside data: functions that it calls, and values that decide which way it takes.
//!
//! A function is followed once for all calls, unless what it is given makes a difference: a callback that it runs, or a constant
//! that a condition asks for. Then it is followed once more for such calls. Both are found by what stands in the code; nothing is
//! evaluated that depends on data.

use std::rc::Rc;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::{
    flow::{Flow, MAX_CALL_DEPTH},
    function::params,
    summary::Summary,
};
use crate::{
    ir::{Kind, NodeId, Op},
    names::{BindingId, BindingKind},
    value::Value,
};

/// In how many contexts one function is followed; in others it is followed as if nothing was known of them.
const MAX_CONTEXTS: usize = 6;

/// How many names and parts are followed to what an argument is.
const MAX_HOPS: usize = 8;

/// What parameters stand for in some calls of a function: by their index, and what the arguments are.
pub(super) type Context = SmallVec<[(u32, NodeId); 2]>;

/// The summary of a function in a context; none while it is being made.
type InContext = (Context, Option<Rc<Summary>>);

/// What is known of functions in contexts.
#[derive(Debug, Default)]
pub(super) struct Contexts {
    /// What the parameters of the functions that are followed right now stand for.
    bound: FxHashMap<BindingId, NodeId>,
    summaries: FxHashMap<NodeId, Vec<InContext>>,
    /// The parameters of a function that make a difference, by index.
    decisive: FxHashMap<NodeId, Rc<[u32]>>,
}

impl Flow<'_> {
    /// What a call gives a function that makes a difference to what it does; empty if nothing does.
    pub(super) fn context_of(&mut self, function: NodeId, arguments: &[NodeId]) -> Context {
        let mut context = Context::new();
        if arguments.is_empty() {
            return context;
        }
        let decisive = self.decisive(function);
        if decisive.is_empty() {
            return context;
        }
        let params = params(self.unit, function);
        for (position, argument) in arguments.iter().enumerate() {
            let (index, given) = match self.unit.tree.kind(*argument) {
                Kind::KwArg => {
                    let name = self.unit.tree.node(self.unit.tree.child(*argument, 0)).symbol;
                    let index = params.iter().position(|param| self.unit.tree.node(self.unit.tree.child(*param, 1)).symbol == name);
                    (index, self.unit.tree.child(*argument, 1))
                }
                _ => (Some(position), *argument),
            };
            let Some(index) = index.and_then(|index| u32::try_from(index).ok()).filter(|index| decisive.contains(index)) else { continue };
            if let Some(meant) = self.meant(given) {
                context.push((index, meant));
            }
        }
        context.sort_unstable();
        context
    }

    /// The summary of a function for calls that give it this.
    pub(super) fn summary_in(&mut self, function: NodeId, context: &Context) -> Option<Rc<Summary>> {
        let known = self.contexts.summaries.entry(function).or_default();
        if let Some((_, summary)) = known.iter().find(|(known, _)| known == context) {
            return summary.clone();
        }
        if MAX_CONTEXTS <= known.len() || MAX_CALL_DEPTH <= self.depth {
            return self.summary(function);
        }
        let number = known.len();
        known.push((context.clone(), None));
        let params = params(self.unit, function);
        let mut outer: SmallVec<[(BindingId, Option<NodeId>); 2]> = SmallVec::new();
        for (index, meant) in context {
            let Some(param) = params.get(*index as usize) else { continue };
            let name = if self.unit.tree.kind(*param) == Kind::Param { self.unit.tree.child(*param, 1) } else { *param };
            if let Some(binding) = self.unit.names.binding_of(name) {
                outer.push((binding, self.contexts.bound.insert(binding, *meant)));
            }
        }
        // What depends on other files is kept for the function as such.
        let recorder = self.recorder.take();
        let summary = Rc::new(self.summarize(function));
        self.recorder = recorder;
        for (binding, before) in outer.into_iter().rev() {
            match before {
                Some(before) => self.contexts.bound.insert(binding, before),
                None => self.contexts.bound.remove(&binding),
            };
        }
        if self.is_exhausted() {
            return None;
        }
        if let Some((_, slot)) = self.contexts.summaries.get_mut(&function).and_then(|known| known.get_mut(number)) {
            *slot = Some(summary.clone());
        }
        Some(summary)
    }

    /// The function that an expression is, if it is one of this file.
    pub(super) fn function_meant(&self, id: NodeId) -> Option<NodeId> {
        self.meant(id).filter(|meant| matches!(self.unit.tree.kind(*meant), Kind::FuncDef | Kind::Lambda))
    }

    /// What an expression stands for: a function, a literal, or a container whose parts are written down.
    fn meant(&self, id: NodeId) -> Option<NodeId> {
        let mut at = id;
        for _ in 0..MAX_HOPS {
            let node = self.unit.tree.node(at);
            match node.kind {
                Kind::Lambda
                | Kind::FuncDef
                | Kind::Dict
                | Kind::List
                | Kind::Str
                | Kind::Number
                | Kind::Bool
                | Kind::Null
                | Kind::Char => return Some(at),
                Kind::Name => {
                    let id = self.unit.names.binding_of(at)?;
                    if let Some(bound) = self.contexts.bound.get(&id) {
                        return Some(*bound);
                    }
                    let binding = self.unit.names.get(id)?;
                    if binding.kind == BindingKind::Function {
                        return (self.unit.tree.kind(binding.declaration) == Kind::FuncDef).then_some(binding.declaration);
                    }
                    at = self.unit.reaching_value(at)?;
                }
                Kind::Index | Kind::Dot => at = self.entry(at)?,
                Kind::Cast => at = self.unit.tree.child(at, 1),
                Kind::Unary if node.op == Op::AddressOf => at = self.unit.tree.child(at, 0),
                _ => return None,
            }
        }
        None
    }

    /// The value in a container that is written down, by a constant key.
    fn entry(&self, id: NodeId) -> Option<NodeId> {
        let container = self.meant(self.unit.tree.child(id, 0))?;
        let key = self.unit.tree.child(id, 1);
        let wanted = match self.unit.tree.kind(id) {
            Kind::Dot => Value::Str(self.unit.tree.node(key).symbol),
            _ => self.unit.value(key)?,
        };
        match self.unit.tree.kind(container) {
            Kind::Dict => self.unit.tree.children(container).find_map(|entry| {
                let name = self.unit.tree.child(entry, 0);
                let key = match self.unit.tree.kind(name) {
                    Kind::Name => Value::Str(self.unit.tree.node(name).symbol),
                    _ => self.unit.value(name)?,
                };
                (self.unit.tree.kind(entry) == Kind::KeyValue && key == wanted).then(|| self.unit.tree.child(entry, 1))
            }),
            Kind::List => match wanted {
                Value::Int(index) => self.unit.tree.children(container).nth(usize::try_from(index).ok()?),
                _ => None,
            },
            _ => None,
        }
    }

    /// What a condition is known to be, with what parameters stand for.
    pub(super) fn decided(&self, condition: NodeId) -> Option<Value> {
        let known = self.unit.value(condition);
        if known.is_some() || self.contexts.bound.is_empty() {
            return known;
        }
        self.decided_within(condition, MAX_HOPS)
    }

    fn decided_within(&self, id: NodeId, depth: usize) -> Option<Value> {
        let depth = depth.checked_sub(1)?;
        let node = self.unit.tree.node(id);
        let child = |slot| self.unit.tree.child(id, slot);
        match node.kind {
            Kind::Name | Kind::Index => self.unit.value(self.meant(id)?),
            Kind::Dot => match self.entry(id) {
                Some(entry) => self.unit.value(self.meant(entry)?),
                None if self.is_length(child(1)) => self.length(child(0)),
                None => None,
            },
            Kind::Unary if node.op == Op::Not => match self.decided_within(child(0), depth)? {
                Value::Bool(truth) => Some(Value::Bool(!truth)),
                _ => None,
            },
            Kind::Binary => {
                let (left, right) = (self.decided_within(child(0), depth), self.decided_within(child(1), depth));
                match (node.op, left, right) {
                    (Op::And, Some(Value::Bool(false)), _) | (Op::And, _, Some(Value::Bool(false))) => Some(Value::Bool(false)),
                    (Op::Or, Some(Value::Bool(true)), _) | (Op::Or, _, Some(Value::Bool(true))) => Some(Value::Bool(true)),
                    (op, left, right) => self.unit.combined(op, left?, right?),
                }
            }
            Kind::Call => {
                let arguments: SmallVec<[NodeId; 2]> = self.unit.tree.children(child(1)).collect();
                match (self.unit.tree.kind(child(0)), arguments.as_slice()) {
                    (Kind::Name, [only]) if self.is_length(child(0)) => self.length(*only),
                    (Kind::Dot, []) if self.is_length(self.unit.tree.child(child(0), 1)) => self.length(self.unit.tree.child(child(0), 0)),
                    _ => self.unit.value(id),
                }
            }
            _ => self.unit.value(id),
        }
    }

    fn is_length(&self, name: NodeId) -> bool {
        self.unit.with_text(self.unit.tree.node(name).symbol, |text| matches!(text, "len" | "length" | "size" | "count"))
    }

    /// How many elements a container has that is written down.
    fn length(&self, id: NodeId) -> Option<Value> {
        let container = self.meant(id)?;
        if !matches!(self.unit.tree.kind(container), Kind::List | Kind::Dict) {
            return None;
        }
        let mut n_elements = 0;
        for element in self.unit.tree.children(container) {
            if self.unit.tree.kind(element) == Kind::Spread {
                return None;
            }
            n_elements += 1;
        }
        Some(Value::Int(n_elements))
    }

    /// The parameters of a function that it calls, that a condition of it asks for, or that it hands on.
    fn decisive(&mut self, function: NodeId) -> Rc<[u32]> {
        if let Some(known) = self.contexts.decisive.get(&function) {
            return known.clone();
        }
        let unit = self.unit;
        let bindings: SmallVec<[Option<BindingId>; 4]> = params(unit, function)
            .iter()
            .map(|param| {
                let name = if unit.tree.kind(*param) == Kind::Param { unit.tree.child(*param, 1) } else { *param };
                let binding = unit.names.binding_of(name)?;
                // One that is given another value stands for nothing.
                let is_constant = unit.names.get(binding)?.definitions.len() <= 1;
                is_constant.then_some(binding)
            })
            .collect();
        let mut found: SmallVec<[u32; 4]> = SmallVec::new();
        if bindings.iter().any(Option::is_some) {
            let body = super::function::body(unit, function);
            for name in unit.tree.descendants(body).filter(|name| unit.tree.kind(*name) == Kind::Name) {
                let Some(binding) = unit.names.binding_of(name) else { continue };
                let Some(index) = bindings.iter().position(|param| *param == Some(binding)) else { continue };
                let Ok(index) = u32::try_from(index) else { continue };
                if !found.contains(&index) && self.decides(name) {
                    found.push(index);
                }
            }
        }
        found.sort_unstable();
        let found: Rc<[u32]> = found.as_slice().into();
        self.contexts.decisive.insert(function, found.clone());
        found
    }

    /// Whether what a name stands for makes a difference where it is used.
    fn decides(&self, name: NodeId) -> bool {
        let tree = &self.unit.tree;
        let mut at = name;
        for _ in 0..MAX_HOPS {
            let Some(parent) = tree.parent(at) else { return false };
            match tree.kind(parent) {
                Kind::Call if tree.child(parent, 0) == at => return true,
                Kind::If | Kind::Ternary | Kind::While | Kind::Switch => return tree.child(parent, 0) == at,
                Kind::VarDef | Kind::Assign if at != name => return true,
                Kind::Args => {
                    // Handed on as it is to a function of the file, or to one that may run it.
                    let Some(call) = tree.parent(parent) else { return false };
                    if at == name && self.resolve(tree.child(call, 0), tree.children(parent).count()).is_some() {
                        return true;
                    }
                    at = parent;
                }
                Kind::Index | Kind::Dot | Kind::Unary | Kind::Binary | Kind::Call | Kind::KwArg | Kind::Cast => at = parent,
                _ => return false,
            }
        }
        false
    }
}
